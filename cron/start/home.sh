# shellcheck shell=sh
# shellcheck disable=SC2154 # home is
# What cron/start/run asks about its home before it starts anything: whose PostgreSQL's data is that is
# not in the home (root's homes had it elsewhere until 0.2.0), whether a database that others made may be taken, where sockets
# can be. Sourced by it; uses its die, home and private_pg, and pg_as and pg_own of servers.sh.

elsewhere=/var/lib/fulfil # data directories, each with a file fulfil.home that names its home

# data_owner DATA: prints the home that it belongs to.
data_owner() {
	[ ! -e "$1.home" ] || head -n 1 "$1.home"
}

# data_check HOME: whose data HOME/pg leads to outside of it. A home that was moved keeps it; the
# copy of one does not. Then names what homes that were at this path have left.
data_check() {
	data_mine=
	if [ -L "$1/pg" ]; then
		data_mine=$(readlink -f "$1/pg")
		owner=$(data_owner "$data_mine")
		[ -z "$owner" ] || [ "$owner" = "$1" ] || [ ! -e "$owner/pg" ] ||
			[ "$(readlink -f "$owner/pg")" != "$data_mine" ] ||
			die 75 "the database in $data_mine belongs to $owner; $1 looks like a copy of it: rm $1/pg begins a new one"
		printf '%s\n' "$1" >"$data_mine.home"
	fi
	for data_file in "$elsewhere"/*.home; do
		data_dir=${data_file%.home}
		if [ "$data_dir" = "$data_mine" ] || [ "$(data_owner "$data_dir")" != "$1" ]; then
			continue
		elif [ -e "$data_dir/fulfil.conf" ]; then
			echo "$data_dir has the database of a home that was here before; if none that was moved needs it: rm -r $data_dir $data_file"
		else
			rm -rf "$data_dir" "$data_file" # half made, by a start that was killed
		fi
	done
}

# database_shown: prints DATABASE_URL without its password.
database_shown() {
	printf '%s\n' "$DATABASE_URL" | sed -E 's#^([a-z]+://[^:/@]*):[^/]*@#\1@#; s/([?&])password=[^&]*&?/\1/; s/[?&]$//'
}

# database_told HOME: a database that is named to us is taken if it is empty, if HOME had it before, or
# if TAKE_DATABASE says yes: its schema is migrated, and what is due in it is done and pruned.
database_told() {
	told=$(database_shown)
	if [ "${TAKE_DATABASE-}" != yes ] && ! grep -qxF "$told" "$1/databases" 2>/dev/null; then
		tables=$(PGCONNECT_TIMEOUT=10 psql -X -A -t -w -d "$DATABASE_URL" -c "SELECT count(*) FROM pg_class c
			JOIN pg_namespace n ON n.oid = relnamespace
			WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'") ||
			die 69 "$told does not answer; without DATABASE_URL a database of its own is started"
		[ "$tables" = 0 ] || die 78 "$told has $tables tables, which this home did not make; to migrate that
  database and work on it: TAKE_DATABASE=yes make run. Without DATABASE_URL one of its own is started."
	fi
	printf '%s\n' "$told" >>"$1/databases"
	sort -u -o "$1/databases" "$1/databases"
}

# sockets_work DIRECTORY: whether servers can have their sockets there. The path of a socket has at
# most 107 bytes and must need no quoting in a URL; some file systems have no sockets; and
# PostgreSQL's user may have no way through the parents of the home.
sockets_work() {
	case $1 in *[!A-Za-z0-9._/+-]*) return 1 ;; esac
	mkdir -p "$1/pg" && chmod 711 "$1" && chmod 700 "$1/pg" || return 1
	if [ -n "$private_pg" ]; then
		pg_own "$1/pg" && (pg_as s6-ipcserver-socketbinder "$1/pg/.s.PGSQL.test" true) 2>/dev/null
	else
		s6-ipcserver-socketbinder "$1/pg/.s.PGSQL.test" true 2>/dev/null
	fi || return 1
	rm -f "$1/pg/.s.PGSQL.test"*
}

# find_sockets: sets $sockets to the directory of the last start, or a new one: in the home, or else
# where temporary files are. The link $home/sock leads to it.
find_sockets() {
	sockets=$(readlink -f "$home/sock")
	[ ! -O "$sockets" ] || ! sockets_work "$sockets" || return 0
	rm -rf "$home/sock"
	for parent in "$home" "${TMPDIR:-/tmp}" /tmp; do
		sockets=$(mktemp -d "$parent/fulfil.XXXXXX") || continue
		if sockets_work "$sockets"; then
			ln -s "$sockets" "$home/sock"
			[ "$parent" = "$home" ] || echo "sockets are in $sockets: $home cannot have them"
			return
		fi
		rm -rf "$sockets"
	done
	die 69 "no Unix socket can be made, neither in $home nor in /tmp"
}

# man_pages TOP HOME: makes HOME/man a tree for man(1), of the pages of TOP.
man_pages() {
	for page in "$1"/cmd/*.[1-8]; do
		mkdir -p "$2/man/man${page##*.}" && ln -sf "$page" "$2/man/man${page##*.}/"
	done
}
