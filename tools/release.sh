#!/bin/sh
# Builds a release with the goreleaser and the cyclonedx-gomod that tools/release names.
#   release.sh publish TAG   what the release workflow runs
#   release.sh dry-run       builds all of it into .cache/dist, publishes nothing, and checks it
#   release.sh dry-run here  for this platform alone, twice: the archives have to be the same
set -eu
cd "$(dirname "$0")/.."
tools/build-tool.sh goreleaser tools/release github.com/goreleaser/goreleaser/v2
tools/build-tool.sh cyclonedx-gomod tools/release github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
PATH="$PWD/.cache/bin:$PATH"

# What an archive holds is as old as the commit.
COMMIT_TIME=$(TZ=UTC0 git show -s --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ)
COMMIT_TIMESTAMP=$(git show -s --format=%ct)
export COMMIT_TIME COMMIT_TIMESTAMP

if [ "$1" = publish ]; then
	gpg --batch --show-keys --with-colons release-key.asc | grep -q "^fpr:.*:$GPG_FINGERPRINT:" || {
		echo "release-key.asc is not the key that signs, so nobody could check the release: see design/releasing.md" >&2
		exit 1
	}
	exec goreleaser release --clean --release-notes=".changes/$2.md"
fi

target=${2:-all}
case "$target" in
all | here) ;;
*) echo "TARGET=$target: it is here, for this platform alone, or nothing, for all" >&2; exit 1 ;;
esac

# The notes of the next release name its version.
version=$(ls .changes | sed -n 's/^v\([0-9.]*\)\.md$/\1/p' | sort -t . -k 1,1n -k 2,2n -k 3,3n | tail -n 1)
export SNAPSHOT_VERSION="${version:?there are no notes of a release in .changes}"
# Private keys and agents of the developer's stay out of it.
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill gpg-agent 2>/dev/null || true; rm -rf "$GNUPGHOME"' EXIT
skip=
if command -v gpg >/dev/null; then
	gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-generate-key "dry run" rsa3072 sign never 2>"$GNUPGHOME/log" ||
		{ cat "$GNUPGHOME/log" >&2; exit 1; }
	GPG_FINGERPRINT=$(gpg --batch --list-secret-keys --with-colons | sed -n 's/^fpr:*\([0-9A-F]*\):*$/\1/p' | head -n 1)
	export GPG_FINGERPRINT
else
	echo "LEFT OUT: the signature. There is no gpg."
	skip=sign
fi

config=.goreleaser.yml
if [ "$target" = here ]; then
	mkdir -p .cache
	config=.cache/goreleaser-here.yml
	sed -e "s/^    goos: .*/    goos: [$(go env GOOS)]/" -e "s/^    goarch: .*/    goarch: [$(go env GOARCH)]/" .goreleaser.yml >"$config"
fi
build() { # WHAT,TO,SKIP
	goreleaser release --snapshot --clean --config "$config" ${1:+"--skip=$1"}
}
archives() { grep '[.]zip$' .cache/dist/*_SHA256SUMS; }
if [ "$target" = here ]; then
	# First as in another checkout: another hour, another time zone, other rights of files.
	(umask 077 && TZ=Asia/Vladivostok build sbom,sign)
	other=$(archives)
	touch LICENSE .cache/THIRD_PARTY_LICENSES
	build "before${skip:+,$skip}"
	[ "$(archives)" = "$other" ] || {
		printf 'The same commit made other archives:\n%s\nand before:\n%s\n' "$(archives)" "$other" >&2
		exit 1
	}
else
	build "$skip"
fi

go test -C tools/release -count=1 ./licenses
. tools/acceptance-env.sh
go test ./internal/install -count=1 -v -run '^TestRelease' -args -release "$PWD/.cache/dist" -platforms "$target"
