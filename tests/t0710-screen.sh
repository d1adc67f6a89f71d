#!/bin/sh
# The pages in a browser, on a desktop: signing in, the overview that moves, orders by pointer and by
# keyboard, stock, what a reader may, and names that mean harm.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"
fulfil-work --drain >/dev/null 2>&1
evil='<img src=x onerror=alert(1)>"><script>document.title="owned"</script>'
psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -v evil="$evil" <<'END'
UPDATE orders SET status = 'failed', next_attempt_at = NULL, error_message = 'short: ' || :'evil' WHERE status = 'pending';
UPDATE sync_logs SET status = 'failure', error = :'evil', worker = :'evil' WHERE status = 'retry';
UPDATE orders SET customer_name = :'evil', name = left(:'evil', 40) WHERE id = 1;
UPDATE order_items SET name = :'evil' WHERE order_id = 1;
UPDATE products SET sku = :'evil', name = :'evil', description = :'evil' WHERE id = 20;
INSERT INTO quarantine (reason, shop, topic, body) VALUES (:'evil', :'evil', :'evil', '{');
END
screen 1280 light

# --- who may

visit /
shows 'a stranger is asked to sign in' 'return location.pathname === "/sign-in.html"'
fill '#token' nonsense
press Enter
shows 'a wrong token is told so' 'return /no such token/.test(document.getElementById("message").textContent)'
fill '#token' "$API_TOKENS_WRITE"
press Enter
shows 'the right one leads to the overview' 'return document.querySelector("h1")?.textContent === "Overview"'

# --- the overview

shows 'figures come by the stream' 'return [...document.querySelectorAll(".figure")].some((f) => /^8\s*Orders/.test(f.innerText))'
shows '... and nothing beside them where nothing waits' 'return [...document.querySelectorAll(".figure")].some((f) => /^0\s*Pending$/.test(f.innerText.trim()))'
shows 'parts say how they are' 'return [...document.querySelectorAll(".parts dd")].filter((d) => d.textContent.includes("up")).length >= 2'
shows 'charts are drawn' 'return document.querySelectorAll("canvas").length === 3 && window.Chart && document.querySelector("canvas").width > 100'
shows 'the newest orders are there' 'return document.querySelectorAll("main table tbody tr").length >= 8'
shows 'what failed is there' 'return document.querySelectorAll("main details summary .failure").length >= 2'
echo '{"id":77,"name":"#77","line_items":[{"id":1,"sku":"MUG-WHT","quantity":1,"price":"9.90"}],"total_price":"9.90","currency":"EUR"}' |
	fulfil-recv >/dev/null
shows 'an order that comes is shown' 'return [...document.querySelectorAll("main td a")].some((a) => a.textContent === "#77")'
fulfil-work --drain >/dev/null 2>&1
shows '... and what becomes of it' 'return [...document.querySelectorAll("main tr")].some((r) => /#77/.test(r.innerText) && /completed/.test(r.innerText))'
shot overview
screen 1280 dark
shows 'by dark it is dark' 'return getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).every((n) => n < 60)'
shot overview-dark
screen 1280 light
press Tab
is "$(js 'return document.activeElement.id')" skip 'the first stop of the keyboard leads past the menu'

# --- orders

visit '/#/orders'
shows 'a list of all' 'return /9 in all/.test(document.querySelector(".count")?.textContent)'
press /
is "$(js 'return document.activeElement.name')" q '/ leads to the search'
fill 'input[name=q]' Hopper
shows 'it finds' 'return /1 match/.test(document.querySelector(".count").textContent) && /Grace Hopper/.test(document.querySelector("tbody").textContent)'
shows '... and is in the address' 'return /q=Hopper/.test(location.hash)'
visit '/#/orders?status=failed'
shows 'a status in the address' 'return document.querySelector("select[name=status]")?.value === "failed" && /2 match/.test(document.querySelector(".count").textContent)'
click '.bulk button'
shows 'retrying all says how many' 'return /2 orders/.test(document.querySelector("dialog").textContent)'
shot retry-all
press Escape
shows 'Escape takes it back' 'return !document.querySelector("dialog") && /Retry all/.test(document.activeElement.textContent)'
is "$(psqlq "SELECT count(*) FROM orders WHERE status = 'failed'")" 2 '... and nothing was done'
press Enter
press Tab Enter
shows 'by the keyboard it is done' 'return /2 orders retried/.test(document.getElementById("notices").textContent)'
is "$(psqlq "SELECT count(*) FROM orders WHERE status = 'failed'")" 0 '... in the database too'
shows '... and in the list' 'return /0 match/.test(document.querySelector(".count").textContent)'
visit '/#/orders/2'
shows 'one order' 'return document.querySelectorAll(".story li").length >= 4 && /Grace Hopper/.test(document.querySelector("main").textContent)'
shot order
click '.actions button'
click 'dialog button[value=yes]'
shows 'it can be cancelled' 'return document.querySelector("main .badge.cancelled") && !document.querySelector(".actions button")'
is "$(psqlq 'SELECT status FROM orders WHERE id = 2')" cancelled '... in the database too'
visit '/#/orders/999'
shows 'one that is not there' 'return /There is no order 999/.test(document.querySelector("main").textContent)'

visit '/#/orders'
shows 'a list' 'return document.querySelectorAll("tbody tr").length === 9'
is "$(js 'return [...document.querySelectorAll("th button")].map((b) => b.textContent).join()')" Received 'an order is offered where the server has it'
click 'th button'
shows 'a column sorts the whole list' 'return /sort=id/.test(location.hash) && document.querySelector("th[aria-sort=ascending]") && /#1002/.test(document.querySelector("tbody tr:nth-child(2)").textContent)'
click 'th button'
shows '... and back' 'return !/sort/.test(location.hash) && document.querySelector("th[aria-sort=descending]") && /#77/.test(document.querySelector("tbody tr").textContent)'
js 'history.back()' >/dev/null

# --- stock

visit '/#/stock?low=true'
shows 'what is low' 'return document.querySelectorAll("tbody tr").length >= 2'
click 'tbody tr button'
fill 'dialog input[name=units]' 25
fill 'dialog input[name=reason]' "$evil"
press Enter
shows 'a change of stock is made' 'return !document.querySelector("dialog") && /25 on the shelf/.test(document.getElementById("notices").textContent)'
is "$(psqlq "SELECT count(*) FROM ledger WHERE delta = 25 AND actor = 'api'")" 1 '... in the ledger too'
click 'tbody tr button'
fill 'dialog input[name=units]' -99
fill 'dialog input[name=reason]' x
press Enter
shows 'one that cannot be says why' 'return /fall below 0/.test(document.querySelector("dialog .error[role=alert]")?.textContent)'
press Escape

# --- names that mean harm, on every page

for page in '' orders orders/1 products products/20 stock stock/20 logs quarantine imports webhooks; do
	visit "/#/$page"
	shows "harm on /$page" 'return document.querySelector("h1") && !document.querySelector("main[aria-busy]") && document.title !== "owned" && !document.querySelector("main img") && !document.querySelector("main script")'
done
visit '/#/products/20'
shows '... is shown as it is' 'return document.querySelector("h1").textContent.includes("<script>")'
is "$(complaints | grep -v 'api/orders/999' | grep -v 401 | grep -v ' 409 \| 404 ')" '' 'the browser has nothing to complain of'

# --- a reader

click '#sign-out'
shows 'signed out' 'return location.pathname === "/sign-in.html"'
sign_in "$API_TOKENS_READ"
shows 'a reader is told so' 'return document.getElementById("scope").textContent === "Read only"'
visit '/#/orders/1'
shows '... and what he may not is closed, with the reason' 'const b = document.querySelector(".actions button"); return b?.disabled && /may read, not change/.test(b.title)'
done_testing
