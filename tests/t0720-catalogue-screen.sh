#!/bin/sh
# The pages in a browser, on a phone: products made, found, changed and deleted; a file looked at, mended,
# uploaded and watched.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
psqlq "INSERT INTO products (sku, name, price) SELECT 'OLD-' || i, 'Old thing ' || i, i FROM generate_series(1, 60) i"
background fulfil-import --work
evil='x"><svg onload=alert(1)>'
screen 390 light
sign_in "$API_TOKENS_WRITE"

# --- products

visit '/#/products'
shows 'products' 'return /60 in all/.test(document.querySelector(".count")?.textContent)'
click '.actions button'
shows 'a form for a new one, with the focus in it' 'return document.activeElement === document.querySelector("dialog input")'
fill 'dialog input[name=sku]' "$evil"
fill 'dialog input[name=name]' 'A new thing'
fill 'dialog input[name=price]' 'much'
fill 'dialog input[name=reorder_level]' 4
press Enter
shows 'a price that is none is told so at its field' 'return /^"much" is no price/.test(document.querySelector("dialog input[name=price]").closest(".field").querySelector(".error").textContent)'
is "$(js 'return document.activeElement.name + document.activeElement.getAttribute("aria-invalid")')" 'pricetrue' '... which has the focus'
shot new-product
fill 'dialog input[name=price]' 12.50
press Enter
shows 'then it is made' 'return !document.querySelector("dialog") && /61 in all/.test(document.querySelector(".count").textContent)'
is "$(psqlq "SELECT price, reorder_level, description IS NULL, category IS NULL FROM products WHERE name = 'A new thing'")" '12.50|4|t|t' '... as it was given'
click 'tbody tr button'
fill 'dialog input[name=sku]' old-7
press Enter
shows 'a SKU that is taken is told so' 'return /SKU: another product has it/.test([...document.querySelectorAll("dialog .error")].map((e) => e.textContent).join(" "))'
fill 'dialog input[name=sku]' NEW-1
fill 'dialog textarea[name=description]' 'Two
lines'
click 'dialog button.primary'
shows 'a change is saved' 'return /NEW-1/.test(document.querySelector("tbody tr").textContent)'
is "$(psqlq "SELECT description, price FROM products WHERE sku = 'NEW-1'")" 'Two
lines|12.50' '... and the rest is as it was'
click 'tbody tr .row button:last-child'
click 'dialog button[value=yes]'
shows 'it is deleted' 'return /60 in all/.test(document.querySelector(".count").textContent)'
is "$(js 'return document.activeElement.getAttribute("aria-label")')" 'Delete OLD-60' '... and the keyboard is at the next one'
fill 'input[name=sku]' LD-1
shows 'a filter' 'return /11 match/.test(document.querySelector(".count").textContent) && /sku=LD-1/.test(location.hash)'
wd POST "/session/$BROWSER/refresh" >/dev/null
shows 'a reload keeps it' 'return /11 match/.test(document.querySelector(".count")?.textContent) && document.querySelector("input[name=sku]").value === "LD-1"'
js 'document.querySelector(".bulk details").open = true' >/dev/null
like "$(js 'return document.querySelector(".bulk a").getAttribute("href")')" 'export.csv\?sku=LD-1' 'the export has the filter'
click '.bulk button'
shows 'deleting all that match names how many, and which' 'return /11 products/.test(document.querySelector("dialog h2").textContent) && /sku LD-1/.test(document.querySelector("dialog").textContent)'
shot delete-all
mkfifo hold
psql -X -q -d "$DATABASE_URL" <hold >/dev/null 2>&1 &
exec 8>hold
echo 'BEGIN; LOCK TABLE products IN EXCLUSIVE MODE;' >&8
locked() { [ "$(psqlq "SELECT count(*) FROM pg_locks WHERE relation = 'products'::regclass AND mode = 'ExclusiveLock' AND granted")" = 1 ]; }
wait_until 10 locked
click 'dialog button[value=yes]'
shows '... takes its time, and looks so' 'return !document.querySelector("dialog") && getComputedStyle(document.querySelector(".bulk button[aria-busy]"), "::after").borderTopStyle === "solid" && document.querySelector(".scroll[aria-busy]")'
shot deleting
echo 'ROLLBACK;' >&8
exec 8>&-
shows '... deletes them' 'return /0 match/.test(document.querySelector(".count").textContent)'
is "$(psqlq 'SELECT count(*) FROM products WHERE deleted_at IS NULL')" 49 '... and no others'
shows '... is at work no more, and the keyboard has a place' 'return !document.querySelector("main [aria-busy]") && document.activeElement.tagName === "H1"'
visit '/#/products'
click '.bulk details:last-of-type summary'
click '.bulk details[open] button'
shows 'deleting all takes a word' 'return document.querySelector("dialog button[value=yes]").disabled'
press Escape

# --- imports

printf '%s;%s;price\nA-1;"Thing; ""one""";1.50\nA-2;%s;2\n;none;3\nOLD-2;Renamed;9\n' Qqq "Titel $evil" "$evil" >odd.csv
visit '/#/imports'
attach '#file' "$SCRATCH/odd.csv"
shows 'a header without sku and name is told before it is sent' 'return /No column is sku/.test(document.querySelector("form").textContent)'
is "$(js 'return document.querySelector("form button[type=submit]").disabled')" true '... and cannot be'
shows '... its rows are counted' 'return /: 4 rows,/.test(document.querySelector("form").textContent)'
shows '... the first are there' 'return /Thing; "one"/.test(document.querySelector(".sample").textContent)'
click '.sample td:first-child select'
press s Enter
shows '... a column can be chosen' 'return !/No column is sku/.test(document.querySelector("form").textContent)'
click '.sample td:nth-child(2) select'
press n Enter
shows '... and another' 'return !document.querySelector("form button[type=submit]").disabled'
shot import
click 'form button[type=submit]'
shows 'it is uploaded and watched' 'return /^#\/imports\/[0-9a-f-]{36}$/.test(location.hash) && document.querySelector("h1").textContent === "odd.csv"'
shows '... to its end' 'return document.querySelector("main .badge.partial")'
shows '... with what became of each row' 'return /Created\s*2/.test(document.querySelector("main").innerText) && /Updated\s*1/.test(document.querySelector("main").innerText) && /Rejected\s*1/.test(document.querySelector("main").innerText)'
shot imported
like "$(js 'return fetch(document.querySelector("a[download]").href).then((r) => r.text())')" ';none;3' 'what was rejected can be had'
is "$(psqlq "SELECT name FROM products WHERE sku = 'A-2'")" "$evil" 'names are as they were'
wd POST "/session/$BROWSER/refresh" >/dev/null
shows 'a reload shows it still' 'return document.querySelector("h1")?.textContent === "odd.csv" && document.querySelector("main .badge.partial")'
visit '/#/imports'
shows 'past uploads' 'return /odd.csv/.test(document.querySelector("tbody").textContent)'
js 'const d = new DataTransfer(); d.items.add(new File(["sku,name\nD-1,Dropped"], "dropped.csv"));
	document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true}))' >/dev/null
shows 'a file can be dropped' 'return /dropped.csv/.test(document.querySelector("form").textContent) && /D-1/.test(document.querySelector(".sample").textContent)'
js 'const d = new DataTransfer(); d.setData("text", "sku,name\nP-1,Pasted\n"); document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true}))' >/dev/null
shows '... and rows can be pasted' 'return /P-1/.test(document.querySelector(".sample").textContent)'
visit '/#/products'
click '.actions button'
js 'history.back()' >/dev/null
shows 'a dialog does not outlive its page' 'return document.querySelector("h1").textContent === "Imports" && !document.querySelector("dialog")'

# Rows that are written; one that is large enough to be watched and cancelled.
see_in 10 'return document.querySelector(".drop details")'
js 'document.querySelector(".drop details").open = true' >/dev/null
fill '.drop textarea' 'sku,name
B-1,Written'
click 'input[name=dry_run]'
click 'form button[type=submit]'
shows 'rows that are written, only tried' 'return /Created\s*1/.test(document.querySelector("main").innerText) && /Only tried/.test(document.querySelector("main").innerText)'
is "$(psqlq "SELECT count(*) FROM products WHERE sku = 'B-1'")" 0 '... change nothing'
kill -STOP "$BACKGROUND"
seq 1 20000 | awk 'BEGIN { print "sku,name" } { print "L-" $1 ",Large " $1 }' >large.csv
visit '/#/imports'
attach '#file' "$SCRATCH/large.csv"
click 'form button[type=submit]'
shows 'one waits' 'return document.querySelector("h1").textContent === "large.csv" && /queued/.test(document.querySelector("main .badge").textContent)'
click '.actions button'
click 'dialog button[value=yes]'
kill -CONT "$BACKGROUND"
shows '... and is cancelled' 'return document.querySelector("main .badge.cancelled")'
is "$(psqlq "SELECT count(*) FROM products WHERE sku LIKE 'L-%'")" 0 '... and leaves nothing'
is "$(complaints | grep -v ' 40[09] ')" '' 'the browser has nothing to complain of'
done_testing
