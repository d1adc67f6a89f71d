#!/bin/sh
# Names that mean harm without any HTML: blank ones, ones that turn the text, twins that look alike, very long ones.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
turned=$(printf '\342\200\256')
narrow=$(printf '\342\200\213')
jq -cn --arg t "$turned" --arg n "$narrow" '{id:94069415,name:"   ",line_items:[]}, {id:94069416,name:$n,line_items:[]},
	{id:94069417,name:"#100\($t)21",customer:{first_name:" ",last_name:$n},email:"a@example.com",line_items:[{id:1,sku:"A\($n)",quantity:1}]}' | fulfil-recv >/dev/null
psqlq "INSERT INTO products (sku, name) VALUES ('TWIN', 'One'), ('TWIN$narrow', 'Other'), ('EMOJI', '👩‍🚒 1️⃣ שלום')" >/dev/null
psqlq "INSERT INTO uploads (filename, status) VALUES (' ', 'failed')" >/dev/null
screen 1440 light
sign_in "$API_TOKENS_WRITE"

visit '/#/orders'
shows 'an order with a blank name is called by its id in Shopify' 'return [...document.querySelectorAll("tbody a")].map((a) => a.textContent).join() === "#100\u2039U+202E\u203a21,94069416,94069415"'
is "$(js 'return document.querySelector("tbody tr td:nth-child(2)").textContent')" a@example.com 'a blank customer by the address'
visit '/#/orders/1'
shows '... and can be opened' 'return document.querySelector("h1").textContent === "Order 94069415"'
visit '/#/products'
shows 'twins do not look alike' 'return [...document.querySelectorAll("tbody a")].map((a) => a.textContent).sort().join() === "EMOJI,TWIN,TWIN\u2039U+200B\u203a"'
is "$(js 'return [...document.querySelectorAll("tbody td")].some((t) => t.textContent === "\u{1F469}\u200D\u{1F692} 1\uFE0F\u20E3 \u05E9\u05DC\u05D5\u05DD")')" true 'pictures and other scripts stay as they are'
click 'tbody tr:nth-child(2) .row button:last-child'
shows 'a question names what it is about' 'return /Delete TWIN\u2039U\+200B\u203a\?/.test(document.querySelector("dialog h2").textContent)'
press Escape
visit '/#/imports'
shows 'a file without a name can be opened' 'return document.querySelector("tbody a").textContent === "a file without a name"'
{ head -c 5000 /dev/zero | tr '\000' x; printf ',sku,name\n1,A,B\n'; } >long.csv
attach '#file' "$SCRATCH/long.csv"
shows 'a very long column name is cut' 'return [...document.querySelectorAll(".sample th")].every((t) => t.textContent.length <= 40)'
is "$(js 'const [a, b] = document.querySelectorAll(".sample th"); return a.scrollWidth > a.clientWidth + 1 || a.getBoundingClientRect().right > b.getBoundingClientRect().left + 1')" false '... and leaves its neighbour alone'
is "$(js 'return import(document.querySelector("script[src]").src.replace("app.js", "dom.js")).then(({ visible, named, money, el }) =>
	[["\u2066A\u2069", "A\u2060", "\ufeffA", "A\u00ad", "\u3164", "a\u200d", "A\ufe01", "\u{e0041}"].map(visible).join(" "), named("\u2800 ", "x"),
	money("209285.13", "EUR"), money("-1234567890123456789.5", "EUR"), money("1234", "JPY"), el("pre", {}, "a\u202eb\nc").textContent].join("|").replaceAll("\u00a0", " "))')" \
	'‹U+2066›A‹U+2069› A‹U+2060› ‹U+FEFF›A A‹U+00AD› ‹U+3164› a‹U+200D› A‹U+FE01› ‹U+E0041›|x|209,285.13 EUR|-1,234,567,890,123,456,789.50 EUR|1,234 JPY|a‹U+202E›b
c' 'and so with all that nobody sees'
done_testing
