#!/bin/sh
# Lines of every kind: which move stock, which do not and why, and how large they may be.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

export RETRY_DELAYS=3600
services_start
products A:1000 B:1000 Mixed-Case:50 "O'Brien;--:5" Ümlaut:9

# order ID COLUMN
order() {
	psqlq "SELECT $2 FROM orders WHERE external_id = $1"
}
# skips ID: what each line was left out for.
skips() {
	psqlq "SELECT string_agg(coalesce(skip, '-'), ' ' ORDER BY line_no) FROM order_items
		WHERE order_id = (SELECT id FROM orders WHERE external_id = $1)"
}

recv '1 A:1 B:1 item.gift_card=true B:1 item.tip={} B:1 item.sku=null B:1 item.sku="" B:1 item.sku="\t"' \
	'2 Engraving:1 item.variant_id=null item.product_id=null A:2 item.fulfillment_service="amazon" A:4 item.fulfillment_service="MANUAL"' \
	'3 A:8 test=true' '4 B:1 item.gift_card=true'
settle
is "$(skips 1)" '- gift_card tip no_sku no_sku no_sku' 'gift cards, tips and lines without SKU are kept, and move nothing'
is "$(skips 2)" 'custom other_service -' 'neither do custom lines and what others ship'
is "$(skips 3)" test_order 'nor test orders'
is "$(statuses) $(on_hand A) $(on_hand B)" 'completed 4 995 1000' '... all are completed'
recv '8 A:3 item.variant_id=null item.product_id=null' '9 Gift-wrap:1 item.requires_shipping=false' \
	'90 Warranty:1 item.variant_inventory_management=null A:1'
settle
is "$(skips 8) $(on_hand A)" '- 991' 'a line whose SKU is in the catalogue is no custom line'
is "$(skips 9) / $(skips 90)" 'not_shipped / not_shipped -' 'nor is one that is not shipped or not tracked waited for'
psqlq "UPDATE products SET stocked = false WHERE sku = 'B'"
recv '91 B:5' '92 Later:1'
psqlq "INSERT INTO products (sku, name, stocked) VALUES ('Later', 'Later', false); UPDATE orders SET next_attempt_at = now() WHERE next_attempt_at > now()"
settle
is "$(skips 91) / $(skips 92)" 'not_stocked / not_stocked' 'a product can be one that is not stocked'
psqlq "UPDATE products SET stocked = true WHERE sku = 'B'"
recv '5 A:1 test=true' '5 A:1 test=true at=10'
export TEST_ORDERS=yes FULFILLMENT_SERVICES=manual,amazon
recv '6 A:1 test=true' '7 A:1 item.fulfillment_service="amazon"'
unset TEST_ORDERS FULFILLMENT_SERVICES
settle
is "$(on_hand A)" 989 'settings let both move stock'

id=10
for quantity in 0 -1 1.5 '"2"' null 2147483648 99999999999999999999; do
	recv "$id A:1 item.quantity=$quantity"
	id=$((id + 1))
done
settle
is "$(psqlq "SELECT count(*), min(error_message) FROM orders WHERE status = 'failed'")" \
	"7|a line's quantity is unusable: needs review" 'quantities that nobody can count fail their orders at once'
is "$(psqlq "SELECT count(*) FROM orders WHERE notes ~ 'line 1: the quantity is not a whole number'")" 7 '... and are noted'
recv '10 A:1 at=10'
settle
is "$(order 10 status) $(on_hand A)" 'completed 988' '... until an update mends them'
recv '10 A:1 at=20 item.quantity="1"'
settle
is "$(order 10 status) $(on_hand A) $(order 10 error_message)" "completed 988 a line's quantity is unusable: needs review" \
	'one that cannot be read later gives nothing back'
exit_is 0 '... as the audit has it' -- fulfil-scan --audit
recv '10 A:1 at=30 item.current_quantity="1"'
settle
is "$(order 10 status) $(on_hand A)" 'completed 988' '... nor what is left of it'
recv '10 A:2 at=40'
settle
is "$(order 10 status) $(on_hand A) $(order 10 error_message)" 'completed 987 ' '... and the next update moves the difference'
recv '10 A:1 at=50'
settle
recv '20 A:2147483647'
settle
is "$(order 20 status)" pending 'the largest quantity is only too many'

recv '30 mIXED-cASE:10 MIXED-CASE:20 Mixed-Case:20' '31 ÜMLAUT:2 ümlaut:1' "32 O'Brien;--:5"
settle
is "$(order 30 status) $(on_hand Mixed-Case)" 'completed 0' 'one SKU on three lines, in any case, is summed'
is "$(order 31 status) $(on_hand Ümlaut)" 'completed 6' '... beyond ASCII too'
is "$(order 32 status)" completed 'a SKU is never a piece of SQL'
recv '33 Mixed-Case:1' '34 A:500 A:493'
settle
is "$(order 33 error_message)" 'insufficient stock of "Mixed-Case": wants 1, has 0' 'what is out is told by its SKU'
is "$(order 34 "status, error_message")" 'pending|insufficient stock of "A": wants 993, has 988' 'two lines that fit alone but not together'
recv '35 A:1 B:1 Mixed-Case:1 No-Such:2 item.price="1.00"'
settle
is "$(order 35 error_message)" 'unknown SKU "No-Such"; insufficient stock of "Mixed-Case": wants 1, has 0' 'an order takes all or nothing'
is "$(printf '%s' "$RECORDS" | jq -c .short)" \
	'[{"sku":"No-Such","wanted":2,"available":0},{"sku":"Mixed-Case","wanted":1,"available":0}]' '... and its record says what was short'
is "$(on_hand A) $(on_hand B)" '988 1000' '... here nothing'

recv '9007199254740993 A:1' '9007199254740992 A:1' '9223372036854775807 A:1'
is "$(field external_order_id)" '9007199254740993 9007199254740992 9223372036854775807' 'ids above 2^53'
settle
is "$(psqlq 'SELECT count(*) FROM orders WHERE external_id > 9007199254740991') $(on_hand A)" '3 985' '... are three orders'
for id in 0 -5 9223372036854775808 1e3 '"40"' null; do
	echo "{\"id\":$id,\"line_items\":[]}"
done >bad
exit_is 65 'ids that are none' -- sh -c 'fulfil-recv <bad'
is "$(printf '%s\n' "$OUT" | grep -c '"status":"rejected"')" 6 '... are rejected, each with its line'

echo '50 A:1' | payloads >shared
fulfil-recv --shop one.myshopify.com <shared >shops
fulfil-recv --shop TWO.myshopify.com <shared >>shops
fulfil-recv --shop two.myshopify.com <shared >>shops
settle
is "$(jq -r .status shops | tr '\n' ' ')$(on_hand A)" 'accepted accepted duplicate 983' 'one id in two shops is two orders'

recv '60 A:1 total_price=199.0 item.price=0.10' '61 A:1 total_price="1234567890.123"' '62 A:1 total_price=1e2' \
	'63 A:1 total_price="1,50"' '64 A:1 total_price="NaN"' '65 A:1 total_price=-0.07'
is "$(psqlq 'SELECT string_agg(coalesce(total_amount::text, chr(45)), chr(32) ORDER BY external_id) FROM orders WHERE external_id BETWEEN 60 AND 69')" \
	'199.0 1234567890.123 100 - - -0.07' 'money is what it spells, or nothing'
is "$(psqlq "SELECT unit_price FROM order_items WHERE order_id = $(order 60 id)")" 0.10 '... in lines too'
settle

before=$(on_hand A)
{
	echo '70' "$(seq 250 | sed 's/.*/A:1/' | tr '\n' ' ')"
	echo '71' "$(seq 10000 | sed 's/.*/B:1 A:1/' | tr '\n' ' ' | cut -d' ' -f1-10000)"
} | payloads >long.json
ok '250 lines, and 10,000' sh -c 'fulfil-recv --shop shop.myshopify.com <long.json >long'
settle
is "$(order 70 status) $(on_hand A)" "completed $((before - 250))" '... are summed'
is "$(psqlq "SELECT count(*) FROM order_items WHERE order_id = $(order 71 id)")" 10000 '... or kept until there is enough'
like "$(order 71 error_message)" 'wants 5000' '... of all of them'
invariants 'what must hold does'
done_testing
