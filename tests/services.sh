# shellcheck shell=sh
# Servers for tests: source it after tap.sh. Each test file has its own PostgreSQL and Redis, on
# Unix sockets in its scratch directory, so that files can run side by side and leave nothing behind.
# They die with the test's shell, whatever ends it.
#   services_start            both, an empty database with our schema, and the environment for it
#   pg_start pg_stop pg_stop_immediate redis_start redis_stop redis_flush
#   web_start MODE            the programs behind lighttpd: fastcgi, cgi or bridge; sets FULFIL_URL
#   web_stop
#   pooler_start MODE         pgbouncer between, for what connects from now on
#   psqlq SQL                 one statement, unaligned rows without header
# PostgreSQL is as durable as the real one; FULFIL_TEST_FSYNC=off is for a slow disk.

# shellcheck source=cron/start/servers.sh
. "$TOP/cron/start/servers.sh"

# What the caller has set for a server of theirs must not decide what is tested.
unset PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGPASSFILE PGSERVICE PGOPTIONS PGSSLMODE \
	PGAPPNAME PGDATA PGTZ DATABASE_URL REDIS_URL LOW_STOCK_THRESHOLD LOG_LEVEL DEMO_MODE RETRY_DELAYS BACKORDER WAIT_DAYS HOLD_LINE \
	HOST PORT FULFIL_URL FULFIL_HOME FULFIL_SCHEMA_DIR
export FULFIL_CONFIG=/dev/null ENVIRONMENT=test
export SHOPIFY_WEBHOOK_SECRET=t-3d9a51f0c27e4b68 SECRET_KEY=t-8c1f6e2ab09d4573915be4d07a62f3c8
export API_TOKENS_READ=t-read-51b7c90e2f API_TOKENS_WRITE=t-write-e80d6c3a94
export FULFIL_TOKEN=$API_TOKENS_WRITE

# services_start: everything a test needs; about 0.5 s once the template is there.
services_start() {
	PG_BIN=$(pg_bindir "") || exit
	PATH=$PG_BIN:$PATH # Debian's psql is a slow wrapper of this one
	PG_DATA=$SCRATCH/pg
	PG_SOCKET=$SCRATCH/sock
	# An AF_UNIX path has 107 bytes; .s.PGSQL.5432 takes 14 of them.
	if [ ${#PG_SOCKET} -gt 90 ]; then
		PG_SOCKET=$(mktemp -d /tmp/fulfil-test.XXXXXX) || exit 71
		at_exit "rm -rf '$PG_SOCKET'"
	fi
	REDIS_SOCKET=$PG_SOCKET/redis.sock
	export PG_BIN PG_DATA PG_SOCKET REDIS_SOCKET
	chmod 711 "$SCRATCH" && mkdir -p "$PG_SOCKET" && chmod 700 "$PG_SOCKET" || exit 71

	services_template
	cp -a --reflink=auto "$services_template" "$PG_DATA" && pg_own "$PG_DATA" "$PG_SOCKET" || exit 71
	{
		pg_settings "$PG_SOCKET"
		echo 'shared_buffers = 32MB'
		echo "fsync = ${FULFIL_TEST_FSYNC:-on}"
	} >>"$PG_DATA/postgresql.conf"
	redis_settings "$REDIS_SOCKET" >"$SCRATCH/redis.conf"
	redis_start
	pg_start

	export DATABASE_URL="postgresql:///fulfil?host=$PG_SOCKET&user=fulfil"
	export REDIS_URL="unix://$REDIS_SOCKET"
	psqlq 'UPDATE schema_migrations SET applied_at = now()' # the database is of today, not of the copied one's day
	[ -z "${FULFIL_TEST_POOLER-}" ] || pooler_start "$FULFIL_TEST_POOLER"
}

# services_template: sets $services_template to the files of a fresh cluster with all migrations applied, made
# once for each version of PostgreSQL, of this recipe and of the migrations: a copy takes a tenth of the time.
services_template() {
	services_template=$TOP/build/pg-template-$({
		"$PG_BIN/postgres" --version
		cat "$TOP/tests/services.sh" "$TOP/cron/start/servers.sh" "$TOP/sql/migrate" "${FULFIL_SCHEMA_DIR:-$TOP/sql/schema}"/*.sql
	} | cksum | tr ' ' -)
	[ ! -d "$services_template" ] || return 0
	PG_DATA=$SCRATCH/template
	mkdir -p "$TOP/build" "$PG_DATA" && pg_own "$PG_DATA" "$PG_SOCKET" || exit 71
	pg_init "$PG_BIN" "$PG_DATA" || exit
	cp -p "$PG_DATA/postgresql.conf" "$SCRATCH/template.conf"
	{ pg_settings "$PG_SOCKET" && echo 'fsync = off'; } >>"$PG_DATA/postgresql.conf"
	pg_start
	DATABASE_URL="postgresql:///fulfil?host=$PG_SOCKET&user=fulfil" "$TOP/sql/migrate" up >"$SCRATCH/migrate.log" 2>&1 || {
		diag "$(cat "$SCRATCH/migrate.log")"
		exit 70
	}
	pg_stop
	rm "$SCRATCH/pg.log"
	(pg_as "$PG_BIN/pg_resetwal" -D "$PG_DATA") >/dev/null || exit 70 # one piece of WAL, empty
	mv "$SCRATCH/template.conf" "$PG_DATA/postgresql.conf"
	# Another test may have made it meanwhile; both are the same.
	cp -a --sparse=always "$PG_DATA" "$services_template.$$" &&
		{ mv -T "$services_template.$$" "$services_template" 2>/dev/null || rm -rf "$services_template.$$"; }
	rm -rf "$PG_DATA"
	PG_DATA=$SCRATCH/pg
}

# pooler_start MODE: pgbouncer in front, with pool_mode = MODE, and DATABASE_URL through it; DIRECT_URL is
# the one without. The whole suite runs so with make test POOLER=MODE.
pooler_start() {
	mkdir -p "$SCRATCH/bouncer" || exit 71
	cat >"$SCRATCH/bouncer.ini" <<-END
		[databases]
		* = host=$PG_SOCKET user=fulfil
		[pgbouncer]
		pool_mode = $1
		unix_socket_dir = $SCRATCH/bouncer
		listen_port = 6432
		auth_type = any
		default_pool_size = 20
		server_login_retry = 1
		logfile = $SCRATCH/bouncer.log
		server_reset_query = DISCARD ALL
	END
	: >"$SCRATCH/bouncer.log"
	pg_own "$SCRATCH/bouncer" "$SCRATCH/bouncer.ini" "$SCRATCH/bouncer.log"
	chmod 755 "$SCRATCH/bouncer"
	(pg_as "$(command -v pgbouncer)" -q "$SCRATCH/bouncer.ini") >>"$SCRATCH/bouncer.err" 2>&1 </dev/null &
	POOLER_PID=$!
	export DIRECT_URL="$DATABASE_URL"
	export DATABASE_URL="postgresql:///fulfil?host=$SCRATCH/bouncer&port=6432&user=fulfil"
	DATABASE_PREPARE=$([ "$1" = session ] && echo yes || echo no)
	export DATABASE_PREPARE
	wait_until 10 psqlq SELECT || {
		diag "$(tail -n 20 "$SCRATCH/bouncer.err" "$SCRATCH/bouncer.log")"
		exit 69
	}
}

# pg_start: starts PostgreSQL and waits until it answers. The server dies with this shell.
pg_start() {
	(pg_as "$PG_BIN/postgres" -D "$PG_DATA") >>"$SCRATCH/pg.log" 2>&1 </dev/null &
	PG_PID=$!
	pg_ready "$PG_SOCKET" 30 || {
		diag "$(tail -n 20 "$SCRATCH/pg.log")"
		exit 69
	}
}

# pg_stop: an orderly stop. pg_stop_immediate: as after a crash; the next start recovers.
pg_stop() {
	services_stop INT "${PG_PID-}"
	PG_PID=
}
pg_stop_immediate() {
	services_stop QUIT "${PG_PID-}"
	PG_PID=
}

redis_start() {
	(exec setpriv --pdeathsig=TERM redis-server "$SCRATCH/redis.conf") >>"$SCRATCH/redis.log" 2>&1 </dev/null &
	REDIS_PID=$!
	wait_until 30 redis-cli -s "$REDIS_SOCKET" ping || {
		diag "$(tail -n 20 "$SCRATCH/redis.log")"
		exit 69
	}
}

# redis_stop: at once; nothing of it is kept.
redis_stop() {
	services_stop KILL "${REDIS_PID-}"
	REDIS_PID=
}

redis_flush() {
	redis-cli -s "$REDIS_SOCKET" FLUSHALL >/dev/null
}

services_ended() { # PID: is gone, or is only waited for
	! grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null
}

# services_stop SIGNAL PID: ends one server that this shell started, by force after 20 s.
services_stop() {
	[ "${2:-0}" -gt 1 ] || return 0
	kill -s "$1" "$2" 2>/dev/null
	wait_until 20 services_ended "$2" || kill -KILL "$2" 2>/dev/null
	wait "$2" 2>/dev/null
	return 0
}

# web_start MODE: serves the programs by lighttpd on a free port, the way MODE says; exports FULFIL_URL.
web_start() {
	FULFIL_SOCKETS=$PG_SOCKET/web
	mkdir -p "$FULFIL_SOCKETS" "$SCRATCH/web/tmp" || exit 71
	case $1 in
	fastcgi) web_include=lighttpd.conf ;;
	bridge) web_include=lighttpd-cgi.conf web_programs=$TOP/cgi-bin/bridge ;;
	cgi) web_include=lighttpd-cgi.conf web_programs=$BUILD/cgi-bin ;;
	*) exit 64 ;;
	esac
	# A CGI program sees none of our environment; its settings are in a file.
	fulfil-stat --settings cgi >"$SCRATCH/web/fulfil.env" || exit
	WEB_PIDS=
	[ "$1" = cgi ] || for web_pool in intake api search figures upload sign-in; do
		(
			export FULFIL_SOCKETS FULFIL_TOP="$TOP" FULFIL_BUILD="$BUILD"
			exec setpriv --pdeathsig=TERM "$TOP/cron/start/service/pool-$web_pool/run"
		) >>"$SCRATCH/pool-$web_pool.log" 2>&1 </dev/null &
		WEB_PIDS="$WEB_PIDS $!"
		wait_until 10 test -S "$FULFIL_SOCKETS/$web_pool.sock" || exit 69
	done
	web_tries=8
	while [ $((web_tries -= 1)) -ge 0 ]; do
		web_port=$(web_port 20000 12000)
		{
			web_settings 127.0.0.1 "$web_port" "$SCRATCH/web" "$FULFIL_SOCKETS" "$BUILD/static"
			echo "var.fulfil_programs = \"${web_programs-}\""
			echo "var.fulfil_config = \"$SCRATCH/web/fulfil.env\""
			echo "include \"$TOP/cgi-bin/$web_include\""
		} >"$SCRATCH/web/lighttpd.conf"
		(exec setpriv --pdeathsig=TERM lighttpd -D -f "$SCRATCH/web/lighttpd.conf") \
			>>"$SCRATCH/lighttpd.log" 2>&1 </dev/null &
		WEB_PID=$!
		until web_listens $WEB_PID "$web_port" || ! kill -0 $WEB_PID 2>/dev/null; do sleep 0.02; done
		! kill -0 $WEB_PID 2>/dev/null || break
	done
	web_listens "$WEB_PID" "$web_port" || {
		diag "$(tail -n 20 "$SCRATCH/lighttpd.log")"
		exit 69
	}
	export FULFIL_URL="http://127.0.0.1:$web_port"
}

web_stop() {
	for web_pid in ${WEB_PID-} ${WEB_PIDS-}; do services_stop TERM "$web_pid"; done
	WEB_PID='' WEB_PIDS=
}

psqlq() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c "$1"
}

PATH=$PATH:/usr/sbin # lighttpd

# Valkey stands in where Redis is not installed, or by FULFIL_TEST_REDIS=valkey.
if ! command -v redis-server >/dev/null || [ "${FULFIL_TEST_REDIS-}" = valkey ]; then
	mkdir -p "$SCRATCH/valkey" || exit 71
	for redis_program in server cli; do
		ln -s "$(command -v valkey-$redis_program)" "$SCRATCH/valkey/redis-$redis_program" || exit 69
	done
	PATH=$SCRATCH/valkey:$PATH
fi
pooler_stop() {
	services_stop KILL "${POOLER_PID-}"
	POOLER_PID=
}
at_exit 'web_stop; pooler_stop; pg_stop_immediate; redis_stop'
