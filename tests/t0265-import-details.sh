#!/bin/sh
# fulfil-import: what a product has besides its columns is kept, given back, filtered, changed and taken back.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
services_start

detail() { # SKU FILTER
	psqlq "select details from products where sku = '$1' and deleted_at is null" | jq -c "$2"
}
told() { # CODE
	printf '%s\n' "$OUT" | jq -c --arg code "$1" 'select(.code == $code) | [.type, .line, .detail]'
}
summary() { # FILTER
	printf '%s\n' "$OUT" | jq -c "select(.type == \"summary\") | $1"
}
table() {
	psqlq 'select sku, name, price, details from products where deleted_at is null order by lower(sku)'
}

cat >shop.csv <<'X'
Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,SEO Title,Variant Image,Cost per item,Status
tee,Tee,<p>Hi</p>,Acme,Shirts,"cotton, summer",Size,S,Color,Red,TEE-S,200,19.90,25.00,'4006381333931,http://x/1.jpg,Best tee,http://x/s.jpg,7.5,active
tee,,,,,,,M,,Red,TEE-M,210,19.90,,4.00638E+12,http://x/2.jpg,,,n/a,
tee,,,,,,,,,,,,,,,http://x/3.jpg,,,,
mug,Mug,,Bolt,Cups,,Title,Default Title,,,MUG,,9.00,,,,"a ""mug"", ü\",,,draft
X
exit_is 0 'an export of a shop' -- fulfil-import <shop.csv
is "$(detail TEE-S '[.barcode, .cost, .compare_at_price, .vendor, .tags, .weight, .image_url, .group, .group_title, .options]')" \
	'["4006381333931","7.5","25.00","Acme","cotton, summer","200 g","http://x/s.jpg","tee","Tee","Size: S / Color: Red"]' 'what is known of a variant'
is "$(detail TEE-S '[."extra: SEO Title", ."extra: Image Src"]')" '["Best tee","http://x/1.jpg"]' '... and the other columns'
is "$(detail TEE-M '[.vendor, .options, .image_url, .weight, .barcode, .cost]')" \
	'["Acme","Size: M / Color: Red","http://x/1.jpg","210 g",null,null]' 'a row below it has what the first one says'
is "$(detail MUG '[keys, ."extra: SEO Title"]')" '[["extra: SEO Title","group","vendor"],"a \"mug\", ü\\"]' 'what is blank is not there'
like "$(told excel_number)" '"warning",3,"its barcode is left out' 'a barcode that a spreadsheet broke is told'
like "$(told bad_detail)" '"warning",3,"its cost is left out' '... and a cost that is none'
like "$(told unknown_columns)" 'kept as they are: \\"SEO Title\\"' '... and what is kept as it is'

exit_is 0 'the same again' -- fulfil-import <shop.csv
is "$(counts)" '[3,0,0,3,0,0,"ok"]' '... changes nothing'
before=$(table)
request GET '/api/products/export.csv?details=true'
like "$(head -n 1 body)" '^name,sku,.*,barcode,compare_at_price,cost,.*,weight,extra: Image Src,extra: SEO Title' 'the export has a column for each'
cp body export.csv
for how in '' '&spreadsheet=true&id=true'; do
	request GET "/api/products/export.csv?details=true$how"
	exit_is 0 "the export, in again $how" -- fulfil-import <body
	is "$(counts)" '[3,0,0,3,0,0,"ok"]' '... changes nothing'
	psqlq 'truncate products cascade' 2>/dev/null
	sed 's/^fulfil_id/id/' body >new.csv
	exit_is 0 '... and into an empty table' -- fulfil-import <new.csv
	is "$(table)" "$before" '... makes it as it was'
	exit_is 0 '' -- fulfil-import <shop.csv
done

# A file has some of the details: the others stay.
printf 'sku,cost,brand,EAN\nTEE-S,8,,111\nMUG,"2.10",,\n' >part.csv
exit_is 0 'costs, tried' -- fulfil-import --dry-run <part.csv
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "change") | [.sku, .set]' | tr '\n' ' ')" \
	'["TEE-S",{"cost":["7.5","8"],"vendor":["Acme",null],"barcode":["4006381333931","111"]}] ["MUG",{"cost":[null,"2.10"],"vendor":["Bolt",null]}] ' '... are changes of those'
is "$(table)" "$before" '... and nothing is done'
exit_is 0 'costs' -- fulfil-import <part.csv
is "$(summary '[.updated, .changes.details, .changes.price]')" '[2,2,0]' '... are counted'
is "$(detail TEE-S '[.barcode, .cost, .vendor, .tags]') $(detail MUG '[.cost, .vendor, .group]')" \
	'["111","8",null,"cotton, summer"] ["2.10",null,"mug"]' '... and the other details stay'
exit_is 0 'taken back' -- fulfil-import --undo "$(summary .import_id)"
is "$(table)" "$before" '... all is as it was'
exit_is 0 'other names' -- fulfil-import --map 'Sup=vendor' --map 'Note=' <<'X'
sku,Sup,Note,color
MUG,Zeta,x,blue
X
is "$(detail MUG '[.vendor, ."extra: color", ."extra: Note"]')" '["Zeta","blue",null]' '... by maps'
exit_is 0 'without details' -- fulfil-import --no-details <<'X'
sku,name,price,vendor,color
MUG,Mug,9.00,Other,red
X
is "$(counts) $(detail MUG '[.vendor, ."extra: color"]')" '[1,0,0,1,0,0,"ok"] ["Zeta","blue"]' '... they are left out'
exit_is 0 'another header with other details' -- fulfil-import <<'X'
sku,name,vendor
MUG,Mug,One
sku,name,tags
MUG,Mug,"a,b"
TEE-M,Tee - M / Red,c
X
is "$(counts) $(detail MUG '[.vendor, .tags]')" '[3,0,3,0,0,0,"ok"] ["One","a,b"]' '... each changes its own'

# The API.
id=$(psqlq "select id from products where sku = 'TEE-S' and deleted_at is null")
for f in barcode=4006381333931 vendor=aCME group=tee tag=Summer; do
	request GET "/api/products?$f"
	like "$(answer -c '[.products[].sku]')" 'TEE-S' "found by $f"
	is "$(answer '[.products[].sku] | index("MUG")')" null '... and not the mug'
done
request PUT "/api/products/$id" '{"details": {"cost": " 8.50 ", "tags": null, "extra: Shelf": "4/b"}}'
is "$STATUS $(answer -c '.details | [.cost, .tags, .vendor, ."extra: Shelf"]')" '200 ["8.50",null,"Acme","4/b"]' 'changed by the API'
for bad in '"cost":"1,2"' '"colour":"red"' '"tags":7' '"extra: ":"x"' '"barcode":"\u0000"'; do
	request PUT "/api/products/$id" "{\"details\": {$bad}}"
	like "$STATUS $(answer -c '.errors[0].pointer')" '^400 /details/' "refused: $bad"
done
request PUT "/api/products/$id" '{"details": null}'
is "$STATUS $(answer -c '.errors[0].pointer')" '400 /details' 'null is no object'
request POST /api/products '{"sku":"NEW","name":"New","details":{"barcode":"77","vendor":""}}'
is "$STATUS $(answer -c .details)" '201 {"barcode":"77"}' 'made by the API'
request POST /api/products '{"sku":"PLAIN","name":"Plain","details":{"vendor":" "}}'
is "$STATUS $(answer -c .details)" '201 null' '... nothing is null'
done_testing
