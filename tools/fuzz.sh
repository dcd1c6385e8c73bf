#!/bin/sh
# Looks for answers that the clients read wrongly. go test fuzzes one target at a
# time: this finds them all and gives each FUZZTIME, a minute unless it is set.
# Arguments go to go test. What fails is kept below testdata/fuzz, where every
# go test runs it from then on.
set -eu
cd "$(dirname "$0")/.."
listed=$(go test -list '^Fuzz' ./...)
targets=$(echo "$listed" | awk '/^Fuzz/ { names = names " " $1 } /^ok/ { n = split(names, name); for (i = 1; i <= n; i++) print $2 ":" name[i]; names = "" }')
found=
for target in $targets; do
	package=${target%:*} name=${target##*:}
	echo "=== $name in ${package##*/}, ${FUZZTIME:=1m}"
	# Without a limit, Go spends up to a minute on shortening each input that is new
	# to it, and fuzzes no more meanwhile.
	go test "$package" -run '^$' -fuzz "^$name\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 50x "$@" ||
		found="$found ${package##*/}/$name"
done
[ -z "$found" ] || {
	echo "Something is wrong, or was interrupted, in$found." >&2
	exit 1
}
