#!/bin/sh
# Refunds put back what their restock_type says, once; edits move their difference.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
products A:100 B:100

shelf() {
	echo "$(on_hand A) $(on_hand B)"
}
# step LINE STATUS SHELF WHAT: one payload, its answer, and the shelf after processing.
step() {
	recv "$1"
	is "$(field status)" "$2" "$4: $2"
	settle
	is "$(shelf)" "$3" '... and the shelf'
}

step '1 A:8 B:2' accepted '92 98' 'an order'
step 'refund 1 at=10 rid=10 1:1:return' refunded '93 98' 'return'
step 'refund 1 at=11 rid=11 1:1:cancel' refunded '94 98' 'cancel'
step 'refund 1 at=12 rid=12 1:1:legacy_restock' refunded '95 98' 'legacy_restock'
step 'refund 1 at=13 rid=13 1:1:no_restock' refunded '95 98' 'no_restock'
is "$(psqlq 'SELECT string_agg(delta || reason, chr(32) ORDER BY id) FROM ledger WHERE product_id = 1')" \
	'-8order 1return 1refund 1refund' 'each that puts back is a row of the ledger'
is "$(psqlq 'SELECT string_agg(source_id::text, chr(32) ORDER BY id) FROM ledger WHERE product_id = 1')" '10 11 12' '... and names its refund'
step 'refund 1 at=11 rid=11 1:1:cancel' duplicate '95 98' 'a refund again'
recv 'refund 1 at=11 rid=11 1:1:cancel'
printf '%s\n' 'refund 1 at=11 rid=11 1:1:cancel' | payloads | sed 's/{/{"note":"x",/' | fulfil-recv >again
is "$(jq -r .status again)" duplicate 'a refund in other bytes is the same'
listed='r=10/1/1/return r=11/1/1/cancel r=12/1/1/legacy_restock r=13/1/1/no_restock'
step "1 A:8:4 B:2 at=20 $listed" updated '95 98' 'the order that lists them'
step "1 A:8:3 B:2 at=30 $listed r=30/1/1/return" updated '96 98' 'an order that lists one more'
step 'refund 1 at=30 rid=30 1:1:return' duplicate '96 98' '... which then comes itself'
step 'refund 1 at=31 rid=31 1:99:return' refunded '100 98' 'a refund of more than there is'
is "$(psqlq 'SELECT status FROM orders')" completed 'the order stays completed'

# Two lines in one refund, and a refund without units.
step '2 A:3 B:3' accepted '97 95' 'another order'
step 'refund 2 at=10 rid=10 1:1:return 2:2:return' refunded '98 97' 'two lines'
step 'refund 2 at=11 rid=11' ignored '98 97' 'money only'
step 'refund 2 at=12 rid=12 9:1:return' refunded '98 97' 'a line that the order does not have'
printf '%s\n' 'refund 2 at=13 rid=13 1:1:x' | payloads | sed 's/,"restock_type":"x"//; s/{/{"restock":true,/' | fulfil-recv >old
settle
is "$(jq -r .status old) $(shelf)" 'refunded 99 97' 'the old form: restock of the whole'

step 'refund 3 at=10 rid=10 1:2:return' refunded '99 97' 'a refund before its order'
is "$(psqlq 'SELECT awaited, status, next_attempt_at IS NULL FROM orders WHERE external_id = 3')" 't|completed|t' '... is kept, and nothing waits for it'
step '3 A:5 at=5' accepted '96 97' '... and counts when it comes'
step 'refund 4 at=10 rid=10 1:2:no_restock' refunded '96 97' 'one that puts nothing back'
step '4 A:5 at=5' accepted '91 97' '... leaves all off the shelf'
recv '5 A:5' 'refund 5 at=10 rid=10 1:5:return'
settle
is "$(shelf)" '91 97' 'a refund before processing'

# What was not put back stays off the shelf when the rest is cancelled.
step '6 A:4 B:4' accepted '87 93' 'an order'
step 'refund 6 at=10 rid=10 1:1:no_restock 2:1:return' refunded '87 94' 'a return and a loss'
step '6 A:4:0 B:4:0 at=20 cancelled=20 r=10/1/1/no_restock r=20/1/3/cancel r=21/2/4/cancel' cancelled '90 97' 'a cancellation'
step 'refund 6 at=20 rid=20 1:3:cancel' duplicate '90 97' '... and its refund'
is "$(psqlq "SELECT sum(delta) FROM ledger WHERE order_id = (SELECT id FROM orders WHERE external_id = 6)")" -1 '... but for what was lost'

step '7 A:4 B:4' accepted '86 93' 'an order'
step 'edit 7 at=10 eid=10 1:+2 2:-1' updated '84 93' 'an edit: what it adds'
step 'edit 7 at=10 eid=10 1:+2 2:-1' duplicate '84 93' '... again'
step '7 A:6 B:4:3 at=10 r=10/2/1/cancel' updated '84 94' '... and the order as it then is, with the refund of what it removed'
step 'refund 7 at=10 rid=10 2:1:cancel' duplicate '84 94' '... which is told by itself, too'
step 'edit 7 at=20 eid=20 3:+5' updated '84 94' 'a new line that we do not know'
step '7 A:6 B:4:3 A:5 at=20 r=10/2/1/cancel' updated '79 94' '... until the order tells'
step 'edit 8 at=20 eid=20 1:-1' ignored '79 94' 'an edit before its order, of units removed'
step '8 A:2 at=5' accepted '77 94' '... moves nothing by itself'
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status <> 'success'")" 0 'no attempt failed'
invariants 'what must hold does'
done_testing
