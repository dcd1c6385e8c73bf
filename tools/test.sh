#!/bin/sh
# Runs all tests, acceptance tests included, on one CLI. Arguments go to go test.
# With ONLY_CLI=1 only those packages whose tests run a CLI, for a second one.
# The fault harness, the benchmark, the browser tests and those of the pages are modules of their
# own; they run even when other tests failed.
set -eu
cd "$(dirname "$0")/.."
. tools/acceptance-env.sh
failed=
packages=./...
if [ -n "${ONLY_CLI:-}" ]; then
	packages=$(grep -rl --include='*_test.go' -e 'clitest\.' -e find-cli -e TF_ACC . | xargs -n 1 dirname | sort -u |
		grep -v -e internal/chaos -e internal/bench -e internal/pages)
	: "${packages:?there is no package whose tests run a CLI}"
fi
# shellcheck disable=SC2086 # one word for each package
go test -timeout 60m "$@" $packages || failed=1
go test -C internal/chaos -timeout 30m "$@" . || failed=1
go test -C internal/bench -timeout 60m "$@" ./... || failed=1
go test -C internal/pages -timeout 60m "$@" . || failed=1
# Without a package it shows what it prints: that it was left out.
[ -n "${ONLY_CLI:-}" ] || go test -C internal/browser -timeout 10m "$@" || failed=1
[ -z "$failed" ]
