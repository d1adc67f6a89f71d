#!/bin/sh
# fulfil-import: a file with ids of products gives them other SKUs.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start

table() {
	psqlq "select p.id, sku, name, price, on_hand from products p left join stock s on s.product_id = p.id
		where deleted_at is null order by p.id" | tr '\n' ' '
}
told() { # CODE
	printf '%s\n' "$OUT" | jq -c --arg code "$1" 'select(.code == $code) | [.type, .line, .detail]'
}
summary() { # FILTER
	printf '%s\n' "$OUT" | jq -c "select(.type == \"summary\") | $1"
}

printf 'sku,name,price,quantity\nA-1,One,1,5\nA-2,Two,2,6\nA-3,Three,3,7\n' | fulfil-import --stock >/dev/null
before=$(table)
is "$before" '1|A-1|One|1|5 2|A-2|Two|2|6 3|A-3|Three|3|7 ' 'three products'

# An order that waits for a SKU that no product has.
recv '1 NEW-1:2'
RETRY_DELAYS='' settle
is "$(psqlq 'select status from orders')" failed 'an order of a SKU that nobody knows'

request GET '/api/products/export.csv?id=true&stock=true'
is "$(head -n 2 body | tr '\n' ' ')" 'fulfil_id,name,sku,description,active,price,category,quantity,quantity_was 1,One,A-1,,true,1,,5,5 ' 'an export with ids'
sed 's/,A-1,/,NEW-1,/; s/^2,Two,A-2,/2,Deux,a-2b,/' body >renamed.csv
exit_is 0 'new SKUs, tried' -- fulfil-import --stock --dry-run <renamed.csv
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "change") | [.sku, .set]' | tr '\n' ' ')" \
	'["NEW-1",{"sku":["A-1","NEW-1"]}] ["a-2b",{"sku":["A-2","a-2b"],"name":["Two","Deux"]}] ' '... are changes'
is "$(table)" "$before" '... and nothing is done'
exit_is 0 'new SKUs' -- fulfil-import --stock <renamed.csv
is "$(summary '[.read, .created, .updated, .unchanged, .superseded, .rejected]')" '[3,0,2,1,0,0]' '... are counted'
is "$(table)" '1|NEW-1|One|1|5 2|a-2b|Deux|2|6 3|A-3|Three|3|7 ' '... are those of the same products'
id=$(summary .import_id)
RETRY_DELAYS='' settle
is "$(psqlq 'select status from orders') $(psqlq 'select on_hand from stock where product_id = 1')" 'completed 3' '... and who waited for one gets it'
exit_is 0 'the same file again' -- fulfil-import --stock <renamed.csv
is "$(summary '[.unchanged, .import_id]')" '[3,null]' '... changes nothing'
exit_is 0 'taken back' -- fulfil-import --undo "$id"
is "$(table)" '1|A-1|One|1|3 2|A-2|Two|2|6 3|A-3|Three|3|7 ' '... they have their SKUs'

# A SKU that another product has, and one that two would get.
before=$(table)
printf 'fulfil_id,sku,price\n1,a-2,9\n2,X,2\n3,x,3\n' >taken.csv
exit_is 65 'SKUs of others' -- fulfil-import --missing delete --rejects bad.csv <taken.csv
is "$(told sku_taken | tr '\n' ' ')" '["reject",2,"its id is that of \"A-1\", and another product has this SKU: give that one another SKU first"] ["reject",3,"its id is that of \"A-2\", and another product has this SKU: give that one another SKU first"] ["reject",4,"its id is that of \"A-3\", and another product has this SKU: give that one another SKU first"] ' '... are rejected'
is "$(summary '[.read, .created, .updated, .unchanged, .superseded, .rejected, .missing]')" '[3,0,0,0,0,3,0]' '... are counted'
is "$(table)" "$before" '... and do nothing to the others'
is "$(tail -n 1 bad.csv | tr -d '"' | cut -d, -f1,4-)" '4,3,x,3' '... and can be mended'
printf 'fulfil_id,sku,name\n1,B-1,One\n,b-1,Uno\n77,A-9,Nine\n,A-3,Tre\n' >more.csv
exit_is 0 'ids that are blank or unknown' -- fulfil-import <more.csv
is "$(table | sed 's/ [0-9]*|A-9/ n|A-9/')" '1|b-1|Uno|1|3 2|A-2|Two|2|6 3|A-3|Tre|3|7 n|A-9|Nine|| ' '... go by their SKUs'
is "$(summary '[.created, .updated, .unchanged, .superseded]')" '[1,2,0,1]' '... also that of a new one'

# Whose SKU was taken since keeps the new one.
exit_is 0 'a rename' -- sh -c 'printf "fulfil_id,sku,price\n2,C-2,2\n" | fulfil-import'
id=$(summary .import_id)
printf 'sku,name\nA-2,Another\n' | fulfil-import >/dev/null
exit_is 0 'taken back after another came' -- fulfil-import --undo "$id"
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "kept") | [.sku, .why]')" '["C-2","replaced"]' '... is kept and named'

# Ids of other systems.
before=$(table)
printf 'id,sku,name\n1,Z-1,Another thing\ngid://9,Z-2,y\n3,A-3,Tre\n' >others.csv
exit_is 0 'an id of others' -- fulfil-import <others.csv
is "$(summary '[.created, .updated, .unchanged]')" '[2,0,1]' '... makes no product another one'
printf 'id,sku,name\n1,B-9,Uno\n' >ours.csv
exit_is 0 'an id and the name of that product' -- fulfil-import <ours.csv
is "$(psqlq 'select sku from products where id = 1')" 'B-9' '... do'
printf 'id,sku\n3,C-3\n' >map.csv
exit_is 0 'an id that is said to be ours' -- fulfil-import -m id=id --update-only <map.csv
is "$(psqlq 'select sku from products where id = 3')" 'C-3' '... needs no name'
exit_is 65 'an id that is none' -- sh -c 'printf "fulfil_id,sku,name\nx,A,B\n" | fulfil-import'
is "$(told bad_id | jq -r '.[0]')" reject '... is rejected'
exit_is 0 'the audit agrees' -- fulfil-scan --audit
done_testing
