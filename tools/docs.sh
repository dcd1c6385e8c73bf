#!/bin/sh
# Generates docs/ with tfplugindocs, from the schema that the built provider
# tells the CLI. Nothing is downloaded.
set -eu
cd "$(dirname "$0")/.."
cli=$(tools/find-cli.sh)
work="$PWD/.cache/docs"
mkdir -p "$work/bin"
go build -o "$work/bin/terraform-provider-invoice" .
cat >"$work/cli.tfrc" <<EOF
disable_checkpoint = true
provider_installation {
  dev_overrides {
    "invoice-iac/invoice" = "$work/bin"
  }
}
EOF
cp examples/provider/provider.tf "$work/"
# tfplugindocs looks for the provider's bare name. Terraform before 1.12 and
# OpenTofu before 1.12 leave the identity out; the docs do not depend on it.
TF_CLI_CONFIG_FILE="$work/cli.tfrc" "$cli" -chdir="$work" providers schema -json |
	sed 's|"registry\.[a-z]*\.[a-z]*/invoice-iac/invoice"|"invoice"|' >"$work/schema.json"
.cache/bin/tfplugindocs generate --provider-name invoice --rendered-provider-name Invoice --providers-schema "$work/schema.json" >"$work/log" 2>&1 ||
	{ cat "$work/log" >&2; exit 1; }
echo "docs/ is generated."
