#!/bin/sh
# The fault harness at full length: killed runs, lost answers, storms, real servers.
# It prints a seed; SEED repeats a run.
set -eu
cd "$(dirname "$0")/.."
. tools/acceptance-env.sh
exec go test -C internal/chaos . -count=1 -timeout 90m -parallel 2 -v "$@" -args -long -seed "${SEED:-0}"
