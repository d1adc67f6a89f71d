#!/bin/sh
# What people do most often, with the clicks and keys that it takes, counted in the page: none takes more than it did.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

sink_start
screen_start
psqlq "INSERT INTO products (sku, name, price) SELECT 'LMP-' || i, 'Lamp number ' || i, i FROM generate_series(1, 300) i;
	INSERT INTO orders (shop, external_id, status, name, customer_email, error_message)
	SELECT 's.myshopify.com', 7000 + i, CASE WHEN i > 40 THEN 'failed' ELSE 'completed' END, '#' || 1000 + i, 'buyer' || i || '@example.com',
		CASE WHEN i > 40 THEN 'was away' END FROM generate_series(1, 60) i;
	INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker) SELECT 'process_order', id, 1, 'success', 3, 'w' FROM orders" >/dev/null
background fulfil-notify
background fulfil-import --work
importer=$BACKGROUND

types() { # TEXT: into what has the focus; \t and \n are Tab and Enter
	types_to=$(wd GET "/session/$BROWSER/element/active" | jq -r '.[]')
	wd POST "/session/$BROWSER/element/$types_to/value" "$(printf '%b' "$1" | jq -Rs '{text: (gsub("\t"; "\uE004") | gsub("\n"; "\uE007"))}')" >/dev/null
}
counting() {
	js 'window.made = [0, 0]; ["pointerdown", "keydown"].forEach((kind, i) =>
		addEventListener(kind, (e) => { if (e.isTrusted) window.made[i]++; }, true))' >/dev/null
}
takes() { # CLICKS KEYS NAME: that many at most since the last call
	made=$(js 'const m = window.made.join(" "); window.made.fill(0); return m')
	ok "$3: ${made% *} clicks of $1, ${made#* } keys of $2" test "${made% *}" -le "$1" -a "${made#* }" -le "$2"
}

# --- in

screen 1440 light
visit /sign-in.html
counting
pastes() { # TEXT: where the page begins
	js "const d = new DataTransfer(); d.setData('text', ' $1 ');
		const at = document.querySelector('[name=user]'); at.focus();
		if (at.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true}))) at.value = ' $1 '" >/dev/null
}
pastes ful_0123456789abcdef0123
is "$(js 'return document.activeElement.name + document.querySelector("[name=user]").value')" token 'a token that is pasted goes where tokens go'
js 'document.querySelector("form").reset()' >/dev/null
pastes margaret.hamilton.1969
is "$(js 'return document.querySelector("[name=user]").value.trim() + document.querySelector("[name=token]").value')" margaret.hamilton.1969 '... and a long name stays a name'
js 'document.querySelector("form").reset()' >/dev/null
pastes ada
types '\n'
shows '... for which a password is asked' 'return /password of that name/.test(document.getElementById("message").textContent) && document.activeElement.name === "token"'
js 'document.querySelector("form").reset(); window.made.fill(0)' >/dev/null
pastes "$API_TOKENS_WRITE"
takes 0 0 'a token is pasted'
types '\n'
shows '... and Enter signs in' 'return location.pathname === "/" && document.querySelector("h1")'
counting

# --- orders

click 'nav a[href="#/orders"]'
shows 'orders' 'return document.querySelectorAll("tbody a").length === 50'
takes 1 0 'to the orders'
press /
types '1007'
shows 'an order by its number' 'return document.querySelector("tbody a")?.textContent === "#1007" && document.querySelectorAll("tbody a").length === 1'
takes 0 5 'an order by its number'
press Enter
shows '... to which Enter leads' 'return document.activeElement.matches("tbody a")'
press Enter
shows '... and which it opens' 'return /1007/.test(document.querySelector("h1").textContent) && document.querySelectorAll(".actions button").length === 1'
takes 0 13 'from the search to what it found by the keyboard'
click '.actions button'
click 'dialog button[value=yes]'
shows 'an order is cancelled' 'return document.querySelector(".badge.cancelled")'
takes 2 0 'an order is cancelled'
click 'nav a[href="#/"]'
shows 'how many failed' 'return document.querySelector("a.figure[href=\"#/orders?status=failed\"] b")?.textContent === "20"'
js 'window.failed = document.querySelector("a.figure[href=\"#/orders?status=failed\"]"); window.failed.focus(); window.asOf = document.getElementById("updated").textContent' >/dev/null
shows '... and figures that move leave the keyboard where it is' 'return document.getElementById("updated").textContent !== window.asOf && document.activeElement === window.failed'
click 'a.figure[href="#/orders?status=failed"]'
shows '... leads to them' 'return /20 match/.test(document.querySelector(".count").textContent)'
click '.bulk button'
click 'dialog button[value=yes]'
shows 'all that failed are retried' 'return /20 orders retried/.test(document.getElementById("notices").textContent)'
takes 4 0 'all that failed are retried, from any page'

visit '/#/logs?status='
fill 'input[name=order_id]' '#1060'
shows 'the runs of an order are found by its number' 'return document.querySelector("tbody a")?.textContent === "order #1060" && [...document.querySelectorAll("tbody a")].every((a) => a.textContent === "order #1060")'
fill 'input[name=order_id]' '#77'
shows '... and none of one that nobody knows' 'return /No run matches/.test(document.querySelector("tbody").textContent)'
takes 0 30 'without a click'

# --- a product

click 'nav a[href="#/products"]'
shows 'products' 'return document.querySelectorAll("tbody a").length === 50'
press /
types '\tber 277'
shows '... one by a part of its name' 'return document.querySelector("tbody a")?.textContent === "LMP-277" && document.querySelectorAll("tbody a").length === 1'
click 'tbody a'
click '.actions button:nth-of-type(3)'
shows '... is edited' 'return document.querySelector("dialog input[name=name]")'
click 'dialog input[name=price]'
types '9\n'
shows '... with another price' 'return /2,779/.test(document.querySelector("main").textContent) && !document.querySelector("dialog")'
click '.actions button:nth-of-type(1)'
shows '... counted in' 'return document.querySelector("dialog input[name=units]")'
click 'dialog input[name=units]'
types '25\tdelivery\n'
shows '... it is there' 'return /delivery/.test(document.querySelector("tbody").textContent) && !document.querySelector("dialog")'
click '.actions button:nth-of-type(2)'
shows '... has a level' 'return document.querySelector("dialog input[name=reorder_level]")'
types '5\n'
shows '... and a history' 'return /delivery/.test(document.querySelector("tbody").textContent) && !document.querySelector("dialog")'
takes 9 52 'a product is found, edited, stocked, has a level, and its history'

# --- files

click 'nav a[href="#/imports"]'
seq 1 3000 | awk 'BEGIN { print "sku,name,price" } { print "I-" $1 ",Imported " $1 "," ($1 % 100 ? 1 : "x") }' >some.csv
attach '#file' "$SCRATCH/some.csv"
takes 1 0 'to the imports'
click 'form button[type=submit]'
shows 'a file is imported' 'return /completed, 30 of 3,000 rejected/.test(document.querySelector("main .badge.partial")?.textContent)'
takes 1 0 'a file that was dropped is imported'
click '.actions a[download]'
click 'main a.button[href="#/imports"]'
sed 's/,x$/,2/' some.csv >mended.csv
attach '#file' "$SCRATCH/mended.csv"
click 'form button[type=submit]'
shows 'what was rejected is mended' 'return document.querySelector("h1").textContent === "mended.csv" && document.querySelector("main .badge.completed")'
takes 4 0 'what was rejected is had, mended and imported'
kill -STOP "$importer"
click 'main a.button[href="#/imports"]'
attach '#file' "$SCRATCH/mended.csv"
click 'form button[type=submit]'
shows 'one more waits' 'return document.querySelector("main .badge.queued")'
takes 2 0 'another file'
click '.actions button'
click 'dialog button[value=yes]'
kill -CONT "$importer"
shows 'an import is cancelled' 'return document.querySelector("main .badge.cancelled")'
takes 2 0 'an import is cancelled'

# --- a webhook

click 'nav a[href="#/webhooks"]'
click '.actions button'
shows 'a new webhook' 'return document.querySelector("input[name=url]")'
click 'input[name=url]'
types "$SINK/ok"
click 'input[value="product.updated"]'
types '\n'
shows '... is made' 'return document.querySelector(".actions .primary")?.textContent === "Send a test"'
click '.actions .primary'
shows '... tested' 'return /200/.test(document.querySelector("main").textContent)'
curl -sS -o /dev/null -X PUT -H "Authorization: Bearer $FULFIL_TOKEN" -H 'Content-Type: application/json' -d '{"price": "2.50"}' "$FULFIL_URL/api/products/1"
shows '... told' 'return document.querySelector("tbody .badge.delivered")'
click 'tbody button'
shows '... and told again' 'return /sent again/.test(document.getElementById("notices").textContent)'
takes 7 "$((${#SINK} + 6))" 'a webhook is made, tested, told, told again'

# --- and out

click '#nav .foot button'
shows 'out' 'return location.pathname === "/sign-in.html"'
is "$(complaints)" '' 'the browser has nothing to complain of'
done_testing
