#!/bin/sh
# Prints the path of a Terraform or OpenTofu: the one that $CLI names, else the
# one on PATH, else an OpenTofu built through the Go module proxy (once).
set -eu
cd "$(dirname "$0")/.."
built="$PWD/.cache/bin/tofu"

case "${CLI:-}" in
"") for name in terraform tofu; do
		if command -v "$name" 2>/dev/null; then exit 0; fi
	done ;;
tofu) if command -v tofu 2>/dev/null; then exit 0; fi ;;
*) command -v "$CLI" && exit 0
	echo "CLI=$CLI: no such program" >&2
	exit 1 ;;
esac

# The stamp changes with the version that the module file asks for.
version=$(cksum <tools/tofu/go.mod | cut -d' ' -f1)
if [ ! -x "$built" ] || [ "$(cat "$built.version" 2>/dev/null)" != "$version" ]; then
	echo "Building OpenTofu from source into .cache/bin. This happens once, and takes 5 minutes on a fast machine," >&2
	echo "up to 20 on a slow one. Ctrl-C is safe: the next run goes on from there." >&2
	mkdir -p .cache/bin
	log=.cache/opentofu-build.log
	: >"$log"
	(cd tools/tofu && GOFLAGS= go build -v -trimpath \
		-ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" \
		-o "$built" github.com/opentofu/opentofu/cmd/tofu) >"$log" 2>&1 &
	build=$!
	trap 'kill $build 2>/dev/null' INT TERM
	while kill -0 $build 2>/dev/null; do
		sleep 10
		echo "  $(grep -c / "$log") of about 1800 packages …" >&2
	done
	wait $build || { tail -n 20 "$log" >&2; echo "OpenTofu could not be built." >&2; exit 1; }
	echo "$version" >"$built.version"
fi
echo "$built"
