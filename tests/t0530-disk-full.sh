#!/bin/sh
# PostgreSQL's disk fills up under load, and is freed: what was acknowledged is there, the rest is
# told in one sentence and can be sent again.
# shellcheck disable=SC2317,SC2016 # functions called by wait_until; text for at_exit

# A mount of our own, that no accident can leave behind.
if [ -z "${FULFIL_TEST_MOUNTS-}" ]; then
	export FULFIL_TEST_MOUNTS=own
	unshare -m mount -t tmpfs none /mnt 2>/dev/null && exec unshare -m sh "$0"
	echo '1..0 # SKIP a small file system cannot be mounted: not root, or a closed container'
	exit 0
fi
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
pg_stop
made=$PG_DATA
at_exit 'pg_stop_immediate; umount "$SCRATCH/small" 2>/dev/null'

# piece N: 20 orders of 20 KB, which do not compress.
piece() {
	seq -f '%.0f A:1' $(($1 * 20 + 1)) $(($1 * 20 + 20)) | payloads | while read -r line; do
		printf '{"note":"%s",%s\n' "$(head -c 15000 /dev/urandom | base64 -w 0)" "${line#?}"
	done >"piece.$1"
}
# send N: takes in a piece and keeps what was acknowledged; $got is how it ended.
send() {
	fulfil-recv <"piece.$1" >told 2>told.err
	got=$?
	jq -r .external_order_id told >>journal
}
ready() {
	send "$n"
	[ "$got" = 0 ]
}

# fill WHERE: on a disk of 160 MB where the write-ahead log is too, or not.
fill() {
	rm -rf wal journal
	mkdir -p small
	mount -t tmpfs -o size=160m none small || exit 71
	cp -a "$made" small/pg
	PG_DATA=$SCRATCH/small/pg
	printf '%s\n' 'max_wal_size = 32MB' 'min_wal_size = 32MB' 'wal_compression = off' >>"$PG_DATA/postgresql.conf"
	if [ "$1" = 'without its log' ]; then
		mv "$PG_DATA/pg_wal" wal
		ln -s "$SCRATCH/wal" "$PG_DATA/pg_wal"
	fi
	pg_start
	products A:100000

	fulfil-work -j 2 >daemon 2>daemon.err &
	daemon=$!
	piece 0
	send 0
	is "$got" 0 "a disk $1: orders come in"
	# Leaves room for some of the pieces.
	head -c $(($(df -B1 --output=avail small | tail -n 1) - 6000000)) /dev/zero >small/filler
	n=0
	while [ "$got" = 0 ] && [ $n -lt 60 ]; do
		n=$((n + 1))
		piece $n
		send $n
	done
	diag "full after $n pieces: status $got, $(sed 's/.*"msg"//' told.err)"
	ok 'it fills up: 69 or 74' test "$got" = 69 -o "$got" = 74
	is "$(wc -l <told.err)" 1 '... told in one sentence'
	is "$(cat told)" '' '... and nothing of that piece is acknowledged'
	send $n
	ok '... nor the next time' test "$got" = 69 -o "$got" = 74
	sleep 1
	ok 'the workers live on' kill -0 $daemon

	rm small/filler
	kill -0 "$PG_PID" 2>/dev/null || pg_start
	ok 'room is made: orders come in again' wait_until 30 ready
	for again in $(seq 0 $n); do send "$again"; done
	last=$((n * 20 + 20))
	ok 'all orders are completed' wait_until 30 says "SELECT count(*) FROM orders WHERE status = 'completed'" $last
	sort -u journal >acknowledged
	psqlq 'SELECT external_id FROM orders' | sort -u >stored
	is "$(comm -23 acknowledged stored)" '' 'what was ever acknowledged is there'
	is "$(psqlq 'SELECT count(*) FROM orders') $(on_hand A)" "$last $((100000 - last))" '... once'
	kill -TERM $daemon
	wait $daemon
	is $? 0 'the workers end in order'
	is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status <> 'success'")" 0 'no attempt was spent'
	invariants 'what must hold does'
	pg_stop
	umount small
}
fill 'with its log'
fill 'without its log'
done_testing
