#!/bin/sh
# Every statement of sql/query against the schema, and the schema's way back.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

# prepare FILE [TABLE]: has PostgreSQL read the one statement of FILE, without running it; :rows is TABLE. What PREPARE does
# not take has no parameters, and is run and taken back. Temporary tables are there for all.
prepare() {
	{
		echo 'BEGIN;'
		grep -l "^create temp" "$TOP"/sql/query/create-*.sql | while read -r table; do cat "$table" && echo ";"; done
		case $(grep -v '^ *--' "$1") in copy* | create\ temp* | analyze* | drop*) ;; *) echo 'PREPARE query AS' ;; esac
		cat "$1"
		echo ';'
		case $(grep -v '^ *--' "$1") in copy*stdin) echo '\.' ;; esac
		echo 'ROLLBACK;'
	} >prepare.sql
	psql -X -q -v ON_ERROR_STOP=1 -v rows="${2-}" -d "$DATABASE_URL" -f prepare.sql
}

services_start
for file in "$TOP"/sql/query/*.sql; do
	name=${file##*/}
	for table in $(sed -n 's/^-- of: //p' "$file" | tr -d ,); do
		run_ok "$name of $table" prepare "$file" "$table"
	done
	[ -n "${table-}" ] || run_ok "$name" prepare "$file"
	table=
	like "${name%.sql}" '^[a-z]+(-[a-z]+)+$' '... is called verb-noun'
	like "$(head -n 1 "$file")" '^-- ' '... starts with what it is for'
	is "$(grep -v '^ *--' "$file" | grep -c ';')" 0 '... is one statement'
done

echo 'select id from orders where nothing = 1' >bad.sql
exit_is 3 'a statement with a wrong name is refused' -- prepare bad.sql
like "$ERR" 'column "nothing" does not exist' '... and says so'
echo 'select 1; select 2' >bad.sql
is "$(grep -v '^ *--' bad.sql | grep -c ';')" 1 'two statements are seen'

# What is in the database, but for the table of migrations.
objects() {
	psqlq "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
			AND relname NOT LIKE 'schema_migrations%'
		UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
}
dump() {
	psqlq "SELECT table_name, column_name, data_type, column_default, is_nullable
		FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
}
before=$(dump)
run_ok 'all migrations are taken back' migrate down 99
is "$(objects)" '' '... and leave nothing'
run_ok 'and made again' migrate up
is "$(dump)" "$before" '... as they were'
done_testing
