#!/bin/sh
# Runs all tests, acceptance tests included, on one CLI. Arguments go to go test.
# The fault harness and the benchmark are modules of their own; they run even when other
# tests failed.
set -eu
cd "$(dirname "$0")/.."
. tools/acceptance-env.sh
failed=
go test -timeout 30m "$@" ./... || failed=1
go test -C internal/chaos -timeout 30m "$@" . || failed=1
go test -C internal/bench -timeout 30m "$@" ./... || failed=1
[ -z "$failed" ]
