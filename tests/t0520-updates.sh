#!/bin/sh
# Updates move only the difference; cancellations put back once, whenever they come.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

export RETRY_DELAYS=1,1,1
services_start
products A:100 B:100 C:100

shelf() {
	echo "$(on_hand A) $(on_hand B) $(on_hand C)"
}
# order ID COLUMN
order() {
	psqlq "SELECT $2 FROM orders WHERE external_id = $1"
}
# step LINE STATUS SHELF WHAT: one payload, its answer, and the shelf after processing.
step() {
	recv "$1"
	is "$(field status)" "$2" "$4: $2"
	settle
	is "$(shelf)" "$3" '... and the shelf'
}

step '1 A:2 B:1' accepted '98 99 100' 'an order'
step '1 A:5 B:1 at=10' updated '95 99 100' 'more of a line'
is "$(psqlq 'SELECT delta, balance, reason FROM ledger ORDER BY id DESC LIMIT 1')" '-3|95|edit' '... is one difference'
step '1 A:1 B:1 at=20' updated '99 99 100' 'less of it'
recv '1 A:9 B:1 at=14'
is "$(field status) $(field why)" 'ignored older than what is stored' 'an older update is ignored'
step '1 A:9 B:1 at=15' ignored '99 99 100' 'another'
runs=$(order 1 run)
step '1 A:1 B:1 at=30 financial_status="paid"' updated '99 99 100' 'an update of nothing we follow'
is "$(order 1 "status, run, next_attempt_at IS NULL")" "completed|$runs|t" '... starts nothing'
step '1 A:1:0 B:1:0 C:4 at=40' updated '100 100 96' 'other lines'
step '1 A:1:0 B:1:0 C:4 A:1:0 at=41' updated '100 100 96' 'a line of which nothing is left'
step '1 at=42' updated '100 100 100' 'no lines at all'
step '1 A:1 at=43' updated '99 100 100' 'a line again'
is "$(order 1 status)" completed 'it stayed completed all the time'

step '2 A:10' accepted '89 100 100' 'a second order'
step '2 A:200 B:3 at=10' updated '89 100 100' 'more than there is'
is "$(order 2 "status, retry_count, error_message")" 'completed|1|insufficient stock of "A": wants 190, has 89' '... waits with what it had'
wait_for_failure() {
	settle
	says "SELECT next_attempt_at IS NULL FROM orders WHERE external_id = $1" t
}
ok 'the change fails when its retries are spent' wait_until 20 wait_for_failure 2
is "$(order 2 "status, error_message")" 'completed|insufficient stock of "A": wants 190, has 89' '... and the order stays what it was'
is "$(shelf)" '89 100 100' '... and keeps what it has'
is "$(psqlq "SELECT string_agg(status, ' ' ORDER BY id) FROM sync_logs WHERE order_id = $(order 2 id)")" \
	'success retry retry retry failure' '... after three retries'
step '2 A:20 at=20' updated '79 100 100' 'an update that can be met'
is "$(order 2 "status, error_message IS NULL")" 'completed|t' '... and then nothing is wrong'

products D:10
step '9 D:2' accepted "$(shelf)" 'an order of a product'
psqlq "UPDATE products SET deleted_at = now() WHERE sku = 'D'"
step '9 D:1 A:1 at=10' updated '78 100 100' 'an update of it after the product was deleted'
is "$(order 9 status) $(on_hand D)" 'completed 9' '... still finds the product it took from'
step '9 D:1 at=11' updated '79 100 100' 'and one that takes the other line back'

# Made again under its SKU: what comes back is on the shelf of the one that is there now.
products E:20
step '10 E:5' accepted "$(shelf)" 'an order of a product'
psqlq "UPDATE products SET deleted_at = now() WHERE sku = 'E'"
products e:50
new() { psqlq "SELECT on_hand FROM stock JOIN products ON id = product_id WHERE sku = 'e'"; }
step '10 E:3 at=10' updated "$(shelf)" 'less of it after it was deleted and made again'
is "$(new) $(on_hand E)" '52 15' '... is more of the new one'
step '10 E:3 at=20 cancelled=20' cancelled "$(shelf)" 'its cancellation'
is "$(new) $(on_hand E)" '55 15' '... too'
is "$(psqlq "SELECT string_agg(delta || ' ' || split_part(note, ' product', 1), ', ' ORDER BY delta) FROM ledger
	WHERE id > (SELECT max(id) - 2 FROM ledger)")" '-3 gone on to, 3 came back to' '... and the ledger says why'

# More of it is taken from the new one, and what is too much of that goes back to it.
products F:5
step '14 F:5' accepted "$(shelf)" 'an order of all there is of a product'
psqlq "UPDATE products SET deleted_at = now() WHERE sku = 'F'"
step '14 F:6 at=10' updated "$(shelf)" 'more of it after it was deleted'
is "$(order 14 error_message)" 'unknown SKU "F"' '... waits for a product with its SKU'
products f:50
new() { psqlq "SELECT on_hand FROM stock JOIN products ON id = product_id WHERE sku = 'f'"; }
settled() { settle; says "SELECT error_message IS NULL FROM orders WHERE external_id = 14" t; }
ok '... and has it when that is made' wait_until 20 settled
is "$(new) $(on_hand F)" '49 0' '... from the new one'
at=20
for units in 3:52 5:50 6:49 4:51 7:48; do
	at=$((at + 1))
	recv "14 F:${units%:*} at=$at"
	settle
	is "$(new) $(on_hand F)" "${units#*:} 0" "then it is an order of ${units%:*}"
done
step '14 F:200 at=40' updated "$(shelf)" 'more than there is'
is "$(order 14 error_message) $(new)" 'insufficient stock of "F": wants 193, has 48 48' '... waits with what it has'
invariants 'the audit knows both products'
step '14 F:7 at=50 cancelled=50' cancelled "$(shelf)" 'its cancellation'
is "$(new) $(on_hand F)" '55 0' '... gives all to the new one'

# One order gives back what another takes: only what is left is moved.
products G:5
step '12 G:3' accepted "$(shelf)" 'an order of one more product'
step '13 G:2' accepted "$(shelf)" '... and another, of all that is left'
psqlq "UPDATE products SET deleted_at = now() WHERE sku = 'G'"
products g:50
recv '12 G:1 at=10'
recv '13 G:4 at=10'
settle
is "$(order 13 status) $(on_hand G) $(psqlq "SELECT on_hand FROM stock JOIN products ON id = product_id WHERE sku = 'g'")" 'completed 0 50' \
	'what one gives back and another takes at once does not go on'

step '3 A:1 cancelled=50 at=50' cancelled '79 100 100' 'a cancellation before its order'
step '3 A:1 at=10' ignored '79 100 100' '... and then the order'
is "$(order 3 status)" cancelled '... stays cancelled'
step '3 A:7 at=60' updated '79 100 100' '... and so after a newer update'
is "$(order 3 status)" cancelled '... is still cancelled'

step '2 A:20 at=30 cancelled=30' cancelled '99 100 100' 'a cancellation of a completed order'
is "$(psqlq 'SELECT delta, reason FROM ledger ORDER BY id DESC LIMIT 1')" '20|cancel' '... puts it back'
step '2 A:20 at=30 cancelled=30' duplicate '99 100 100' '... the same again'
step '2 A:20 at=31 cancelled=30 note="x"' updated '99 100 100' '... and told in another way'

recv '4 A:3'
step '4 A:3 at=10 cancelled=10' cancelled '99 100 100' 'a cancellation of what is not processed yet'
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE order_id = $(order 4 id)")" 0 '... needs no attempt'
step '5 A:500' accepted '99 100 100' 'an order that waits for stock'
step '5 A:500 at=10 cancelled=10' cancelled '99 100 100' '... can be cancelled'
is "$(order 5 "next_attempt_at IS NULL, error_message IS NULL")" 't|t' '... and then waits no more'
recv '6 A:1' '6 A:2 at=10' '6 A:3 at=20 cancelled=20' '6 A:4 at=15'
is "$(field status)" 'accepted updated cancelled ignored' 'a whole life in one batch'
settle
is "$(order 6 status) $(shelf)" 'cancelled 99 100 100' '... takes nothing'

# A line stays with the product it took from.
step '7 A:5 C:1' accepted '94 100 99' 'another order'
step '7 B:5 C:1 at=10' updated '94 100 99' 'its line has another SKU, and is what it was'
recv '8 A:2'
step '8 A:4 at=10' updated '90 100 99' 'an update before processing'
is "$(psqlq "SELECT count(*) FROM ledger WHERE order_id = $(order 8 id)")" 1 '... is taken in one step'
ok 'an order without line_items changes nothing' sh -c "echo '{\"id\":8,\"updated_at\":\"2026-02-01T00:00:00Z\"}' |
	fulfil-recv --topic orders/updated | jq -e '.status == \"ignored\"'"
settle
is "$(shelf)" '90 100 99' '... on the shelf either'
invariants 'what must hold does'
done_testing
