#!/bin/sh
# fulfil-scan: each crossing told once, levels mended, old rows pruned, and its own log.
# shellcheck disable=SC2016,SC2317 # text for another shell; functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

services_start

# move SKU UNITS: changes stock as the API does.
move() {
	psqlq "SELECT stock_adjust((SELECT id FROM products WHERE sku = '$1'), $2, false, NULL, 'test', 10)" >/dev/null
}
scan() {
	OUT=$(fulfil-scan)
}
# alerts: SKU, level, quantity and threshold of each alert in $OUT.
alerts() {
	printf '%s\n' "$OUT" | jq -r 'select(.type == "alert") | "\(.sku) \(.level) \(.quantity)/\(.reorder_level)"' |
		tr '\n' ';' | sed 's/;$//'
}
# summary KEY…: those fields of the summary.
summary() {
	printf '%s\n' "$OUT" | tail -n 1 | jq -r "select(.type == \"scan\") | [$(printf '.%s,' "$@" | sed 's/,$//')] | join(\" \")"
}
levels() {
	psqlq "SELECT string_agg(sku || ' ' || level, ';' ORDER BY sku) FROM stock JOIN products ON id = product_id"
}

exit_is 0 'an empty database' -- fulfil-scan
is "$(summary scanned alerts low out mended pruned)" '0 0 0 0 0 0' '... is counted as such'

psqlq "INSERT INTO products (sku, name, reorder_level) VALUES ('A', 'An \"A\"', NULL), ('B', 'B', 3), ('C', 'C', 0)"
for sku in A B C; do move $sku 20; done
scan
is "$(alerts)" '' 'new stock is no crossing'
is "$(summary scanned low out)" '3 0 0' '... and is counted'
move A -10
move B -17
scan
is "$(alerts)" 'A low 10/10;B low 3/3' 'what fell to its threshold is told'
is "$(summary alerts low out)" '2 2 0' '... and counted'
is "$(printf '%s\n' "$OUT" | head -n 1)" \
	'{"v":1,"type":"alert","product_id":1,"sku":"A","name":"An \"A\"","level":"low","quantity":10,"reorder_level":10}' \
	'... in this form'
scan
is "$(alerts)" '' '... once'
is "$(summary alerts low out)" '0 2 0' '... though they are still counted'
move A -1
scan
is "$(alerts)" '' 'lower is not lower than low'
move A -9
move C -20
scan
is "$(alerts)" 'A out 0/10;C out 0/0' 'what is sold out is told'
move A 5
scan
is "$(alerts)" '' 'rising to low is no crossing'
move A 20
move A -20
scan
is "$(alerts)" 'A low 5/10' 'falling again is another'
move B -1
move B 17
move B -18
move B 19
scan
is "$(alerts)" '' 'what came back before the scan is not told'
is "$(levels)" 'A low;B ok;C out' '... and levels are right'

# What could not be written is told again.
move B -19
exit_is 74 'a full disk' -- sh -c 'fulfil-scan >/dev/full'
is "$(psqlq "SELECT status, error FROM sync_logs WHERE status = 'failure'")" 'failure|the alerts could not be written' '... is a failure in the log'
scan
is "$(alerts)" 'B low 1/3' 'an alert that was not written comes again'

# Levels after a change of thresholds.
scan
psqlq "UPDATE products SET reorder_level = 1 WHERE sku = 'A'"
scan
is "$(levels)" 'A ok;B low;C out' 'a lower threshold of a product is obeyed'
is "$(summary mended alerts)" '1 0' '... and tells nothing'
psqlq "UPDATE products SET reorder_level = NULL"
psqlq "INSERT INTO products (sku, name) SELECT 'N' || n, 'N' FROM generate_series(1, 5000) n"
psqlq "INSERT INTO stock (product_id, on_hand, opening) SELECT id, 15, 15 FROM products WHERE sku LIKE 'N%'"
exit_is 0 'a higher threshold of all' -- env LOW_STOCK_THRESHOLD=15 fulfil-scan
is "$(summary scanned mended alerts low out)" '5003 5001 5001 5002 1' '... is obeyed, and what is low by it is told'
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "alert") | .sku' | sort -u | wc -l | tr -d ' ')" 5001 '... each once'
scan
is "$(summary mended alerts low)" '5000 0 2' 'back again'
psqlq "UPDATE products SET deleted_at = now() WHERE sku LIKE 'N%'"
psqlq "UPDATE stock SET alert_due = true, level = 'low' WHERE product_id > 3"
scan
is "$(summary scanned alerts low) $(psqlq 'SELECT count(*) FROM stock WHERE alert_due')" '3 0 2 0' 'deleted products are not told of'

# Two at once, with workers on the same rows.
psqlq "UPDATE products SET deleted_at = NULL"
psqlq "UPDATE stock SET alert_due = true, level = 'low', on_hand = 5 WHERE product_id > 3"
fulfil-scan >one &
one=$!
fulfil-scan >two &
two=$!
fulfil-scan >three
wait $one $two
is "$(cat one two three | jq -r 'select(.type == "alert") | .sku' | sort | uniq -c | awk '{ print $1 }' | sort | uniq -c | awk '{ print $1, $2 }')" \
	'5000 1' 'of three scans at once one tells of each product'
psqlq "UPDATE stock SET alert_due = true WHERE product_id IN (4, 5)"
# Locked until the other one is told, 10 s at most.
psqlq "DO \$\$ BEGIN
	PERFORM FROM stock WHERE product_id = 4 FOR UPDATE;
	FOR i IN 1..200 LOOP
		PERFORM pg_sleep(0.05);
		EXIT WHEN NOT (SELECT alert_due FROM stock WHERE product_id = 5);
	END LOOP; END \$\$" &
sleeper=$!
wait_until 5 sh -c "psql -X -At -d '$DATABASE_URL' -c \"SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'\" | grep 1"
scan
is "$(alerts)" 'N2 low 5/10;N1 low 5/10' 'a row that is locked for a moment is waited for'
wait $sleeper

# Retention.
psqlq "TRUNCATE sync_logs"
psqlq "INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker, created_at)
	SELECT 'process_order', n, 1, 'success', 1, 'w', now() - make_interval(hours => (25000 - n) / 10) FROM generate_series(1, 25000) n"
exit_is 0 'a log of 104 days' -- fulfil-scan
is "$(summary pruned) $(psqlq "SELECT count(*) FROM sync_logs WHERE task_name = 'process_order'")" '3400 21600' '... keeps 90'
is "$(psqlq "SELECT table_name, extract(day FROM now() - pruned_before) FROM retention")" 'sync_logs|90' '... and the audit can know'
exit_is 0 'a shorter retention' -- env LOG_RETENTION_DAYS=1 fulfil-scan
is "$(summary pruned) $(psqlq "SELECT count(*) FROM sync_logs WHERE task_name = 'process_order'")" '21360 240' '... is obeyed'
exit_is 0 'none' -- env LOG_RETENTION_DAYS=0 fulfil-scan
is "$(summary pruned)" 0 '... prunes nothing'

psqlq "INSERT INTO orders (shop, external_id, status, next_attempt_at) VALUES ('s', 1, 'completed', NULL), ('s', 2, 'failed', NULL),
	('s', 3, 'completed', now()), ('s', 4, 'pending', now()), ('s', 5, 'cancelled', NULL)"
psqlq "INSERT INTO payloads (order_id, shop, digest, body, received_at)
	SELECT o.id, 's', sha256(convert_to(n::text, 'UTF8')), 'x', now() - make_interval(days => 40 - n * 10)
	FROM orders o, generate_series(1, 2) n"
psqlq "INSERT INTO payloads (shop, digest, body, received_at) VALUES ('s', '\\x00', 'x', now() - interval '40 days')"
psqlq "INSERT INTO payloads (order_id, shop, digest, body) SELECT 1, 's', sha256(convert_to(n::text, 'UTF8')), 'x' FROM generate_series(3, 25000) n"
scan
is "$(summary pruned)" 0 'payloads are kept'
exit_is 0 'payloads with a retention' -- env PAYLOAD_RETENTION_DAYS=25 fulfil-scan
is "$(summary pruned)" 4 '... are emptied'
is "$(psqlq "SELECT string_agg(coalesce(order_id, 0)::text, ' ' ORDER BY order_id NULLS FIRST) FROM payloads WHERE body IS NULL")" '0 1 2 5' \
	'... those of finished orders and of none'
exit_is 0 'the same again' -- env PAYLOAD_RETENTION_DAYS=25 fulfil-scan
is "$(summary pruned)" 0 '... is not due within the hour'
exit_is 0 'a shorter retention' -- env PAYLOAD_RETENTION_DAYS=15 fulfil-scan
is "$(summary pruned)" 3 '... is'

is "$(psqlq "SELECT DISTINCT task_name, status, details ?& '{scanned,alerts,low,out,mended,pruned}', task_id LIKE 'scan-%', worker LIKE 'fulfil-scan %'
	FROM sync_logs WHERE task_name <> 'process_order'")" 'sync_inventory|success|t|t|t' 'each scan is in the log'
exit_is 78 'a threshold that is none' -- env LOW_STOCK_THRESHOLD=many fulfil-scan
exit_is 64 '--journal without --audit' -- fulfil-scan --journal x
pg_stop_immediate
exit_is 69 'without PostgreSQL' -- fulfil-scan
is "$OUT" '' '... no record'

done_testing
