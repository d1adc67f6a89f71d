#!/bin/sh
# Imports in a browser: an upload continues while other pages are open and can be stopped; what would go
# wrong is told before; an import whose rows were rejected does not look well.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
background fulfil-import --work
screen 1280 light
sign_in "$API_TOKENS_WRITE"

told() { # NAME SCRIPT FILE: what is said about a file before it is sent
	visit '/#/nothing'
	visit '/#/imports'
	attach '#file' "$SCRATCH/$3"
	shows "$1" "$2"
}
# A server that stands still is a slow way to it, however fast the machine.
still() { kill -STOP "$WEB_PID"; }
goes_on() { kill -CONT "$WEB_PID"; }
at_exit goes_on

# --- a first look

: >empty.csv
echo 'sku,name,price' >head.csv
printf 'sku;name;price;quantity;__proto__;constructor\n;A;9,90;5;p;c\nA-2;B;x12;5;p;c\n' >commas.csv
printf 'sku,name\nU-1,Zw\303\266lf\n' >utf8.csv
iconv -f UTF-8 -t UTF-16LE utf8.csv >utf16.csv
printf 'sku,name,description\nL-1,Long,%s\n' "$(printf '%030000d' 7)" >long.csv
told 'an empty file is called so' 'return /empty.csv is empty/.test(document.querySelector("form").textContent) && !/No column/.test(document.querySelector("form").textContent)' empty.csv
told 'a header alone too' 'return /no row below/.test(document.querySelector("form").textContent) && document.querySelector("form button[type=submit]").disabled' head.csv
told 'names that every object has are told by name' 'return /Kept as they are: __proto__, constructor/.test(document.querySelector("form").textContent)' commas.csv
shows '... decimal commas are told' 'return /decimal comma/.test(document.querySelector(".warning + .warning").textContent)'
shows '... a quantity that is not taken too' 'return /column quantity is not taken/.test(document.querySelector(".warning").textContent)'
shot import-warnings
click 'input[name=stock]'
shows '... until it is' 'return !/column quantity is not taken/.test(document.querySelector("form").textContent)'
is "$(js 'return document.querySelector("select[name=active]").value')" yes 'new products are active unless something else is chosen'
told 'a long text stays small' 'return document.querySelector(".sample") && document.documentElement.scrollHeight < 2000' long.csv
told 'UTF-16 without a mark is not UTF-8' 'return document.querySelector("form .error").textContent' utf16.csv
click 'select[name=encoding]'
press U T F - 1 6 Enter
shows '... and is read once that is said' 'return /UTF-16/.test(document.querySelector("form").textContent) && /Zwölf/.test(document.querySelector(".sample")?.textContent) && !document.querySelector("form button[type=submit]").disabled'
attach '#file' "$SCRATCH/utf8.csv"
shows '... as what is not is not' 'return document.querySelector("form button[type=submit]").disabled && /No column is sku/.test(document.querySelector("form").textContent)'

# --- rejected

told 'a file to be rejected' 'return !document.querySelector("form button[type=submit]").disabled' commas.csv
click 'form button[type=submit]'
shows 'all rows rejected: that is no success' 'return /completed, 2 of 2 rejected/.test(document.querySelector("main .badge.partial")?.textContent)'
shows '... with the reasons, counted' 'return /^(1 row|2 rows): .*price/m.test(document.querySelector("#why")?.parentNode.innerText)'
shot import-rejected
visit '/#/imports'
shows '... in the list too' 'return /completed, 2 of 2 rejected/.test(document.querySelector("tbody .badge.partial")?.textContent)'

# --- while other pages are looked at

seq 1 60000 | awk 'BEGIN { print "sku,name" } { print "L-" $1 ",Large thing of a longer name " $1 }' >large.csv
visit '/#/orders'
visit '/#/products'
told 'a large file' 'return !document.querySelector("form button[type=submit]").disabled' large.csv
still
click 'form button[type=submit]'
shows 'its way is told' 'return /Sending large.csv/.test(document.querySelector(".notice.sending")?.textContent)'
click 'a[href="#/orders"]'
shows 'it continues on another page' 'return document.querySelector("h1").textContent === "Orders" && document.querySelector(".notice.sending")'
is "$(js 'return !window.dispatchEvent(new Event("beforeunload", {cancelable: true}))')" true '... leaving the application is asked about'
screen 360 dark
shot sending
screen 1280 light
click '.notice.sending button'
shows 'it can be stopped' 'return !document.querySelector(".notice.sending") && /large.csv: The upload was stopped/.test(document.getElementById("notices").textContent)'
is "$(js 'return window.dispatchEvent(new Event("beforeunload", {cancelable: true}))')" true '... and nothing is asked any more'
goes_on
told 'once more' 'return !document.querySelector("form button[type=submit]").disabled' large.csv
still
click 'form button[type=submit]'
shows 'it is sent' 'return document.querySelector(".notice.sending")'
click 'a[href="#/products"]'
goes_on
shows '... arrives, and its import is named' 'return /large.csv has arrived/.test(document.getElementById("notices").textContent)'
js '[...document.querySelectorAll(".notice a")].at(-1).click()' >/dev/null
shows '... and can be watched' 'return document.querySelector("h1").textContent === "large.csv" && document.querySelector("main .badge.completed")'
is "$(psqlq "SELECT count(*), bool_and(active) FROM products WHERE sku LIKE 'L-%'")" '60000|t' '... to its end'
visit '/#/logs?task=import_products'
click 'tbody a[href^="#/imports/"]'
shows 'its run in the log leads there too' 'return document.querySelector("h1").textContent === "large.csv"'

# --- an import is taken back, all but what was touched since

psqlq "INSERT INTO products (sku, name) VALUES ('U-1', 'Old name')" >/dev/null
printf 'sku,name\nU-1,New name\nU-2,Made\nU-3,Sold since\n' >undo.csv
told 'a file that is too short' 'return !document.querySelector("form button[type=submit]").disabled' undo.csv
js 'document.querySelectorAll("form details").forEach((d) => { d.open = true; })' >/dev/null
fill 'input[name=min_rows]' 4
click 'form button[type=submit]'
shows '... than it should be changes nothing' 'return document.querySelector("main .badge.failed")'
is "$(psqlq "SELECT name FROM products WHERE sku = 'U-1'")" 'Old name' '... indeed'
told 'the same' 'return !document.querySelector("form button[type=submit]").disabled' undo.csv
shows 'no feed is known' 'return /No file has a name yet/.test(document.querySelector("[aria-label=Feeds] tbody").textContent)'
js 'document.querySelectorAll("form details").forEach((d) => { d.open = true; })' >/dev/null
fill 'input[name=feed]' 'the list of acme'
click 'form button[type=submit]'
shows '... is imported without that' 'return document.querySelector("main .badge.completed") && [...document.querySelectorAll("main button")].some((b) => /^Undo/.test(b.textContent))'
psqlq "SELECT stock_adjust(id, 5, true, 'counted', 'test', 10) FROM products WHERE sku = 'U-3'" >/dev/null
js '[...document.querySelectorAll("main button")].find((b) => /^Undo/.test(b.textContent)).click()' >/dev/null
shows 'what will become of it is asked' 'return /2 products that it made will be deleted, and 1 product that it changed/.test(document.querySelector("dialog[open]")?.textContent)'
shot undo
click 'dialog[open] button.danger'
shows 'it is taken back, and what stays is named' 'return /1 changed and 1 made; 1 product touched since kept: U-3/.test(document.getElementById("notices").textContent)'
shows '... and the page says so for good' 'return /This import was taken back/.test(document.querySelector("main .warning")?.textContent) && ![...document.querySelectorAll("main button")].some((b) => /^Undo/.test(b.textContent))'
is "$(psqlq "SELECT string_agg(sku || '=' || name, ' ' ORDER BY sku) FROM products WHERE sku LIKE 'U-%' AND deleted_at IS NULL")" \
	'U-1=Old name U-3=Sold since' '... as it is in the database'

# --- a file that comes again under its name, and is refused

echo sku,name | fulfil-import --feed 'the list of acme' >out 2>&1
visit '/#/imports'
shows 'a feed is listed, with why its newest file was refused' 'const [row] = document.querySelectorAll("[aria-label=Feeds] tbody tr"); return /the list of acme.*3.*sku, name.*too_few_rows/s.test(row?.innerText)'
screen 360 light
shot feeds
is "$(js 'return document.documentElement.scrollWidth <= innerWidth')" true '... and it fits a phone'
screen 1280 light

services_stop TERM "$BACKGROUND"
told 'one more' 'return !document.querySelector("form button[type=submit]").disabled' utf8.csv
click 'form button[type=submit]'
shows 'an upload that nobody imports waits' 'return document.querySelector("main .badge.queued")'
psqlq "UPDATE uploads SET created_at = now() - interval '1 minute' WHERE status = 'queued'" >/dev/null
shows '... and says that nobody does' 'return /No importer is at work/.test(document.querySelector("main .warning")?.textContent)'
is "$(complaints | grep -v ' 40[09] ')" '' 'the browser has nothing to complain of'
done_testing
