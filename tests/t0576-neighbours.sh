#!/bin/sh
# Orders among others: one that cannot be met, or is odd, holds up none of those that came with it;
# and a version that changes no demand, such as the shop's echo of a note, changes nothing else.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start
web_start fastcgi

shop=shop.myshopify.com
state() { psqlq "select status || ' ' || coalesce(error_message, '-') from orders where external_id = $1"; }
whole() { psqlq "select (to_jsonb(o) - 'shop_updated_at' - 'shop_triggered_at' - 'updated_at' - 'first_shipped' - 'first_updated_at')::text from orders o where external_id = $1"; }
products MUG:100

# --- odd ones among good ones, in one batch

{
	echo '{"id":1,"customer":null,"email":"","currency":"EUR","total_price":"9.90","line_items":[{"id":11,"sku":"MUG","quantity":1,"price":"9.90"}]}'
	echo '{"id":2,"line_items":[{"id":21,"product_id":null,"variant_id":null,"product_exists":false,"sku":"GONE","quantity":1}]}'
	echo '{"id":3,"line_items":[{"id":31,"sku":"SET","quantity":1,"sales_line_item_group_id":null},{"id":32,"sku":"MUG","quantity":1,"sales_line_item_group_id":31}]}'
	echo '{"id":4,"customer":{"id":1,"email":null,"first_name":null,"last_name":null},"line_items":[{"id":41,"sku":"MUG","quantity":1}]}'
	echo '{"id":5,"customer":"a name","billing_address":[],"line_items":[{"id":51,"sku":"MUG","quantity":1},7,null,{"id":52,"sku":"MUG","quantity":"two"}]}'
	echo '{"id":6,"line_items":[{"id":61,"sku":"MUG","quantity":101}]}'
	echo '{"id":7,"line_items":[]}'
	echo '{"id":8,"line_items":[{"id":81,"sku":"MUG","quantity":1}]}'
} | fulfil-recv --shop "$shop" >records
is "$(jq -r .status records | sort | uniq -c | xargs)" '8 accepted' 'eight orders in one batch'
settle
is "$(state 1)" 'completed -' 'one without a customer'
is "$(state 4)" 'completed -' 'one of a customer without a name'
is "$(state 8)" 'completed -' 'and the last one'
is "$(state 7)" 'completed -' 'one without lines wants nothing'
is "$(state 2 | cut -d ' ' -f 1)" completed 'a line whose product is gone at the shop, and was never here, is passed over'
is "$(psqlq "select skip from order_items where sku = 'GONE'")" custom '... with the reason'
like "$(state 3)" 'pending .*SET' 'one that wants a product that is not here says which'
like "$(state 6)" 'pending insufficient stock' 'one that wants too much says so'
is "$(on_hand MUG)" 97 'and takes nothing that others could have'
invariants 'what must hold holds'

# --- the shop's echo

before=$(whole 3)
attempts() { psqlq "select count(*) from sync_logs where order_id = (select id from orders where external_id = $1)"; }
tried=$(attempts 3)
events() { psqlq 'select count(*) from outbox'; }
psqlq "insert into webhooks (url, event_types) values ('http://127.0.0.1:1024/', '{*}')"
echo '{"id":3,"updated_at":"2099-01-01T00:00:00Z","note":"seen by us","tags":"a, b","line_items":[{"id":31,"sku":"SET","quantity":1,"sales_line_item_group_id":null},{"id":32,"sku":"MUG","quantity":1,"sales_line_item_group_id":31}]}' >echo.json
is "$(deliver echo.json orders/updated | cut -c1)" 2 'the shop echoes a note of one that waits'
settle
is "$(whole 3)" "$before" 'its status, its reason, its next attempt and its run stay'
is "$(attempts 3)" "$tried" 'no attempt is made'
is "$(events)" 0 'and nobody is told'
before=$(whole 8) tried=$(attempts 8)
echo '{"id":8,"updated_at":"2099-01-01T00:00:00Z","note":"seen","line_items":[{"id":81,"sku":"MUG","quantity":1}]}' >echo.json
is "$(deliver echo.json orders/updated | cut -c1)" 2 'the same of one that is completed'
settle
is "$(whole 8)$(attempts 8)$(events)" "$before${tried}0" 'changes nothing'

# A failed one: neither its reason nor its count of attempts goes by an echo.
echo '{"id":9,"line_items":[{"id":91,"sku":"NONE","quantity":1}]}' | fulfil-recv --shop "$shop" >/dev/null
psqlq "update orders set status = 'failed', next_attempt_at = null, retry_count = 3, error_message = 'no product' where external_id = 9"
before=$(whole 9)
echo '{"id":9,"updated_at":"2099-01-01T00:00:00Z","tags":"x","line_items":[{"id":91,"sku":"NONE","quantity":1}]}' >echo.json
is "$(deliver echo.json orders/updated | cut -c1)" 2 'the same of one that failed'
is "$(whole 9)" "$before" 'leaves it failed, with its reason'
is "$(fulfil-recv --shop "$shop" --topic inventory_levels/update <<-'END' | jq -r .status
	{"inventory_item_id":5,"location_id":7,"available":3,"updated_at":"2026-11-20T10:00:00Z"}
END
)" ignored 'what the shop says of its own stock moves nothing'
is "$(on_hand MUG)" 97 'here'
done_testing
