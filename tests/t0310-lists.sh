#!/bin/sh
# Lists of the API: pages by number and by cursor, totals, filters and search.
# shellcheck disable=SC2317 # functions called by ok
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "INSERT INTO orders (shop, external_id, status, name, customer_name, customer_email, created_at)
	SELECT 's.myshopify.com', 70000 + i, CASE WHEN i % 10 = 0 THEN 'failed' ELSE 'completed' END, '#' || i,
		CASE i WHEN 17 THEN 'Zoë O''Neil' WHEN 18 THEN '50% _off' ELSE 'Ann Smith' END,
		'c' || i || '@Example.com', '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 hour'
	FROM generate_series(1, 120) i"
psqlq "INSERT INTO order_items (order_id, line_no, sku, quantity, current, target)
	SELECT id, 1, CASE WHEN id % 4 = 0 THEN 'Mug-Blue' ELSE 'Cap' END, 1, 1, 1 FROM orders"
psqlq "INSERT INTO products (sku, name, description, active)
	SELECT 'P-' || i, CASE WHEN i % 3 = 0 THEN 'Blue MUG ' ELSE 'Cap ' END || i,
		CASE i WHEN 7 THEN 'CRÈME brûlée' WHEN 8 THEN '100% wool_x \\ y' END, i % 2 = 0
	FROM generate_series(1, 90) i"
psqlq "INSERT INTO stock (product_id, on_hand, level) SELECT id, id % 30, stock_level((id % 30)::int, 10) FROM products WHERE id <= 60"

# found TARGET: ids of the first list, joined; "more" if there is a cursor.
found() {
	request GET "$1"
	answer '(to_entries[0].value | map(.id // .product_id) | join(",")) + (if .next_cursor then " more" else "" end)'
}
# walk TARGET: the ids of all pages, from cursor to cursor.
walk() {
	walk_next=''
	while :; do
		request GET "$1${walk_next:+&cursor=$walk_next}"
		answer 'to_entries[0].value[] | .id // .product_id'
		walk_next=$(answer '.next_cursor // empty')
		[ -n "$walk_next" ] || return 0
	done
}

# --- pages

is "$(found '/api/orders?page_size=3')" '120,119,118 more' 'the newest first'
is "$(answer -c '[.total, .total_capped, .page, .page_size, .total_pages]')" '[120,false,1,3,40]' '... with totals'
is "$(found '/api/orders?page_size=3&page=2')" '117,116,115 more' 'page 2'
is "$(found '/api/orders?page_size=50&page=3' | tr , '\n' | sed -n '1p;$p' | tr '\n' ' ')" '20 1 ' 'the last page'
is "$(found '/api/orders?page_size=7&page=18')" 1 '... which is not full'
is "$(found '/api/orders?page=4')" '' 'a page beyond it'
is "$(walk '/api/orders?page_size=50')" "$(seq 120 -1 1)" 'all of them, by cursor'
is "$(answer -c '[.total, .page, .total_pages]')" '[120,null,3]' '... with totals'
is "$(for p in 1 2 3 4 5 6 7 8; do found "/api/orders?page_size=17&page=$p"; done | tr -d ' more' | tr ',' '\n')" \
	"$(seq 120 -1 1)" '... by number'
request GET '/api/orders?page_size=5'
cursor=$(answer .next_cursor)
psqlq "INSERT INTO orders (shop, external_id) VALUES ('s.myshopify.com', 999)"
is "$(found "/api/orders?page_size=5&cursor=$cursor")" '115,114,113,112,111 more' 'a cursor is not shifted by what is new'
is "$(answer .total)" 121 '... which is counted'
psqlq 'DELETE FROM orders WHERE external_id = 999'
request GET "/api/orders?status=failed&cursor=$cursor"
refused 400 'cursor is of a list with other filters or another order' 'a cursor with other filters'
request GET "/api/products?cursor=$cursor"
refused 400 'cursor is of a list with other filters or another order' '... or of another list'
request GET "/api/orders?page=2&cursor=$cursor"
refused 400 'cursor does not go with page' '... or with a page'
request GET '/api/orders?cursor=zz'
refused 400 'cursor is not valid' 'what is no cursor'
request GET '/api/orders?page=0&page_size=201&status=lost&since=today&x=1&q=%ff&q=a'
refused 400 'page must be a whole number from 1 to 100000000;page_size must be a whole number from 1 to 200;status must be one of pending,processing,completed,failed,cancelled;since must be a time such as 2026-01-31T12:00:00Z;x is not a parameter here;q must be UTF-8 of at most 200 bytes;q is given more than once' \
	'all that is wrong with a request'
request GET '/api/orders?status=completed&page=201'
refused 400 'page reaches beyond the 10,000 rows that filters count; use cursor' 'a page too deep for a filter'

# --- filters of orders

is "$(found '/api/orders?status=failed&page_size=4')" '120,110,100,90 more' 'by status'
is "$(answer -c '[.total, .total_pages]')" '[12,3]' '... counted'
is "$(walk '/api/orders?status=failed&page_size=5')" "$(seq 120 -10 10)" '... by cursor'
is "$(found '/api/orders?status=cancelled')" '' '... none'
is "$(found '/api/orders?since=2026-01-05T22:00:00Z')" '120,119,118' 'since'
is "$(found '/api/orders?since=2026-01-05T23:00:00%2B01:00&status=failed')" 120 '... and a status'
is "$(found '/api/orders?since=2030-01-01T00:00:00Z')" '' '... in the future'
is "$(found '/api/orders?q=17')" '117,17' 'q: part of a name, and an id'
is "$(found '/api/orders?q=70005')" 5 'q: the id of Shopify'
is "$(found '/api/orders?q=%2317')" 17 'q: a name'
is "$(found '/api/orders?q=ZO%C3%8B')" 17 'q: a customer, in any case'
is "$(found '/api/orders?q=C17@example.COM')" 17 'q: an address'
is "$(found '/api/orders?q=50%25+_o')" 18 'q: % and _ are letters'
is "$(found "/api/orders?q=O'neil")" 17 "q: a quote"
is "$(found '/api/orders?q=UG-B&page_size=2')" '120,116 more' 'q: part of a SKU'
is "$(answer .total)" 30 '... counted'
is "$(found '/api/orders?q=nothing')" '' 'q: nothing'
is "$(found '/api/orders?sku=mug-blue&status=failed')" '120,100,80,60,40,20' 'by SKU and status'
is "$(found '/api/orders?sku=mug')" '' '... whole SKUs only'
is "$(walk '/api/orders?sku=MUG-BLUE&page_size=7')" "$(seq 120 -4 4)" '... by cursor'

# --- bulk retry

request POST '/api/orders/retry?status=completed'
refused 400 'status must be one of failed,pending' 'retry of what did not fail'
request POST /api/orders/retry
refused 400 'status must say failed or pending' 'retry of what is not said'
request POST '/api/orders/retry?status=failed&sku=mug-blue&since=2026-01-04T00:00:00Z'
is "$STATUS $(answer -c .)" '202 {"retried":3}' 'retry of all that match'
is "$(psqlq "SELECT array_agg(id ORDER BY id) FROM orders WHERE status = 'pending' AND run = 2 AND next_attempt_at <= now()")" \
	'{80,100,120}' '... and of no others'
is "$(redis-cli -s "$REDIS_SOCKET" LRANGE fulfil:orders 0 -1 | tr '\n' ' ')" '80 100 120 ' '... which are on the list'
request POST '/api/orders/retry?status=failed&q=c110@'
is "$(answer .retried)" 1 'retry by text'
request POST '/api/orders/retry?status=failed&q=nobody'
is "$(answer .retried)" 0 '... of nothing'
request POST '/api/orders/retry?status=pending'
is "$(answer .retried)" 0 '... of those that are due'
psqlq "UPDATE orders SET retry_count = 2, next_attempt_at = now() + interval '1 hour' WHERE id IN (80, 100, 110);
	UPDATE orders SET retry_count = 1, status = 'completed', next_attempt_at = now() + interval '1 hour' WHERE id = 101"
request POST '/api/orders/retry?status=pending&sku=mug-blue'
is "$(answer .retried)" 2 'retry of all that wait for their next attempt'
is "$(psqlq "SELECT array_agg(id ORDER BY id) FROM orders WHERE run = 3 AND retry_count = 0 AND next_attempt_at <= now()")" '{80,100}' \
	'... and match'

# --- products and stock

is "$(found '/api/products?page_size=2')" '90,89 more' 'products, the newest first'
is "$(answer -c '[.total, .products[0]] | .[1] |= (del(.created_at, .updated_at))')" \
	'[90,{"id":90,"sku":"P-90","name":"Blue MUG 90","description":null,"category":null,"price":null,"active":true,"reorder_level":null,"details":null,"quantity":0,"is_low_stock":false,"stock_updated_at":null}]' \
	'... with their fields'
is "$(found '/api/products?sku=p-1&page_size=3')" '19,18,17 more' 'by a part of the SKU'
is "$(answer .total)" 11 '... counted'
is "$(found '/api/products?name=mug&active=true&page_size=3')" '90,84,78 more' 'by name and active'
is "$(walk '/api/products?name=mug&page_size=4')" "$(seq 90 -3 3)" '... by cursor'
is "$(walk '/api/products?q=g+3&page_size=3' | tr '\n' ' ')" '39 36 33 30 3 ' 'by a text in SKU or name'
is "$(found '/api/products?q=P-3&name=cap&page_size=20')" '38,37,35,34,32,31' '... and a name'
is "$(found '/api/products?description=cr%C3%A8ME')" 7 'by description, letters of any kind in any case'
is "$(found '/api/products?description=0%25+w')" 8 '... % is a letter'
is "$(found '/api/products?description=l_x')" 8 '... _ too'
is "$(found '/api/products?description=%5C+y')" 8 '... \ too'
psqlq 'UPDATE products SET deleted_at = now() WHERE id IN (89, 1, 45)'
is "$(found '/api/products?page_size=2')" '90,88 more' 'a deleted product is gone'
is "$(answer .total)" 87 '... from the total too'
is "$(walk '/api/products?page_size=20' | tr '\n' ' ')" "$(seq 90 -1 2 | grep -vx '89\|45' | tr '\n' ' ')" '... by cursor'
is "$(for p in 1 2 3 4 5 6; do found "/api/products?page_size=17&page=$p"; done | tr -d ' more' | tr ',' '\n')" \
	"$(seq 90 -1 2 | grep -vx '89\|45')" '... by number'
request GET /api/products/89
is "$STATUS" 404 '... by its id'
is "$(found '/api/inventory?page_size=2')" '90,88 more' 'stock of all products'
is "$(answer -c '.inventory[0]')" \
	'{"product_id":90,"product_sku":"P-90","product_name":"Blue MUG 90","category":null,"quantity":0,"reserved":0,"available":0,"reorder_level":10,"is_low_stock":false,"updated_at":null}' \
	'... one that never had any'
is "$(found '/api/inventory?sku=p-7,P-41%20,none')" '41,7' 'by SKUs'
is "$(answer -c '.inventory[] | [.quantity, .available, .is_low_stock]')" '[11,11,false]
[7,7,true]' '... with figures'
is "$(found '/api/inventory?sku=p-7,P-41&low=true')" 7 '... those that are low'
is "$(found '/api/inventory?low=true&page_size=4')" '60,40,39,38 more' 'all that are low'
is "$(found '/api/inventory?low=true&q=MUG&page_size=3')" \
	"$(psqlq "SELECT string_agg(id::text, ',' ORDER BY id DESC) FROM (SELECT p.id FROM products p JOIN stock s ON s.product_id = p.id
		WHERE s.level <> 'ok' AND p.deleted_at IS NULL AND p.name ILIKE '%mug%' ORDER BY 1 DESC LIMIT 3) l")$(answer 'if .next_cursor then " more" else "" end')" \
	'... with a text'
ok '... of which there are some' test "$(answer '.inventory | length')" -gt 0
is "$(walk '/api/inventory?q=g+3&page_size=3' | tr '\n' ' ')" '39 36 33 30 3 ' 'stock by a text in SKU or name'
psqlq "UPDATE products SET category = CASE WHEN id % 3 = 0 THEN 'Mugs' ELSE 'Mugs and caps' END"
for list in products inventory; do
	is "$(walk "/api/$list?category=mUGS&page_size=20" | tr '\n' ' ')" "$(seq 90 -3 3 | grep -vx 45 | tr '\n' ' ')" "$list of a category"
	is "$(found "/api/$list?category=mugs&q=P-3")" '39,36,33,30,3' '... and with a text'
	is "$(found "/api/$list?category=mug")" '' '... whose name is whole'
done
is "$(found '/api/inventory?low=true&category=mugs&page_size=3')" '60,39,36 more' 'what is low of a category'
request GET '/api/products/count?category=MUGS'
is "$(answer .total)" 29 'counted by category'
request GET '/api/inventory?category=mugs&sku=P-3'
refused 400 'category does not go with sku' 'a category beside SKUs'
request GET '/api/inventory?q=mug&sku=P-3'
is "$STATUS" 400 '... which does not go with SKUs'
is "$(found '/api/inventory/alerts?page_size=4')" '60,40,39,38 more' '... are the alerts'
is "$(answer -c '[.total, .total_capped]')" '[21,false]' '... counted'
is "$(found '/api/inventory?low=false&page_size=2')" '90,88 more' 'low=false filters nothing'

done_testing
