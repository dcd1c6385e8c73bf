#!/bin/sh
# Runs all tests, acceptance tests included, on one CLI. Arguments go to go test.
set -eu
cd "$(dirname "$0")/.."
. tools/acceptance-env.sh
exec go test -timeout 30m "$@" ./...
