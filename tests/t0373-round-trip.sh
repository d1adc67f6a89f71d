#!/bin/sh
# What the API exports fulfil-import takes back: into the same table, where nothing changes, and
# into an empty one, which becomes the same.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "INSERT INTO products (sku, name, description, category, price, active) VALUES
	('A', 'Plain', NULL, NULL, NULL, true), ('B', 'Comma, and \"quotes\"', E'two\\r\\nlines\\n', 'C; d', 19.90, false),
	('=1+1', '+cmd', E'\\t@x', '-c', 0, true), ('''=q', '''plain', '''''@', '''', 5, true), ('-', '@', '\"', '\"\"', 7, true),
	('E', E'Zoë\\ttab', E' blank \\t', NULL, 0.5, true), ('#c', '\\N', E'\\\\.', 'NULL', 123456789012.123456, true),
	('sep=;', E'a\\nb', E'\\r', ',', 1, false), ('é', '日本', E'\\n\\n', '|', 1.000000, true)"
psqlq "INSERT INTO products (sku, name, description) SELECT 'S' || i, md5(i::text), repeat(chr(i % 90 + 33), i % 50 + 1)
	FROM generate_series(1, 6000) i"
psqlq 'UPDATE products SET reorder_level = id % 3 WHERE id % 2 = 0'
psqlq "SELECT stock_adjust(id, 7, true, 'x', 'test', 10) FROM products WHERE id <= 4" >adjusted
table() {
	psqlq "SELECT to_jsonb(p) - 'id' - 'created_at' - 'updated_at' FROM products p WHERE deleted_at IS NULL ORDER BY sku COLLATE \"C\""
}
state() {
	psqlq "SELECT id, xmin, updated_at FROM products ORDER BY id"
}
counts() { # of the summary: read, created, updated, unchanged, rejected
	jq -r 'select(.type == "summary") | "\(.read) \(.created) \(.updated) \(.unchanged) \(.rejected)"' imported
}
table >before
state >rows

for how in '' '&spreadsheet=true'; do
	request GET "/api/products/export.csv?reorder_level=true$how"
	exit_is 0 "an export${how:+ for spreadsheets} is imported again" -- sh -c 'fulfil-import <body >imported'
	is "$(counts)" '6009 0 0 6009 0' '... every row of it unchanged'
	state | cmp -s - rows
	is $? 0 '... and not touched'
	cp body "export${how:+s}"
done
for kind in '' s; do
	request DELETE '/api/products/bulk?confirm=true'
	exit_is 0 "it is imported into an empty table $kind" -- sh -c "fulfil-import <export$kind >imported"
	is "$(counts)" '6009 6009 0 0 0' '... every row of it'
	table >after
	ok '... which is the same then' cmp before after
done
request GET '/api/products/export.csv?reorder_level=true'
ok 'and so is its export' cmp body export

request GET '/api/products/export.csv?stock=true&q=A'
psqlq "SELECT stock_adjust(p.id, 7, true, 'x', 'test', 10) FROM products p WHERE sku = 'A'" >adjusted
exit_is 0 'stock is taken where it is asked for' -- sh -c 'fulfil-import --stock <body >imported'
on_hand() { psqlq "SELECT on_hand FROM stock s JOIN products p ON p.id = product_id WHERE sku = 'A' AND deleted_at IS NULL"; }
is "$(on_hand)" 7 '... by what the file changes, so what came since stays'
sed 's/quantity_was/was/' body >absolute
exit_is 0 'a file that does not say what was there' -- sh -c 'fulfil-import --stock <absolute >imported'
is "$(on_hand)" 0 '... is taken as it stands'
exit_is 0 'the audit agrees' -- fulfil-scan --audit
done_testing
