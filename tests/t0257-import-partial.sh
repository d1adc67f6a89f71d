#!/bin/sh
# fulfil-import: files that change only a part: prices, quantities; that only change, or only create.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

table() {
	psqlq "select p.sku, p.name, p.price, s.on_hand from products p left join stock s on s.product_id = p.id
		where deleted_at is null order by lower(p.sku)"
}
imports() { # STATUS COUNTS NAME -- COMMAND…
	want=$1 expected=$2 name=$3
	shift 4
	exit_is "$want" "$name" -- "$@"
	is "$(counts)" "$expected" "... $expected"
	is "$(unlawful)" '' '... and the law holds'
}

printf 'sku,name,price,quantity\nA-1,One,4,1\nA-2,Two,5,2\nA-3,Three,6,\n' >all.csv
imports 0 '[3,3,0,0,0,0,"ok"]' 'products' -- fulfil-import --stock <all.csv

printf 'sku,price\na-1,4.50\nA-2,5\nNO-1,1\nNO-2,"2\n"\nA-1,4.75\n' >prices.csv
imports 65 '[5,0,1,1,1,2,"partial"]' 'prices' -- fulfil-import --rejects bad.csv <prices.csv
is "$(table)" 'A-1|One|4.75|1
A-2|Two|5|2
A-3|Three|6|' '... names and stock stay'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "reject") | [.line, .last_line, .code, .column]' | xargs)" \
	'[4,4,missing_name,name] [5,6,missing_name,name]' '... a new product needs a name'
is "$(sed 's/"missing_name[^"]*"/r/' bad.csv | cut -d, -f1,3- | tr '\n' ' ')" 'reject_line,sku,price 4,NO-1,1 5,NO-2,"2 " ' '... and its row is given back'
like "$(cat bad.csv)" 'missing_name: no product has this SKU' '... with the reason'
exit_is 65 'too many of them' -- fulfil-import --max-errors 1 <prices.csv
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "summary") | .status')" failed '... and nothing is imported'
imports 0 '[3,0,0,2,1,0,"ok"]' '... unless they are passed over' -- fulfil-import --update-only <prices.csv
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | [.passed_over, .warning_counts]')" \
	'[2,[{"code":"superseded","count":1},{"code":"unknown_sku","count":2}]]' '... and counted'

printf 'sku,quantity\nA-3,7\nA-1,0\nNO,1\n' >stock.csv
imports 65 '[3,0,2,0,0,1,"partial"]' 'quantities' -- fulfil-import --stock <stock.csv
is "$(table)" 'A-1|One|4.75|0
A-2|Two|5|2
A-3|Three|6|7' '... and nothing else'

printf 'sku,name,price,quantity\nA-1,Other,9,9\nA-2,Two,5,2\nB-1,New,1,5\nb-1,Newer,2,6\n' >some.csv
imports 0 '[3,1,0,1,1,0,"ok"]' 'only new ones' -- fulfil-import --stock --create-only <some.csv
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | .passed_over')" 1 '... those that are there are passed over'
is "$(table)" 'A-1|One|4.75|0
A-2|Two|5|2
A-3|Three|6|7
b-1|Newer|2|6' '... and stay as they are'
imports 0 '[3,0,1,1,1,0,"ok"]' 'only old ones' -- sh -c 'sed s/A-2/C-2/ some.csv | fulfil-import --stock --update-only'
is "$(table | sed -n '1p; $p')" 'A-1|Other|9|9
b-1|Newer|2|6' '... are changed'
exit_is 64 'neither' -- fulfil-import --update-only --create-only <some.csv
printf 'sku,description\nA-1,x\n' >described.csv
exit_is 65 'a description alone' -- fulfil-import <described.csv
like "$ERR" 'missing_column' '... is no file of products'
imports 0 '[1,0,1,0,0,0,"ok"]' '... but changes them' -- fulfil-import --update-only <described.csv
printf 'name,sku\nA,A-1\nsku,price,name\nA-2,5,B\n' >two.csv
exit_is 0 "another header with other columns" -- fulfil-import <two.csv
like "$ERR" "another header" "... is told, and read by"
printf 'sku,name\nA-1,X\n,none\n' >short.csv
exit_is 65 'a file that is cut' -- fulfil-import --min-rows 3 <short.csv
like "$ERR" 'too_few_rows: 2 were read, and 3 are the least' '... is refused, with the figures'
exit_is 65 'an empty one' -- sh -c 'echo sku,name | fulfil-import --min-rows 1'
like "$ERR" 'too_few_rows: 0 were read' '... too'
imports 65 '[2,0,1,0,0,1,"partial"]' 'enough rows' -- fulfil-import --min-rows 2 <short.csv
run_ok 'the audit holds' fulfil-scan --audit
done_testing
