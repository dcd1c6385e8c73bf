#!/bin/sh
# licenses.sh FILE: writes the licences of all that a release links into a file, and fails on one
# that it cannot be shipped with.
set -eu
cd "$(dirname "$0")/.."
GOROOT=$(go env GOROOT) GOFLAGS='' go run -C tools/release ./licenses -root ../.. -o "$PWD/$1" \
	. ./cmd/invoice-sandbox ./cmd/invoice-doctor
