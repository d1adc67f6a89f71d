#!/bin/sh
# The API's changes of the catalogue: create, change, delete, many at once. Without a web server.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start

# product: the fields of the answer that do not change from run to run.
product() {
	answer -c '[.id, .sku, .name, .description, .category, .price, .active, .reorder_level, .quantity, .is_low_stock]'
}
updated() {
	psqlq "SELECT updated_at FROM products WHERE id = $1"
}

# --- create

request POST /api/products '{"sku": "Mug-1", "name": "A mug"}'
is "$STATUS $(product)" '201 [1,"Mug-1","A mug",null,null,null,true,null,0,false]' 'a product of the least'
like "$HEAD" '^Location: /api/products/1$' '... and where it is'
is "$(answer '.created_at == .updated_at')" true '... and since when'
request POST /api/products '{"sku": "\u00a0 CAP\ufeff\t", "name": " Çap\n", "description": " as\u0000is ", "price": 19.90}'
refused 400 '/description has a NUL byte in it' 'a NUL'
request POST /api/products '{"sku": "\u00a0 CAP\ufeff\t", "name": " Çap\n", "description": " as is\n", "category": "Hats",
	"price": 19.90, "active": false, "reorder_level": 3}'
is "$STATUS $(product)" '201 [2,"CAP","Çap"," as is\n","Hats","19.90",false,3,0,false]' 'all that a product has, trimmed as an import does'
for price in '"0.5" 0.5' '7 7' '0 0' 'null null' '"" null'; do
	request PUT /api/products/2 "{\"price\": ${price% *}}"
	is "$STATUS $(answer .price)" "200 ${price#* }" "the price ${price% *}"
done

while IFS='	' read -r body want; do
	request POST /api/products "$body"
	refused 400 "$want" "$body"
done <<'END'
{}	/sku is missing;/name is missing
{"sku": "", "name": " \u00a0"}	/sku is empty;/name is empty
{"sku": null, "name": 5}	/sku must be a text;/name must be a text
{"sku": "a\u000ab", "name": "a\u0007"}	/sku has the control character U+000A in it;/name has the control character U+0007 in it
{"sku": "A", "name": "A", "price": "1,50", "active": "yes", "reorder_level": 1.5}	/price "1,50" is no price: 1 to 12 digits, and up to 6 more after a point;/active must be true or false;/reorder_level must be a whole number or null
{"sku": "A", "name": "A", "price": -1, "active": null, "reorder_level": -1}	/price "-1" is no price: 1 to 12 digits, and up to 6 more after a point;/active must be true or false;/reorder_level "-1" is no whole number from 0 to 2147483647
{"sku": "A", "name": "A", "price": 1e3, "reorder_level": 2147483648}	/price "1e3" is no price: 1 to 12 digits, and up to 6 more after a point;/reorder_level "2147483648" is no whole number from 0 to 2147483647
{"sku": "A", "name": "A", "prize": 1, "a/b": 1, "id": 7, "quantity": 7}	/prize is not known here;/a~1b is not known here;/id is not known here;/quantity is changed at /api/inventory/{id}
{"sku": "A", "name": "A", "description": ["a"], "category": {}}	/description must be a text or null;/category must be a text or null
["A"]	
{"sku": "A", "sku": "B", "name": "A"}	
END
{
	printf '{"name":"Long","sku":"'
	head -c 255 /dev/zero | tr '\0' x
	printf '","description":"'
	head -c 1048576 /dev/zero | tr '\0' y
	printf '"}'
} >long
SEND=long request POST /api/products
is "$STATUS $(answer '[(.sku, .description) | length] | tojson')" '201 [255,1048576]' 'as much as a product may hold'
sed 's/yyy"/yyyy"/; s/"xxx/"xxxx/' long >longer
SEND=longer request POST /api/products
refused 400 '/sku has 256 characters; 255 are the most;/description is longer than 1048576 bytes' '... and no more'

# --- taken SKUs

request POST /api/products '{"sku": "mUG-1", "name": "Another"}'
refused 409 '/sku is taken' 'a SKU that is taken, in another case'
like "$HEAD" '^Location: /api/products/1$' '... and by which product'
is "$(answer .detail)" 'the SKU is that of product 1' '... in words too'
request PUT /api/products/2 '{"sku": "mug-1"}'
refused 409 '/sku is taken' '... by a change'
request PUT /api/products/1 '{"sku": "MUG-1"}'
is "$STATUS $(answer .sku)" '200 MUG-1' 'a product may respell its own'

# --- change

before=$(updated 1)
request PUT /api/products/1 '{"name": "A mug", "description": null, "price": null}'
is "$STATUS $(updated 1)" "200 $before" 'what changes nothing is no change'
request PUT /api/products/1 '{}'
is "$STATUS $(updated 1)" "200 $before" '... nor is nothing'
request PUT /api/products/1 '{"description": "blue", "price": "8"}'
is "$STATUS $(product)" '200 [1,"MUG-1","A mug","blue",null,"8",true,null,0,false]' 'a change has only what changes'
is "$(psqlq "SELECT updated_at > '$before' FROM products WHERE id = 1")" t '... and is told by updated_at'
request PUT /api/products/1 '{"description": "", "price": null, "active": false}'
is "$STATUS $(product)" '200 [1,"MUG-1","A mug",null,null,null,false,null,0,false]' 'null clears'
request PUT /api/products/1 '{"name": null, "active": null, "colour": "red"}'
refused 400 '/name must be a text;/active must be true or false;/colour is not known here' '... but not what must be there'
request PUT /api/products/1 "$(jq -nc '[range(20000) | {"x\(.)": 1}] | add')"
ok 'a thousand faults are not all told' test "$STATUS $((${#BODY} < 20000))" = '400 1'
psqlq "SELECT stock_adjust(1, 5, true, 'x', 'test', 3)" >/dev/null
level() { psqlq 'SELECT level, alert_due FROM stock WHERE product_id = 1'; }
request PUT /api/products/1 '{"reorder_level": 5}'
is "$STATUS $(answer -c '[.quantity, .reorder_level, .is_low_stock]') $(level)" '200 [5,5,true] low|t' 'a threshold decides what is low'
request PUT /api/products/1 '{"reorder_level": 4}'
is "$(level)" 'ok|f' '... both ways'
request PUT /api/products/9 '{"name": "x"}'
refused 404 '' 'a product that is not there'

# --- delete

request DELETE /api/products/1
is "$STATUS $(wc -c <body)" '204 0' 'delete'
for method in GET PUT DELETE; do
	request $method /api/products/1 '{"name": "x"}'
	refused 404 '' "... and $method finds it no more"
done
request POST /api/inventory/1 '{"add": 1, "reason": "x"}'
refused 404 '' '... nor does its stock'
request POST /api/products '{"sku": "mug-1", "name": "New"}'
is "$STATUS $(answer .sku)" '201 mug-1' 'its SKU is free'
is "$(psqlq "SELECT count(*) FROM ledger WHERE product_id = 1")" 1 'its history stays'
request GET /api/products
is "$(answer -c '[.total, [.products[].sku | .[:5]]]')" '[3,["mug-1","xxxxx","CAP"]]' 'the list has the rest'
TOKEN=$API_TOKENS_READ
for call in 'POST /api/products' 'PUT /api/products/2' 'DELETE /api/products/2' 'DELETE /api/products/bulk?confirm=true'; do
	request "${call% *}" "${call#* }" '{"sku": "Z", "name": "Z"}'
	is "$STATUS" 403 "$call needs more than reading"
done
done_testing
