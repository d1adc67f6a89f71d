#!/bin/sh
# A migration that was changed after it was applied is noticed, and the databases of earlier schemas
# end equal to a new one, with their rows.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

is "$(migrate status | awk '$2 != "applied"')" '' 'a new database has all of them'
is "$(psqlq 'select count(*) from schema_migrations where sha256 is null or length(sha256) <> 64')" 0 '... with the sums of their files'

cp -r "$TOP/sql/schema" edited
echo '-- a remark' >>edited/0005-webhooks.up.sql
is "$(FULFIL_SCHEMA_DIR=$SCRATCH/edited migrate status | awk '$2 != "applied" { print $1, $2, $4 }')" \
	'0005 changed webhooks' 'status shows a file that was changed since'
echo 'create table never (id int);' >edited/0099-never.up.sql
exit_is 78 'and up goes no further' -- env FULFIL_SCHEMA_DIR="$SCRATCH/edited" migrate up
like "$ERR" '^migrate: 0005-webhooks changed since it was applied; put the file back' '... and says why'
is "$(psqlq "select to_regclass('never') is null")" t '... and changes nothing'

# Without DATABASE_URL, from where the commands take it.
echo "DATABASE_URL='$DATABASE_URL'" >fulfil.env
exit_is 0 'the settings of a file' -- env -u DATABASE_URL FULFIL_CONFIG="$SCRATCH/fulfil.env" migrate status
like "$OUT" '^0001  applied' '... are taken'
exit_is 0 'migrate --help' -- migrate --help
like "$OUT" '^usage: migrate up' '... has the usage'

# Those that are released stay as they are.
(cd "$TOP/sql/schema" && sha256sum --quiet -c SHA256SUMS) >sums 2>&1
is "$(cat sums)" '' 'released migrations are what they were'
is "$(awk '{ print $2 }' "$TOP/sql/schema/SHA256SUMS" | sort)" "$(cd "$TOP/sql/schema" && printf '%s\n' *.sql | sort)" '... all of them'

dump() { # URL
	pg_dump -s -O "$1" | grep -vE '^(--|$|SET |SELECT pg_catalog|.restrict|.unrestrict)'
}
database() { # NAME
	psql -X -q -h "$PG_SOCKET" -U postgres -d postgres -c "create database $1 owner fulfil"
	url="postgresql:///$1?host=$PG_SOCKET&user=fulfil"
}
dump "$DATABASE_URL" >new.sql

# Earlier schemas, of the history if there is one; a package has none.
commits=$(git -C "$TOP" log --format=%h -- sql/schema 2>/dev/null | awk 'NR % 3 == 2')
[ -n "$commits" ] || diag 'no history here'
n=0
for commit in $commits; do
	n=$((n + 1))
	mkdir "at-$commit"
	git -C "$TOP" archive "$commit" sql/schema | tar -xf - -C "at-$commit"
	database "h$n"
	DATABASE_URL=$url FULFIL_SCHEMA_DIR=$SCRATCH/at-$commit/sql/schema migrate up >log 2>&1
	# What sums were before they were kept.
	psql -X -q -d "$url" -c 'alter table schema_migrations drop column if exists sha256' 2>/dev/null
	psql -X -q -d "$url" -c "insert into deliveries (event_id, webhook_id, due_at) select g, g, now() from generate_series(1, 5) g" 2>/dev/null
	rows=$(psql -X -A -t -d "$url" -c 'select count(*) from deliveries' 2>/dev/null)
	exit_is 0 "a database of $commit goes up" -- env DATABASE_URL="$url" migrate up
	dump "$url" >old.sql
	is "$(diff new.sql old.sql)" '' '... and is equal to a new one'
	is "$(psql -X -A -t -d "$url" -c 'select count(*) from deliveries')" "${rows:-0}" '... with its rows'
	[ "${rows:-0}" = 0 ] || is "$(psql -X -A -t -d "$url" -c 'insert into deliveries (event_id, webhook_id, due_at) values (9, 9, now()) returning id' | head -n 1)" \
		6 '... and continues to count where it was'
done
done_testing
