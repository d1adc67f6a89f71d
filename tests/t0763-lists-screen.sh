#!/bin/sh
# Lists in a browser: no column is cut at any width, Back finds its place, moments of yesterday have their date,
# a file can be dropped, and a chart's table stays in its card.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"
seq 1 120 | jq -c '{id:(8000000+.),name:"#\(10000+.)",email:"tim.ritchie\(.)@example.com",currency:"EUR",total_price:"\(10000*.).90",
	customer:{first_name:"Tim",last_name:"Ritchie \(.)"},line_items:[{id:.,sku:"NO-SUCH-ARTICLE-\(.)",quantity:1,price:"9.90"}]}' | fulfil-recv >/dev/null
fulfil-work --drain >/dev/null 2>&1
psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" <<'END_SQL'
UPDATE orders SET status = 'failed', next_attempt_at = NULL WHERE status = 'pending' AND id % 2 = 0;
INSERT INTO products (sku, name, category, price) VALUES ('WAREHOUSE-ARTICLE-1234567890-ABCDEFGHIJ', repeat('A long name of an article ', 8), 'Lighting and more', 123456.78);
INSERT INTO stock (product_id, on_hand, opening) SELECT id, 0, 0 FROM products WHERE sku LIKE 'WAREHOUSE%';
INSERT INTO quarantine (reason, shop, topic, body) VALUES ('it has no usable id', 'sample.myshopify.com', 'orders/create', '{}');
INSERT INTO uploads (filename, status, percent, rejected, processed) VALUES ('a-rather-long-file-name-of-prices.csv', 'completed', 100, 3, 300000);
INSERT INTO feeds (name, rows, columns, reading, refused, refused_at) VALUES
  (repeat('FEED', 20), 1234567, 255, '{"map": ["ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ=name"]}', 'feed_shrank: "' || repeat('FEED', 20) || '" had 9 rows', now());
INSERT INTO webhooks (url, event_types, failures, failing_since) VALUES ('https://erp.example.com/hooks/fulfil/orders/created?warehouse=12', '{order.*,product.*}', 373904, now() - interval '20 hours');
END_SQL
curl -sS -o /dev/null -X PUT -H "Authorization: Bearer $FULFIL_TOKEN" -H 'Content-Type: application/json' -d '{"quantity": 0, "reason": "count"}' \
	"$FULFIL_URL/api/inventory/$(psqlq "SELECT id FROM products WHERE sku LIKE 'WAREHOUSE%'")"
screen 1440 light
sign_in "$API_TOKENS_WRITE"
at_rest() { see_in 10 'return document.querySelector("h1") && !document.querySelector("main [aria-busy], main[aria-busy]")'; }

for width in 1440 1024 768 360; do
	screen "$width" light
	for page in orders 'orders?status=failed' products stock logs imports webhooks quarantine orders/9 products/1; do
		visit "/#/$page"
		at_rest || diag "/$page does not come to rest"
		is "$(js 'return [document.documentElement.scrollWidth > document.documentElement.clientWidth,
			...[...document.querySelectorAll("main .scroll")].map((s) => s.scrollWidth > s.clientWidth + 1),
			[...document.querySelectorAll("main td")].some((td) => getComputedStyle(td).position === "sticky")].some(Boolean)')" false \
			"/$page is whole at $width px"
	done
done
shot orders-360
screen 768 light
visit '/#/products'
at_rest
is "$(js 'return getComputedStyle(document.querySelector("thead")).display')" table-header-group 'a table that fits is one at 768 px'

# --- back to where one was

screen 1024 light
visit '/#/orders'
at_rest
js 'document.querySelector("tbody tr:nth-child(36) a").scrollIntoView({block: "center"}); window.scrollBy(0, 7)' >/dev/null
TOP_OF='[...document.querySelectorAll("tbody a")].find((a) => a.textContent === window.order).getBoundingClientRect().top'
order=$(js 'return window.order = document.querySelector("tbody tr:nth-child(36) a").textContent')
before=$(js "return $TOP_OF")
click 'tbody tr:nth-child(36) a'
shows 'an order of the list' "return document.querySelector('h1').textContent === 'Order $order'"
shows '... has the one before and the one after' 'return document.querySelectorAll("nav[aria-label=\"Orders of the list\"] a").length === 3'
click 'nav[aria-label="Orders of the list"] a:nth-child(2)'
shows '... which it leads to' "return document.querySelector('h1').textContent.startsWith('Order #') && document.querySelector('h1').textContent !== 'Order $order'"
js 'history.back()' >/dev/null
shows 'one back' "return document.querySelector('h1').textContent === 'Order $order'"
js 'history.back()' >/dev/null
shows 'back in the list, the row has the focus' "return document.activeElement.textContent === '$order' && document.querySelector('h1').textContent === 'Orders'"
is "$(js "const top = $TOP_OF; return Math.abs(top - $before) < 3 || \`at \${top} of the window, not $before\`")" true '... where it was'

# --- when one comes back to it

screen 1440 light
visit '/#/logs'
at_rest
psqlq "WITH o AS (INSERT INTO orders (shop, external_id, status, name) VALUES ('s.myshopify.com', 990099, 'failed', repeat('VERYLONG', 16)) RETURNING id)
	INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker) SELECT 'process_order', id, 1, 'failure', 3, 'w' FROM o" >/dev/null
js 'document.dispatchEvent(new Event("visibilitychange"))' >/dev/null
shows 'a list has what came while nobody looked' 'return /VERYLONG/.test(document.querySelector("tbody").textContent)'
is "$(js 'const t = document.querySelector("main .scroll"); return t.scrollWidth <= t.clientWidth')" true '... and a long name does not stretch it'

# --- over midnight

visit '/#/orders?status=completed'
at_rest
js 'const D = Date; window.Date = class extends D { constructor(...a) { if (a.length) super(...a); else super(D.now() + 86400000); } static now() { return D.now() + 86400000; } }' >/dev/null
shows 'on the next day each moment has its date' 'return [...document.querySelectorAll("main tbody time")].length > 0 && [...document.querySelectorAll("main tbody time")].every((t) => /[A-Z][a-z]{2}/.test(t.textContent))'

# --- a file

visit '/#/imports'
at_rest
js 'document.querySelector(".drop").dispatchEvent(new DragEvent("dragover", {bubbles: true, cancelable: true}))' >/dev/null
is "$(js 'const d = document.querySelector(".drop"); return getComputedStyle(d).display + (d.className !== "drop")')" blocktrue 'a file over the drop zone does not change its shape'
js 'const d = new DataTransfer(); d.items.add(new File(["sku,name\nD-1,Dropped"], "dropped.csv"));
	document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true}))' >/dev/null
shows '... and once dropped, it is named' 'return /dropped\.csv/.test(document.querySelector(".drop").textContent) && !/No file/.test(document.querySelector(".drop").textContent)'
is "$(js 'return document.querySelector(".drop label").control === document.getElementById("file")')" true 'the zone itself can be clicked'

# --- a chart as a table

screen 1440 light
visit '/#/'
shows 'a long SKU is low' 'return [...document.querySelectorAll("main .grid details table")].some((t) => /WAREHOUSE-ARTICLE/.test(t.textContent))'
js 'for (const d of document.querySelectorAll("main .grid details")) d.open = true' >/dev/null
is "$(js 'return [...document.querySelectorAll("main .grid .card")].some((c) => [...c.querySelectorAll("th, td")].some((t) =>
	t.closest(".scroll") && t.closest(".scroll").getBoundingClientRect().right > c.getBoundingClientRect().right + 1))')" false 'its table stays in its card'
done_testing
