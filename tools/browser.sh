#!/bin/sh
# Installs the browser that the sandbox's pages are tested in, where it may. It never
# fails: without a browser those tests are skipped, and say so.
set -u

find_browser() {
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
		command -v "$name" && return
	done
	return 1
}

if ! find_browser >/dev/null && command -v apt-get >/dev/null; then
	as_root=
	if [ "$(id -u)" = 0 ]; then
		as_root=env
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		as_root="sudo -n env"
	fi
	if [ -n "$as_root" ]; then
		echo "Installing chromium (4 minutes at most) …"
		log=$(mktemp)
		# fonts-dejavu-core has the sign of the rouble.
		for command in "update -q" "install -q -y --no-install-recommends chromium fonts-dejavu-core"; do
			# shellcheck disable=SC2086 # several words each
			timeout -k 10 120 $as_root DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get $command >>"$log" 2>&1 || {
				echo "apt-get $command failed:"
				tail -n 3 "$log"
				break
			}
		done
		rm -f "$log"
	fi
fi

if browser=$(find_browser); then
	"$browser" --version 2>/dev/null
else
	echo "LEFT OUT: chromium. Not installed, and cannot be here: the sandbox's pages are not tested in a browser."
fi
