#!/bin/sh
# Lists of the API in another order: by number, by cursor, from either end, with filters and without.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "INSERT INTO orders (shop, external_id, status, name, created_at)
	SELECT 's.myshopify.com', 70000 + i, CASE WHEN i % 10 = 0 THEN 'failed' WHEN i % 10 = 1 THEN 'cancelled' ELSE 'completed' END,
		'#' || i, '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 hour'
	FROM generate_series(1, 120) i"
psqlq "INSERT INTO order_items (order_id, line_no, sku, quantity, current, target)
	SELECT id, 1, CASE WHEN id % 4 = 0 THEN 'Mug-Blue' ELSE 'Cap' END, 1, 1, 1 FROM orders"
# SKUs whose order is not that of the ids; one in capitals, one below all letters.
psqlq "INSERT INTO products (sku, name, deleted_at)
	SELECT CASE i WHEN 13 THEN 'P-0755' WHEN 14 THEN '!first' WHEN 15 THEN 'zoë' ELSE 'p-' || to_char((i * 37) % 90, 'FM0000') END,
		'Mug ' || i, CASE WHEN i % 20 = 0 THEN now() END
	FROM generate_series(1, 90) i"
by_sku=$(psqlq "SELECT id FROM products WHERE deleted_at IS NULL ORDER BY lower(sku)")

first() { # TARGET: ids of the list, joined; "more" if there is a cursor
	request GET "$1"
	answer '(to_entries[0].value | map(.id) | join(",")) + (if .next_cursor then " more" else "" end)'
}
walk() { # TARGET: the ids of all pages, from cursor to cursor
	walk_next=''
	while :; do
		request GET "$1${walk_next:+&cursor=$walk_next}"
		answer 'to_entries[0].value[].id'
		walk_next=$(answer '.next_cursor // empty')
		[ -n "$walk_next" ] || return 0
	done
}
numbered() { # TARGET PAGES: the ids of the pages from 1 to PAGES
	for numbered_page in $(seq "$2"); do
		request GET "$1&page=$numbered_page"
		answer 'to_entries[0].value[].id'
	done
}

# --- orders, the oldest first

is "$(first '/api/orders?sort=id&page_size=3')" '1,2,3 more' 'the oldest first'
is "$(answer -c '[.total, .total_capped, .page, .total_pages]')" '[120,false,1,40]' '... with totals'
is "$(walk '/api/orders?sort=id&page_size=50')" "$(seq 120)" '... all by cursor'
is "$(numbered '/api/orders?sort=id&page_size=17' 8)" "$(seq 120)" '... and by number'
is "$(first '/api/orders?sort=id&page=4')" '' '... and none beyond'
is "$(walk '/api/orders?sort=id&status=failed&page_size=5')" "$(seq 10 10 120)" 'the oldest that failed'
is "$(answer .total)" 12 '... counted'
is "$(walk '/api/orders?sort=id&status=cancelled&page_size=7')" "$(seq 1 10 120)" '... were cancelled'
is "$(numbered '/api/orders?sort=id&status=completed&page_size=40' 3)" "$(seq 120 | grep -v '[01]$')" '... were completed'
is "$(first '/api/orders?sort=id&status=pending')" '' '... wait: none'
is "$(walk '/api/orders?sort=id&sku=MUG-BLUE&page_size=7')" "$(seq 4 4 120)" '... with a SKU'
is "$(first '/api/orders?sort=id&since=2026-01-05T22:00:00Z')" '118,119,120' '... since a time'
is "$(first '/api/orders?sort=id&q=17')" '17,117' '... with a text'
is "$(first '/api/orders?sort=id&q=70005')" 5 '... by the id of Shopify'
is "$(first '/api/orders?sort=-id&page_size=2')" '120,119 more' '-id is the order that is there without'
request GET '/api/orders?page_size=5'
cursor=$(answer .next_cursor)
is "$(first "/api/orders?sort=-id&page_size=2&cursor=$cursor")" '115,114 more' '... to its cursors too'
request GET "/api/orders?sort=id&cursor=$cursor"
refused 400 'cursor is of a list with other filters or another order' 'a cursor of another order'
request GET '/api/orders?sort=created_at'
refused 400 'sort must be one of -id,id' 'an order that is not offered'

# --- products by SKU

is "$(walk '/api/products?sort=sku&page_size=20')" "$by_sku" 'by SKU, whatever its case, by cursor'
is "$(answer -c '[.total, .page]')" '[86,null]' '... with totals'
is "$(numbered '/api/products?sort=sku&page_size=17' 6)" "$by_sku" '... and by number'
is "$(walk '/api/products?sort=-sku&page_size=20')" "$(echo "$by_sku" | tac)" 'from the last SKU, by cursor'
is "$(numbered '/api/products?sort=-sku&page_size=17' 6)" "$(echo "$by_sku" | tac)" '... and by number'
request GET '/api/products?sort=sku&page_size=10'
cursor=$(answer .next_cursor)
tenth=$(echo "$by_sku" | sed -n 10p)
psqlq "UPDATE products SET deleted_at = now() WHERE id = $tenth"
psqlq "INSERT INTO products (sku, name) VALUES ('!!', 'before all that was shown')"
is "$(first "/api/products?sort=sku&page_size=2&cursor=$cursor")" "$(echo "$by_sku" | sed -n 11,12p | paste -sd ,) more" \
	'a cursor holds when its row is deleted, and others come'
request GET '/api/products?sort=sku&name=mug'
refused 400 'sort goes with filters by id only' 'with a filter it would be slow'
request GET '/api/products?sort=sku&page=201'
refused 400 'page reaches beyond the first 10,000 rows of this order; use cursor' 'as would a deep page'
request GET '/api/products?sort=name'
refused 400 'sort must be one of -id,sku,-sku' 'an order that is not offered'
psqlq 'UPDATE products SET deleted_at = now()'
is "$(first '/api/products?sort=sku'),$(first '/api/products?sort=-sku')" , 'nothing, in either order'


# --- stock, the least first

psqlq "INSERT INTO products (sku, name) SELECT 'S-' || i, 'Stocked' FROM generate_series(1, 40) i
	RETURNING id" >/dev/null
psqlq "INSERT INTO stock (product_id, on_hand, opening) SELECT id, id * 7 % 10, 0 FROM products WHERE id % 9 <> 0"
stock_walk() { walk "$1" | tr '\n' ' '; }
units="coalesce((SELECT on_hand FROM stock WHERE product_id = p.id), 0)"
least=$(psqlq "SELECT string_agg(id::text, ' ' ORDER BY $units, id) FROM products p WHERE deleted_at IS NULL")
most=$(psqlq "SELECT string_agg(id::text, ' ' ORDER BY $units DESC, id DESC) FROM products p WHERE deleted_at IS NULL")
walk() {
	walk_next=''
	while :; do
		request GET "$1${walk_next:+&cursor=$walk_next}"
		answer 'to_entries[0].value[].product_id'
		walk_next=$(answer '.next_cursor // empty')
		[ -n "$walk_next" ] || return 0
	done
}
is "$(stock_walk '/api/inventory?sort=quantity&page_size=7')" "$least " 'stock, the least first'
is "$(stock_walk '/api/inventory?sort=-quantity&page_size=8')" "$most " '... the most first'
request GET '/api/inventory?sort=quantity&page_size=10&page=3'
is "$(answer '[.inventory[].product_id | tostring] | join(" ")')" "$(echo "$least" | cut -d' ' -f21-30)" '... by number'
request GET '/api/inventory?sort=quantity&low=true'
is "$STATUS" 400 '... with no filter'
done_testing
