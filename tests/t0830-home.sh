#!/bin/sh
# Whose database `make run` works on: a home's own wherever its data is, and none that others made.
# shellcheck disable=SC2016 # text for another shell
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

[ -x "$TOP/build/cgi-bin/api" ] || skip_all 'the programs are not built'
chmod 711 "$SCRATCH"
at_exit 'for sock in $(find "$SCRATCH" -name sock -type l); do rm -rf "$(readlink -f "$sock")"; done'

# start HOME [VARIABLE=VALUE…]: a run in that home, its process in $RUN, its output in out.
start() {
	home=$SCRATCH/$1
	shift
	rm -f out
	env -i PATH="$PATH" FULFIL_CONFIG=/dev/null FULFIL_HOME="$home" "$@" \
		setpriv --pdeathsig=TERM sh -c 'exec "${RUN_BY:-$1}"' - "$TOP/cron/start/run" >out 2>&1 </dev/null &
	RUN=$!
	wait_until 90 ready
	if ! grep -q Ctrl-C out; then cat out; return 1; fi
}
ready() { grep -q Ctrl-C out || ! kill -0 "$RUN"; }
stop() { kill -TERM "$RUN" && wait "$RUN"; }
ask() { # HOME SQL
	env -i PATH="$PATH" sh -c ". '$SCRATCH/$1/run.env'; psql -X -A -t -d \"\$DATABASE_URL\" -c '$2'"
}

# --- by root it is served by another user, who has to reach it
if [ "$(id -u)" = 0 ]; then
	mkdir -m 700 closed
	mkdir closed/tree
	at_exit 'for home in "$SCRATCH"/closed/*/var; do [ ! -L "$home" ] || rm -rf "$(dirname "$(readlink "$home")")"; done'
	(cd "$TOP" && cp -a --parents cron cgi-bin sql share cmd/*.[1-8] build/cmd build/cgi-bin build/static "$SCRATCH/closed/tree")
	ok 'a directory and a home in it out of reach' start closed/tree/var RUN_BY="$SCRATCH/closed/tree/cron/start/run"
	like "$(cat out)" "^$SCRATCH/closed/tree/var is in /var/lib/fulfil/[A-Za-z0-9]* now, where the user [a-z]* can reach it\$" '... which moves'
	is "$(ask closed/tree/var 'SELECT count(*) > 0 FROM products')" t '... and works where it was'
	stop

	# What root starts takes nothing that belongs to others, nor what a link leads to.
	refused() { # HOME: the end of a run by root there
		env -i PATH="$PATH" FULFIL_CONFIG=/dev/null FULFIL_HOME="$SCRATCH/$1" HOST=192.0.2.1 PORT=1 \
			timeout -s TERM 60 "$TOP/cron/start/run"
	}
	owners() { find "$@" -printf '%u\n' | sort -u | tr '\n' ' '; }
	mkdir theirs full linked planted roots
	touch theirs/lock theirs/notes full/notes roots/file planted/lock
	chown -R daemon theirs
	exit_is 78 'a home that belongs to somebody else' -- refused theirs
	like "$ERR" "/theirs, belongs to daemon" '... is refused'
	is "$(owners theirs)" 'daemon ' '... and stays as it is'
	exit_is 78 'a directory with files' -- refused full
	like "$ERR" '/full, has files that are not ours' '... is refused'
	is "$(owners full)" 'root ' '... and stays as it is'
	ln -s "$SCRATCH/made" linked/lock
	exit_is 78 'a home whose lock is a link' -- refused linked
	ok '... is refused, and nothing made where it leads' test ! -e made
	ln -s "$SCRATCH/roots/file" planted/link
	ln -s "$SCRATCH/roots" planted/directory
	ln -s "$SCRATCH/roots" planted/pg
	ok 'a home with links' sh -c '! "$@"' - timeout -s TERM 60 env -i PATH="$PATH" FULFIL_CONFIG=/dev/null \
		FULFIL_HOME="$SCRATCH/planted" HOST=192.0.2.1 PORT=1 "$TOP/cron/start/run"
	is "$(owners roots)" 'root ' '... gives nothing away that they lead to'
	unlike "$(owners planted)" root '... but itself'
fi
mkdir -m 755 open
ok 'a home' start open/first
ok '... has data' ask open/first 'CREATE TABLE kept AS SELECT 7 AS n'
like "$(cat out)" "^  database +its own, in $(readlink -f open/first/pg)\$" '... which is named'
like "$(env -i PATH="$PATH" sh -c '. "$1/run.env"; man -w fulfil-work' - "$SCRATCH/open/first" 2>&1)" \
	fulfil-work.1 '... and run.env lets man find the pages'
is "$(for pid in /proc/[0-9]*; do case $(readlink "$pid/cwd") in "$SCRATCH"/open/first*) stat -c %U "$pid" ;; esac; done | grep -c '^root$')" 0 \
	'nothing of it is of root'
stop
mv open/first open/moved
ok 'another home at its path' start open/first
is "$(ask open/first "SELECT to_regclass(\$\$kept\$\$) IS NULL")" t '... has data of its own'
new=$RUN
ok 'the one that was moved, beside it' start open/moved
is "$(ask open/moved 'SELECT n FROM kept')" 7 '... has its own too'
stop
RUN=$new
stop
rm -rf open/first
ok 'begun anew after rm -rf' start open/first
is "$(ask open/first "SELECT to_regclass(\$\$kept\$\$) IS NULL")" t '... it is empty'
stop

# --- a database that was there before
services_start
chmod 711 "$PG_SOCKET" && chmod 777 "$PG_SOCKET"/.s.PGSQL.* # the user that serves what root starts
run() { # [VARIABLE=VALUE…]: a run that cannot get as far as its web server
	env -i PATH="$PATH" FULFIL_CONFIG=/dev/null FULFIL_HOME="$SCRATCH/guest" DATABASE_URL="$URL" \
		HOST=192.0.2.1 PORT=1 "$@" timeout -s TERM 100 "$TOP/cron/start/run"
}
URL="postgresql://fulfil:p%40ss@/fulfil?host=$PG_SOCKET"
psqlq "INSERT INTO products (sku, name) VALUES ('A', 'A')"
before=$(psqlq 'SELECT count(*) FROM pg_stat_activity' | head -n 1)
exit_is 78 'a database with tables' -- run
like "$ERR" "^run: postgresql://fulfil@/fulfil\\?host=.* has [0-9]+ tables" '... is not taken, but named, without its password'
like "$ERR" 'TAKE_DATABASE=yes make run' '... with what is to be said'
is "$(psqlq 'SELECT count(*) FROM pg_stat_activity' | head -n 1)" "$before" '... and nothing works on it'
exit_is 69 'one that is meant' -- run TAKE_DATABASE=yes
like "$ERR" 'cannot listen on 192.0.2.1 port 1$' '... is taken'
exit_is 69 '... and from then on' -- run
like "$ERR" 'cannot listen on 192.0.2.1 port 1$' '... without a word'
psqlq 'CREATE SCHEMA empty' >/dev/null
(PGOPTIONS='' && export PGOPTIONS && psql -X -q -h "$PG_SOCKET" -U postgres -d postgres -c 'CREATE DATABASE empty OWNER fulfil')
URL="postgresql://fulfil@/empty?host=$PG_SOCKET&password=secret"
exit_is 69 'an empty one' -- run
like "$ERR" 'cannot listen' '... is taken unasked'
unlike "$(cat guest/databases)" secret '... and kept without its password'
URL='postgresql:///x?host=/nowhere'
exit_is 69 "one that does not answer" -- run TAKE_DATABASE=no
like "$ERR" 'without DATABASE_URL a database of its own is started' '... is told from one that is missing'
done_testing
