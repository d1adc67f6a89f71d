# shellcheck shell=sh disable=SC2154 # what is set by services.sh
# PostgreSQL on A and B of the lab, and what Patroni is elsewhere; sourced by hosts.sh.
#   databases_start       A with a standby B, which has what A acknowledged; DATABASE_URL names both
#   primary, standby      print which is which
#   pg_kill NAME          kill -9 of all PostgreSQL there
#   asks NAME SQL         one statement on that host, as its administrator; fails after 2 s
#   switchover            the primary stops in order, the standby takes over
#   name_points NAME      db.lab is that host, for all of the lab from now on
#   promoted NAME         whether that host is the primary now; for wait_until
# DISK is the size of A's disk, without limit by default.
# The keeper asks the primary twice a second. After four times without an answer it promotes the
# standby, and then stops what was the primary, as its own watchdog would. What was is made a standby
# again once its cable is in (pg_rewind). Unless the file strict is there, a primary whose standby is away
# no longer waits for it.

primary() { cat "$SCRATCH/primary"; }
standby() { tr AB BA <"$SCRATCH/primary"; }
promoted() { [ "$(primary)" = "$1" ]; }

asks() {
	timeout 2 psql -X -q -A -t -h "$(address "$1")" -U postgres -d fulfil -c "$2" 2>>"$SCRATCH/asks.log"
}

pg_host_start() { # NAME
	(pg_host_as "$1" "$PG_BIN/postgres" -D "$SCRATCH/$1" >>"$SCRATCH/pg.$1.log" 2>&1 </dev/null) &
}

pg_host_as() ( # NAME COMMAND…
	pg_host_pid=$(host_pid "$1") || return
	shift
	pg_user=
	[ "$(id -u)" -ne 0 ] || pg_user='setpriv --reuid=postgres --regid=postgres --init-groups'
	cd / || return
	# shellcheck disable=SC2086 # words or nothing
	nsenter --target "$pg_host_pid" --net --pid --uts -- $pg_user "$@"
)

pg_signal() { # NAME SIGNAL: to its first process of PostgreSQL
	pg_first=$(head -n 1 "$SCRATCH/$1/postmaster.pid" 2>/dev/null)
	[ "${pg_first:-0}" -gt 1 ] && on "$1" kill -s "$2" "$pg_first"
}
pg_kill() { pg_signal "$1" KILL; }

pg_gone() { # NAME
	pg_first=$(head -n 1 "$SCRATCH/$1/postmaster.pid" 2>/dev/null)
	[ "${pg_first:-0}" -le 1 ] || ! host_pid "$1" >/dev/null || ! on "$1" kill -0 "$pg_first"
}

pg_follows() { # NAME: is a standby of the other from its next start
	pg_leader=$(echo "$1" | tr AB BA)
	printf '%s\n' "primary_conninfo = 'host=$(address "$pg_leader") user=postgres application_name=$1'" \
		>"$SCRATCH/$1/leader.conf"
	: >"$SCRATCH/$1/standby.signal"
	pg_own "$SCRATCH/$1/leader.conf" "$SCRATCH/$1/standby.signal"
}

databases_start() {
	PG_BIN=$(pg_bindir "") || exit
	PATH=$PG_BIN:$PATH
	chmod 711 "$SCRATCH"
	mkdir "$SCRATCH/sock.A" "$SCRATCH/sock.B" && pg_own "$SCRATCH/sock.A" "$SCRATCH/sock.B" || exit 71
	PG_SOCKET=$SCRATCH/sock.A services_template
	mkdir "$SCRATCH/A" && { [ -z "${DISK-}" ] || mount -t tmpfs -o "size=$DISK" disk "$SCRATCH/A"; } &&
		cp -a --reflink=auto "$services_template/." "$SCRATCH/A" || exit 71
	printf '%s\n' 'local all all trust' "host all,replication all $LAB_NET.0/24 trust" >"$SCRATCH/A/pg_hba.conf"
	{
		pg_settings "$SCRATCH/sock.A"
		# What a server has that nobody has tuned for us: a client that vanished is noticed by what
		# each session asks for.
		printf '%s\n' "listen_addresses = '*'" 'shared_buffers = 32MB' 'max_wal_senders = 6' 'wal_keep_size = 256MB' \
			'wal_sender_timeout = 2s' 'wal_receiver_timeout = 2s' 'wal_retrieve_retry_interval = 200ms' \
			'client_connection_check_interval = 0' 'idle_in_transaction_session_timeout = 0' 'hot_standby_feedback = off' \
			"fsync = ${FULFIL_TEST_FSYNC:-on}" 'max_connections = 150' "include_if_exists = 'leader.conf'"
	} >>"$SCRATCH/A/postgresql.conf"
	pg_own "$SCRATCH/A"
	chmod 700 "$SCRATCH/A"
	host_on A
	host_on B
	pg_host_start A
	echo A >"$SCRATCH/primary"
	wait_until 30 asks A SELECT || { diag "$(tail -n 5 "$SCRATCH/pg.A.log")"; exit 69; }
	mkdir "$SCRATCH/B" && pg_own "$SCRATCH/B" && chmod 700 "$SCRATCH/B"
	pg_host_as B "$PG_BIN/pg_basebackup" -h "$(address A)" -U postgres -D "$SCRATCH/B" -X stream -c fast --no-sync \
		>"$SCRATCH/backup.log" 2>&1 || { diag "$(cat "$SCRATCH/backup.log")"; exit 69; }
	echo "unix_socket_directories = '$SCRATCH/sock.B'" >>"$SCRATCH/B/postgresql.conf"
	pg_follows B
	pg_host_start B
	wait_until 30 streaming A || { diag "$(tail -n 5 "$SCRATCH/pg.B.log")"; exit 69; }
	waits_for A '*'
	keeper 2>>"$SCRATCH/keeper.log" &
	LAB_PIDS="$LAB_PIDS $!"
	DATABASE_URL="postgresql://fulfil@$(address A),$(address B)/fulfil?target_session_attrs=read-write"
	export DATABASE_URL
	products S1:1000000 S2:1000000 S3:1000000
}

streaming() { # NAME: has a standby that follows
	[ "$(asks "$1" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" = 1 ]
}
waits_for() { # NAME STANDBYS
	asks "$1" "ALTER SYSTEM SET synchronous_standby_names = '$2'" && asks "$1" 'SELECT pg_reload_conf()' >/dev/null
}

# --- the keeper
keeper() {
	missed=0 alone=0
	while sleep 0.4; do
		if [ -f "$SCRATCH/keeper.off" ]; then
			missed=0 alone=0
			continue
		fi
		if ! host_is_on "$(primary)" || ! state=$(asks "$(primary)" "SELECT (SELECT count(*) FROM pg_stat_replication
			WHERE state = 'streaming'), current_setting('synchronous_standby_names')"); then
			missed=$((missed + 1))
			[ $missed -lt 4 ] || { failover && missed=0; }
			continue
		fi
		missed=0
		case $state in
		'1|*') alone=0 ;;
		'1|') waits_for "$(primary)" '*' && note "$(primary) waits for $(standby) again" ;;
		'0|'*)
			alone=$((alone + 1))
			[ $alone -ne 5 ] || [ -f "$SCRATCH/strict" ] || [ "$state" = '0|' ] || waits_for "$(primary)" '' ||
				alone=0
			rejoin
			;;
		esac
	done
}

name_points() {
	[ "${SETUP-}" != name ] || printf '%s\n' '127.0.0.1 localhost' "$(address "$1") db.lab" >"$SCRATCH/hosts"
}

leads() {
	[ "$(asks "$1" 'SELECT pg_is_in_recovery()')" = f ]
}

failover() {
	new=$(standby)
	host_is_on "$new" && [ "$(asks "$new" 'SELECT pg_is_in_recovery()')" = t ] || return
	asks "$new" 'SELECT pg_promote(false)' >/dev/null && wait_until 10 leads "$new" || return
	waits_for "$new" ''
	old=$(primary)
	# Its watchdog; what is cut off learns later that it is not the primary any more.
	if host_is_on "$old"; then pg_signal "$old" QUIT; else (sleep 5 && pg_signal "$old" QUIT) & fi
	pooler_points "$new"
	name_points "$new"
	echo "$new" >"$SCRATCH/primary.new" && mv "$SCRATCH/primary.new" "$SCRATCH/primary"
	note "$new is the primary"
}

# What is not a standby of the primary, though it could be, becomes one.
rejoin() {
	old=$(standby)
	host_is_on "$old" && pg_gone "$old" || return 0
	[ -f "$SCRATCH/$old/standby.signal" ] || {
		# Only then its control file names the new timeline, which pg_rewind looks for.
		timeout 20 psql -X -q -h "$(address "$(primary)")" -U postgres -d fulfil -c CHECKPOINT 2>>"$SCRATCH/asks.log" || return 0
		pg_host_as "$old" "$PG_BIN/pg_rewind" -D "$SCRATCH/$old" --source-server="host=$(address "$(primary)") user=postgres dbname=fulfil" \
			>>"$SCRATCH/rewind.log" 2>&1 || { note "$(tail -n 1 "$SCRATCH/rewind.log")"; return; }
		# The other's settings came with its files.
		sed -i "s|^unix_socket_directories = .*|unix_socket_directories = '$SCRATCH/sock.$old'|" "$SCRATCH/$old/postgresql.conf"
		pg_follows "$old"
	}
	[ "$(now_ms)" -gt $((${again:-0} + 5000)) ] || return 0
	[ -z "${again-}" ] || note "$(tail -n 2 "$SCRATCH/pg.$old.log")"
	again=$(now_ms)
	rm -f "$SCRATCH/$old/postmaster.pid"
	pg_host_start "$old"
	alone=0
	note "$old starts as a standby of $(primary)"
}

switchover() {
	: >"$SCRATCH/keeper.off"
	old=$(primary)
	pg_signal "$old" INT
	wait_until 20 pg_gone "$old"
	failover
	rm "$SCRATCH/keeper.off"
}
