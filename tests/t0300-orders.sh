#!/bin/sh
# The API's orders: lists, search, one order, retry and cancel. Without a web server.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start

# ids: of the orders of the answer.
ids() {
	answer '[.orders[].id] | join(",")'
}

request GET /api/orders
is "$STATUS $(answer -c 'del(.orders), (.orders | length)' | tr '\n' ' ')" \
	'200 {"total":0,"total_capped":false,"page":1,"page_size":50,"total_pages":0,"next_cursor":null} 0 ' 'no orders'

# Two orders as they come, the first of which a worker completes.
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"
psqlq "SELECT stock_adjust(1, 5, true, NULL, 'test', 10)" >/dev/null
cat >orders.json <<'END'
{"id":9007199254740993,"name":"#1001","email":"ann@example.com","total_price":"39.98","currency":"EUR",
 "customer":{"first_name":"Ann","last_name":"Ä. Smith"},"line_items":[
 {"id":1,"product_id":1,"variant_id":1,"sku":"mug","name":"A mug","quantity":2,"price":"19.99"},
 {"id":2,"sku":null,"name":"A tip","quantity":1,"price":0.5}]}
{"id":1002,"name":"#1002","line_items":[{"id":3,"product_id":1,"variant_id":1,"sku":"NONE","quantity":1,"price":"1"}]}
END
head -n 4 orders.json | fulfil-recv >/dev/null
tail -n 1 orders.json | fulfil-recv >/dev/null
fulfil-work --drain >/dev/null 2>&1

request GET /api/orders/1
is "$STATUS" 200 'one order'
is "$(answer -c '[.id, .external_order_id, .status, .name, .customer_name, .customer_email, .total_amount,
	.currency, .source, .shop, .test, .retry_count, .next_attempt_at, .can_retry, .error_message]')" \
	'[1,"9007199254740993","completed","#1001","Ann Ä. Smith","ann@example.com","39.98","EUR","shopify","shop.myshopify.com",false,0,null,false,null]' \
	'... with its fields'
is "$(answer -c '.items[] | [.line_no, .sku, .name, .quantity, .unit_price, .line_total, .current, .target, .taken, .skip]')" \
	'[1,"mug","A mug",2,"19.99","39.98",2,2,2,null]
[2,null,"A tip",1,"0.5","0.5",1,0,0,"no_sku"]' '... its items'
is "$(answer -c '.sync_logs[] | [.task_id, .task_name, .attempt, .status, .error_message, (.duration_ms >= 0)]')" \
	'["order-1-1","process_order",1,"success",null,true]' '... its attempts'
is "$(answer -c '.ledger[] | [.product_id, .product_sku, .run, .delta, .balance, .reason]')" '[1,"Mug",1,-2,3,"order"]' \
	'... its ledger'
is "$(answer '[.created_at, .processed_at, .sync_logs[].created_at, .ledger[].created_at][]' |
	grep -Evc '^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9:]{8}\.[0-9]{6}Z$')" 0 '... and times in UTC'
request GET /api/orders/1/story
is "$(jq -c '.payloads[] | [.id, .topic, .note]' body)" '[1,null,null]' '... its payloads'
is "$(jq -c '[.events, .deliveries]' body)" '[[],[]]' '... and nobody was told'
request GET /api/payloads/1
head -c "$(wc -c <body)" orders.json >expected
ok 'its payload, byte for byte' cmp body expected
like "$HEAD" '^Content-Disposition: attachment; filename="payload-1"$' '... for saving'
psqlq 'UPDATE payloads SET body = NULL WHERE id = 1'
request GET /api/payloads/1
is "$STATUS" 404 '... until it is removed'

request GET /api/orders/2
is "$(answer -c '[.status, .retry_count, (.next_attempt_at != null), .sync_logs[0].status]')" \
	'["pending",1,true,"retry"]' 'an order that waits for its retry'
is "$(answer -c '[.can_retry, .items[0].target, .items[0].taken]')" '[true,1,0]' '... can be started now, and has taken nothing'
like "$(answer .error_message)" 'NONE' '... says why'
request GET /api/orders/3
is "$STATUS $(answer .detail)" '404 there is no order 3' 'an order that is not there'

# --- processing is shown while a worker holds the row, and not stored
# By the transaction that locked the row: none, an old one, this one, and one that began after the snapshot;
# then of an order that is not due, has no time, or is over.
is "$(psqlq "select order_status('pending', now(), '0'), order_status('pending', now(), '3'),
	order_status('pending', now(), pg_current_xact_id()::xid),
	order_status('pending', now(), pg_snapshot_xmax(pg_current_snapshot())::xid),
	order_status('pending', now() + interval '1 s', pg_current_xact_id()::xid),
	order_status('pending', null, pg_current_xact_id()::xid), order_status('failed', now(), pg_current_xact_id()::xid)")" \
	'pending|pending|processing|processing|pending|pending|failed' 'what runs is told from what is over'

psqlq 'UPDATE orders SET next_attempt_at = now() WHERE id = 2'
mkfifo hold
psql -X -q -A -t -d "$DATABASE_URL" <hold >held 2>&1 &
exec 3>hold
echo 'BEGIN; SELECT id FROM orders WHERE id = 2 FOR NO KEY UPDATE;' >&3
ok 'a worker takes it' wait_until 10 grep -q 2 held
request GET /api/orders/2
is "$(answer .status)" processing '... it is shown as processing'
request GET '/api/orders?status=processing'
is "$(ids) $(answer .orders[0].status)" '2 processing' '... and listed so'
request GET '/api/orders?status=pending'
is "$(ids)" '' '... and not as pending'
echo 'ROLLBACK; SELECT 77;' >&3
ok 'the worker lets go' wait_until 10 grep -q 77 held
exec 3>&-
request GET /api/orders/2
is "$(answer -c '[.status, .can_retry]')" '["pending",false]' '... it is pending again, and due'
request GET '/api/orders?status=pending'
is "$(ids)" 2 '... and listed so'

# --- retry and cancel

request POST /api/orders/2/retry
is "$STATUS $(answer .detail)" '409 order 2 is pending; only one that failed, waits for its next attempt, or was cancelled and could not put back what it took, can be started again' 'retry of an order that is due'
psqlq "UPDATE orders SET status = 'failed', next_attempt_at = NULL WHERE id = 2"
request POST /api/orders/2/retry
is "$STATUS $(answer -c .)" '202 {"order_id":2,"status":"pending"}' 'retry of a failed one'
is "$(psqlq 'SELECT run, retry_count, next_attempt_at <= now() FROM orders WHERE id = 2')" '2|0|t' '... is a new run, due now'
is "$(redis-cli -s "$REDIS_SOCKET" LRANGE fulfil:orders 0 -1)" 2 '... and on the list'
request POST /api/orders/1/cancel
is "$STATUS $(answer -c .)" '202 {"order_id":1,"status":"cancelled"}' 'cancel'
fulfil-work --drain >/dev/null 2>&1
is "$(psqlq 'SELECT on_hand FROM stock')" 5 '... puts the stock back'
request POST /api/orders/1/cancel
is "$STATUS $(answer .detail)" '409 order 1 is cancelled; it cannot be cancelled again' '... once'
request POST /api/orders/77/cancel
is "$STATUS" 404 'cancel of an order that is not there'
redis_stop
psqlq "UPDATE orders SET status = 'failed', next_attempt_at = NULL WHERE id = 2"
request POST /api/orders/2/retry
is "$STATUS" 202 'retry without Redis'

done_testing
