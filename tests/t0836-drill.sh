#!/bin/sh
# The drill of fulfil-operation(7): a base backup and an archive of the WAL, taken while orders come in; the
# cluster is lost, and restored to a moment before an accident; what came after is taken again from the shop.
# `make drill` is this for DRILL_SECONDS=30.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
seconds=${DRILL_SECONDS:-2}
services_start
pg_stop
mkdir archive && pg_own archive && chmod 755 .
cat >>pg/postgresql.conf <<END
max_wal_senders = 4
archive_mode = on
archive_command = 'test ! -f $SCRATCH/archive/%f && cp %p $SCRATCH/archive/%f.part && mv $SCRATCH/archive/%f.part $SCRATCH/archive/%f'
END
pg_start

seq 200 | sed 's/.*/S-&,Thing &,100000/' | { echo sku,name,quantity; cat; } | fulfil-import --stock --no-progress >/dev/null
# What the shop has: every order that it ever sent, in pieces of 20.
sell() { # FIRST: orders from this number on, until the file stop is there
	number=$1
	until [ -e stop ]; do
		seq "$number" $((number + 19)) | jq -c '{id: ., currency: "EUR", total_price: "9.90", created_at: "2026-11-20T10:00:00Z",
			line_items: [{id: ., sku: "S-\(. % 200 + 1)", quantity: (. % 3 + 1), price: "9.90"}]}' >piece
		cat piece >>shop.json
		fulfil-recv --shop sample.myshopify.com <piece | fulfil-enqueue >/dev/null 2>&1
		number=$((number + 20))
	done
}
started=$(date +%s)
fulfil-work -j 2 >work.log 2>&1 &
worker=$!
at_exit "kill $worker 2>/dev/null"
sell 1 2>sell.log &
seller=$!
completed() { [ "$(psqlq "select count(*) from orders where status = 'completed'")" -ge "$1" ]; }
ok 'orders come in' wait_until 30 completed 40

# The backup, under that load.
exit_is 0 'pg_basebackup' -- pg_basebackup -h "$PG_SOCKET" -U postgres -D "$SCRATCH/backup" -X none -c fast --no-sync
sleep "$seconds"
wait_until 30 completed 80
moment=$(psqlq 'select clock_timestamp()')
had=$(psqlq "select count(*) from orders where created_at < '$moment'")
sleep "$seconds"
# The accident, and nobody notices for a while.
psqlq 'delete from stock where product_id % 2 = 0' >/dev/null
sleep 1
: >stop
wait $seller
kill $worker
wait $worker 2>/dev/null
had_in_the_end=$(psqlq 'select count(*) from orders')
ok 'more orders came after the moment' test "$had_in_the_end" -gt "$had"
psql -X -q -A -t -h "$PG_SOCKET" -U postgres -d postgres -c 'select pg_walfile_name(pg_switch_wal())' >last
ok 'the last of the WAL is in the archive' wait_until 30 test -s "archive/$(cat last)"
pg_stop_immediate
redis_flush
rm -rf pg

# Restored to the moment; Redis has nothing to restore.
restored=$(date +%s)
mv backup pg
cat >>pg/postgresql.conf <<END
restore_command = 'cp $SCRATCH/archive/%f %p'
recovery_target_time = '$moment'
recovery_target_action = 'promote'
archive_mode = off
END
touch pg/recovery.signal && pg_own pg
pg_start
writable() { [ "$(psqlq 'select pg_is_in_recovery()')" = f ]; }
ok 'the server comes up again' wait_until 60 writable
is "$(psqlq 'select count(*) from orders')" "$had" 'it has the orders of that moment'
is "$(psqlq 'select count(*) from stock')" 200 '... and what the accident took'
exit_is 0 'the audit finds nothing' -- fulfil-scan --audit
[ -z "$OUT" ] || diag "$(printf '%s\n' "$OUT" | tail -n 5)"

# What came after is taken again from the shop: all of it, for what is there is a duplicate.
sent=$(wc -l <shop.json)
fulfil-recv --shop sample.myshopify.com <shop.json >taken 2>recv.log
is "$(jq -r .status taken | sort | uniq -c | awk '{ print $1, $2 }' | xargs)" "$((sent - had)) accepted $had duplicate" \
	'what came after is taken, what is there is not'
fulfil-enqueue --due >/dev/null
exit_is 0 'workers do it' -- fulfil-work --drain
is "$(psqlq "select count(*), count(*) filter (where status = 'completed') from orders")" "$sent|$sent" 'all orders of the shop are complete'
is "$(psqlq 'select 200 * 100000 - sum(on_hand) from stock')" "$(jq -s '[.[].line_items[].quantity] | add' shop.json)" \
	'... and the stock is what they took less'
exit_is 0 'the audit finds nothing' -- fulfil-scan --audit
diag "verdict: of $sent orders in $((restored - started)) s, $had were restored and $((sent - had)) taken again, $(($(date +%s) - restored)) s after the loss"
done_testing
