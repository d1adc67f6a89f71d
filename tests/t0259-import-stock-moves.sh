#!/bin/sh
# fulfil-import: stock by the difference, what was sold meanwhile, and an input that stalls.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

stock() {
	psqlq "select p.sku, s.on_hand from products p left join stock s on s.product_id = p.id
		where deleted_at is null order by lower(sku)" | tr '\n' ' '
}
sell() { # ID SKU UNITS
	printf '{"id":%d,"currency":"EUR","total_price":"1.00","line_items":[{"id":1,"sku":"%s","quantity":%d,"price":"1.00"}]}\n' \
		"$1" "$2" "$3" | fulfil-recv | fulfil-work - >/dev/null
}
told() { # CODE
	printf '%s\n' "$OUT" | jq -r --arg code "$1" 'select(.type == "warning" and .code == $code) | .detail'
}

printf 'sku,name,quantity,quantity_was\nA-1,One,10,10\nA-2,Two,10,3\nA-3,Three,,4\nA-4,Four,5,\n' >new.csv
exit_is 0 'new products' -- fulfil-import --stock <new.csv
is "$(stock)" 'A-1|10 A-2|10 A-3| A-4|5 ' '... get the quantity'

sell 1 A-1 7
sell 2 a-2 4
printf 'sku,name,quantity,quantity_was\nA-1,One again,10,10\nA-2,Two,12,10\nA-4,Four,4,5\n' >export.csv
exit_is 0 'a file that says what was' -- fulfil-import --stock <export.csv
is "$(counts)" '[3,0,3,0,0,0,"ok"]' '... is counted'
is "$(stock)" 'A-1|3 A-2|8 A-3| A-4|4 ' '... and units that were sold stay sold'
is "$(told stock_put_back)$(told stock_short)" '' '... without a word'
printf 'sku,name,quantity,quantity_was\nA-1,One again,0,10\nA-2,Two,9,9\n' >less.csv
exit_is 0 'more is taken than there is' -- fulfil-import --stock <less.csv
is "$(stock)" 'A-1|0 A-2|8 A-3| A-4|4 ' '... none is left'
is "$(told stock_short)" 'products that have less than the difference takes away: 1, which are at 0 now' '... and told'

printf 'sku,quantity\nA-1,20\nA-2,30\nA-4,4\n' >set.csv
exit_is 0 'quantities as they are counted' -- fulfil-import --stock <set.csv
is "$(told stock_put_back)" '' '... put nothing back'
sell 3 A-1 5
sell 4 A-2 6
exit_is 0 'the same file after a sale, tried' -- fulfil-import --stock --dry-run <set.csv
like "$(told stock_put_back)" 'before they were sold: 2, which get 11 units back' '... says so'
is "$(stock)" 'A-1|15 A-2|24 A-3| A-4|4 ' '... before it does'
exit_is 0 'without --stock' -- fulfil-import <set.csv
is "$(told stock_put_back)" '' '... not a word'

# A count of a time before a sale is moved to now.
at=$(psqlq "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
sell 5 A-1 5
printf 'sku,quantity,counted_at\nA-1,15,%s\nA-2,20,%s\nA-4,7,\n' "$at" "$at" >count.csv
exit_is 0 'a file that says when it was counted, tried' -- fulfil-import --stock --dry-run <count.csv
is "$(told stock_put_back)" '' '... puts nothing back'
exit_is 0 '... and imported' -- fulfil-import --stock <count.csv
is "$(stock)" 'A-1|10 A-2|20 A-3| A-4|7 ' '... what was sold since stays sold'
is "$(psqlq "select string_agg(delta || ' ' || reason, ', ' order by id desc) from (select * from ledger order by id desc limit 2) l")" \
	'3 import, -4 count' '... and the ledger has the differences'
exit_is 0 'the same file again' -- fulfil-import --stock <count.csv
is "$(stock)" 'A-1|10 A-2|20 A-3| A-4|7 ' '... changes nothing'
sell 6 A-1 9
printf 'sku,quantity,counted_at\nA-1,2,%s\nA-2,1,2999-01-01T00:00:00Z\nA-4,1,soon\n' "$at" >count.csv
exit_is 65 'fewer than were sold since, and no times' -- fulfil-import --stock <count.csv
is "$(stock)" 'A-1|0 A-2|20 A-3| A-4|7 ' '... are none, and are rejected'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | .reject_counts')" '[{"code":"bad_counted_at","count":2}]' '... with the reason'

# An import whose input stalls before there is anything to write.
mkfifo slow
fulfil-import <slow >slow.out 2>slow.err &
slow=$!
exec 8>slow
printf 'sku,name\nS-1,a\n' >&8
exit_is 0 'another import meanwhile' -- timeout 60 fulfil-import <export.csv
printf 'S-2,b\n' >&8
exec 8>&-
wait "$slow"
is "$? $(jq -r 'select(.type == "summary") | .created' slow.out)" '0 2' '... and the slow one ends well'

# One that has written, and gives way.
fulfil-import --patience 2 <slow >slow.out 2>slow.err &
slow=$!
exec 8>slow
rows 10050 Many >&8
wait_until 60 sh -c "jq -e 'select(.type == \"progress\" and .read > 10000)' slow.out >/dev/null"
fulfil-import <export.csv >other.out 2>other.err &
other=$!
wait "$slow"
is $? 75 'an input that stalls ends the import'
like "$(cat slow.err)" 'nothing came for 2 seconds' '... and says why'
wait "$other"
is "$? $(jq -r 'select(.type == "progress") | .phase' other.out | grep -c wait)" "0 $(jq -r 'select(.type == "progress") | .phase' other.out | grep -c wait)" '... so that another is done'
like "$(jq -r 'select(.type == "progress") | .phase' other.out | tr '\n' ' ')" 'wait' '... which said that it waits'
exec 8>&-
is "$(psqlq "select count(*) from products where name = 'Many'")" 0 '... and nothing of it is left'
# A blank quantity is none, whatever is beside it; a sum has an end.
printf 'sku,name,quantity\nBL,b,7\n' | fulfil-import --stock >/dev/null 2>&1
printf 'sku,quantity,quantity_was,reorder_level\nBL,,5,50\n' | fulfil-import --stock >/dev/null 2>&1
is "$(psqlq "select on_hand || ' ' || level from stock join products p on p.id = product_id where sku = 'BL'")" '7 low' \
	'a blank quantity moves nothing, also where the level changes'
printf '%s\n' 'Handle,Title,Option1 Name,Option1 Value,SKU,Location,Available' 'big,Big,Title,Default Title,BIG,N,2000000000' \
	'big,Big,Title,Default Title,BIG,S,2000000000' | fulfil-import --stock >/dev/null 2>&1
is "$(psqlq "select on_hand from stock join products p on p.id = product_id where sku = 'BIG'")" 2147483647 'a sum is the most at most'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
