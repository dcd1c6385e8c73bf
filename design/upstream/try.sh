#!/bin/sh
# try.sh: copies the framework in the version of go.mod, runs the benchmarks of the patches
# before and after them, and then the framework's own tests.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
tools/build-tool.sh benchstat tools/checks golang.org/x/perf/cmd/benchstat
benchstat=$PWD/.cache/bin/benchstat
work=$(mktemp -d)
export GIT_CEILING_DIRECTORIES="$work" # git apply skips what another repository ignores
cp -R "$(go list -m -f '{{.Dir}}' github.com/hashicorp/terraform-plugin-framework)" "$work/framework"
chmod -R u+w "$work/framework"
cd "$work/framework"
bench() {
	go test -run '^$' -bench 'GetStructTags|TypeAtTerraformPath' -count 10 -benchtime 100ms ./internal/reflect ./resource/schema >"$work/$1.txt"
}
git apply --include='*_test.go' "$here"/*.patch
bench before
git apply --exclude='*_test.go' "$here"/*.patch
bench after
(cd "$work" && "$benchstat" before.txt after.txt)
go test ./...
echo "The patched framework is in $work/framework."
