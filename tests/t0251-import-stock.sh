#!/bin/sh
# fulfil-import beside everything else that moves: stock, workers, events, other imports.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

stock() {
	psqlq "select p.sku, s.on_hand, s.level, s.alert_due from stock s join products p on p.id = s.product_id order by 1"
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

# Events, where somebody asks for them: one for each product.
events() {
	psqlq "select type, count(*), count(distinct s) from outbox, unnest(subjects) s group by 1 order by 1"
}
is "$(events)" '' 'nobody asks, nobody is told'
psqlq "insert into webhooks (url, event_types) values ('https://example.com/', array['product.*', 'inventory.*'])"
printf 'sku,name,quantity\nA,a,8\nB,b,3\nD,d,0\nD,dd,0\nE,e,\n' >told.csv
exit_is 0 'two new products, one changed in its stock only' -- fulfil-import --stock <told.csv
is "$(events)" 'product.created|2|2' '... are told of once'
{
	sed 's/,e,/,ee,/' told.csv
	seq 1500 | sed 's/.*/M-&,many,/'
} >many.csv
exit_is 0 'many new ones, and one that changed' -- fulfil-import <many.csv
is "$(events)" 'product.created|1502|1502
product.updated|1|1' '... as well'
psqlq "delete from webhooks; delete from products where sku like 'M-%'; delete from outbox"

# People go on editing what is imported.
rows 20000 edited | sed 's|SKU|ED|' >edited.csv
fulfil-import <edited.csv >/dev/null
sed 's/edited/again/' edited.csv >again.csv
fulfil-import <again.csv >edit.out 2>edit.err &
pid=$!
while kill -0 $pid 2>/dev/null; do
	psqlq "update products set category = 'by hand', updated_at = now()
		where id = (select min(id) + (random() * 19000)::int from products where name in ('edited', 'again'))"
done
wait $pid
is $? 0 'products are edited while they are imported'
is "$(psqlq "select count(*), count(*) filter (where name = 'again') from products where name in ('edited', 'again')")" \
	'20000|20000' '... and all of them are what the file says'
is "$(psqlq "select count(*) > 0 from products where category = 'by hand'")" t '... and what people say'

# What somebody holds is written when they are done with it.
one_is() { # STATE: of one session the server says so
	[ "$(psqlq "select count(*) from pg_stat_activity where $1")" = 1 ]
}
printf 'sku,name\nHELD,one\nFREE,one\n' | fulfil-import >/dev/null 2>&1
mkfifo editor
psql -X -q -d "$DATABASE_URL" <editor &
exec 3>editor
echo "begin; update products set category = 'by hand', updated_at = clock_timestamp() where sku = 'HELD';" >&3
wait_until 20 one_is "state = 'idle in transaction'"
printf 'sku,name\nHELD,two\nFREE,two\n' | fulfil-import >held.out 2>held.err 3>&- &
pid=$!
wait_until 20 one_is "wait_event_type = 'Lock'"
is $? 0 'an import waits for a product that somebody edits'
echo 'commit;' >&3
exec 3>&-
wait $pid
is "$? $(jq -r 'select(.type == "summary") | .updated' held.out)" '0 2' '... changes it, and the other'
is "$(psqlq "select name, category from products where name = 'two' order by sku")" 'two|
two|by hand' '... and what people say is kept'

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

# Workers go on while a change of everything waits to be committed.
psqlq "insert into stock (product_id, on_hand, opening) select id, 100, 100 from products where sku = 'SKU-1' on conflict do nothing"
rows 25000 other >other.csv
{
	cat other.csv
	printf '{"id":1,"line_items":[{"id":1,"sku":"SKU-1","quantity":1,"price":"1.00"}]}' |
		fulfil-recv --shop a.myshopify.com | timeout 20 fulfil-work - >worked.out
} | fulfil-import >beside.out 2>&1
is "$(jq -r .status worked.out)" completed 'an order is processed while an import runs'
is "$(jq -r 'select(.type == "summary") | .status' beside.out)" ok '... which then ends well'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
