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
	echo "No Terraform or OpenTofu here: building OpenTofu from source into .cache/bin." >&2
	echo "This happens once and takes 5 to 10 minutes; every package that is compiled is shown." >&2
	mkdir -p .cache/bin
	(cd tools/tofu && GOFLAGS= go build -v -trimpath \
		-ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" \
		-o "$built" github.com/opentofu/opentofu/cmd/tofu) 2>&1 |
		awk '{ n++; if (n % 100 == 0) print "  " n " packages compiled, now at " $0; last = $0 } /error|cannot|failed/ { print }' >&2
	[ -x "$built" ] || { echo "OpenTofu could not be built; run: cd tools/tofu && go build github.com/opentofu/opentofu/cmd/tofu" >&2; exit 1; }
	echo "$version" >"$built.version"
fi
echo "$built"
