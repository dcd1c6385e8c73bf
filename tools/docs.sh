#!/bin/sh
# Generates docs/ with tfplugindocs, from the schema that the provider itself tells, and
# validates them. Nothing is downloaded, and no CLI is needed.
set -eu
cd "$(dirname "$0")/.."
work="$PWD/.cache/docs"
mkdir -p "$work"
go run ./internal/schemajson >"$work/schema.json"
documents() { # COMMAND ARGUMENTS
	.cache/bin/tfplugindocs "$@" --provider-name invoice --providers-schema "$work/schema.json" >"$work/log" 2>&1 ||
		{ cat "$work/log" >&2; exit 1; }
}
documents generate --rendered-provider-name Invoice
documents validate
echo "docs/ is generated, and valid."
