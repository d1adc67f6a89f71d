#!/bin/sh
# What the pages say is so: orders that wait after a failure, silence of the server, counts that are cut off,
# products that nobody has counted, pages beyond the end.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"
psqlq "INSERT INTO products (sku, name, active) VALUES ('NEVER', 'Not counted', true)"
echo '{"id":7001,"name":"#7001","line_items":[{"id":1,"sku":"LATER","quantity":1,"price":"9.90"}],"total_price":"9.90","currency":"EUR"}' |
	fulfil-recv >/dev/null
fulfil-work --drain >/dev/null 2>&1
id=$(psqlq "SELECT id FROM orders WHERE name = '#7001'")
screen 1280 light
sign_in "$API_TOKENS_WRITE"

# --- an order that waits for its next attempt

shows 'what waits after a failure is told on the overview' 'return [...document.querySelectorAll(".figure")].some((f) => /Pending/.test(f.innerText) && /after a failure/.test(f.innerText) && f.querySelector("b.warn"))'
visit '/#/orders?status=pending'
shows 'it can be started now, as all that wait' 'return [...document.querySelectorAll("tbody button")].some((b) => b.textContent === "Retry") && /wait after a failure/.test(document.querySelector(".bulk button")?.textContent)'
visit "/#/orders/$id"
shows 'it took nothing off the shelf' 'return [...document.querySelectorAll("td")].some((d) => d.dataset.label === "From the shelf" && d.textContent === "0 of 1")'
shot waiting
psqlq "INSERT INTO products (sku, name) VALUES ('LATER', 'Came later'); INSERT INTO stock (product_id, on_hand, opening) SELECT id, 5, 5 FROM products WHERE sku = 'LATER'" >/dev/null
click '.actions .primary'
shows 'it is started again' 'return /retried/.test(document.getElementById("notices").textContent) && !document.querySelector(".actions .primary")'
fulfil-work --drain >/dev/null 2>&1
shows '... and done' 'return document.querySelector("main .badge.completed")'
shows '... with its run told' 'return /Run 1, attempt 1/.test(document.querySelector(".story").textContent) && /Run 2, attempt 1/.test(document.querySelector(".story").textContent)'
visit '/#/logs?status=retry'
shows 'the log offers no retry of what is done' "return document.querySelectorAll('tbody tr').length >= 1 && ![...document.querySelectorAll('tbody tr')].some((r) => /order #7001\\b/.test(r.textContent) && r.querySelector('button'))"

# --- counted or not

visit '/#/stock?q=NEVER'
shows 'what was never counted is not called well' 'return /never stocked/.test(document.querySelector("tbody").textContent) && !/ok/.test(document.querySelector("tbody").textContent)'
visit '/#/products?sku=NEVER'
shows '... in the list of products neither' 'return document.querySelectorAll("tbody tr").length === 1 && document.querySelector("td[data-label=Stock]").textContent === "–"'

# --- beyond the end

visit '/#/products?page=200'
shows 'a page beyond the end leads to the last' 'return !/page=/.test(location.hash) && document.querySelectorAll("tbody tr").length > 10'
visit '/#/products?sku=MUG&page=900'
shows '... also where no number reaches' 'return !/page=/.test(location.hash) && /match/.test(document.querySelector(".count").textContent) && document.querySelector("tbody a")'
is "$(js 'return document.querySelectorAll(".notice.bad").length')" 0 '... and nothing is called wrong'
psqlq "INSERT INTO products (sku, name) SELECT 'MANY-' || i, 'One of many' FROM generate_series(1, 10050) i" >/dev/null
visit '/#/products?name=One%20of%20many'
click '.bulk button'
shows 'what a deletion would delete is counted to the last' 'return /Delete 10,050 products that match/.test(document.querySelector("dialog h2")?.textContent)'
press Escape

# --- trouble

visit '/#/'
press /
shows '/ leads to the search of orders from a page that has none' 'return location.hash === "#/orders" && document.activeElement.name === "q"'
visit '/#/'
shows 'the overview, before' 'return /healthy|degraded/.test(document.querySelector(".head .badge")?.textContent)'
pg_stop
shows 'the database is away, and the server says so' 'return /^The database is away: the figures are of /.test(document.querySelector("main p[role=alert]").textContent) && /down/.test(document.querySelector(".parts").textContent)'
shot database-away
visit '/#/stock'
shows 'a fault is told once, and nothing is offered to page through' 'return document.querySelector(".count.error")?.textContent && document.querySelector(".pager").hidden && !document.querySelector(".notice.bad")'
pg_start
psqlq "INSERT INTO webhooks (url, event_types, failures, failing_since) VALUES ('http://gone.example/', '{*}', 5, now() - interval '1 hour')" >/dev/null
visit '/#/orders'
visit '/#/'
shows 'a webhook that fails is told on the overview' 'return /1 webhook fails/.test(document.querySelector(".parts").textContent)'

# --- silence

visit '/#/'
shows 'all is well' 'return /healthy|degraded/.test(document.querySelector(".head .badge")?.textContent)'
services_stop TERM "$WEB_PID"
shows 'nothing is called well that is not heard of' 'return /unknown since/.test(document.querySelector(".head .badge").textContent) && [...document.querySelectorAll(".parts .badge")].every((b) => /unknown/.test(b.textContent)) && !document.querySelector("main p[role=alert]").hidden'
shows '... and it looks so' 'return getComputedStyle(document.querySelector(".figure")).borderStyle === "dashed"'
shot silence
screen 360 dark
shot silence-phone
screen 1280 light
(exec setpriv --pdeathsig=TERM lighttpd -D -f "$SCRATCH/web/lighttpd.conf") >>"$SCRATCH/lighttpd.log" 2>&1 </dev/null &
WEB_PID=$!
shows 'once it is, it is told' 'return !/unknown/.test(document.querySelector(".head .badge").textContent) && document.querySelector("main p[role=alert]").hidden'
screen 360 light
click '#menu'
press Escape
is "$(js 'return document.getElementById("menu").getAttribute("aria-expanded") + document.activeElement.id')" falsemenu 'Escape closes the menu of a phone'
shot overview-phone
done_testing
