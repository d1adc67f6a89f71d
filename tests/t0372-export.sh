#!/bin/sh
# The API's export: what is in it, what it looks like in HTTP, and that it never passes for whole.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "INSERT INTO products (sku, name, description, category, price, active) VALUES
	('A', 'Plain', NULL, NULL, NULL, true), ('B', 'Comma, and \"quotes\"', E'two\\r\\nlines', 'C', 19.90, false),
	('=1+1', '+cmd', E'\\t@x', '-c', 0, true), ('''=q', '''plain', '''''@', '''', 5, true),
	('E', E'Zoë\\ttab', ' blank ', '', 0.5, true)"
psqlq "SELECT stock_adjust(2, 7, true, 'x', 'test', 10)" >/dev/null

request GET /api/products/export.csv
printf 'name,sku,description,active,price,category\nPlain,A,,true,,\n"Comma, and ""quotes""",B,"two\r\nlines",false,19.90,C\n' >want
printf "+cmd,=1+1,\"\t@x\",true,0,-c\n'plain,'=q,''@,true,5,'\nZoë\ttab,E,\" blank \",true,0.5,\n" >>want
ok 'the export' cmp body want
is "$STATUS" 200 '... is an answer'
like "$HEAD" '^Content-Type: text/csv; charset=utf-8; header=present$' '... of CSV'
like "$HEAD" '^Content-Disposition: attachment; filename="products.csv"$' '... to be saved'
like "$HEAD" '^X-Content-Type-Options: nosniff$' '... and taken for nothing else'
request GET '/api/products/export.csv?spreadsheet=true'
printf '\357\273\277name,sku,description,active,price,category,spreadsheet\nPlain,A,,true,,,\n"Comma, and ""quotes""",B,"two\r\nlines",false,19.90,C,\n' >want
printf "'+cmd,'=1+1,\"'\t@x\",true,0,'-c,\n'plain,''=q,'''@,true,5,',\nZoë\ttab,E,\" blank \",true,0.5,,\n" >>want
ok 'one for spreadsheets marks what they would compute' cmp body want
request GET '/api/products/export.csv?stock=true&sku=b'
printf 'name,sku,description,active,price,category,quantity,quantity_was\n"Comma, and ""quotes""",B,"two\r\nlines",false,19.90,C,7,7\n' >want
ok 'with stock, and a filter' cmp body want
psqlq "UPDATE products SET reorder_level = 3 WHERE sku = 'B'"
request GET '/api/products/export.csv?reorder_level=true&stock=true'
is "$(grep -o 'q.*_level$\|[0-9]*,[0-9]*$' body | tr '\n' ' ')" 'quantity,quantity_was,reorder_level 0, 7,3 0, 0, 0, ' 'with reorder levels'
request GET '/api/products/export.csv?reorder_level=true&sku=b'
is "$(tail -n 1 body)" 'lines",false,19.90,C,3' '... but no stock'
request GET '/api/products/export.csv?active=false'
is "$(wc -l <body)" 3 'by active'
request GET '/api/products/export.csv?q=nothing'
is "$BODY" 'name,sku,description,active,price,category' 'nothing but the header'
request HEAD /api/products/export.csv
is "$STATUS $(wc -c <body)" '200 0' 'HEAD'
request GET '/api/products/export.csv?page=1'
refused 400 'page is not a parameter here' 'a page'
TOKEN=x request GET /api/products/export.csv
is "$STATUS" 401 'a stranger'

# --- many, with long ones among them

psqlq 'DELETE FROM ledger' && psqlq 'DELETE FROM stock' && psqlq 'DELETE FROM products'
psqlq "INSERT INTO products (sku, name, description) SELECT 'S' || i, 'N' || i, CASE WHEN i % 200 = 0 THEN repeat('x', 1000000) END
	FROM generate_series(1, 12000) i"
command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
web_start fastcgi
export_to() { # FILE: the whole export over HTTP; the exit status is curl's
	curl -s -m 60 -o "$1" -H "Authorization: Bearer $API_TOKENS_READ" "$FULFIL_URL/api/products/export.csv"
}
ok 'an export of many pieces' export_to all
is "$(wc -l <all) $(cut -d , -f 2 all | tail -n +2 | cksum)" "12001 $(seq 12000 | sed s/^/S/ | cksum)" '... has every product once, in order'
peak() { # the highest memory of an API process so far, in KiB
	for dir in /proc/[0-9]*; do
		[ "$(readlink "$dir/exe")" != "$BUILD/cgi-bin/api" ] || ! grep -q "$SCRATCH" "$dir/environ" 2>/dev/null ||
			sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "$dir/status"
	done | sort -n | tail -n 1
}
case $BUILD in
*address*) ;; # it keeps what was freed
*) ok '... in little memory' test "$(peak)" -lt 51200 ;;
esac

# The database goes away in the middle: the eleventh piece ends its session.
psqlq "CREATE FUNCTION trap(p products) RETURNS boolean LANGUAGE plpgsql AS
	\$\$ BEGIN IF p.id = 9000 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN true; END \$\$"
psqlq "CREATE OR REPLACE FUNCTION product_matches(p products, is_active boolean, in_sku text, sku_ascii boolean, in_name text,
	name_ascii boolean, in_description text, description_ascii boolean, in_either text, either_ascii boolean) RETURNS boolean
	LANGUAGE sql AS 'SELECT trap(p)'"
got=0
export_to part || got=$?
is "$got" 18 'an export that is cut off ends in the middle of an answer'
ok '... of which much is there' test "$(wc -l <part)" -gt 1000
ok '... and not all' test "$(wc -l <part)" -lt 12001
is "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $API_TOKENS_READ" "$FULFIL_URL/api/products")" 200 'the process continues'
request GET /api/products/export.csv
is "$(tail -n 1 body)" '"the export broke off here and is not complete' 'plain CGI: the text says so'
done_testing
