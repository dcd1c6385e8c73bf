#!/bin/sh
# build-tool.sh NAME FOLDER PACKAGE: compiles a tool into .cache/bin, unless it is there
# already, in the version that the folder's go.sum names. The time of the file proves
# nothing: one from a cache is older than every checkout.
set -eu
cd "$(dirname "$0")/.."
bin="$PWD/.cache/bin"
wanted="$(go env GOVERSION) $(cksum <"$2/go.sum")"
if [ ! -x "$bin/$1" ] || [ "$(cat "$bin/$1.version" 2>/dev/null)" != "$wanted" ]; then
	echo "Compiling $1 (once; some minutes) …"
	(cd "$2" && GOFLAGS='' go build -trimpath -o "$bin/" "$3")
	echo "$wanted" >"$bin/$1.version"
fi
