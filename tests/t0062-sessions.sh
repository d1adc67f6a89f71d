#!/bin/sh
# The settings of a database session, sql/query/set-session.sql: they hold with and without prepared
# statements, with options in DATABASE_URL, and behind pgbouncer, which takes no options.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

services_start
direct=$DATABASE_URL

# Whatever a program does to orders, products and logs says under which settings it did it.
psqlq "
	CREATE TABLE seen (place text, what text);
	CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN
		INSERT INTO seen SELECT TG_TABLE_NAME || ' ' || TG_OP, concat_ws(' ',
			current_setting('timezone'), current_setting('lock_timeout'),
			current_setting('statement_timeout'),
			current_setting('idle_in_transaction_session_timeout'),
			current_setting('client_connection_check_interval'),
			current_setting('enable_seqscan'), current_setting('enable_mergejoin'));
		RETURN NULL;
	END \$\$;
	CREATE TRIGGER see AFTER INSERT ON products FOR EACH STATEMENT EXECUTE FUNCTION see();
	CREATE TRIGGER see AFTER INSERT ON payloads FOR EACH STATEMENT EXECUTE FUNCTION see();
	CREATE TRIGGER see AFTER UPDATE ON stock FOR EACH STATEMENT EXECUTE FUNCTION see()" >/dev/null
psqlq "ALTER ROLE fulfil SET timezone = 'Asia/Tokyo'" >/dev/null # what must not show
limits='UTC 5s 1min 10s 1s'

n=0
# holds WHAT: the settings are there in a statement alone, a transaction, and a worker's pipeline.
holds() {
	n=$((n + 1))
	psqlq 'TRUNCATE seen' >/dev/null
	PROGRAM=api request POST /api/products "{\"sku\": \"S$n\", \"name\": \"Thing\"}"
	is "$STATUS" 201 "$1: a product is made"
	PROGRAM=api request POST "/api/inventory/$n" '{"add": 5, "reason": "count"}'
	is "$STATUS" 200 '... and counted'
	printf '{"id": %s, "line_items": [{"id": 1, "sku": "S%s", "quantity": 1}]}' "$n" "$n" >text
	hook text
	is "$STATUS" 202 '... and ordered'
	run_ok '... and the order is processed' fulfil-work --drain
	is "$(psqlq "SELECT status FROM orders WHERE external_id = $n")" completed '... to its end'
	is "$(psqlq "SELECT DISTINCT what FROM seen WHERE place = 'products INSERT'")" "$limits on on" \
		'... a statement alone has the limits'
	is "$(psqlq "SELECT DISTINCT what FROM seen WHERE place = 'payloads INSERT'")" "$limits off off" \
		'... a transaction too, with plans by key'
	is "$(psqlq "SELECT count(DISTINCT what) || max(what) FROM seen WHERE place = 'stock UPDATE' AND what LIKE '%off'")" \
		"1$limits off off" "... and a worker's pipeline"
}

for DATABASE_PREPARE in yes no; do
	export DATABASE_PREPARE
	DATABASE_URL=$direct
	holds "DATABASE_PREPARE=$DATABASE_PREPARE"
	DATABASE_URL="$direct&options=-c%20lock_timeout%3D7s%20-c%20work_mem%3D5MB"
	holds '... with options in DATABASE_URL'
	DATABASE_URL="host=$PG_SOCKET user=fulfil dbname=fulfil"
	holds '... in keywords'
done

if command -v pgbouncer >/dev/null; then
	for mode in session transaction; do
		cat >bouncer.ini <<-END
			[databases]
			fulfil = host=$PG_SOCKET user=fulfil
			[pgbouncer]
			pool_mode = $mode
			unix_socket_dir = $SCRATCH/bouncer
			listen_port = 6432
			auth_type = any
			default_pool_size = 4
			logfile = $SCRATCH/bouncer.log
			server_reset_query = DISCARD ALL
		END
		mkdir -p bouncer && pg_own bouncer bouncer.ini
		: >bouncer.log && pg_own bouncer.log
		chmod 755 bouncer
		(pg_as "$(command -v pgbouncer)" -q "$SCRATCH/bouncer.ini") >>bouncer.err 2>&1 </dev/null &
		bouncer=$!
		DATABASE_URL="postgresql:///fulfil?host=$SCRATCH/bouncer&port=6432&user=fulfil"
		DATABASE_PREPARE=$([ $mode = session ] && echo yes || echo no)
		wait_until 10 psql -X -q -d "$DATABASE_URL" -c 'SELECT' || diag "$(cat bouncer.err bouncer.log)"
		holds "pgbouncer, pool_mode = $mode"
		is "$(psql -X -A -t -d "$DATABASE_URL" -c 'SHOW timezone')" Asia/Tokyo \
			'... and nothing of it is left to others'
		services_stop INT $bouncer
	done
else
	ok '# skip pgbouncer is not installed: run sh cron/deps test' true
fi

# What cannot mean anything is told apart from a server that is away.
for url in 'postgresql:///fulfil?nothing=1' 'host=/tmp port=never' 'host=a,b port=1,65536' 'postgresql://h:99999/fulfil' \
	"$direct&sslmode=perhaps"; do
	exit_is 78 "DATABASE_URL=$url" -- env DATABASE_URL="$url" fulfil-enqueue --due
done
exit_is 69 'a server that is away is something else' -- env DATABASE_URL='postgresql:///fulfil?host=/nowhere' \
	fulfil-enqueue --due
done_testing
