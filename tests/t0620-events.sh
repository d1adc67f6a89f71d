#!/bin/sh
# Every change that is told, from every path, is told once, to those who asked for it, in the words
# of the API; where nobody asks nothing is written.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
export RETRY_DELAYS=0

payload() { # ID SKU QUANTITY [EXTRA]
	printf '{"id":%s,"line_items":[{"id":1,"sku":"%s","quantity":%s,"price":"1.50"}]%s}\n' "$1" "$2" "$3" "${4-}"
}
# events: what there is to tell, "type subject", since the last call.
events() {
	psqlq 'select type, s from outbox, unnest(subjects) s order by outbox.id, s' | tr '|\n' ' ;'
	psqlq 'delete from outbox'
}

request POST /api/products '{"sku":"X","name":"x"}'
echo '{"id":1,"line_items":[]}' | fulfil-recv | fulfil-work - >/dev/null
request POST /api/orders/1/cancel
is "$(events)" '' 'nobody asks, nobody is told'
psqlq "insert into webhooks (url, event_types, enabled) values ('http://127.0.0.1:1024/a', '{*}', false)"
request PUT /api/products/1 '{"name":"xx"}'
is "$(events)" 'product.updated 1;' '... and where only a disabled webhook does, it is kept'
psqlq 'delete from webhooks'
hook 200 >/dev/null

# --- products

request POST /api/products '{"sku":"A","name":"Å \"a\"","description":"d\u0001"}'
is "$(events)" 'product.created 2;' 'a product is made'
request PUT /api/products/2 '{"name":"Ä"}'
request PUT /api/products/2 '{"name":"Ä"}'
is "$(events)" 'product.updated 2;' '... changed once, and once to what it was'
request DELETE /api/products/1
is "$(events)" 'product.deleted 1;' '... deleted'
printf 'sku,name\nA,New\nB,b\nC,c\n' | IMPORT_ACTIVE=yes fulfil-import >/dev/null 2>&1
is "$(events | tr ';' '\n' | sort | tr '\n' ';')" "product.created $(psqlq "select id from products where sku = 'B'");product.created $(
	psqlq "select id from products where sku = 'C'");product.updated 2;" 'an import'
request DELETE '/api/products/bulk?confirm=true&sku=c'
is "$(events)" "product.deleted $(psqlq "select id from products where sku = 'C'");" 'a bulk delete'
psqlq "insert into products (sku, name) select 'M-' || n, 'm' from generate_series(1, 2500) n"
request DELETE '/api/products/bulk?confirm=true&sku=m-'
is "$(psqlq 'select count(*), sum(cardinality(subjects)) from outbox')" '3|2500' 'many are told of together'
request GET /api/webhooks/2
is "$(answer .waiting)" 2500 '... and wait for the webhook at once'
events >/dev/null

# --- stock

stock() {
	case $1 in *add*) request POST /api/inventory/2 "$1" ;; *) request PUT /api/inventory/2 "$1" ;; esac
}
stock '{"quantity":20,"reason":"count"}'
is "$(events)" '' 'stock that rises'
stock '{"add":-11,"reason":"sold"}'
is "$(events)" 'inventory.low 2;' '... falls below its threshold'
stock '{"add":-1,"reason":"sold"}'
is "$(events)" '' '... once'
stock '{"add":-8,"reason":"sold"}'
stock '{"add":30,"reason":"bought"}'
is "$(events)" 'inventory.out 2;' '... to nothing, and rises again'
stock '{"reorder_level":40}'
is "$(events | grep -o 'inventory.*')" 'inventory.low 2;' 'a threshold that rises'
psqlq 'update products set reorder_level = 1 where id = 2'
fulfil-scan >/dev/null
psqlq 'update products set reorder_level = 35 where id = 2'
fulfil-scan >/dev/null
is "$(events)" 'inventory.low 2;' 'what a scan mends'

# --- orders

{
	payload 11 A 5
	payload 12 A 500
	payload 13 A 1 ',"cancelled_at":"2026-01-01T00:00:00Z"'
} | fulfil-recv >/dev/null
is "$(events)" 'order.cancelled 4;' 'an order that arrives cancelled'
fulfil-work --drain >/dev/null
fulfil-work --drain >/dev/null
is "$(events | tr ';' '\n' | sort -u | tr '\n' ' ')" 'order.completed 2 order.failed 3 order.waiting 3 ' 'completed, and failed after its retries; told once that they wait'
payload 11 A 6 | fulfil-recv | fulfil-work - >/dev/null
is "$(events)" '' 'a completed one that changes is not completed again'
request POST /api/orders/3/retry
psqlq 'update stock set on_hand = on_hand + 1000, opening = opening + 1000' && fulfil-work --drain >/dev/null
is "$(events)" 'order.completed 3;' 'a failed one that is started again'
request POST /api/orders/2/cancel
payload 12 A 500 ',"cancelled_at":"2026-01-01T00:00:00Z"' | fulfil-recv >/dev/null
is "$(events)" 'order.cancelled 2;order.cancelled 3;' 'cancelled, by hand and by the shop'
fulfil-work --drain >/dev/null
is "$(events)" '' '... and not again when their stock is put back'

# --- what changed

# changed: what there is to tell, "type changed", since the last call.
changed() {
	psqlq "select type, coalesce(c::jsonb::text, '-') from outbox, unnest(subjects, data, changed) s(id, data, c) order by outbox.id, s.id" |
		tr '|\n' ' ;'
	psqlq 'delete from outbox'
}
request PUT /api/products/2 '{"price":"5.50","sku":"A2","details":{"vendor":"Acme","barcode":"123"},"active":true}'
is "$(changed)" 'product.updated {"sku": ["A", "A2"], "price": [null, "5.50"], "vendor": [null, "Acme"], "barcode": [null, "123"]};' \
	'a product says what is another, and what it was'
printf 'sku,name,price,vendor\nA2,Newer,6,\nB,b,\n' | fulfil-import >/dev/null 2>&1
is "$(changed)" 'product.updated {"name": ["New", "Newer"], "price": ["5.50", "6"], "vendor": ["Acme", null]};' '... by an import'
fulfil-import --undo "$(psqlq 'select max(id) from imports')" >/dev/null 2>&1
is "$(changed)" 'product.updated {"name": ["Newer", "New"], "price": ["6", "5.50"], "vendor": [null, "Acme"]};' '... and its undo'
request PUT /api/products/2 "{\"sku\":\"A\",\"description\":\"$(head -c 300 /dev/zero | tr '\0' e)\"}"
is "$(psqlq "select length(changed[1] -> 'description' ->> 1) from outbox")" 200 '... of a long text how it begins'
stock '{"quantity":60,"reason":"x"}'
events >/dev/null
stock '{"quantity":3,"reason":"x"}'
is "$(changed)" 'inventory.low {"quantity": [60, 3]};' 'stock'
stock '{"reorder_level":5}'
stock '{"reorder_level":2}'
stock '{"reorder_level":5}'
is "$(changed | grep -o 'inventory.*')" 'inventory.low -;' '... not where only the threshold is another'
payload 31 A 1 | fulfil-recv | fulfil-work - >/dev/null
changed >/dev/null
request POST "/api/orders/$(psqlq 'select max(id) from orders')/cancel"
payload 32 A 1 ',"cancelled_at":"2026-01-01T00:00:00Z"' | fulfil-recv >/dev/null
is "$(changed)" 'order.cancelled {"status": ["completed", "cancelled"]};order.cancelled -;' 'what an order was that is cancelled'
fulfil-work --drain >/dev/null
is "$(psqlq "select event_wanted('inventory.changed'), event_wanted('inventory.low')")" 'f|t' 'who asks for * does not ask for each move'
psqlq "insert into webhooks (url, event_types, enabled) values ('http://127.0.0.1:1024/c', '{inventory.changed}', false)"
stock '{"quantity":4,"reason":"x"}'
moves() { changed | tr ';' '\n' | grep changed | tr '\n' ';'; }
events >/dev/null
stock '{"quantity":9,"reason":"x"}'
stock '{"quantity":9,"reason":"x"}'
is "$(moves)" 'inventory.changed {"quantity": [4, 9]};' '... who names it is told, where it moved'
printf 'sku,name,quantity\nA,New,20\nB,b,7\nNEW,new,5\n' | fulfil-import --stock >/dev/null 2>&1
is "$(moves)" 'inventory.changed {"quantity": [0, 5]};inventory.changed {"quantity": [9, 20]};inventory.changed {"quantity": [0, 7]};' '... by an import, of new products first'
{
	payload 41 A 2
	payload 42 A 3
	payload 43 B 1
} | fulfil-recv | fulfil-work - --batch 10 >/dev/null
is "$(moves)" 'inventory.changed {"quantity": [20, 15]};inventory.changed {"quantity": [7, 6]};' '... once for the orders of a transaction'
psqlq "begin
	; update stock set on_hand = on_hand + 1 where product_id = 2
	; savepoint s
	; update stock set on_hand = on_hand + 5 where on_hand < 10
	; update stock set on_hand = on_hand + 3 where product_id = 2
	; update stock set on_hand = on_hand - 5 where on_hand > 9 and product_id <> 2
	; commit"
is "$(moves)" 'inventory.changed {"quantity": [15, 19]};' '... of several moves in one the sum'
psqlq "delete from webhooks where event_types = '{inventory.changed}'"
events >/dev/null

# --- as they are told

request PUT /api/products/2 '{"description":"d"}'
stock '{"quantity":10,"reason":"x"}'
events >/dev/null

request PUT /api/products/2 '{"description":"made"}'
payload 21 A 2 | fulfil-recv | fulfil-work - >/dev/null
stock '{"quantity":0,"reason":"lost"}'
fulfil-notify --drain | jq -r .status | uniq -c | tr -s ' ' >out
is "$(cat out)" ' 3 delivered' 'three are told'
is "$(psqlq 'select count(*) from outbox')" 0 '... and nothing is left to tell'
data() { told "select(.headers[\"x-webhook-event\"] == \"$1\") | .body | fromjson | .data | $2"; }
request GET /api/products/2
is "$(data product.updated 'del(.changed) | tojson')" "$(answer '{active, created_at, description, id, name, sku, updated_at} | tojson')" \
	'of a product what the API shows'
request GET /api/orders
is "$(data order.completed . | jq -cS .)" "$(answer -cS '.orders[0] | del(.can_retry)')" 'of an order as well'
request GET /api/inventory/2
is "$(data inventory.out '[.product_id, .product_sku, .product_name, .quantity, .available, .is_low_stock] | @tsv')" \
	"$(answer '[.product_id, .product_sku, .product_name, .quantity, .available, .is_low_stock] | @tsv')" 'of stock what it is'
is "$(data product.updated '.changed | tojson') $(data inventory.out '.changed | tojson')" \
	'{"description":["d","made"]} {"quantity":[8,0]}' 'and what was before'
is "$(told '.body | fromjson | keys | join(",")' | sort -u)" 'data,event,timestamp' 'the body has three members'
is "$(told '.body | fromjson | .timestamp | type' | sort -u)" number '... one of them a number'
done_testing
