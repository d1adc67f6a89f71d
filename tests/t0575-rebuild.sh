#!/bin/sh
# fulfil-scan --rebuild: all payloads played into an empty database give the same orders; what was
# changed by hand is found; a database that it made is gone in the end.
# shellcheck disable=SC2317 # functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start
web_start fastcgi

super() { psql -X -q -A -t -d "postgresql:///${2-fulfil}?host=$PG_SOCKET&user=postgres" -c "$1"; }
super 'alter role fulfil nocreatedb'
exit_is 78 'a role that may not make a database' -- fulfil-scan --rebuild
like "$ERR" 'createdb' 'is told what it needs'
super 'create database spare owner fulfil'
spare="postgresql:///spare?host=$PG_SOCKET&user=fulfil"
exit_is 0 'or is given one' -- fulfil-scan --rebuild --into "$spare"
super 'alter role fulfil createdb'

shop=shop.myshopify.com
send() { fulfil-recv --shop "$shop" >/dev/null; }
databases() { psqlq "select count(*) from pg_database where datname like '%rebuild%'"; }
# rebuild: what it told, the summaries in the end
rebuild() {
	exit_is "$1" "$2" -- fulfil-scan --rebuild
	printf '%s\n' "$OUT" >told
	is "$(databases)" 0 '... and no database is left'
}

products A:50 B:5 C:0 GONE:9
recv '1 A:3' '2 A:1 B:2' '3 B:9' '4 C:1' '5 GONE:4 A:1'
settle
# a refund, an edit, a return, a cancellation by the shop and one by a person, a repetition
printf '%s\n' '{"id":91,"order_id":1,"created_at":"2026-11-20T10:00:00Z","refund_line_items":[{"id":911,"line_item_id":11,"quantity":1,"restock_type":"return"}]}' >refund.json
psqlq "select external_id from order_items where order_id = (select id from orders where external_id = 1)" >line
sed -i "s/\"line_item_id\":11/\"line_item_id\":$(cat line)/" refund.json
send <refund.json
send <refund.json
printf '{"id":2,"updated_at":"2099-11-20T10:00:00Z","cancelled_at":"2026-11-20T10:00:00Z","line_items":[]}\n' | send
settle
person=$(psqlq 'select id from orders where external_id = 5')
is "$(api POST "/api/orders/$person/cancel" -d '' | cut -c1-2)" 20 'a person cancels an order'
settle
# a line that was passed over before its product was here, and one that counted after
printf '{"id":6,"line_items":[{"id":61,"sku":"LATE","quantity":1,"requires_shipping":false},{"id":62,"sku":"A","quantity":1}]}\n' | send
settle
products LATE:7
printf '{"id":7,"line_items":[{"id":71,"sku":"LATE","quantity":2,"requires_shipping":false}]}\n' | send
# a SKU longer than a product's may be
jq -cn '{id: 8, line_items: [{id: 81, sku: ("x" * 3000), quantity: 2, variant_id: 1, fulfillable_quantity: 0}]}' | send
# renamed and deleted products
settle
psqlq "update products set sku = 'NEW-A' where sku = 'A'; update products set deleted_at = now() where sku = 'GONE'"
products A:1
i=100
while [ $((i += 1)) -le 700 ]; do echo "$i NEW-A:0"; done | sed 's/NEW-A:0/LATE:1/' | head -3 | payloads | send
settle
invariants 'what must hold holds'
rebuild 0 'a rebuild finds the same'
is "$(jq -c 'select(.type == "rebuild") | [.orders, .left_out]' told)" '[11,0]' 'of all orders'
is "$(jq -r 'select(.type == "breach") | .check' told)" '' 'and no breach'

exit_is 0 'into a database that is there' -- fulfil-scan --rebuild --into "$spare"
is "$(super "select count(*) from orders" spare)" 11 '... which keeps what was played'
exit_is 78 'but not twice' -- fulfil-scan --rebuild --into "$spare"
like "$ERR" 'not empty' '... as it is not empty'

# What no payload says.
psqlq "update order_items set target = target + 1 where order_id = (select id from orders where external_id = 1)"
rebuild 1 'a line that was changed by hand'
like "$(jq -r 'select(.check == "rebuild") | .external_order_id' told)" 1 'is named with its order'
psqlq "update order_items set target = target - 1 where order_id = (select id from orders where external_id = 1)"
psqlq "alter table ledger disable trigger all; update ledger set delta = delta - 1 where order_id = (select id from orders where external_id = 7)"
rebuild 1 'units that the ledger has too many'
like "$(jq -r 'select(.check == "rebuild") | .found + " " + .expected' told)" '3 units taken 2 by a rebuild' 'are told'
psqlq "update ledger set delta = delta + 1 where order_id = (select id from orders where external_id = 7)"
rebuild 0 'mended, all is as it was'

# An order whose payloads went by their age is left out, and told.
psqlq "update payloads set body = null where order_id = (select id from orders where external_id = 3)"
rebuild 0 'an order without its payloads'
is "$(jq -c 'select(.type == "rebuild") | [.orders, .left_out]' told)" '[10,1]' 'is left out, which is told'

done_testing
