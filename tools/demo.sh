#!/bin/sh
# make demo: a real configuration, applied to the sandbox on this machine.
#   demo.sh        builds, starts the sandbox unless it runs, applies, plans again
#                  (EXAMPLE names another folder of examples than quickstart)
#   demo.sh stop   stops the sandbox; its state stays in .demo
set -eu
cd "$(dirname "$0")/.."
demo="$PWD/.demo"
example="${EXAMPLE:-quickstart}"
case "$example" in invoices) example=guides/invoices-across-gateways ;; esac
again="make demo${EXAMPLE:+ EXAMPLE=$EXAMPLE}"
mkdir -p "$demo"

# A configuration of the CLI's own: a developer's must not decide the demo, and
# one that is missing makes every command print a warning.
: >"$demo/empty.tfrc"
export TF_CLI_CONFIG_FILE="$demo/empty.tfrc" TF_IN_AUTOMATION=1

# Colours are for a person at a terminal.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	color=
	say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
else
	color=-no-color
	say() { printf '\n%s\n' "$*"; }
fi
# After a reboot the number may belong to another process: its name is checked.
arguments() { ps -p "$1" -o args= 2>/dev/null || tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null || true; }
running() {
	[ -f "$demo/sandbox.pid" ] || return 1
	case "$(arguments "$(cat "$demo/sandbox.pid")")" in
	*invoice-sandbox*"$demo"*) return 0 ;;
	*) return 1 ;;
	esac
}

if [ "${1:-}" = stop ]; then
	if running; then
		kill "$(cat "$demo/sandbox.pid")"
		echo "The sandbox is stopped. Its state is kept in .demo; make demo goes on from there."
	else
		echo "No sandbox of the demo is running."
	fi
	rm -f "$demo/sandbox.pid"
	exit 0
fi

say "1. Terraform or OpenTofu"
cli=$(tools/find-cli.sh)
echo "$cli: $("$cli" version | head -n 1)"

say "2. The provider and the sandbox"
echo "Compiling (the first time it takes some minutes) …"
export CGO_ENABLED=0 GOFLAGS=-trimpath # those of install.sh: what it compiles is not compiled again
go build -o .cache/bin/invoice-sandbox ./cmd/invoice-sandbox
# A mirror on disk stands for the registry, of Terraform and of OpenTofu.
tools/install.sh into "$demo/mirror"
cat >"$demo/cli.tfrc" <<EOF
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$demo/mirror"
  }
}
EOF

say "3. The sandbox"
if running; then
	echo "It runs already."
else
	rm -f "$demo/url"
	start() {
		nohup .cache/bin/invoice-sandbox -addr "$1" -db "$demo/sandbox.db" -url-file "$demo/url" \
			>"$demo/sandbox.log" 2>&1 </dev/null &
		echo $! >"$demo/sandbox.pid"
		tries=0
		while [ ! -s "$demo/url" ] && running && [ $tries -lt 100 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
		[ -s "$demo/url" ]
	}
	# Links hold the address: the port of the last time is taken again if it is free.
	start "$(cat "$demo/address" 2>/dev/null || echo 127.0.0.1:0)" || start 127.0.0.1:0 || {
		cat "$demo/sandbox.log" >&2
		exit 1
	}
	before=$(cat "$demo/address" 2>/dev/null || true)
	sed 's,^http://,,' "$demo/url" >"$demo/address"
	if [ -n "$before" ] && [ "$before" != "$(cat "$demo/address")" ]; then
		echo "Its address of last time, $before, is taken by another program: all links have a new one."
	fi
fi
url=$(cat "$demo/url")
echo "$url"

# The sandbox's demo credentials; for Invoice API v2 the guide's test data (section 8).
export TF_CLI_CONFIG_FILE="$demo/cli.tfrc"
export INVOICE_BASE_URL="$url/invoice/api/v2"
export INVOICE_MERCHANT_ID=c24360cfac0a0c40c518405f6bc68cb0 INVOICE_API_KEY=1526fec01b5d11f4df4f2160627ce351
export INVOICE_PAYKEEPER_BASE_URL="$url/paykeeper" INVOICE_PAYKEEPER_LOGIN=demo INVOICE_PAYKEEPER_PASSWORD=demo
export INVOICE_P2P_BASE_URL="$url/p2p" INVOICE_P2P_API_KEY=demo-api-key INVOICE_P2P_SECRET_KEY=demo-secret-key
export TF_VAR_notification_token=demo-notification-token

say "4. Apply examples/$example"
mkdir -p "$demo/$example"
# Only the state stays: a file that is gone from the example must not linger.
find "$demo/$example" -mindepth 1 -maxdepth 1 ! -name 'terraform.tfstate*' ! -name .terraform -exec rm -rf {} +
cp -R "examples/$example/." "$demo/$example/"
cd "$demo/$example"
"$cli" init -input=false $color >"$demo/init.log" 2>&1 || { cat "$demo/init.log" >&2; exit 1; }
# That of a run before must not stand for this one.
rm -f "$demo/status"
# The table comes below. Here it would stand among the outputs, and among their changes.
{
	"$cli" apply -input=false -auto-approve $color && status=0 || status=$?
	echo "$status" >"$demo/status"
} | sed -e '/^Outputs:$/,$d' -e '/^  .*table *= <<-EOT$/,/^    EOT/d'
[ -n "$color" ] || printf '\033[0m'
[ "$(cat "$demo/status" 2>/dev/null)" = 0 ]

say "5. A second plan"
"$cli" plan -input=false -detailed-exitcode $color

say "6. The table"
"$cli" output -raw table
cat <<EOF


Open a link and pay on its page; where a card is asked for, a test card is filled in. Then run this again:
  $again
No object changes, and the table says what is paid. Everything the sandbox holds is at $url/
Decline a payment or move the clock on: $url/sandbox/controls
What the shop was told: $url/sandbox/notifications
To change something, edit examples/$example and run it again; the state is in .demo/$example.
The sandbox goes on until: make demo-stop
EOF
