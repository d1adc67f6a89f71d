#!/bin/sh
# Orders that are short of stock keep their place in the line: by the pipe.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
export RETRY_DELAYS=300,300
status_of() { # EXTERNAL-ID…
	for status_id in "$@"; do
		psqlq "SELECT status FROM orders WHERE external_id = $status_id"
	done | tr '\n' ' ' | sed 's/ $//'
}
line() { # SKU: who waits for it, and for how many units
	psqlq "SELECT string_agg(o.external_id || ':' || b.units, ' ' ORDER BY o.id)
		FROM backorders b JOIN orders o ON o.id = b.order_id WHERE lower(b.sku) = lower('$1')"
}
deliver_units() { # SKU UNITS: a delivery is put on the shelf
	psqlq "SELECT r_on_hand FROM stock_adjust((SELECT id FROM products WHERE sku = '$1' AND deleted_at IS NULL), $2, false, 'delivery', 'test', 10)" >/dev/null
}
give_up() { # the orders that wait have had their last retry
	psqlq "UPDATE orders SET next_attempt_at = now() WHERE status = 'pending' AND next_attempt_at IS NOT NULL"
	RETRY_DELAYS='' settle
}

# Three wait for one unit, and a newcomer comes with it.
products A:0
recv '1 A:1' '2 A:1' '3 A:1'
settle
is "$(statuses)" 'pending 3' 'three orders are short'
is "$(line A)" '1:1 2:1 3:1' '... and wait in a line'
deliver_units A 1
recv '4 A:1'
settle
is "$(status_of 1 2 3 4)" 'completed pending pending pending' 'one unit is for the oldest, not for a newcomer'
is "$(line A)" '2:1 3:1 4:1' '... who goes to the end of the line'
invariants '... and all is in order'

# Failed ones keep their place.
export RETRY_DELAYS=''
psqlq "UPDATE orders SET next_attempt_at = now() WHERE status = 'pending'"
psqlq "DELETE FROM sync_logs WHERE status = 'retry'; UPDATE orders SET retry_count = 0"
settle
is "$(statuses)" 'completed 1 failed 3' 'without a retry left they are failed'
is "$(line A)" '2:1 3:1 4:1' '... and keep their places'
recv '5 A:1'
deliver_units A 2
settle
is "$(status_of 2 3 4 5)" 'completed completed failed failed' 'a delivery wakes the oldest'
is "$(line A)" '4:1 5:1' '... and no more than it is enough for'
is "$(psqlq "SELECT run FROM orders WHERE external_id = 3")" 2 '... in a new run'
invariants '... and all is in order'

# Those who were cancelled take nothing.
psqlq "SELECT r_done FROM order_cancel((SELECT id FROM orders WHERE external_id = 4))" >/dev/null
is "$(line A)" '5:1' 'a cancelled order leaves the line'
deliver_units A 1
settle
is "$(status_of 4 5) $(on_hand A)" 'cancelled completed 0' '... and the next takes its turn'

# Woken, then cancelled before it is served.
recv '6 A:1' '7 A:1'
settle
deliver_units A 1
psqlq 'SELECT backorders_wake(false)' >/dev/null
is "$(psqlq "SELECT status FROM orders WHERE external_id = 6")" 'pending' 'the oldest is woken'
psqlq "SELECT r_done FROM order_cancel((SELECT id FROM orders WHERE external_id = 6))" >/dev/null
settle
is "$(status_of 6 7) $(on_hand A)" 'cancelled completed 0' '... is cancelled, and the next gets the unit'

# Somebody else's cancellation.
recv '8 A:1'
settle
is "$(status_of 8)" failed 'an order waits'
psqlq "SELECT r_done FROM order_cancel((SELECT id FROM orders WHERE external_id = 7))" >/dev/null
settle
is "$(status_of 7 8) $(on_hand A)" 'cancelled completed 0' 'the cancellation of another serves it'

# Large and small.
products B:0
recv '20 B:10' '21 B:3' '22 B:4'
settle
deliver_units B 6
recv '23 B:3'
settle
is "$(status_of 20 21 22 23) $(on_hand B)" 'failed completed failed completed 0' 'a large one lets those pass who fit'
deliver_units B 12
recv '24 B:3'
settle
is "$(status_of 20 22 24) $(on_hand B)" 'completed failed failed 2' '... and is served before them'
is "$(line B)" '22:4 24:3' '... who wait'
products C:0
recv '30 C:10' '31 C:3'
HOLD_LINE=yes settle
deliver_units C 6
recv '32 C:3'
HOLD_LINE=yes settle
is "$(status_of 30 31 32) $(on_hand C)" 'failed failed failed 6' 'with HOLD_LINE=yes it holds the line'
deliver_units C 5
HOLD_LINE=yes settle
is "$(status_of 30 31 32) $(on_hand C)" 'completed failed failed 1' '... and is served first'

# The product comes later.
recv '40 New:2' '41 new:2'
settle
is "$(status_of 40 41)" 'failed failed' 'a product that nobody knows'
is "$(line NEW)" '40:2 41:2' '... has a line as well'
products nEW:3
settle
is "$(status_of 40 41)" 'completed failed' 'when it comes, with stock, the oldest gets it'
psqlq "INSERT INTO products (sku, name) VALUES ('Other', 'Other')"
deliver_units Other 5
recv '42 Wanted:1' '43 Gone:1'
settle
psqlq "UPDATE products SET sku = 'WANTED' WHERE sku = 'Other'"
settle
is "$(status_of 42)" completed 'a product that is renamed wakes those who wait for its new name'
products Gone:4
psqlq "UPDATE products SET deleted_at = now() WHERE sku = 'Gone'"
settle
is "$(status_of 43)" failed 'a hidden one serves nobody'
psqlq "UPDATE products SET deleted_at = NULL WHERE sku = 'Gone'"
settle
is "$(status_of 43)" completed '... and wakes those who wait when it is shown again'
products D:0
recv '44 D:1'
settle
psqlq "UPDATE products SET stocked = false WHERE sku = 'D'"
settle
is "$(status_of 44) $(line D)" 'completed ' 'a product that is not kept in stock keeps nobody waiting'

# Two products.
products E:0 F:0
recv '50 E:1 F:1' '51 F:1'
settle
is "$(line E) $(line F)" '50:1 50:1 51:1' 'an order waits for two products'
deliver_units F 1
settle
is "$(status_of 50 51)" 'failed completed' '... and holds up nobody while it lacks one'
deliver_units E 1
settle
is "$(status_of 50) $(on_hand E)" 'failed 1' '... nor does it take one of them'
deliver_units F 1
settle
is "$(status_of 50) $(on_hand E) $(on_hand F)" 'completed 0 0' '... until it gets both'
invariants 'all is in order'

# BACKORDER=wait.
export BACKORDER=wait
products G:0
recv '60 G:2'
settle
is "$(status_of 60) $(psqlq "SELECT coalesce(next_attempt_at::text, 'no time') || ', ' || error_message FROM orders WHERE external_id = 60")" \
	'pending no time, waiting: insufficient stock of "G": wants 2, has 0' 'BACKORDER=wait: pending, without a time'
invariants '... which is as it must be'
deliver_units G 2
settle
is "$(status_of 60)" completed '... and is served when its turn comes'
recv '61 G:2' '62 G:1'
settle
psqlq "UPDATE backorders SET since = since - interval '30 days 1 minute' WHERE order_id = (SELECT id FROM orders WHERE external_id = 61)"
WAIT_DAYS=0 settle
is "$(status_of 61)" pending 'WAIT_DAYS=0: for ever'
settle
is "$(status_of 61 62)" 'failed pending' 'WAIT_DAYS: it is failed'
like "$(psqlq "SELECT error_message FROM orders WHERE external_id = 61")" '^not served within 30 days: insufficient' '... with the reason'
deliver_units G 2
settle
is "$(status_of 61 62) $(on_hand G)" 'failed completed 1' '... and has no place in the line any more'
invariants 'all is in order'
done_testing
