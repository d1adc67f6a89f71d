# shellcheck shell=sh
# Fulfil on the hosts of HOSTS, and the clients; sourced by hosts.sh. SETUP says how Fulfil connects:
# direct; options (of the user's, in DATABASE_URL); session or transaction, by pgbouncer on C;
# name, db.lab in /etc/hosts, which a failover changes; haproxy, on C too, which ends what is idle
# for 2 s, and follows no failover.
#   fulfil_start          Redis here, and on each host the pools, workers, sender, importer and the clock's jobs
#   fulfil_on NAME        the same on one host, that is on
#   clients_start         orders, RATE a second, signed, to the hosts by turns, each sent until it is acknowledged
#   pooler_on, pooler_off starts pgbouncer on C, and kills it
#   clients_end           waits until all that were begun are acknowledged, 60 s at most

fulfil_start() {
	redis_settings "$SCRATCH/redis.sock" | sed 's/^port 0/port 6379/' >"$SCRATCH/redis.conf"
	printf '%s\n' "bind $LAB_HERE" 'protected-mode no' >>"$SCRATCH/redis.conf"
	(exec redis-server "$SCRATCH/redis.conf") >"$SCRATCH/redis.log" 2>&1 </dev/null &
	redis_pid=$!
	LAB_PIDS="$LAB_PIDS $redis_pid"
	setup
	export REDIS_URL="redis://$LAB_HERE:6379/0" WEBHOOK_ALLOW_PRIVATE=yes
	for fulfil_name in $HOSTS; do
		host_on "$fulfil_name"
		fulfil_on "$fulfil_name"
	done
	for fulfil_name in $HOSTS; do
		wait_until 30 fulfil_answers "$fulfil_name" || {
			diag "$fulfil_name: $(tail -n 5 "$SCRATCH/$fulfil_name/"*.log)"
			exit 69
		}
	done
}

setup() {
	case ${SETUP:=direct} in
	direct) ;;
	options) DATABASE_URL="$DATABASE_URL&options=-c%20work_mem%3D8MB" ;;
	name)
		name_points "$(primary)"
		mount --bind "$SCRATCH/hosts" /etc/hosts || exit 71
		DATABASE_URL='postgresql://fulfil@db.lab/fulfil'
		;;
	session | transaction)
		PATH=$PATH:/usr/sbin command -v pgbouncer >/dev/null || skip_all 'pgbouncer is not installed: run sh cron/deps test'
		mkdir "$SCRATCH/C" && pg_own "$SCRATCH/C" || exit 71
		host_on C
		pooler_points "$(primary)"
		pooler_on
		DATABASE_URL="postgresql://fulfil@$(address C):6432/fulfil"
		[ "$SETUP" = session ] || export DATABASE_PREPARE=no
		;;
	haproxy)
		command -v haproxy >/dev/null || skip_all 'haproxy is not installed'
		host_on C
		printf '%s\n' defaults 'mode tcp' 'timeout connect 2s' 'timeout client 2s' 'timeout server 2s' \
			'listen db' 'bind *:6432' "server db $(address "$(primary)"):5432" >"$SCRATCH/haproxy.cfg"
		on C haproxy -db -f "$SCRATCH/haproxy.cfg" >>"$SCRATCH/haproxy.log" 2>&1 </dev/null &
		DATABASE_URL="postgresql://fulfil@$(address C):6432/fulfil"
		wait_until 10 psqlq SELECT || { diag "$(tail -n 5 "$SCRATCH/haproxy.log")"; exit 69; }
		;;
	*) echo "SETUP is direct, options, name, session, transaction or haproxy" >&2 && exit 64 ;;
	esac
}

# pooler_points NAME: the pooler's servers are that host's, as Patroni's callback has it.
pooler_points() {
	[ -d "$SCRATCH/C" ] || return 0
	cat >"$SCRATCH/C/bouncer.ini" <<-END
		[databases]
		* = host=$(address "$1") user=fulfil
		[pgbouncer]
		pool_mode = $SETUP
		listen_addr = *
		listen_port = 6432
		unix_socket_dir =
		auth_type = any
		default_pool_size = 20
		max_client_conn = 200
		server_login_retry = 1
		ignore_startup_parameters = options
		logfile = $SCRATCH/C/bouncer.log
		pidfile = $SCRATCH/C/bouncer.pid
	END
	pooler_signal HUP
}
pooler_on() {
	pg_host_as C "$(command -v pgbouncer)" -q "$SCRATCH/C/bouncer.ini" >>"$SCRATCH/C/bouncer.err" 2>&1 </dev/null &
	wait_until 10 psql -X -q -d "postgresql://fulfil@$(address C):6432/fulfil" -c SELECT || {
		diag "$(tail -n 5 "$SCRATCH/C/bouncer.err" "$SCRATCH/C/bouncer.log")"
		exit 69
	}
}
pooler_signal() { # SIGNAL
	pooler_pid=$(cat "$SCRATCH/C/bouncer.pid" 2>/dev/null)
	[ "${pooler_pid:-0}" -le 1 ] || on C kill -s "$1" "$pooler_pid"
}
pooler_off() {
	pooler_signal KILL
	rm -f "$SCRATCH/C/bouncer.pid"
}

fulfil_answers() { # NAME
	curl -sS -m 5 -o "$SCRATCH/answer" "http://$(address "$1"):8080/api/health" && [ -s "$SCRATCH/answer" ]
}

fulfil_on() {
	fulfil_dir=$SCRATCH/$1
	mkdir -p "$fulfil_dir/tmp" "$fulfil_dir/sockets"
	{
		web_settings "$(address "$1")" 8080 "$fulfil_dir" "$fulfil_dir/sockets" "$BUILD/static"
		echo "include \"$TOP/cgi-bin/lighttpd.conf\""
	} >"$fulfil_dir/lighttpd.conf"
	export FULFIL_TOP="$TOP" FULFIL_BUILD="$BUILD" FULFIL_POOL_INTAKE="${POOL:-3}" FULFIL_POOL_API=2 FULFIL_POOL_FIGURES=1
	for fulfil_pool in intake api figures; do
		(FULFIL_SOCKETS=$fulfil_dir/sockets on "$1" "$TOP/cron/start/service/pool-$fulfil_pool/run") \
			>>"$fulfil_dir/$fulfil_pool.log" 2>&1 </dev/null &
	done
	(on "$1" lighttpd -D -f "$fulfil_dir/lighttpd.conf") >>"$fulfil_dir/lighttpd.log" 2>&1 </dev/null &
	for fulfil_job in 'fulfil-work -j 2' fulfil-notify 'fulfil-import --work'; do
		# A program that ends is started again, as each supervisor does.
		(on "$1" sh -c "while :; do $fulfil_job; sleep 0.5; done") >"$fulfil_dir/${fulfil_job%% *}.out" \
			2>>"$fulfil_dir/${fulfil_job%% *}.log" </dev/null &
	done
	(on "$1" sh -c 'while sleep 2; do fulfil-enqueue --due; fulfil-scan; done') >"$fulfil_dir/clock.out" 2>>"$fulfil_dir/clock.log" </dev/null &
}

clients_start() {
	# shellcheck disable=SC2046 # a word a host
	perl "$TOP/tests/hosts/client.pl" "$SCRATCH/journal" "$RATE" $(for fulfil_name in $HOSTS; do address "$fulfil_name"; done) &
	clients_pid=$!
	sampler &
	LAB_PIDS="$LAB_PIDS $!"
}

clients_end() {
	: >"$SCRATCH/journal.end"
	wait_until 60 services_ended "$clients_pid" || { note 'the client still waits'; kill -KILL "$clients_pid"; }
}

# The oldest transaction of ours that a primary has, each half second.
sampler() {
	while sleep 0.5; do
		asks "$(primary)" "SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::numeric(9, 1) FROM pg_stat_activity
			WHERE usename = 'fulfil' AND wait_event IS DISTINCT FROM 'SyncRep'"
	done >"$SCRATCH/held"
}
