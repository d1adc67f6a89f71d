#!/bin/sh
# What is in quarantine: tried again by API and by fulfil-recv, deleted, counted.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

services_start
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"
psqlq "SELECT stock_adjust(1, 10, true, 'start', 'test', 1)" >/dev/null
kept() {
	psqlq "SELECT string_agg(id || ' ' || reason, '; ' ORDER BY id) FROM quarantine"
}
# api METHOD PATH
api() {
	PROGRAM=api request "$1" "$2"
}

post '{"id":'
is "$STATUS" 400 'a broken body'
order='{"id":1,"line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"Mug","quantity":2}]}'
psqlq "INSERT INTO quarantine (shop, topic, webhook_id, reason, body)
	VALUES ('shop.myshopify.com', 'orders/create', 'w', 'a version before could not read it', '$order'),
	('shop.myshopify.com', NULL, NULL, 'the same', '$order'), ('other.example', 'orders/create', NULL, 'the same', '$order')"

api POST /api/quarantine/2/retry
is "$STATUS $(answer -c '[.status, .external_order_id, .task_id]')" '200 ["accepted","1","order-1-1"]' 'what can be read now is taken in'
is "$(psqlq 'SELECT topic, webhook_id FROM payloads')" 'orders/create|w' '... as it came'
api POST /api/quarantine/2/retry
is "$STATUS" 404 '... and is no more in quarantine'
api POST /api/quarantine/3/retry
is "$STATUS $(answer .status)" '200 duplicate' 'the same once more, without a topic'
api POST /api/quarantine/1/retry
is "$STATUS" 409 'what still cannot be read stays'
like "$(answer .detail)" 'JSON' '... and says why'
api POST /api/quarantine/4/retry
is "$STATUS $(answer .detail)" '409 it came for no shop that is taken' 'what is of no shop stays'
is "$(kept)" "1 $(psqlq 'SELECT reason FROM quarantine WHERE id = 1'); 4 it came for no shop that is taken" '... with the reasons of now'
api DELETE /api/quarantine/4
is "$STATUS" 204 'one is deleted'
api DELETE /api/quarantine/4
is "$STATUS" 404 '... once'
PROGRAM=api request POST /api/quarantine/1/retry '' HTTP_AUTHORIZATION="Bearer $API_TOKENS_READ"
is "$STATUS" 403 'who only reads cannot'

psqlq "INSERT INTO quarantine (shop, topic, reason, body)
	SELECT 'shop.myshopify.com', 'orders/create', 'x', convert_to(replace('$order', '\"id\":1,\"l', '\"id\":' || n || ',\"l'), 'UTF8') FROM generate_series(2, 4) n"
exit_is 65 'all of it, from the shell' -- fulfil-recv --quarantine
is "$(printf '%s\n' "$OUT" | jq -c '[.status, .external_order_id, .quarantine_id]')" '["rejected",null,1]
["accepted","2",5]
["accepted","3",6]
["accepted","4",7]' '... is a record each'
is "$(psqlq 'SELECT count(*) FROM quarantine')" 1 '... and leaves what cannot be read'
fulfil-work --drain >/dev/null 2>&1
is "$(psqlq 'SELECT on_hand FROM stock')" 2 'each order took its units once'

done_testing
