# shellcheck shell=sh
# Private servers, PostgreSQL and Redis on Unix sockets and lighttpd on a port, for cron/start/run and
# tests/services.sh.
# Sourced by both; nothing here starts a server, it only says how. A function that fails says
# why in one sentence on stderr and returns a status of sysexits.
# PostgreSQL refuses to run as root: root's servers run as the system user `postgres`.

# pg_bindir [VERSION]: prints the directory of the server's programs, the newest or VERSION's.
pg_bindir() {
	pg_found=
	for pg_dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5n); do
		[ -x "$pg_dir/initdb" ] || continue
		[ "/usr/lib/postgresql/${1:-*}/bin" = "$pg_dir" ] || [ -z "${1-}" ] || continue
		pg_found=$pg_dir
	done
	[ -n "$pg_found" ] && echo "$pg_found" && return
	if [ -n "${1-}" ]; then
		echo "PostgreSQL $1, whose data this is, is not installed" >&2
	else
		echo 'PostgreSQL is not installed: run sh cron/deps' >&2
	fi
	return 69
}

# pg_as COMMAND…: becomes COMMAND as the user whom the server belongs to, and dies with its parent.
# To be run in a subshell or as the last command. The caller's directory may be closed to that user.
pg_as() {
	cd / || return 71
	if [ "$(id -u)" -eq 0 ]; then
		exec setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig=INT -- "$@"
	fi
	exec setpriv --pdeathsig=INT -- "$@"
}

# pg_own PATH…: gives PATHs to that user.
pg_own() {
	[ "$(id -u)" -ne 0 ] || chown -R postgres:postgres "$@"
}

# pg_init BINDIR DATADIR: makes a cluster in the empty directory DATADIR, with the superuser
# `postgres`, and the database `fulfil` with an owner of that name. Who may connect is decided by
# the mode of the socket's directory alone.
pg_init() {
	for pg_locale in C.UTF-8 C; do # C: without C.UTF-8 text is still UTF8, only its case is ASCII's
		(pg_as "$1/initdb" -D "$2" -U postgres --encoding=UTF8 --locale=$pg_locale --data-checksums \
			--auth-local=trust --auth-host=reject --no-sync --no-instructions) >/dev/null 2>&1 || continue
		printf '%s\n' 'CREATE ROLE fulfil LOGIN CREATEDB' 'CREATE DATABASE fulfil OWNER fulfil' |
			(pg_as "$1/postgres" --single -D "$2" postgres) >/dev/null 2>&1 && return
	done
	echo "initdb could not make a database in $2" >&2
	return 71
}

# pg_settings SOCKETDIR: prints postgresql.conf for a small machine: safe with data, no TCP.
pg_settings() {
	cat <<-END
		listen_addresses = ''
		unix_socket_directories = '$1'
		unix_socket_permissions = 0700
		max_connections = 60
		shared_buffers = 128MB
		work_mem = 8MB
		maintenance_work_mem = 64MB
		effective_cache_size = 1GB
		random_page_cost = 1.1
		wal_level = replica
		max_wal_senders = 0
		max_logical_replication_workers = 0
		wal_compression = lz4
		min_wal_size = 128MB
		max_wal_size = 1GB
		checkpoint_timeout = 15min
		fsync = on
		full_page_writes = on
		synchronous_commit = on
		client_connection_check_interval = 1s
		idle_in_transaction_session_timeout = 5min
		timezone = 'UTC'
		log_timezone = 'UTC'
		log_destination = 'stderr'
		logging_collector = off
		log_line_prefix = '%m [%p] %a '
		log_min_duration_statement = 5s
		log_parameter_max_length = 0
		log_checkpoints = off
		cluster_name = 'fulfil'
	END
}

# pg_ready SOCKETDIR SECONDS: waits until the server answers.
pg_ready() {
	pg_tries=$(($2 * 50))
	until psql -X -q -h "$1" -U postgres -d postgres -c 'SELECT' >/dev/null 2>&1; do
		[ $((pg_tries -= 1)) -gt 0 ] || { echo "PostgreSQL did not start within $2 s" >&2; return 69; }
		sleep 0.02
	done
}

# redis_settings SOCKET: prints redis.conf. Redis is only a doorbell, so nothing is kept on disk.
redis_settings() {
	cat <<-END
		port 0
		unixsocket "$1"
		unixsocketperm 700
		daemonize no
		save ""
		appendonly no
		maxmemory 256mb
		maxmemory-policy noeviction
		databases 1
		loglevel notice
		always-show-logo no
	END
}

# web_settings HOST PORT STATE SOCKETS PAGES: prints what is a site's own in lighttpd.conf; an include of
# one of cgi-bin/lighttpd*.conf has to follow.
web_settings() {
	# A third of it is how many connections there may be; those that never say what they want hold theirs for 15 s.
	web_fds=$(awk '/^Max open files/ { print $5 }' /proc/self/limits)
	[ "$web_fds" != unlimited ] && [ "$web_fds" -lt 16384 ] || web_fds=16384
	cat <<-END
		server.max-fds = $web_fds
		server.bind = "$1"
		server.port = $2
		server.document-root = "$5"
		server.errorfile-prefix = "$5/error-"
		server.upload-dirs = ( "$3/tmp" )
		var.fulfil_sockets = "$4"
	END
}

# web_port FIRST COUNT: prints a port taken by chance from COUNT numbers; it may be in use.
web_port() {
	echo $(($1 + $(od -An -N2 -tu2 /dev/urandom) % $2))
}

# web_listens PID PORT: whether this process, and no other, listens on the port.
web_listens() {
	[ "$1" -gt 0 ] || return 1
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
		awk -v port="$(printf ':%04X' "$2")" '
			$4 == "0A" && substr($2, length($2) - 4) == port { print "socket:[" $10 "]" }' |
		while read -r web_socket; do
			for web_fd in "/proc/$1/fd/"*; do
				[ "$(readlink "$web_fd")" != "$web_socket" ] || echo yes
			done
		done | grep -q yes
}
