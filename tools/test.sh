#!/bin/sh
# Runs all tests, acceptance tests included, on one CLI. Arguments go to go test.
# The fault harness, the benchmark, the browser tests and those of the pages are modules of their
# own; they run even when other tests failed.
set -eu
cd "$(dirname "$0")/.."
. tools/acceptance-env.sh
failed=
go test -timeout 30m "$@" ./... || failed=1
go test -C internal/chaos -timeout 30m "$@" . || failed=1
go test -C internal/bench -timeout 30m "$@" ./... || failed=1
go test -C internal/pages -timeout 10m "$@" . || failed=1
# Without a package it shows what it prints: that it was left out.
go test -C internal/browser -timeout 10m "$@" || failed=1
[ -z "$failed" ]
