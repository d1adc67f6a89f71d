#!/bin/sh
# The API's bulk delete: what it takes, what it leaves, and locks of others. Without a web server.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start

fill() {
	psqlq 'TRUNCATE products RESTART IDENTITY CASCADE' 2>truncated
	psqlq "INSERT INTO products (sku, name, description, active)
		SELECT 'P-' || i, CASE WHEN i % 3 = 0 THEN 'Blue MUG ' ELSE 'Cap ' END || i,
			CASE i WHEN 7 THEN '100% wool_x' END, i % 2 = 0 FROM generate_series(1, 60) i"
}
# deleted QUERY: the answer's figure, and how many are left.
deleted() {
	request DELETE "/api/products/bulk?$1"
	echo "$STATUS $(answer .deleted) $(psqlq 'SELECT count(*) FROM products WHERE deleted_at IS NULL')"
}

fill
for query in '' confirm=false confirm= confirm=yes sku=p-1; do
	request DELETE "/api/products/bulk?$query"
	is "$STATUS" 400 "bulk delete with '$query'"
	like "$(answer .errors[0].parameter)" confirm '... is not confirmed'
done
request DELETE '/api/products/bulk?confirm=true&sku=&name=mug'
refused 400 'sku is empty; leave it out to delete any' \
	'a filter that was not filled in'
request DELETE '/api/products/bulk?confirm=true&page=1'
refused 400 'page is not a parameter here' 'a page'
is "$(psqlq 'SELECT count(*) FROM products WHERE deleted_at IS NULL')" 60 'none of it deleted anything'
for query in '':60 'q=mug':20 'sku=p-1&active=false':6 'description=100%25':1 'name=nothing':0; do
	request GET "/api/products/count?${query%:*}"
	is "$STATUS $(answer -c .)" "200 {\"total\":${query##*:}}" "what '${query%:*}' would delete"
done
is "$(deleted 'confirm=true&sku=p-1')" '200 11 49' 'by a part of the SKU'
is "$(deleted 'confirm=true&sku=p-1')" '200 0 49' '... once'
is "$(deleted 'confirm=true&name=mug&active=true')" '200 8 41' 'by name and active'
is "$(deleted 'confirm=true&description=0%25+WOOL_')" '200 1 40' 'by description'
is "$(deleted 'confirm=1&q=mug')" '200 9 31' 'by SKU or name'
request GET '/api/products?page_size=1'
is "$(answer .total)" 31 'the list has the rest'
is "$(deleted confirm=true)" '200 31 0' 'all of them'
request GET /api/products
is "$(answer -c '[.total, .products, .next_cursor]')" '[0,[],null]' '... leave an empty list'
is "$(psqlq 'SELECT count(*) FROM products WHERE updated_at > created_at')" 60 'a deletion is a change'

# What the list deletes is what it showed.
for query in sku=p-1 name=CAP active=false description=wool q=g+1 'q=p-4&active=true&name=cap'; do
	fill
	request GET "/api/products?$query&page_size=1"
	total=$(answer .total)
	is "$(deleted "confirm=true&$query")" "200 $total $((60 - total))" "as many as the list had: $query"
done

# What is deleted raises no alarm, at once, and is not looked at for ever.
fill
psqlq "SELECT stock_adjust(id, 3, true, 'x', 'test', 10) FROM products WHERE id <= 40" >adjusted
alerts() {
	request GET /api/metrics
	answer -c '[.low_stock_alerts, .products.total, .products.low]'
}
is "$(alerts)" '[40,60,40]' 'stock that is low'
is "$(deleted 'confirm=true&active=true') $(alerts)" '200 30 30 [20,30,20]' '... is not, once its product is deleted'
fulfil-scan >scanned
is "$(psqlq "SELECT count(*) FROM stock WHERE level <> 'ok'") $(alerts)" '20 [20,30,20]' '... and is out of the way after a scan'
exit_is 0 'the audit agrees' -- fulfil-scan --audit

# --- a lock that somebody else holds, such as an import

fill
mkfifo hold
psql -X -q -d "$DATABASE_URL" <hold >held 2>&1 &
holder=$!
exec 3>hold
echo "BEGIN; UPDATE products SET name = 'held' WHERE id = 5; INSERT INTO products (sku, name) VALUES ('NEW', 'New'); SELECT pg_advisory_lock(1);" >&3
held() {
	[ "$(psqlq "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 1 ]
}
wait_until 20 held
for call in 'PUT /api/products/5' 'POST /api/products' 'DELETE /api/products/bulk?confirm=true'; do
	request "${call% *}" "${call#* }" '{"sku": "new", "name": "x"}'
	refused 503 '' "$call behind a lock"
	like "$HEAD" '^Retry-After: [0-9]+$' '... says when to come again'
	is "$(answer .detail)" 'somebody else is changing the same now; try again' '... and why'
done
request PUT /api/products/6 '{"name": "Another"}'
is "$STATUS" 200 '... others go on'
echo 'COMMIT;' >&3
exec 3>&-
wait "$holder"
is "$(deleted confirm=true)" '200 61 0' '... which waits no more'
is "$(psqlq 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')" 0 'no deadlock'
done_testing
