#!/bin/sh
# Builds the provider into the folder of plugins that Terraform and OpenTofu look into by
# themselves, so that init finds it as if a registry had it.
#   install.sh               for this user
#   install.sh into FOLDER   into another mirror on disk
#   install.sh remove        removes every version that this script has installed
#
# A version that is installed is never overwritten: lock files hold its checksum. It is the number
# of commits, or one more than the last when the code differs. So the newest is the code of the
# last run. On another machine, or in a shallow clone, the same code can have another number.
set -eu
cd "$(dirname "$0")/.."
hosts="registry.terraform.io registry.opentofu.org"
address=invoice-iac/invoice
os=$(go env GOOS)
platform="${os}_$(go env GOARCH)"
suffix=
[ "$os" != windows ] || suffix=.exe

# Both CLIs look here, also where XDG_DATA_HOME is set.
plugins="$HOME/.terraform.d/plugins"
if [ "$os" = windows ]; then plugins="$(cygpath -u "$APPDATA")/terraform.d/plugins"; fi
[ "${1:-}" != into ] || plugins=$2

# Messages name folders as the CLI reads them.
shown=$plugins
if [ "$os" = windows ]; then shown=$(cygpath -m "$plugins"); fi

# What remove may remove: the folder may also hold a mirror of releases.
ours="$plugins/.invoice-installed"
if [ "${1:-}" = remove ]; then
	versions=$(cat "$ours" 2>/dev/null || true)
	rm -f "$ours"
	for version in $versions; do
		for host in $hosts; do
			rm -rf "${plugins:?}/$host/$address/$version/$platform"
			rmdir -p "$plugins/$host/$address/$version" 2>/dev/null || true
		done
	done
	left=$(ls -d "$plugins"/*/"$address"/* 2>/dev/null || true)
	if [ -z "$left" ]; then
		echo "The provider is no longer in $shown: init asks the registry again."
	else
		printf 'What make install has put into %s is removed. The rest is not its own, and init takes it before the registry:\n%s\n' "$shown" "$left"
	fi
	exit 0
fi

build() { # VERSION, into $built
	go build -buildvcs=false -ldflags "-s -w -X main.version=$1" -o "$built" .
}
folder() { echo "$plugins/$1/$address/$version/$platform"; } # HOST
file() { echo "$(folder "$1")/terraform-provider-invoice_v$version$suffix"; } # HOST
# The flags of a release, so that a path of this machine changes no checksum.
export CGO_ENABLED=0 GOFLAGS=-trimpath

minor=$(ls .changes | sed -n 's/^v\([0-9]*\.[0-9]*\)\.[0-9]*\.md$/\1/p' | sort -t . -k 1,1n -k 2,2n | tail -n 1)
minor=${minor:-0.1}
first=${hosts%% *}
installed=$(ls "$plugins/$first/$address" 2>/dev/null | sed -n "s/^$minor\.\([0-9]*\)\$/\1/p" | sort -n | tail -n 1)
number=$(git rev-list --count HEAD 2>/dev/null || echo 1)
[ "${installed:-0}" -le "$number" ] || number=$installed
version="$minor.$number"

mkdir -p "$plugins"
built="$plugins/.terraform-provider-invoice.$$"
trap 'rm -f "$built"' EXIT
build "$version"
if [ -e "$(file "$first")" ] && ! cmp -s "$built" "$(file "$first")"; then
	version="$minor.$((number + 1))"
	build "$version"
fi
for host in $hosts; do
	[ ! -e "$(file "$host")" ] || continue
	mkdir -p "$(folder "$host")"
	# A link costs no space. It is renamed, since a run must not meet half a file.
	rm -f "$(file "$host").new"
	ln "$built" "$(file "$host").new" 2>/dev/null || cp "$built" "$(file "$host").new"
	mv "$(file "$host").new" "$(file "$host")"
done
grep -qsxF "$version" "$ours" || echo "$version" >>"$ours"
[ "${1:-}" != into ] || exit 0

echo "Version $version of the provider is in $shown."
echo "Next: terraform init, or tofu init. Where a lock file holds an older version: init -upgrade."
echo "This version is of your machine alone: do not commit a lock file that names it. Once there is a release, run make uninstall."

# Files in which users say where providers come from.
configurations() {
	if [ -n "${TF_CLI_CONFIG_FILE:-}" ]; then
		echo "$TF_CLI_CONFIG_FILE"
	elif [ "$os" = windows ]; then
		ls "$plugins"/../../terraform.rc "$plugins"/../../tofu.rc "$plugins"/../*.tfrc
	else
		ls "$HOME/.terraformrc" "$HOME/.tofurc" "${XDG_CONFIG_HOME:-$HOME/.config}/opentofu/tofurc" "$HOME"/.terraform.d/*.tfrc
	fi 2>/dev/null || true
}
configurations | while read -r configuration; do
	grep -q '^[[:space:]]*provider_installation' "$configuration" 2>/dev/null || continue
	cat <<EOM

$configuration has a block provider_installation. So the CLI looks there alone, and not into
the folder above. Put this into the block, before all others, and remove a dev_overrides of $address:

  filesystem_mirror {
    path    = "$shown"
    include = ["$address"]
  }

and exclude = ["$address"] into each other block of it.
EOM
done
