#!/bin/sh
# fulfil-scan prunes what is past its retention in many statements, each of a bounded number of rows
# however many webhooks an event was told to, and all of it in one scan.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

services_start
psqlq "insert into webhooks (url, event_types) select 'https://example.com/' || n, '{*}' from generate_series(1, 40) n;
	insert into events (sequence, type, subject, data, created_at)
	select n, 'order.completed', n, '{}', now() - interval '40 days' + n * interval '1 s' from generate_series(1, 2000) n;
	insert into deliveries (event_id, webhook_id, state, tries, http_status, ended_at)
	select e.id, w.id, 'delivered', 1, 200, now() from events e, webhooks w order by e.id;
	insert into attempts (delivery_id, number, http_status, duration_ms, started_at, worker)
	select id, 1, 200, 1, now(), 'w' from deliveries;
	update deliveries set state = 'waiting', due_at = now(), ended_at = null, tries = 0 where event_id = 1000 and webhook_id = 7;
	delete from attempts where delivery_id = (select id from deliveries where state = 'waiting')"
psqlq "insert into sync_logs (task_name, status, duration_ms, worker, created_at)
	select 'import_products', 'success', 1, 'w', now() - interval '1 year' + n * interval '1 s' from generate_series(1, 25000) n"
psqlq "insert into orders (shop, external_id, status, processed_at, created_at)
	select 's', n, case n when 7 then 'pending' else 'completed' end, now(), now() - case when n <= 11000 then interval '1 year' else '1 day' end
	from generate_series(1, 11500) n;
	insert into events (sequence, type, subject, data, created_at) select 3000, 'order.completed', id, '{}', now() from orders where external_id = 8;
	insert into order_traces select id, '00-' || md5('t') || '-b7ad6b7169203331-01' from orders"
psql -X -q -d "postgresql:///fulfil?host=$PG_SOCKET&user=postgres" \
	-c 'alter system set log_min_duration_statement = 0' -c 'select pg_reload_conf()' >/dev/null
logged() { [ "$(psqlq 'show log_min_duration_statement')" = 0 ]; }
wait_until 10 logged
exit_is 0 'a scan' -- fulfil-scan
is "$(printf '%s\n' "$OUT" | jq .pruned)" "$((1999 + 1999 * 40 * 2 + 25000 + 10997))" '... deletes all that is old'
is "$(psqlq 'select count(*) from order_traces'),$(psqlq 'select string_agg(external_id::text, $$ $$ order by external_id) from orders join order_traces on order_id = id where external_id < 11000')" \
	'503,7 8 1000' '... but the traces of orders that are young, wait, or were told of'
is "$(psqlq 'select count(*) from sync_logs'),$(psqlq 'select string_agg(id::text, $$ $$) from events where sequence <= 2000'),$(psqlq 'select count(*) from deliveries'),$(psqlq 'select count(*) from attempts')" \
	'1,1000,40,39' '... but an event that still waits'
executed=$(grep -c 'execute .*: with first as materialized (' "$SCRATCH/pg.log") # with a name or without
is "$((executed >= 12 && executed <= 40))" 1 "... ten thousand rows or so at a time ($executed statements)"
psqlq 'delete from orders; delete from order_traces' # which had no payloads
exit_is 0 'the audit has nothing against it' -- fulfil-scan --audit
is "$(fulfil-scan | jq .pruned)" 0 'and there is no more'
done_testing
