#!/bin/sh
# Orders whose work the database refuses, at every stage of an order's life: each is an attempt that
# failed, the order keeps what it had, and no other order waits for it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

export RETRY_DELAYS=0
services_start
products A:100 B:100

# order ID COLUMNS
order() {
	psqlq "SELECT $2 FROM orders WHERE external_id = $1"
}
logs() {
	psqlq "SELECT string_agg(l.status || attempt, ' ' ORDER BY l.id) FROM sync_logs l JOIN orders o ON o.id = order_id
		WHERE external_id = $1 AND l.run = o.run"
}
# refuse REASON…: the ledger takes no rows for these.
refuse() {
	psqlq 'SET client_min_messages = error; ALTER TABLE ledger DROP CONSTRAINT IF EXISTS refused'
	for reason in "$@"; do list=${list:+$list, }"'$reason'"; done
	[ $# -eq 0 ] || psqlq "ALTER TABLE ledger ADD CONSTRAINT refused CHECK (reason NOT IN ($list)) NOT VALID"
	list=
}
retry() {
	psqlq "SELECT r_done FROM order_retry($(order "$1" id))"
}
drained() {
	exit_is 0 "$1" -- timeout 20 fulfil-work --drain
}

recv '1 A:2 B:1' '2 A:3' '3 B:4' '4 A:1'
settle
is "$(statuses) $(on_hand A) $(on_hand B)" 'completed 4 94 95' 'orders are completed'

refuse edit
recv '1 A:5 B:1 at=10' '5 A:1'
drained 'a change of a completed order that is refused'
is "$(order 1 'status, retry_count, next_attempt_at IS NULL')" 'completed|1|t' '... fails, after its retry'
is "$(logs 1)" 'retry1 failure2' '... as its log says'
like "$(order 1 error_message)" 'insert-ledger: .*"refused"' '... with the reason'
is "$(order 5 status) $(on_hand A) $(on_hand B)" 'completed 93 95' '... and the order keeps what it had'
invariants '... so that what must hold does'
refuse
is "$(retry 1)" t 'it is started again when that is mended'
drained '... and processed'
is "$(order 1 status) $(on_hand A) $(on_hand B)" 'completed 90 95' '... whole'

refuse cancel
recv '3 B:4 at=10 cancelled=10' '7 A:1'
drained 'units of a cancelled order that may not be put back'
is "$(order 3 'status, next_attempt_at IS NULL') $(logs 3)" 'cancelled|t retry1 failure2' '... leave it cancelled, with a failure'
is "$(order 7 status) $(on_hand B)" 'completed 95' '... and hold up no other order'
exit_is 1 '... which the audit says' -- fulfil-scan --audit
refuse
request POST "/api/orders/$(order 3 id)/retry"
is "$STATUS $(answer .status)" '202 cancelled' '... until that is started again'
request POST "/api/orders/$(order 3 id)/retry"
is "$STATUS" 409 '... once'
drained '... and processed'
is "$(on_hand B) $(order 3 'status, error_message')" '99 cancelled|' '... when they are'
invariants 'what must hold does'

# A worker's death, and a refusal after it: the worker that tries the order alone continues.
refuse order
recv '8 A:1'
psqlq 'UPDATE orders SET crash_count = 1 WHERE external_id = 8'
drained 'an order that a worker died of, and that is refused'
is "$(order 8 'status, crash_count') $(logs 8)" 'failed|0 retry1 failure2' '... is an attempt that failed'
refuse
is "$(retry 8)" t '... and can be started again'
drained '... and processed'
is "$(order 8 status) $(on_hand A)" 'completed 88' '... whole'

# More than a column holds is refused by the database, and not cut down to what it holds.
psqlq "SELECT stock_adjust(id, 2147483647, true, 'a slip', 'a test', 10) FROM products WHERE sku = 'A'" >slip
recv '8 A:1 at=10 cancelled=10'
drained 'units that do not fit into the stock any more'
is "$(order 8 status) $(on_hand A)" 'cancelled 2147483647' '... stay where they are'
like "$(order 8 error_message)" 'out of range|violates' '... with the reason'
done_testing
