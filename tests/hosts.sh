#!/bin/sh
# A lab of hosts, each with network and processes of its own, one fault, and the verdict:
#   tests/hosts.sh [FAULT]     a file of tests/hosts/fault, kill-9 by default; or "list", or "all", one after
#                              the other
# SEED says when it strikes, SECONDS_EACH how long orders come before and after it, HOSTS which hosts
# take them ("D E"), SETUP how these connect (tests/hosts/fulfil.sh), KEEP a directory for the journal and
# the logs. A and B have PostgreSQL, one a standby of the other; here, on the bridge, are the clients and
# what promotes a standby (tests/hosts/database.sh). It ends by itself, and with its first process all
# others end. Takes root, or a kernel where users may make namespaces.

# shellcheck disable=SC2153,SC2154  # what the sourced files set
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
FAULT=${1:-kill-9}
if [ "$FAULT" = list ]; then
	for file in "$TOP/tests/hosts/fault/"*.sh; do
		name=${file##*/}
		printf '%-20s %s\n' "${name%.sh}" "$(sed -n '1s/^# //p' "$file")"
	done
	tap_done=1
	exit 0
fi
if [ "$FAULT" = all ]; then
	for file in "$TOP/tests/hosts/fault/"*.sh; do
		name=${file##*/}
		ok "${name%.sh}" sh "$TOP/tests/hosts.sh" "${name%.sh}"
		grep '^#\|^not' "$SCRATCH/.out"
	done
	done_testing
fi
[ -f "$TOP/tests/hosts/fault/$FAULT.sh" ] || {
	echo "there is no fault $FAULT: sh tests/hosts.sh list" >&2
	tap_done=1
	exit 64
}

# --- outside: namespaces, whose first process is this script again
if [ -z "${HOSTS_INSIDE-}" ]; then
	for program in ip unshare nsenter lighttpd spawn-fcgi multiwatch perl; do
		PATH=$PATH:/usr/sbin:/sbin command -v $program >/dev/null || skip_all "$program is not installed: run sh cron/deps test"
	done
	user=
	[ "$(id -u)" -eq 0 ] || user='--user --map-current-user --keep-caps'
	# shellcheck disable=SC2086 # words or nothing
	unshare $user --net --pid --uts --fork true 2>/dev/null || skip_all 'namespaces are not allowed here'
	chmod 711 "$SCRATCH"
	# shellcheck disable=SC2086
	HOSTS_INSIDE=1 TMPDIR=$SCRATCH timeout -k 5 "${HOSTS_LIMIT:-300}" unshare $user --net --pid --mount --mount-proc \
		--fork --kill-child=KILL sh "$TOP/tests/hosts.sh" "$FAULT"
	status=$?
	[ $status -lt 124 ] || echo "Bail out! the lab did not end by itself ($status)"
	tap_done=1
	exit $status
fi

# --- inside
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/hosts/hosts.sh
. "$TOP/tests/hosts/hosts.sh"
# shellcheck source=tests/hosts/database.sh
. "$TOP/tests/hosts/database.sh"
# shellcheck source=tests/hosts/fulfil.sh
. "$TOP/tests/hosts/fulfil.sh"
# shellcheck source=tests/hosts/load.sh
. "$TOP/tests/hosts/load.sh"
# shellcheck source=tests/hosts/verdict.sh
. "$TOP/tests/hosts/verdict.sh"

HOSTS=${HOSTS:-D E}
SEED=${SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
SECONDS_EACH=${SECONDS_EACH:-10}
RATE=${RATE:-20}
diag "FAULT=$FAULT SEED=$SEED"
at_exit lab_end
# What a fault needs from the start is said there as "setup NAME=VALUE".
eval "$(sed -n 's/^# setup //p' "$TOP/tests/hosts/fault/$FAULT.sh")"
lab_start
databases_start
fulfil_start
clients_start
load_start
sleep "$SECONDS_EACH"
sleep "$(random 0 1000 | awk '{ print $1 / 1000 }')"
# shellcheck source=/dev/null
. "$TOP/tests/hosts/fault/$FAULT.sh"
sleep "$SECONDS_EACH"
clients_end
load_end
verdict
done_testing
