#!/bin/sh
# The export for a spreadsheet, opened and saved by a real one, and imported again: nothing changes.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
command -v soffice >/dev/null || skip_all 'soffice is not installed'
services_start

psqlq "INSERT INTO products (sku, name, description, category, price, active) VALUES
	('00042', 'Leading zeros', 'two
lines', '1/2', 12.50, true), ('4006381333931', 'A long number', NULL, '2026-01-02', 0.10, false),
	('1E5', 'A power', '  blanks  ', NULL, 1000, true), ('MAR-1', 'A date', '1.10', '3-4', NULL, true),
	('=1+1', '+cmd', '@x', '-c', 5, true), ('1.10', 'TRUE', '10%', '12:30', 7, true), ('''q', '(5)', '\$5', '1,5', 8, true),
	('é', 'Zoë, \"quoted\"', '日本', 'true', 123456789012.123456, true), ('1_000', '1 000', '\$1,000.00', '1e-3', 9.990, true),
	('A;1', 'a	tab', '#N/A y', 'FALSE', 0, true)" >made
psqlq "SELECT stock_adjust(id, id::int, true, 'x', 'test', 10) FROM products" >adjusted
state() { psqlq 'SELECT p.id, p.xmin, on_hand FROM products p JOIN stock s ON s.product_id = p.id ORDER BY p.id'; }
state >before

request GET '/api/products/export.csv?spreadsheet=true&stock=true'
is "$STATUS" 200 'an export for a spreadsheet'
cp body goods.csv
mkdir saved
# As a person does: opened with what the dialog shows, and saved as CSV.
timeout 120 soffice "-env:UserInstallation=file://$PWD/office" --headless --infilter='CSV:44,34,76,1' \
	--convert-to 'csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false' --outdir saved goods.csv >office.log 2>&1
ok 'it is opened and saved' test -s saved/goods.csv
exit_is 0 '... and imported, without being told' -- sh -c 'fulfil-import --stock <saved/goods.csv'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "summary") | [.read, .unchanged, .rejected]')" '[10,10,0]' '... it is all as it was'
state | cmp -s - before
is $? 0 '... and nothing is touched'
done_testing
