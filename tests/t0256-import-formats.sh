#!/bin/sh
# fulfil-import: the exports of other systems, told by their header; numbers as people write them;
# files whose header is further down, comes again, or is not there.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

# becomes STATUS COUNTS TABLE NAME -- ARGS: what a run of the file `in` makes of an empty table.
becomes() {
	want=$1 expected=$2 table=$3 name=$4
	shift 5
	psqlq "set client_min_messages = error; truncate products, ledger restart identity cascade"
	exit_is "$want" "$name" -- sh -c 'fulfil-import "$@" <in' - "$@"
	is "$(counts)" "$expected" '... its counts'
	is "$(unlawful)" '' '... and the law'
	is "$(psqlq "select p.sku, p.name, p.price, p.active, p.category, s.on_hand from products p
		left join stock s on s.product_id = p.id order by p.sku collate \"C\"")" "$table" '... its products'
}
warned() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | .warning_counts | map([.code, .count])'
}
passed() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | .passed_over'
}

cat >in <<'EOF'
Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src,Status
cap,Wool Cap,<b>Warm</b>,Nord,Caps,TRUE,Size,S,Colour,Red,CAP-S,4,24.00,https://i.example/1.png,active
cap,,,,,,,M,,Blue,CAP-M,0,24.50,,
cap,,,,,,,,,,,,,https://i.example/2.png,
jug,Jug,,Nord,Home,FALSE,Title,Default Title,,,JUG,-2,8,,draft
tee,Tee,,Nord,,TRUE,Size,Extra Large,,,,7,9.95,,active
EOF
becomes 0 '[4,4,0,0,0,0,"ok"]' 'CAP-M|Wool Cap - M / Blue|24.50|t|Caps|0
CAP-S|Wool Cap - S / Red|24.00|t|Caps|4
JUG|Jug|8|f|Home|0
tee-Extra-Large|Tee - Extra Large|9.95|t||7' 'Shopify' -- --stock
is "$(warned)" '[["format",1],["unknown_columns",1],["image_row",1],["negative_quantity",1],["sku_made",1]]' '... and what is told'
is "$(passed)" 1 '... with the row of an image passed over'

cat >in <<'EOF'
Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Price,Price / International,Inventory quantity,Product image URL
Wool Cap,cap,Warm,Nord,Apparel > Hats,Caps,x,TRUE,Active,CAP-S,,Size,S,24.00,,4,u
,cap,,,,,,,,CAP-M,,,M,24.50,,5,
EOF
becomes 0 '[2,2,0,0,0,0,"ok"]' 'CAP-M|Wool Cap - M|24.50|t|Caps|5
CAP-S|Wool Cap - S|24.00|t|Caps|4' 'Shopify, the newer header' -- --stock

cat >in <<'EOF'
Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Incoming,Unavailable,Committed,Available,On hand
cap,Wool Cap,Size,S,CAP-S,,DE,North,0,1,2,3,6
jug,Jug,Title,Default Title,JUG,,DE,North,0,0,0,1,1
cap,Wool Cap,Size,S,CAP-S,,DE,South,0,0,0,9,9
tee,Tee,Title,Default Title,TEE,,DE,South,not stocked,not stocked,not stocked,not stocked,not stocked
EOF
becomes 0 '[4,3,0,0,1,0,"ok"]' 'CAP-S|Wool Cap - S||t||12
JUG|Jug||t||1
TEE|Tee||t||' 'a row a location: the sum of what is available' -- --stock
becomes 0 '[2,2,0,0,0,0,"ok"]' 'CAP-S|Wool Cap - S||t||9
TEE|Tee||t||' '... or one of them' -- --stock --location South

cat >in <<'EOF'
ID,Type,SKU,Name,Published,"Short description",Description,"In stock?",Stock,"Sale price","Regular price",Categories,Images,Parent,"Attribute 1 name","Attribute 1 value(s)"
44,variable,PARKA,Parka,1,,Long,1,,,,"Coats, Coats > Winter",,,Size,"S, L"
45,simple,,Socks,-1,,,1,20,3.00,4.50,Feet,,,,
46,"variation, virtual",PARKA-S,"Parka - S",1,,,1,2,,99.00,,,PARKA,Size,S
47,variation,PARKA-L,,1,,,1,3,,109.00,,,id:44,Size,L
EOF
becomes 0 '[3,3,0,0,0,0,"ok"]' 'PARKA-L|Parka - L|109.00|t|Coats, Coats > Winter|3
PARKA-S|Parka - S|99.00|t|Coats, Coats > Winter|2
id:45|Socks|4.50|f|Feet|20' 'WooCommerce' -- --stock
is "$(passed)" 1 '... without the parent'

cat >in <<'EOF'
sku,store_view_code,attribute_set_code,product_type,categories,name,price,product_online,qty
ST-1,,Default,simple,Default/Straps,Strap,14.0000,1,100.0000
ST-1,fr,,simple,,Sangle,,,
ST-2,,Default,configurable,,Set,,1,0.0000
ST-3,,Default,simple,,Off,2.5000,2,7.0000
EOF
becomes 0 '[2,2,0,0,0,0,"ok"]' 'ST-1|Strap|14.0000|t|Default/Straps|100
ST-3|Off|2.5000|f||7' 'Magento' -- --stock

cat >in <<'EOF'
Token,Item Name,Variation Name,SKU,Description,Category,Price,Current Quantity Mitte,New Quantity Mitte,Current Quantity Nord,Archived
T1,Bun,Regular,BUN,,Bread,2.50,3,,4,N
T2,Roll,Large,,,Bread,variable,,,1,Y
EOF
becomes 0 '[2,2,0,0,0,0,"ok"]' 'BUN|Bun|2.50|t|Bread|7
T2-Large|Roll - Large||f|Bread|1' 'Square' -- --stock

cat >in <<'EOF'
Handle,SKU,Name,Category,Sold by weight,Option 1 name,Option 1 value,Cost,Track stock,Available for sale [Shop],Price [Shop],In stock [Shop],Low stock [Shop]
tea,10001,Tea,Drinks,N,Size,Big,1,Y,Y,3.50,12,2
tea,10002,,,,,Small,1,Y,N,2.50,0,
EOF
becomes 0 '[2,2,0,0,0,0,"ok"]' '10001|Tea - Big|3.50|t|Drinks|12
10002|Tea - Small|2.50|f|Drinks|0' 'Loyverse' -- --stock

printf 'item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\tasin1\tstatus\nLamp\t5" wide\tL1\tLA-1\t19.90\t3\tB0\tActive\nMat\t\tL2\tMA-1\t9\t\tB1\tInactive\n' >in
becomes 0 '[2,2,0,0,0,0,"ok"]' 'LA-1|Lamp|19.90|t||3
MA-1|Mat|9|f||' "Amazon" -- --stock

cat >in <<'EOF'
TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,VARIATION 1 TYPE,VARIATION 1 NAME,VARIATION 1 VALUES,SKU
Ring,Silver,39.00,EUR,5,a,,,,RING
Pair,Two,20.00,EUR,2,a,Size,Size,"S,M","PAIR-S,PAIR-M"
EOF
becomes 65 '[2,1,0,0,0,1,"partial"]' 'RING|Ring|39.00|t||5' 'Etsy' -- --stock
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "reject") | .code')" several_skus '... several SKUs in a cell are told'

# --- which format ---
printf 'Handle,Title,Variant SKU,Variant Price\na,A,A-1,5\n' >in
becomes 0 '[1,1,0,0,0,0,"ok"]' 'A-1|A|5|t||' 'a format that is not wanted' -- --like plain
exit_is 64 'a format that is none' -- fulfil-import --like nothing <in
like "$ERR" 'plain, shopify, ' '... the others are named'
exit_is 0 'explained' -- fulfil-import --explain <in
is "$(printf '%s\n' "$OUT" | jq -c '[.type, .name, .means]' | xargs)" \
	'[column,Handle,group] [column,Title,name] [column,Variant SKU,sku] [column,Variant Price,price]' '... what each column will be'

# --- numbers ---
printf 'SKU;Bezeichnung;Preis;Bestand\nB-1;Eins;12,50;3\nB-2;Zwei;1.234,50 €;1.000\nB-3;Drei;EUR 7;2,0\n' >in
becomes 0 '[3,3,0,0,0,0,"ok"]' 'B-1|Eins|12.50|t||3
B-2|Zwei|1234.50|t||1000
B-3|Drei|7|t||2' 'a decimal comma is found' -- --stock
printf 'SKU;Name;Preis\nB-1;Eins;1.250\nB-2;Zwei;12,50\n' >in
becomes 65 '[1,0,0,0,0,0,"failed"]' '' 'what may be a thousand, and a decimal comma' --
like "$ERR" 'mixed_decimal: line 3 has the price .*12,50.* and line 2 .*1\.250' '... is refused with both lines'
becomes 0 '[2,2,0,0,0,0,"ok"]' 'B-1|Eins|1250|t||
B-2|Zwei|12.50|t||' '... unless it is said' -- --decimal ,
# shellcheck disable=SC2016 # a price in dollars
printf 'sku,name,price,quantity\nU-1,One,"$1,234.50","1,000"\nU-2,Two,.99,10.0\nU-3,Three,"1,2,3",1\n' >in
becomes 65 '[3,2,0,0,0,1,"partial"]' 'U-1|One|1234.50|t||1000
U-2|Two|0.99|t||10' 'a decimal point' -- --stock --decimal .
printf 'sku,name,price\nU-1,One,"12,50"\nU-2,Two,"7,00"\n' >in
becomes 65 '[2,0,0,0,0,2,"partial"]' '' 'a comma that is the delimiter' --
like "$ERR" '2 numbers could not be read for a comma: .* --decimal ,' '... is no decimal mark unless it is said'

# --- headers ---
printf 'Price List;;;\n;;;\nfrom March;;;\nSKU;Name;Price;Stock\nP-1;One;5.00;3\nTotal;;5.00;3\n' >in
becomes 65 '[0,0,0,0,0,0,"failed"]' '' 'lines before the header' --
like "$ERR" 'line 4 has a sku and a name: --header-line 4' '... the line is named'
becomes 0 '[1,1,0,0,0,0,"ok"]' 'P-1|One|5.00|t||3' '... and can be said' -- --stock --header-line 4
is "$(warned)" '[["preamble",1],["total_row",1]]' '... the rest is told'
printf 'ART-1;12;x\nART-2;14\n' >in
becomes 65 '[0,0,0,0,0,0,"failed"]' '' 'no header, other fields' -- --stock --columns sku,quantity
like "$ERR" 'columns_differ: line 1 has ' '... is told'
printf 'ART-1;12;x\nART-2;14;y\n' >in
becomes 0 '[2,2,0,0,0,0,"ok"]' 'ART-1|x||f||12
ART-2|y||f||14' 'no header, with a name' -- --stock --columns sku,quantity,name --active no
{ printf 'name,sku,description\nA,S-1,a\n'; printf 'name,sku,description\nB,S-2,b\n'; printf 'sku,name,description\nS-3,C,c\n'; } >in
becomes 0 '[3,3,0,0,0,0,"ok"]' 'S-1|A||t||
S-2|B||t||
S-3|C||t||' 'files one after another' --
is "$(warned)" '[["repeated_header",2]]' '... with their headers'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
