#!/bin/sh
# fulfil-import: what an import changes, as records, and taking it back.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

table() {
	psqlq 'select p.*, s.on_hand, s.level from products p left join stock s on s.product_id = p.id where deleted_at is null order by p.id'
}
shown() {
	psqlq 'select sku, name, price, on_hand from products p left join stock s on s.product_id = p.id
		where deleted_at is null order by lower(sku)'
}
changes() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "change") | [.line, .sku, .set, .stock]'
}
import_id() {
	printf '%s\n' "$OUT" | jq 'select(.type == "summary") | .import_id'
}

printf 'sku,name,description,category,price,active,reorder_level,quantity\nA-1,One,d,Hats,5.00,yes,,10\nA-2,"T ""w"" o",,,6,no,2,3\nA-3,Three,,,7,yes,,\n' >all.csv
exit_is 0 'new products' -- fulfil-import --stock <all.csv
is "$(changes)" '' '... are no changes'
first=$(import_id)
like "$first" '^[0-9]*$' '... have an id to take them back'
before=$(table)

printf 'sku,name,description,category,price,active,reorder_level,quantity\na-1,One,e,,5.50,no,4,7\nA-2,Tü,,,6.0,no,2,3\nA-3,Three,,,,yes,,2\nB-1,New,,,1,yes,,9\n' >change.csv
want='[2,"a-1",{"sku":["A-1","a-1"],"description":["d","e"],"category":["Hats",null],"price":["5.00","5.50"],"active":[true,false],"reorder_level":[null,4]},-3]
[3,"A-2",{"name":["T \"w\" o","Tü"],"price":["6","6.0"]},0]
[4,"A-3",{"price":["7",null]},2]'
exit_is 0 'a dry run' -- fulfil-import --stock --dry-run <change.csv
is "$(changes)" "$want" '... says what would change'
is "$(import_id)" null '... and has no id'
is "$(table)" "$before" '... and changes nothing'
exit_is 0 'the import' -- fulfil-import --stock --changes <change.csv
is "$(changes)" "$want" '... says the same'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | .changes')" \
	'{"sku":1,"name":1,"description":1,"category":1,"price":3,"active":1,"reorder_level":1,"quantity":2,"details":0,"units_up":2,"units_down":3}' \
	'... counted by column'
second=$(import_id)
exit_is 0 'the same file again' -- fulfil-import --stock --changes <change.csv
is "$(changes) $(import_id)" ' null' '... changes nothing, and is not kept'

exit_is 0 'taking it back' -- fulfil-import --undo "$second"
is "$OUT" "{\"v\":1,\"type\":\"undo\",\"import_id\":$second,\"restored\":3,\"deleted\":1,\"stock\":2,\"kept\":0}" '... is told'
is "$(table | cut -d'|' -f1-11)" "$(printf '%s\n' "$before" | cut -d'|' -f1-11)" '... the table is as it was'
is "$(shown | tail -1)" 'A-3|Three|7|0' '... with its stock'
exit_is 65 'taking it back twice' -- fulfil-import --undo "$second"
like "$ERR" 'taken back already' '... cannot be'
exit_is 65 'one that is not known' -- fulfil-import --undo 999
like "$ERR" 'no changes of such an import' '... is told'
exit_is 0 'a change after all' -- fulfil-import --stock <change.csv
third=$(import_id)

# What was touched since is kept, and named.
printf 'sku,price\nA-2,9\n' | fulfil-import >/dev/null 2>&1
printf '{"id":1,"currency":"EUR","total_price":"1.00","line_items":[{"id":1,"sku":"B-1","quantity":2,"price":"1.00"},{"id":2,"sku":"A-3","quantity":1,"price":"1.00"},{"id":3,"sku":"A-1","quantity":1,"price":"1.00"}]}\n' |
	fulfil-recv | fulfil-work - >/dev/null
exit_is 0 'taking back what was touched' -- fulfil-import --undo "$third"
is "$(printf '%s\n' "$OUT" | jq -c 'if .type == "kept" then [.sku, .why] else [.restored, .deleted, .stock, .kept] end')" \
	'["A-2","edited"]
["A-3","sold"]
["B-1","sold"]
[2,0,1,3]' '... leaves it, and says so'
is "$(shown)" 'A-1|One|5.00|9
A-2|Tü|9|3
A-3|Three|7|1
B-1|New|1|7' '... and takes back the rest'

# Several headers in one stream.
before=$(table)
printf 'sku,price\nA-1,1\nA-3,2\nname,sku\nUno,A-1\nNuovo,C-1\nsku,price,category\nA-1,3,X\nC-1,4,Y\n' >parts.csv
exit_is 0 'three parts' -- fulfil-import <parts.csv
is "$(counts)" '[6,1,5,0,0,0,"ok"]' '... are in'
exit_is 0 '... and taken back' -- fulfil-import --undo "$(import_id)"
is "$(printf '%s\n' "$OUT" | jq -c '[.deleted, .kept]')" '[1,0]' '... all of them'
is "$(table)" "$before" '... to what was before'

# Quick, compared with the import itself, and byte for byte.
rows 20000 Old | fulfil-import >/dev/null 2>&1
before=$(psqlq 'select md5(string_agg(p::text, chr(10) order by id)) from products p where deleted_at is null')
exit_is 0 'many changes' -- sh -c "sed 's/Old/New/' | fulfil-import" <<END
$(rows 20000 Old)
END
is "$(counts)" '[20000,0,20000,0,0,0,"ok"]' '... are made'
exit_is 0 '... and taken back' -- fulfil-import --undo "$(import_id)"
is "$(psqlq 'select md5(string_agg(p::text, chr(10) order by id)) from products p where deleted_at is null')" "$before" '... to the last byte'
exit_is 64 'undo and a dry run' -- fulfil-import --undo 1 --dry-run </dev/null
run_ok 'the audit holds' fulfil-scan --audit
done_testing
