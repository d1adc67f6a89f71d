#!/bin/sh
# An order among many is found at once by what people know of it, and comes first; a search that finds nothing at
# once continues, and is never called empty before its end.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

screen_start
psqlq 'ALTER TABLE orders ALTER COLUMN id RESTART WITH 500001' >/dev/null # no id is anybody's number
psqlq "INSERT INTO orders (shop, external_id, status, name, customer_name, customer_email)
	SELECT 's.myshopify.com', 8000000 + i, CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'completed' END, '#' || 10000 + i,
		'Person ' || i, 'Customer' || i || '@example.com' FROM generate_series(1, 45000) i;
	UPDATE orders SET total_amount = 1234.5, currency = 'EUR', status = 'failed' WHERE external_id IN (8000509, 8044001);
	INSERT INTO order_items (order_id, line_no, sku, quantity, current, target) SELECT id, 1, 'SKU-' || id - 500000, 1, 1, 1 FROM orders;
	ANALYZE orders; ANALYZE order_items" >/dev/null

# --- the API

found() { # QUERY: the names of the rows, and whether there are more
	request GET "/api/orders?$1"
	answer '(.orders | map(.name) | join(",")) + (if .next_cursor then " more" else "" end)'
}
is "$(found exact=%2310507)" '#10507' 'by number'
is "$(found exact=10507)" '#10507' '... without its sign'
is "$(found exact=customer507@EXAMPLE.com)" '#10507' 'by address'
is "$(found exact=person%20507)" '#10507' 'by customer'
is "$(found exact=sku-507)" '#10507' 'by SKU'
is "$(found exact=8000507)" '#10507' 'by id in Shopify'
is "$(found 'exact=10600&status=failed')/$(found 'exact=10601&status=failed')" '#10600/' '... with other filters'
is "$(found exact=1050)" '' 'a part is not exact'
is "$(found 'q=1,234.50%20EUR&status=failed')" '#54001,#10509' 'by total, as the pages show it'
is "$(found 'q=1234.5&status=pending')" '' '... with other filters'
request POST '/api/orders/retry?status=failed&q=1234,5'
is "$STATUS $(answer .retried)" '202 2' '... and they are those that are retried'
lock='BEGIN; SELECT FROM orders WHERE external_id = 8000509 FOR UPDATE; SELECT pg_sleep(60)'
psql -X -q -d "$DATABASE_URL" -c "$lock" >/dev/null 2>&1 &
worker=$!
is_processing() { [ "$(found 'status=processing')" = '#10509' ]; }
ok 'an order that a worker has' wait_until 10 is_processing
is "$(found 'q=8000509&status=processing')/$(found 'q=8000509&status=processing&sort=id')" '#10509/#10509' '... is found by its id, from any depth'
is "$(found 'q=8000509&status=pending')" '' '... as nothing else'
psqlq "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; SELECT FROM orders%'" >/dev/null
wait "$worker"
found 'exact=1&q=2' >/dev/null
refused 400 'exact does not go with q or sku' 'with a search'
psqlq "UPDATE orders SET customer_name = 'The Same' WHERE id % 2 = 0" >/dev/null
request GET '/api/orders?exact=the+same&page_size=3'
is "$(answer '[.total, .total_capped, (.orders | map(.name) | join(","))] | tojson')" '[10000,true,"#55000,#54998,#54996"]' 'of many the newest'
psqlq "SET plan_cache_mode = force_generic_plan; PREPARE q AS $(cat "$TOP/sql/query/find-orders-exact.sql");
	EXPLAIN EXECUTE q(9223372036854775807, 0, 50, 10001, 0, '-infinity', NULL, 'customer7@example.com', NULL, 'infinity', true)" >plan
unlike "$(cat plan)" 'Seq Scan on order' 'no table is read from end to end'
like "$(cat plan)" 'Bitmap Index Scan on orders_called' '... but those of its pages that may have it'

# --- the screen

screen 1440 light
sign_in "$API_TOKENS_WRITE"
visit '/#/orders'
rows() { js 'return [...document.querySelectorAll("tbody td:first-child")].map((a) => a.textContent).slice(0, 3).join()'; }
press /
fill 'input[name=q]' customer1@example.com
shows 'an old order is found by its address' 'return document.querySelector("tbody a")?.textContent === "#10001" && /1 or more match|1 match/.test(document.querySelector(".count").textContent)'
fill 'input[name=q]' '#1050'
shows 'a number comes before those it is a part of' 'return document.querySelectorAll("tbody a").length > 5'
fill 'input[name=q]' '#10507'
shows '... and is the first' 'return document.querySelector("tbody a")?.textContent === "#10507"'
is "$(rows | cut -d, -f1)" '#10507' 'it is'
fill 'input[name=q]' 'erson 11'
shows 'a part of a name is looked for to the end' 'return /^\d+( or more)? match/.test(document.querySelector(".count").textContent) && document.querySelectorAll("tbody a").length > 9'
js 'const now = performance.now.bind(performance); let later = 0; performance.now = () => now() + 6000 * later++' >/dev/null
fill 'input[name=q]' 'erson 4499'
shows 'a search that takes long stops, and says so' 'return /^5 found so far; what is older was not looked at/.test(document.querySelector(".count").textContent)'
js 'delete performance.now; [...document.querySelectorAll(".toolbar button")].find((b) => /further back/.test(b.textContent)).click()' >/dev/null
shows '... and continues from there' 'return /^6 match/.test(document.querySelector(".count").textContent) && document.querySelector(".toolbar .bulk").hidden'
fill 'input[name=q]' 'nobody at all'
shows 'what is nowhere is nowhere' 'return /No order matches/.test(document.querySelector("tbody").textContent) && /^0 match/.test(document.querySelector(".count").textContent) && document.querySelector(".pager button:nth-of-type(3)").hidden'
done_testing
