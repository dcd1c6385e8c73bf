#!/bin/sh
# bench-go.sh [REF]: runs the Go benchmarks ten times (COUNT), and summarizes them. With a
# ref it runs those of its commit too, in turn, and compares. Arguments of the test binary
# such as -test.bench=Plan may follow. The results stay in .cache/bench.
set -eu
cd "$(dirname "$0")/.."
ref=${1:-}
[ $# -eq 0 ] || shift
results="$PWD/.cache/bench"
mkdir -p "$results"

compile() { # TREE NAME
	rm -rf "$results/$2" "$results/$2.txt"
	mkdir "$results/$2"
	(cd "$1" && go test -c -o "$results/$2/" ./internal/client/invoiceapi ./internal/client/paykeeper ./internal/provider)
}

trees=after
compile . after
if [ -n "$ref" ]; then
	git worktree add --quiet --force --detach "$results/tree" "$ref"
	trap 'git worktree remove --force "$results/tree"' EXIT
	compile "$results/tree" before
	trees="before after"
fi
for turn in $(seq "${COUNT:-10}"); do
	echo "Turn $turn of ${COUNT:-10} …" >&2
	for tree in $trees; do
		for tests in "$results/$tree"/*.test; do
			# The histories have a benchmark of their own: make bench.
			"$tests" -test.run='^$' -test.bench=. -test.skip=History -test.benchtime=300ms "$@" >>"$results/$tree.txt"
		done
	done
done
cd "$results"
if [ -n "$ref" ]; then
	../bin/benchstat before.txt after.txt
else
	../bin/benchstat after.txt
fi
