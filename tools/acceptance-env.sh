# To be sourced: what acceptance tests need to know of the CLI they run on.
cli=$(tools/find-cli.sh)

# An empty configuration of the CLI: a developer's own must not decide a test,
# and a missing one makes OpenTofu print a warning that breaks its version.
mkdir -p .cache
: >.cache/empty.tfrc
export TF_CLI_CONFIG_FILE="$PWD/.cache/empty.tfrc"
echo "Acceptance tests run on $("$cli" version | head -n 1) ($cli)."
export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$cli" CHECKPOINT_DISABLE=1
case "$("$cli" version | head -n 1)" in
OpenTofu*) export TF_ACC_PROVIDER_HOST=registry.opentofu.org ;;
esac
for setting in $(env | sed -n 's/^\(INVOICE_[A-Z0-9_]*\)=.*/\1/p'); do unset "$setting"; done
