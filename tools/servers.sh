#!/bin/sh
# Installs the servers that the fault harness runs the provider through, and the database
# that it keeps a state in, where it may. It never fails: the harness leaves out what is not
# there, and says so.
set -u
PATH="$PATH:/usr/sbin:/usr/local/sbin"

# Debian puts the programs of each version of PostgreSQL into a folder that is on no PATH.
find_initdb() {
	for name in initdb /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /usr/local/pgsql/bin/initdb; do
		command -v "$name" && return
	done
	return 1
}

missing() {
	command -v nginx >/dev/null || printf ' nginx'
	command -v varnishd >/dev/null || printf ' varnish'
	find_initdb >/dev/null || printf ' postgresql'
}

packages=$(missing)
if [ -n "$packages" ] && command -v apt-get >/dev/null; then
	as_root=
	if [ "$(id -u)" = 0 ]; then
		as_root=env
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		as_root="sudo -n env"
	fi
	if [ -n "$as_root" ]; then
		echo "Installing$packages (4 minutes at most) …"
		log=$(mktemp)
		# RUNLEVEL=1: the services that come with them are not started.
		for command in "update -q" "install -q -y --no-install-recommends$packages"; do
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

packages=$(missing)
if [ -z "$packages" ]; then
	nginx -v 2>&1
	varnishd -V 2>&1 | head -n 1
	"$(find_initdb)" --version
else
	echo "LEFT OUT:$packages. Not installed, and cannot be here: the fault harness runs without."
fi
