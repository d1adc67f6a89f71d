#!/bin/sh
# Why orders do not go through, what they wait for, who asked to be forgotten, and what came before a time.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
psqlq "INSERT INTO products (sku, name) VALUES ('LAMP', 'A lamp'), ('MUG', 'A mug');
	INSERT INTO stock (product_id, on_hand, opening) SELECT id, 1, 1 FROM products" >/dev/null
for id in 1 2 3 4 5; do
	echo "{\"id\":$id,\"name\":\"#$id\",\"customer\":{\"id\":7},\"line_items\":[{\"id\":1,\"sku\":\"LAMP\",\"quantity\":3}]}"
done | fulfil-recv --shop s.myshopify.com >/dev/null
echo '{"id":6,"name":"#6","line_items":[{"id":1,"sku":"NOBODY","quantity":1}]}
{"id":7,"name":"#7","line_items":[{"id":1,"sku":"MUG","quantity":1}]}' | fulfil-recv >/dev/null
RETRY_DELAYS='' fulfil-work --drain >/dev/null 2>&1
psqlq "UPDATE orders SET created_at = now() - id * interval '1 hour'" >/dev/null

# --- before a time

ids() { # PATH: the ids of the list there
	curl -sS -H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL$1" | jq -r 'first(.[] | arrays) | map(.id) | sort | map(tostring) | join(",")'
}
at=$(psqlq "SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM orders WHERE id = 4")
is "$(ids "/api/orders?until=$at")" 5,6,7 'orders before a time, without those of it'
is "$(ids "/api/orders?until=$at&status=failed&since=$(psqlq "SELECT to_char((now() - interval '330 min') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")")" 5 \
	'... after another, and of a status'
is "$(ids "/api/orders?until=$at&q=%236")" 6 '... and by their number'
psqlq "UPDATE sync_logs SET created_at = now() - id * interval '1 hour'" >/dev/null
is "$(ids "/api/sync-logs?until=$at")" "$(psqlq "SELECT string_agg(id::text, ',' ORDER BY id) FROM sync_logs WHERE created_at < '$at'")" 'runs before a time'
is "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL/api/orders?until=soon")" 400 'a time that is none is refused'

# --- why, and what for

screen 1440 light
sign_in "$API_TOKENS_WRITE"
visit '/#/orders?status=failed'
shows 'the causes are above the orders that failed, the greatest first' 'const rows = [...document.querySelectorAll("main table")[0].querySelectorAll("tbody tr")].map((r) => r.textContent);
	return rows.length === 2 && /LAMP.*5 orders/.test(rows[0]) && /NOBODY.*1 order/.test(rows[1])'
visit '/#/shortages'
shows 'what they wait for is a list' 'const rows = [...document.querySelectorAll("tbody tr")].map((r) => [...r.cells].map((c) => c.textContent).join("|"));
	return rows.length === 2 && rows.some((r) => /^LAMP\|A lamp\|15\|1\|5 orders/.test(r)) && rows.some((r) => /^NOBODY\|.*no such product\|1\|–\|1 order/.test(r))'
background fulfil-work
click 'tbody tr:has(a[href="#/stock/1"]) button'
shows 'a SKU that is short is restocked with what is missing' 'return document.querySelector("dialog input[name=units]")?.value === "14"'
click 'dialog button.primary'
shows '... and then is missing no more' 'return ![...document.querySelectorAll("tbody tr")].some((r) => /LAMP/.test(r.textContent))'
ok '... as its orders are completed' wait_until 10 sh -c "psql -X -A -t -d '$DATABASE_URL' -c \"SELECT count(*) FROM orders WHERE status = 'completed'\" | grep -qx 6"
shot shortages

# --- who asked

echo '{"shop_domain":"s.myshopify.com","customer":{"id":7},"orders_to_redact":[1]}' |
	fulfil-recv --shop s.myshopify.com --topic customers/redact >/dev/null 2>&1
visit '/#/privacy'
shows 'who asks to be forgotten is a list' 'return /wants to be forgotten/.test(document.querySelector("tbody")?.textContent)'
fulfil-scan >/dev/null 2>&1
wd POST "/session/$BROWSER/refresh" >/dev/null
shows '... that says what was done' 'return /redacted/.test(document.querySelector("tbody")?.textContent)'
is "$(complaints | grep -v ' 400 ')" '' 'the browser has nothing to complain of'
done_testing
