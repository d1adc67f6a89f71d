#!/bin/sh
# The API's changes of stock, what they leave behind, and the logs. Without a web server.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "INSERT INTO products (sku, name) VALUES ('A', 'An A'), ('B', 'A B'), ('C', 'A C')"

# change JSON: to product 1, by the method that does such changes.
change() {
	case $1 in
	*'"add"'*) request POST /api/inventory/1 "$1" ;;
	*) request PUT /api/inventory/1 "$1" ;;
	esac
}
stock() {
	psqlq "SELECT on_hand, level, alert_due FROM stock WHERE product_id = 1"
}

request GET /api/products/1
is "$(answer -c '[.quantity, .is_low_stock, .stock_updated_at]')" '[0,false,null]' 'a product that was never counted'
change '{"quantity": 20, "reason": "counted"}'
is "$STATUS $(answer -c 'del(.updated_at)')" \
	'200 {"product_id":1,"product_sku":"A","product_name":"An A","category":null,"quantity":20,"reserved":0,"available":20,"reorder_level":10,"is_low_stock":false}' \
	'stock is set'
counted=$(answer .updated_at)
request GET /api/products/1
is "$(answer -c '.stock_updated_at')" "$counted" '... which the product says, too'
change '{"add": -12, "reason": "broken"}'
is "$STATUS $(answer -c '[.quantity, .is_low_stock]')" '200 [8,true]' 'stock is taken away'
is "$(stock)" '8|low|t' '... and its level told'
change '{"add": -9, "reason": "broken"}'
refused 409 '' 'stock below 0'
is "$(answer .detail)" 'the stock would fall below 0' '... in words'
change '{"add": 2147483647, "reason": "much"}'
refused 409 '' 'stock beyond all bounds'
is "$(stock)" '8|low|t' '... nothing changed'
request POST /api/inventory/9 '{"add": 1, "reason": "x"}'
refused 404 '' 'a product that is not there'

change '{"reorder_level": 5}'
is "$STATUS $(answer -c '[.reorder_level, .is_low_stock]')" '200 [5,false]' 'a threshold of its own'
is "$(stock)" '8|ok|f' '... mends the level'
change '{"reorder_level": 8}'
is "$(stock)" '8|low|t' '... and crossing by it is told'
change '{"reorder_level": 8}'
is "$(stock)" '8|low|t' '... once'
change '{"reorder_level": null}'
is "$STATUS $(answer -c '[.reorder_level, .is_low_stock]')" '200 [10,true]' 'the threshold of all again'
request PUT /api/inventory/2 '{"reorder_level": 3}'
is "$STATUS $(answer -c '[.quantity, .reorder_level, .is_low_stock]')" '200 [0,3,false]' 'a threshold without stock'
request PUT /api/inventory/9 '{"reorder_level": 3}'
is "$STATUS" 404 '... without product'

# --- bodies that are none

while IFS='	' read -r body want; do
	change "$body"
	refused 400 "$want" "$body"
done <<'END'
{}	 needs one of quantity and reorder_level
{"reason": "x"}	 needs one of quantity and reorder_level
{"quantity": 1}	/reason is missing
{"add": 1, "reason": ""}	/reason must be a text of 1 to 500 bytes
{"add": 1, "reason": 7}	/reason must be a text of 1 to 500 bytes
{"add": 1, "reason": "a\u0000b"}	/reason must be a text of 1 to 500 bytes
{"quantity": -1, "reason": "x"}	/quantity must be a whole number from 0 to 2147483647
{"quantity": 1.0, "reason": "x"}	/quantity must be a whole number from 0 to 2147483647
{"quantity": "1", "reason": "x"}	/quantity must be a whole number from 0 to 2147483647
{"add": 0, "reason": "x"}	/add must not be 0
{"add": 2147483648, "reason": "x"}	/add must be a whole number from -2147483648 to 2147483647
{"reorder_level": -1}	/reorder_level must be a whole number from 0 to 2147483647
{"reorder_level": 1, "quantity": 1, "reason": "x"}	/quantity stands beside another: one of quantity and reorder_level
{"quantity": 1, "add": 1, "reason": "x"}	/quantity is set with PUT
{"quantitty": 1, "a/b~c": 2}	/quantitty is not known here;/a~1b~0c is not known here
[1]	
"quantity"	
{"add": 1,	
{"add": 1, "add": 2, "reason": "x"}	
END
request PUT /api/inventory/1 '{"add": 1, "reason": "x"}'
refused 400 '/add is added with POST, since a PUT may be sent twice' 'to add by PUT'
request POST /api/inventory/1 '{"reason": "x"}'
refused 400 ' needs add' 'to add nothing'
change ''
refused 400 '' 'an empty body'
is "$(stock)" '8|low|t' 'none of it changed anything'

# --- the ledger

request GET /api/inventory/1/ledger
is "$(answer -c '.ledger[] | [.product_id, .product_sku, .order_id, .delta, .balance, .reason, .note, .actor]')" \
	'[1,"A",null,-12,8,"add","broken","api"]
[1,"A",null,20,20,"set","counted","api"]' 'the ledger of a product, newest first'
request PUT /api/inventory/3 '{"quantity": 4, "reason": "counted"}' HTTP_AUTHORIZATION= REMOTE_USER=ann TRUST_REMOTE_USER=yes
counted=$(answer .updated_at)
request PUT /api/inventory/3 '{"quantity": 4, "reason": "again"}'
is "$(answer .updated_at)" "$counted" 'setting what is there is no change'
is "$STATUS $(psqlq "SELECT actor, delta, note FROM ledger WHERE product_id = 3")" '200 ann|4|counted' 'who did it is told, of what changed'
psqlq 'DELETE FROM ledger WHERE product_id = 3'
request GET '/api/inventory/1/ledger?page_size=1'
request GET "/api/inventory/1/ledger?page_size=1&cursor=$(answer .next_cursor)"
is "$(answer -c '[.ledger[0].delta, .next_cursor]')" '[20,null]' '... by cursor'
request GET /api/inventory/3/ledger
is "$STATUS $(answer -c '[.ledger, .total]')" '200 [[],0]' '... without rows'
request GET /api/inventory/9/ledger
is "$STATUS" 404 '... of a product that is not there'
echo '{"id":5,"line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"a","quantity":3}]}' | fulfil-recv | fulfil-work - >/dev/null 2>&1
request GET '/api/ledger?order_id=1'
is "$(answer -c '.ledger[] | [.order_id, .run, .delta, .balance, .reason]')" '[1,1,-3,5,"order"]' 'the ledger of an order'
request GET '/api/ledger?product_id=1&since=2030-01-01T00:00:00Z'
is "$(answer .total)" 0 '... since'
request GET '/api/ledger?order_id=1&product_id=2'
is "$(answer .total)" 0 '... of an order and another product'
request GET /api/ledger
refused 400 'product_id is needed, or order_id' 'the ledger of all'
is "$(psqlq 'SELECT opening + (SELECT sum(delta) FROM ledger WHERE product_id = 1) = on_hand FROM stock WHERE product_id = 1')" t \
	'the ledger adds up'

# --- sync logs and quarantine

psqlq "INSERT INTO sync_logs (task_name, task_id, attempt, status, error, details, duration_ms, worker)
	VALUES ('import_products', 'import-7', 1, 'failure', 'no header', '{\"rows\": 3}', 12, 'w')"
request GET /api/sync-logs
is "$(answer -c '.sync_logs[] | [.id, .task_id, .task_name, .order_id, .attempt, .status, .details, .error_message, .worker != ""]')" \
	'[2,"import-7","import_products",null,1,"failure",{"rows":3},"no header",true]
[1,"order-1-1","process_order",1,1,"success",null,null,true]' 'sync logs, newest first'
for filter in 'status=failure 2' 'status=success 1' 'status=retry ' 'task=import_products 2' 'task=process_order 1' \
	'task=sync_inventory ' 'order_id=1 1' 'order_id=2 ' 'order_id=1&status=failure ' 'since=2026-01-01T00:00:00Z 2,1' \
	'since=2100-01-01T00:00:00Z ' 'task=import_products&status=failure 2' 'task=import_products&status=success '; do
	request GET "/api/sync-logs?${filter% *}"
	is "$(answer '[.sync_logs[].id] | join(",")')" "${filter#* }" "sync logs: ${filter% *}"
done
psqlq "INSERT INTO quarantine (shop, topic, reason, remote_addr, body) VALUES ('s.myshopify.com', 'orders/create', 'not JSON', '192.0.2.1', '\\x00ff0a')"
request GET /api/quarantine
is "$(answer -c '[.total, .quarantine[0].id, .quarantine[0].reason, .quarantine[0].bytes, .quarantine[0].remote_addr]')" \
	'[1,1,"not JSON",3,"192.0.2.1"]' 'the quarantine'
request GET /api/quarantine/1
is "$(od -An -tx1 body) $HEAD" " 00 ff 0a $HEAD" '... keeps every byte'
like "$HEAD" '^Content-Type: application/octet-stream$' '... of no particular kind'
request GET /api/quarantine/2
is "$STATUS" 404 '... and nothing else'

done_testing
