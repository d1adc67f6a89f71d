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

# --- as they are told

request PUT /api/products/2 '{"description":null}'
payload 21 A 2 | fulfil-recv | fulfil-work - >/dev/null
stock '{"quantity":0,"reason":"lost"}'
fulfil-notify --drain | jq -r .status | uniq -c | tr -s ' ' >out
is "$(cat out)" ' 3 delivered' 'three are told'
is "$(psqlq 'select count(*) from outbox')" 0 '... and nothing is left to tell'
data() { told "select(.headers[\"x-webhook-event\"] == \"$1\") | .body | fromjson | .data | $2"; }
request GET /api/products/2
is "$(data product.updated tojson)" "$(answer '{active, created_at, description, id, name, sku, updated_at} | tojson')" \
	'of a product what the API shows'
request GET /api/orders
is "$(data order.completed . | jq -cS .)" "$(answer -cS '.orders[0] | del(.can_retry)')" 'of an order as well'
request GET /api/inventory/2
is "$(data inventory.out '[.product_id, .product_sku, .product_name, .quantity, .available, .is_low_stock] | @tsv')" \
	"$(answer '[.product_id, .product_sku, .product_name, .quantity, .available, .is_low_stock] | @tsv')" 'of stock what it is'
is "$(told '.body | fromjson | keys | join(",")' | sort -u)" 'data,event,timestamp' 'the body has three members'
is "$(told '.body | fromjson | .timestamp | type' | sort -u)" number '... one of them a number'
done_testing
