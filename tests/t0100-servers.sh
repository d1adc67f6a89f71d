#!/bin/sh
# The tests' own servers, and migrate on them.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

# Migrations of our own, to be seen going up and down.
mkdir schema
export FULFIL_SCHEMA_DIR="$SCRATCH/schema"
for n in 1 2 3; do
	echo "CREATE TABLE t$n (id int);" >"schema/000$n-table-$n.up.sql"
	echo "DROP TABLE t$n;" >"schema/000$n-table-$n.down.sql"
done

services_start
is "$(psqlq 'SHOW data_checksums')" on 'pages have checksums'
is "$(psqlq 'SHOW fsync')" "${FULFIL_TEST_FSYNC:-on}" 'the server is durable'
is "$(psqlq "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'fulfil'")" UTF8 'text is UTF-8'
is "$(psqlq 'SELECT usesuper FROM pg_user WHERE usename = current_user')" f 'our user is an ordinary one'
is "$(redis-cli -s "$REDIS_SOCKET" ping)" PONG 'Redis answers'

is "$(psqlq 'SELECT array_agg(version ORDER BY version) FROM schema_migrations')" '{1,2,3}' 'all migrations were applied'
exit_is 0 'up again does nothing' -- migrate up
is "$OUT$ERR" '' '... and says nothing'

# Our own tables are not there: somebody has to make them, and Shopify is to come again.
echo '{"id":1,"line_items":[]}' >order.json
hook order.json
is "$STATUS" 503 'the intake where nothing was migrated'
like "$(cat log)" 'sql/migrate up' '... logs what to do'
PROGRAM=api request GET /api/orders
is "$STATUS" 503 'the API there'
exit_is 78 'a command there' -- fulfil-recv <order.json
like "$ERR" 'sql/migrate up' '... says what to do'

exit_is 0 'down takes back one' -- migrate down
is "$OUT" 'took back 0003-table-3' '... the last one'
is "$(psqlq "SELECT to_regclass('t3') IS NULL AND to_regclass('t2') IS NOT NULL")" t '... and only that'
exit_is 0 'status' -- migrate status
like "$OUT" '^0001  applied  [0-9T:-]+Z  table-1$' '... shows what is applied'
like "$OUT" '^0003  pending  -  +table-3$' '... and what is pending'
exit_is 0 'down N takes back all of them' -- migrate down 5
is "$OUT" 'took back 0002-table-2
took back 0001-table-1' '... in the order of their numbers'
is "$(psqlq 'SELECT count(*) FROM schema_migrations')" 0 '... and no more'
exit_is 0 'down where nothing is left' -- migrate down
is "$OUT" 'nothing to take back' '... says so'

# What holds something goes only if that is said.
echo 'ALTER TABLE t1 ADD "a b" int, ADD other int; CREATE TABLE "Odd" (id int);' >schema/0002-table-2.up.sql
echo 'ALTER TABLE t1 DROP "a b", DROP other; DROP TABLE "Odd";' >schema/0002-table-2.down.sql
migrate up >/dev/null
psqlq 'INSERT INTO t1 VALUES (1, 2), (1, NULL); INSERT INTO "Odd" VALUES (1), (2), (3); INSERT INTO t3 VALUES (1)'
exit_is 65 'tables with rows are not dropped' -- migrate down 3
like "$ERR" 'lose the rows of "Odd" \(3\), t1 \(2\), t3 \(1\);' '... but named, with how many'
is "$(psqlq "SELECT to_regclass('t3') IS NOT NULL, max(version) FROM schema_migrations")" 't|3' '... and nothing is taken back'
psqlq 'DELETE FROM t3; DELETE FROM "Odd"'
exit_is 65 'nor are columns with values' -- migrate down 2
like "$ERR" 'lose the rows of t1."a b" \(1\);' '... but named'
exit_is 0 'down, where the tables are empty' -- migrate down
exit_is 0 'down --yes takes back what holds something' -- migrate down --yes 2
is "$(psqlq "SELECT count(*) FROM schema_migrations")" 0 '... all of it'
exit_is 64 'usage: down --no' -- migrate down --no

# The second waits for the first and then finds nothing to do.
echo 'SELECT pg_sleep(0.3);' >>schema/0001-table-1.up.sql
migrate up >one 2>&1 &
exit_is 0 'two at once: one' -- migrate up
wait $!
is $? 0 '... and the other'
[ -z "$OUT" ] || echo "$OUT" >>one
is "$(sort one | uniq -c | awk '{ print $1 }' | tr -d '\n')" 111 '... each migration once'

exit_is 64 'new refuses a name with capitals' -- migrate new More
exit_is 0 'new takes a good name' -- migrate new more
is "$(ls schema/0004*)" 'schema/0004-more.down.sql
schema/0004-more.up.sql' '... and numbers it'

echo 'CREATE TABLE t4 (id int); SELECT 1/0;' >schema/0004-more.up.sql
exit_is 70 'a migration that fails' -- migrate up
like "$ERR" '0004-more.up.sql:1: ERROR:  division by zero' '... says where'
is "$(psqlq "SELECT to_regclass('t4') IS NULL, max(version) FROM schema_migrations")" 't|3' '... and leaves nothing'

rm schema/0004* schema/0003*
exit_is 78 'a database newer than the files' -- migrate up
like "$(migrate status)" '^0003  unknown ' '... is shown by status'

exit_is 64 'usage' -- migrate
exit_is 64 'usage: down wants a number' -- migrate down x
exit_is 69 'a database that is away' -- env DATABASE_URL=postgresql:///x?host=/nowhere migrate up
exit_is 78 'no database named' -- env -u DATABASE_URL migrate up
exit_is 78 'no directory of migrations' -- env FULFIL_SCHEMA_DIR=/nowhere migrate up

psqlq 'CREATE TABLE kept AS SELECT 1 AS n'
pg_stop_immediate
exit_is 2 'PostgreSQL stopped as by a crash' -- psqlq 'SELECT 1'
pg_start
is "$(psqlq 'SELECT n FROM kept')" 1 '... comes back with what was committed'
redis-cli -s "$REDIS_SOCKET" RPUSH l 1 >/dev/null
redis_stop
redis_start
is "$(redis-cli -s "$REDIS_SOCKET" LLEN l)" 0 'Redis keeps nothing'

done_testing
