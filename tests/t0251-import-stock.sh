#!/bin/sh
# fulfil-import beside everything else that moves: stock, workers, other imports; and how it ends
# when it is not let finish.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start
export IMPORT_ACTIVE=yes

counts() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "summary")
		| [.read, .created, .updated, .unchanged, .superseded, .rejected, .status]'
}
stock() {
	psqlq "select p.sku, s.on_hand, s.level, s.alert_due from stock s join products p on p.id = s.product_id order by 1"
}
rows() { # N NAME: a file of N products, the last one first if NAME is down
	awk -v n="$1" -v name="$2" 'BEGIN { print "sku,name"
		for (i = 1; i <= n; i++) print "SKU-" (name == "down" ? n - i : i) "," name }'
}

# --stock
printf 'sku,name,quantity,reorder_level\nA,a,5,2\nB,b,0,\nC,c,,\n' >stock.csv
exit_is 0 'quantities without --stock' -- fulfil-import <stock.csv
is "$(stock)" '' '... are ignored'
exit_is 0 'with --stock' -- fulfil-import --stock <stock.csv
is "$(counts)" '[3,0,1,2,0,0,"ok"]' '... one moved'
is "$(stock)" 'A|5|ok|f
B|0|out|f' '... and a blank one is none'
printf 'sku,name,quantity\nA,a,9\nA,a,1\nB,b,3\n' >less.csv
exit_is 0 'less of one' -- fulfil-import --stock <less.csv
is "$(stock)" 'A|1|low|t
B|3|low|f' '... crosses its level, and the last row counts'
is "$(psqlq 'select delta, balance, reason from ledger order by id')" '5|5|import
-4|1|import
3|3|import' '... with a ledger row each'
printf 'sku,name,reorder_level\nA,a,0\nB,b,3\n' >level.csv
exit_is 0 'another threshold' -- fulfil-import <level.csv
is "$(stock)" 'A|1|ok|f
B|3|low|f' '... is seen at once'
exit_is 65 'a quantity that is none' -- sh -c 'printf "sku,name,quantity\nA,a,-1\nB,b,1e3\n" | fulfil-import --stock'
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "reject") | "\(.line) \(.code)"')" '2 bad_quantity
3 bad_quantity' '... is rejected'
run_ok 'the audit holds' fulfil-scan --audit

# Two at once, with the same new products in opposite order.
rows 30000 up >up.csv
rows 30000 down >down.csv
fulfil-import <up.csv >up.out 2>up.err &
first=$!
fulfil-import <down.csv >down.out 2>down.err &
wait "$first"
is $? 0 'one of two imports at once'
wait $!
is $? 0 '... and the other'
is "$(jq -s 'map(select(.type == "summary") | .created) | add' up.out down.out)" 30001 '... create each product once'

# Stopped and killed in the middle: the input waits, so the run is under way.
mkfifo pipe
before=$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')
stopped() { # SIGNAL STATUS NAME
	fulfil-import <pipe >stop.out 2>stop.err &
	pid=$!
	{
		rows 25000 other
		wait_until 10 sh -c "[ \"\$(psql -X -A -t -d '$DATABASE_URL' -c \"select count(*) from pg_stat_activity
			where application_name = 'fulfil-import' and state = 'idle in transaction'\")\" = 1 ]"
		kill -s "$1" $pid
		wait_until 10 services_ended $pid
	} >pipe
	wait $pid
	is $? "$2" "$3"
	is "$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')" "$before" '... leaves nothing'
}
stopped TERM 75 'SIGTERM in the middle'
like "$(cat stop.err)" 'nothing was imported' '... and it says so'
is "$(jq -r 'select(.type == "summary") | .status' stop.out)" failed '... in the summary, too'
is "$(psqlq "select status, error from sync_logs order by id desc limit 1")" \
	'failure|stopped, and nothing was imported' '... and in the log'
stopped INT 75 '^C in the middle'
stopped KILL 137 'kill -9 in the middle'

# The server goes away.
fulfil-import <pipe >away.out 2>away.err &
pid=$!
{
	rows 25000 other
	pg_stop_immediate
	rows 25000 more
	wait_until 20 services_ended $pid
} >pipe 2>/dev/null
wait $pid
is $? 69 'PostgreSQL is killed in the middle'
like "$(cat away.err)" 'PostgreSQL' '... and it says what is away'
exit_is 69 'an import without a server' -- fulfil-import <up.csv
pg_start
is "$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')" "$before" '... leaves nothing'
exit_is 0 'and then again' -- fulfil-import <up.csv

# What it writes to is full; what it reads is not there.
exit_is 74 'a full disk under the rejected rows' -- sh -c 'printf "sku,name\n,x\nF,f\n" | fulfil-import --rejects /dev/full'
is "$(psqlq "select count(*) from products where sku = 'F'")" 0 '... imports nothing'
exit_is 74 'a full disk under the records' -- sh -c 'fulfil-import <up.csv >/dev/full'
exit_is 74 'a directory' -- fulfil-import <.
exit_is 74 'no input at all' -- sh -c 'fulfil-import <&-'
exit_is 65 'an empty one' -- fulfil-import </dev/null
like "$ERR" 'the input is empty' '... is said to be that'
(sh -c 'echo $$ >reader.pid; exec fulfil-import' <up.csv; echo $? >reader.status) 2>reader.err | true
wait_until 20 test -s reader.status
is "$(cat reader.status reader.err)" 141 'a reader that goes away ends it quietly'

# Workers go on while a change of everything waits to be committed.
psqlq "insert into stock (product_id, on_hand, opening) select id, 100, 100 from products where sku = 'SKU-1' on conflict do nothing"
rows 25000 other >other.csv
{
	cat other.csv
	printf '{"id":1,"line_items":[{"id":1,"sku":"SKU-1","quantity":1,"price":"1.00"}]}' |
		fulfil-recv --shop a.myshopify.com | timeout 20 fulfil-work - >worked.out
} | fulfil-import >beside.out 2>&1
is "$(jq -r .status worked.out)" completed 'an order is processed while an import is under way'
is "$(jq -r 'select(.type == "summary") | .status' beside.out)" ok '... which then ends well'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
