#!/bin/sh
# fulfil-scan --audit: silent after real work, and a negative control: each fault of a worker that
# is not ours is found by the checks it breaks, and by no other.
# shellcheck disable=SC2317 # functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
export RETRY_DELAYS=0,1,1

audit() {
	fulfil-scan --audit "$@"
}
# healthy WHAT: nothing is wrong.
healthy() {
	exit_is 0 "$1: no breach" -- audit
	is "$(printf '%s\n' "$OUT" | jq -c '[.type, .breaches]')" '["audit",0]' '... and says so'
}
# checks: the names of the checks that found something, with how much.
checks() {
	printf '%s\n' "$OUT" | jq -r 'select(.type == "breach") | .check' | sort | uniq -c |
		awk '{ printf "%s%s:%d", sep, $2, $1; sep = " " }'
}
# faulty WHAT CHECKS SQL: after SQL these checks find so much; taken back afterwards.
faulty() {
	psqlq "CREATE DATABASE faulty TEMPLATE fulfil" >/dev/null
	psql -X -q -v ON_ERROR_STOP=1 -d "$faulty_url" -c "$3" >/dev/null
	exit_is 1 "$1" -- env DATABASE_URL="$faulty_url" fulfil-scan --audit
	is "$(checks)" "$2" '... is found, and nothing else'
	psqlq "DROP DATABASE faulty"
}

healthy 'an empty database'

# Real work of every kind.
products A:100000 B:100000 C:5 D:1000 E:3
recv "$(seq -f '%.0f A:1 B:2' 1 300)"
settle -j 2
recv "$(seq -f '%.0f A:2 D:1' 301 340)" '341 C:3' '342 C:3' '343 X:1' '344' '345 A:1 item.gift_card=true' '346 E:2'
settle -j 2
recv '347 A:5 cancelled=5' '301 A:2 D:1 at=10 cancelled=10' '302 A:3 D:0 at=10' '341 C:4 at=10' '348 A:1 at=0' \
	'refund 303 at=20 rid=1 1:2:return' 'refund 304 at=20 rid=2 1:1:no_restock' 'edit 305 at=20 eid=1 2:+1' \
	'304 A:2 D:1 at=30 cancelled=30' 'refund 999 at=5 rid=3 1:1:return'
settle
settled() {
	settle
	[ "$(psqlq 'SELECT count(*) FROM orders WHERE next_attempt_at IS NOT NULL')" = 0 ]
}
ok 'all of it settles' wait_until 20 settled
is "$(statuses)" 'cancelled 3 completed 344 failed 2' 'orders of every status'
healthy 'work of every kind'
psqlq "SELECT stock_adjust(1, 50, false, 'found', 'me', 10), stock_adjust(3, 5, true, 'count', 'me', 10),
	order_retry(id), order_cancel(310) FROM orders WHERE status = 'failed'" >/dev/null
ok 'more of it settles' wait_until 20 settled
healthy 'adjustments, a retry and a cancel'
psqlq "UPDATE products SET sku = 'A2', updated_at = now() WHERE sku = 'A'; UPDATE products SET deleted_at = now(), updated_at = now() WHERE sku = 'D'"
psqlq "INSERT INTO products (sku, name) VALUES ('A', 'another'), ('d', 'another')"
healthy 'SKUs that changed hands'
psqlq "UPDATE sync_logs SET created_at = created_at - interval '100 days'; UPDATE orders SET created_at = created_at - interval '100 days',
	processed_at = processed_at - interval '100 days'"
fulfil-scan >/dev/null
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE task_name = 'process_order'")" 0 'all logs are pruned'
healthy 'logs that were pruned'
recv "$(seq -f '%.0f A2:1 B:2' 401 500)" '501 E:2' '502 A2:1 B:1'
ok 'new orders settle' wait_until 20 settled
is "$(psqlq "SELECT status FROM orders WHERE external_id = 501")" failed 'one of them fails'
healthy 'orders younger than that'

# The negative control: done(N) is a completed order, failed one that failed.
# What follows copies the database, which a pooler does not let go of.
if [ -n "${FULFIL_TEST_POOLER-}" ]; then
	done_testing
	exit
fi
faulty_url=$(printf '%s\n' "$DATABASE_URL" | sed 's,///fulfil?,///faulty?,')
psql -X -q -d "postgresql:///postgres?host=$PG_SOCKET&user=postgres" -c 'ALTER USER fulfil CREATEDB'
done="(SELECT id FROM orders WHERE external_id = 401)"
failed="(SELECT id FROM orders WHERE external_id = 501)"
fresh="(SELECT id FROM orders WHERE external_id = 502)"
take="WITH l AS (SELECT * FROM ledger WHERE order_id = $done AND product_id = 1)"

faulty 'stock taken twice, and written to the ledger' 'ledger-twice:1 order-taken:1' "DROP INDEX ledger_once;
	$take, s AS (UPDATE stock SET on_hand = on_hand - 1 WHERE product_id = 1 RETURNING on_hand)
	INSERT INTO ledger (product_id, order_id, run, delta, balance, reason) SELECT 1, order_id, run, -1, on_hand, 'order' FROM l, s"
faulty 'stock taken twice by two runs' 'order-taken:1' "UPDATE orders SET run = 2 WHERE id = $done;
	UPDATE sync_logs SET run = 2 WHERE order_id = $done;
	$take, s AS (UPDATE stock SET on_hand = on_hand - 1 WHERE product_id = 1 RETURNING on_hand)
	INSERT INTO ledger (product_id, order_id, run, delta, balance, reason) SELECT 1, order_id, 2, -1, on_hand, 'order' FROM l, s"
faulty 'stock taken without the ledger' 'stock-sum:1' "UPDATE stock SET on_hand = on_hand - 1 WHERE product_id = 2"
faulty 'an update of stock that was lost' 'stock-sum:1' "UPDATE stock SET on_hand = on_hand + 2 WHERE product_id = 2"
faulty 'the wrong product taken' 'ledger-balance:1 order-taken:2 stock-sum:2' \
	"UPDATE ledger SET product_id = 3 WHERE order_id = $fresh AND product_id = 2"
faulty 'an order that took too little' 'ledger-balance:1 order-taken:1 stock-sum:1' \
	"UPDATE ledger SET delta = -1 WHERE order_id = $done AND product_id = 2"
faulty 'a completed order that took nothing' 'backorder-stray:1 order-taken:1' "UPDATE orders SET status = 'completed', error_message = NULL,
	processed_at = now() WHERE id = $failed; UPDATE sync_logs SET status = 'success' WHERE order_id = $failed AND status = 'failure'"
faulty 'more sold than there was' 'ledger-balance:1 stock-negative:1' "ALTER TABLE stock DROP CONSTRAINT stock_on_hand_check;
	ALTER TABLE ledger DROP CONSTRAINT ledger_balance_check;
	WITH s AS (UPDATE stock SET on_hand = -1 FROM stock o WHERE stock.product_id = 3 AND o.product_id = 3 RETURNING o.on_hand)
	INSERT INTO ledger (product_id, delta, balance, reason) SELECT 3, -1 - on_hand, -1, 'add' FROM s"
faulty 'a failed order that kept its stock' 'order-taken:1' "WITH s AS (UPDATE stock SET on_hand = on_hand - 2 WHERE product_id = 1 RETURNING on_hand)
	INSERT INTO ledger (product_id, order_id, run, delta, balance, reason) SELECT 1, $failed, 1, -2, on_hand, 'order' FROM s"
faulty 'a pending order that kept its stock' 'order-taken:2' "UPDATE orders SET status = 'pending', next_attempt_at = now(), run = 2 WHERE id = $done"
faulty 'a cancelled order that kept all' 'order-taken:2' "UPDATE order_items SET target = 0 WHERE order_id = $done;
	UPDATE orders SET status = 'cancelled' WHERE id = $done"
faulty 'units that no payload calls for' 'order-taken:1 order-target:1' "UPDATE order_items SET target = target + 1
	WHERE order_id = $done AND line_no = 1"
faulty 'units that a payload calls for, of which nobody knows' 'order-target:1' "UPDATE order_items SET kept = 1
	WHERE order_id = $done AND line_no = 1"
faulty 'put back twice' 'order-taken:1 order-target:2' "UPDATE orders SET run = 3, status = 'cancelled' WHERE id = $done;
	WITH s AS (UPDATE stock SET on_hand = on_hand + 2 WHERE product_id = 1 RETURNING on_hand)
	INSERT INTO ledger (product_id, order_id, run, delta, balance, reason) SELECT 1, $done, 3, 2, on_hand, 'cancel' FROM s"
faulty 'an order that was lost' 'ledger-stray:2 log-stray:1 payload-without-order:1' "DELETE FROM orders WHERE id = $done"
faulty 'an order that nobody sent' 'order-without-payload:1' "INSERT INTO orders (shop, external_id, next_attempt_at) VALUES ('s', 1, now())"
faulty 'an order stored twice' 'duplicate-order:1 order-without-payload:1' "ALTER TABLE orders DROP CONSTRAINT orders_external_id_shop_key;
	INSERT INTO orders (shop, external_id, next_attempt_at) SELECT shop, external_id, now() FROM orders WHERE id = $done"
faulty 'two successes of a run' 'success-twice:1' "DROP INDEX sync_logs_once;
	INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker) VALUES ('process_order', $done, 1, 'success', 1, 'w')"
faulty 'a success that was not logged' 'success-missing:1' "DELETE FROM sync_logs WHERE order_id = $done"
faulty 'completed without ever being tried' 'success-missing:1' "DELETE FROM sync_logs WHERE order_id = $done;
	UPDATE orders SET processed_at = NULL WHERE id = $done"
faulty 'a success of an order that failed' 'success-unfinished:1' "INSERT INTO sync_logs (task_name, order_id, run, attempt, status, duration_ms, worker)
	VALUES ('process_order', $failed, 1, 5, 'success', 1, 'w'); DELETE FROM sync_logs WHERE order_id = $failed AND status = 'retry';
	UPDATE orders SET retry_count = 0 WHERE id = $failed"
faulty 'a completed order that is due with its last run' 'success-unfinished:1' "UPDATE orders SET next_attempt_at = now() WHERE id = $done"
faulty 'a log of a run that is to come' 'log-stray:1' "INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker)
	VALUES ('process_order', $done, 2, 'failure', 1, 'w')"
faulty 'a retry too early' 'retry-early:1' "UPDATE sync_logs SET created_at = created_at - interval '900 ms' WHERE order_id = $failed AND attempt >= 3"
faulty 'a retry that was left out' 'retry-count:1 retry-early:1' "DELETE FROM sync_logs WHERE order_id = $failed AND attempt = 2"
faulty 'one retry more than the schedule has' 'retry-count:1 retry-early:1' "INSERT INTO sync_logs (task_name, order_id, run, attempt, status, duration_ms, worker)
	VALUES ('process_order', $failed, 1, 4, 'retry', 1, 'w');
	UPDATE sync_logs SET id = DEFAULT, attempt = 5, created_at = now() WHERE order_id = $failed AND status = 'failure'"
faulty 'a retry that was not counted' 'retry-count:1' "UPDATE orders SET retry_count = 2 WHERE id = $failed"
faulty 'a failure that was not logged' 'failure-missing:1' "DELETE FROM sync_logs WHERE order_id = $failed AND status = 'failure'"
faulty 'an order left lying' 'order-overdue:1' "UPDATE orders SET run = 2, next_attempt_at = now() - interval '61 s' WHERE id = $done"
faulty 'an order that nobody will try' 'backorder-missing:1 order-stuck:1' "UPDATE orders SET status = 'pending' WHERE id = $failed;
	DELETE FROM backorders WHERE order_id = $failed"
faulty 'a failed order that lost its place in the line' 'backorder-missing:1' "DELETE FROM backorders WHERE order_id = $failed"
faulty 'a place in the line of an order that needs nothing' 'backorder-stray:1' "INSERT INTO backorders (order_id, sku, product_id, units)
	SELECT $done, 'B', id, 2000000000 FROM products WHERE sku = 'B'"
faulty 'stock that nobody told those of who wait' 'backorder-forgotten:1' "UPDATE backorders SET units = 1 WHERE order_id = $failed;
	DELETE FROM backorder_calls"
faulty 'a ledger row of no order' 'ledger-stray:1' "WITH s AS (UPDATE stock SET on_hand = on_hand - 1 WHERE product_id = 1 RETURNING on_hand)
	INSERT INTO ledger (product_id, order_id, run, delta, balance, reason) SELECT 1, 99999, 1, -1, on_hand, 'order' FROM s"
faulty 'a ledger row without a reason' 'ledger-stray:1' "ALTER TABLE ledger ALTER reason DROP NOT NULL; ALTER TABLE ledger DROP CONSTRAINT ledger_check;
	UPDATE ledger SET reason = NULL WHERE id = (SELECT min(id) FROM ledger WHERE order_id = $done)"
faulty 'a ledger of a product without stock' 'stock-sum:1' "INSERT INTO ledger (product_id, delta, balance, reason) VALUES (6, 5, 5, 'add')"
faulty 'a balance that does not add up' 'ledger-balance:2' "UPDATE ledger SET balance = balance + 1
	WHERE id = (SELECT min(id) FROM ledger WHERE product_id = 2)"
faulty 'a great many' 'order-overdue:100' "UPDATE orders SET run = run + 1, next_attempt_at = now() - interval '1 hour' WHERE status = 'completed'"
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "more") | [.check, .breaches > 100]')" '["order-overdue",true]' '... are not all told, but counted'
faulty 'one row' 'stock-sum:1' "UPDATE stock SET on_hand = on_hand - 1 WHERE product_id = 2"
like "$OUT" '^\{"v":1,"type":"breach","check":"stock-sum","order_id":null,"product_id":2,"external_order_id":null,"found":"[0-9]* on hand","expected":"[^"]*"\}$' \
	'... looks so'
like "$OUT" '^\{"v":1,"type":"audit","checks":31,"breaches":1,"seconds":[0-9.]*\}$' '... and its summary'

psqlq "UPDATE orders SET run = 2, next_attempt_at = now() - interval '61 s' WHERE id = $done"
exit_is 0 'a longer grace' -- audit --grace 100
exit_is 1 'a shorter one' -- audit --grace 10
psqlq "UPDATE orders SET run = 1, next_attempt_at = NULL WHERE id = $done"

# A journal of what was acknowledged.
printf '1\n2\n\n{"order_id":9,"external_order_id":"401"}\n{"external_order_id":502,"shop":"Shop.myshopify.com"}\n{"external_order_id":null}\n' >good
exit_is 0 'a journal whose orders are there' -- audit --journal good
is "$(printf '%s\n' "$OUT" | jq .checks)" 32 '... is one more check'
printf '7777\n{"external_order_id":"401","shop":"other.myshopify.com"}\n5\n' >bad
exit_is 1 'a journal with orders that are not' -- audit --journal bad
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "breach") | "\(.check) \(.external_order_id) \(.found)"')" \
	'journal 7777 line 1: no order
journal 401 line 2: no order' '... names them'
exit_is 1 'a long one, from a pipe' -- sh -c 'seq 100000 | fulfil-scan --audit --journal -'
is "$(checks) $(printf '%s\n' "$OUT" | jq 'select(.type == "more") | .breaches')" 'journal:100 99449' '... is read to its end'
exit_is 0 'what fulfil-recv said' -- sh -c "echo '601 A2:1' | awk -f '$TOP/tests/data/orders.awk' | fulfil-recv | fulfil-scan --audit --journal -"
printf '1\nnonsense\n2\n[3]\n{"id":4}\n99999999999999999999\n' >odd
exit_is 65 'a journal with lines that say nothing' -- audit --journal odd
is "$(printf '%s\n' "$ERR" | grep -o 'journal, line [0-9]*' | tr -dc '0-9\n' | tr '\n' ' ')" '2 4 5 6 ' '... names them'
like "$OUT" '"type":"audit"' '... and continues'
exit_is 74 'no such journal' -- audit --journal /nowhere

# Beside live workers.
recv "$(seq -f '%.0f A2:1 B:1' 1001 4000)"
fulfil-work --drain -j 2 -b 32 >/dev/null 2>&1 &
workers=$!
breaches=
while kill -0 $workers 2>/dev/null; do
	breaches=$breaches$(fulfil-scan --audit | jq -c 'select(.type != "audit")')
done
wait $workers
is "$breaches" '' 'no false alarm beside workers'
healthy 'after them'

done_testing
