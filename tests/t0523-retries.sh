#!/bin/sh
# The schedule of retries, what ends it, and orders or logs that the database refuses.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

export RETRY_DELAYS=1,1,1
services_start
products A:10 B:1000

# order ID COLUMN
order() {
	psqlq "SELECT $2 FROM orders WHERE external_id = $1"
}
logs() {
	psqlq "SELECT string_agg(status || attempt, ' ' ORDER BY id) FROM sync_logs WHERE order_id = $(order "$1" id) $2"
}

recv '1 A:11' '2 A:1 Unseen:1' '3 A:1'
settle
is "$(order 1 "status, retry_count, error_message")" 'pending|1|insufficient stock of "A": wants 11, has 10' 'short stock waits for a retry'
is "$(order 2 "status, error_message")" 'pending|unknown SKU "Unseen"' 'so does an unknown SKU'
is "$(order 3 status) $(on_hand A)" 'completed 9' 'an order between them does not'
is "$(printf '%s\n' "$RECORDS" | jq -rs 'map([.status, .attempt, .retry_in]) | sort | tostring')" \
	'[["completed",1,null],["pending",1,1],["pending",1,1]]' 'the records say so'
fulfil-work 2>>work.log >results &
daemon=$!
ok 'a daemon makes the retries' wait_until 20 says "SELECT count(*) FROM orders WHERE status = 'failed'" 2
is "$(logs 1)" 'retry1 retry2 retry3 failure4' '... three and no more'
is "$(psqlq "SELECT min(gap) >= interval '1 s' FROM (SELECT created_at - lag(created_at) OVER (PARTITION BY order_id ORDER BY id)
	AS gap FROM sync_logs) g")" t '... never early'
late=$(psqlq "SELECT max(extract(epoch FROM gap)) FROM (SELECT created_at - lag(created_at) OVER (PARTITION BY order_id ORDER BY id)
	AS gap FROM sync_logs) g")
diag "the latest retry came after $late s"
is "$(order 1 "status, next_attempt_at IS NULL, error_message")" 'failed|t|insufficient stock of "A": wants 11, has 9' '... and the reason stays'
is "$(on_hand A)" 9 'nothing was taken'

# What comes wakes those that wait for it: no daemon may be quicker than the retries here.
kill -TERM $daemon
wait $daemon
products Unseen:5
is "$(psqlq "SELECT r_status, r_done FROM order_retry($(order 2 id))")" 'pending|t' 'a failed order is started again'
settle
is "$(order 2 status)" completed '... and completed, now that there is a product'
is "$(on_hand A) $(on_hand Unseen)" '8 4' '... whole'
is "$(psqlq "SELECT r_status, r_done FROM order_retry($(order 2 id))")" 'completed|f' 'a completed one is not'
is "$(psqlq 'SELECT count(*) FROM order_retry(999999) WHERE r_done')" 0 'nor is one that does not exist'
psqlq "SELECT stock_adjust(id, 20, false, 'a delivery', 'a test', 10) FROM products WHERE sku = 'A'" >adjusted
id=$(order 1 id)
i=0
while [ $((i += 1)) -le 50 ]; do
	psqlq "SELECT r_done FROM order_retry($id)" >"retry.$i" &
	pids="${pids-} $!"
done
# shellcheck disable=SC2086 # one number a word
wait $pids
settle
is "$(order 1 status)" completed 'fifty retries at once'
is "$(cat retry.* | grep -c t)" 1 '... are one'
is "$(on_hand A) $(logs 1 'AND run = 2')" '17 success1' '... and one run'

recv '10 A:100'
RETRY_DELAYS=600,1,1 settle
is "$(psqlq "SELECT r_status, r_done FROM order_retry($(order 10 id))") $(order 10 'run, retry_count, error_message, next_attempt_at <= now()')" \
	'pending|t 2|0||t' 'an order that waits for its retry is started anew'
is "$(psqlq "SELECT r_done FROM order_retry($(order 10 id))")" f '... and not again while it is due'
RETRY_DELAYS=600,1,1 settle
is "$(order 10 'run, status') $(logs 10)" '2|pending retry1 retry1' '... which is a run of its own, with all its retries'
psqlq "UPDATE orders SET next_attempt_at = next_attempt_at - interval '599 s' WHERE external_id = 10"
exit_is 0 '... as the audit sees it' -- fulfil-scan --audit
psqlq "SELECT order_cancel($(order 10 id))" >/dev/null
exit_is 78 'a schedule that is none' -- env RETRY_DELAYS=60,x fulfil-work --drain
recv '11 A:100'
RETRY_DELAYS='' fulfil-work --drain >/dev/null 2>>work.log
is "$(order 11 status)" failed 'without a schedule the first failure is the last'
early=$(fulfil-scan --audit | jq -r 'select(.type == "breach") | .check')
is "$early" failure-early '... which is too early for the schedule that there is'
psqlq "SELECT order_retry($(order 11 id))" >/dev/null
psqlq "UPDATE sync_logs l SET created_at = (SELECT created_at FROM sync_logs WHERE order_id = l.order_id AND attempt = 3) + interval '0.1 s'
	WHERE order_id = $(order 1 id) AND attempt = 4"
exit_is 1 'an attempt that came too early is seen by the audit' -- fulfil-scan --audit
psqlq "UPDATE sync_logs SET created_at = created_at + interval '0.9 s' WHERE order_id = $(order 1 id) AND attempt = 4"
invariants 'what must hold does'

# An order that the database refuses fails alone; the other 255 of its batch do not wait for it.
recv "$(seq -f '%.0f B:1' 300 555)"
psqlq "ALTER TABLE ledger ADD CONSTRAINT not_that_one CHECK (order_id <> $(order 400 id))"
exit_is 0 'an order that the database refuses' -- fulfil-work --drain
is "$(psqlq "SELECT count(*) FROM orders WHERE external_id >= 300 AND status = 'completed'")" 255 '... does not keep the others back'
is "$(order 400 status) $(logs 400)" 'pending retry1' '... and is an attempt that failed'
like "$(order 400 error_message)" 'not_that_one' '... with the reason'
psqlq 'ALTER TABLE ledger DROP CONSTRAINT not_that_one'
settled() {
	settle
	says "SELECT status FROM orders WHERE external_id = 400" completed
}
ok '... completed when that is mended' wait_until 10 settled
is "$(on_hand B)" 744 'each took one'

# A log that cannot be written is no detail: then nothing of the attempt is.
recv '600 B:1' '601 B:1'
psqlq "ALTER TABLE sync_logs ADD CONSTRAINT nothing CHECK (false) NOT VALID"
timeout 20 fulfil-work --drain >unlogged 2>unlogged.err
is "$? $(wc -l <unlogged)" '65 0' 'an attempt that cannot be logged is told'
is "$(psqlq "SELECT count(*) FROM orders WHERE status = 'pending' AND external_id >= 600") $(on_hand B)" '2 744' '... and did not happen'
psqlq 'ALTER TABLE sync_logs DROP CONSTRAINT nothing'
settle
is "$(order 600 status) $(on_hand B)" 'completed 742' '... until it can be'
invariants 'what must hold does'
done_testing
