#!/bin/sh
# The pages in a browser, by keyboard and in the dark: a webhook made, tested, told, replayed.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

screen_start
sink_start
background fulfil-notify
psqlq "INSERT INTO products (sku, name) VALUES ('<b>A</b>', 'A')" >/dev/null
screen 1280 dark
sign_in "$API_TOKENS_WRITE"

visit '/#/webhooks'
shows 'none yet' 'return /Nobody is told/.test(document.querySelector("tbody")?.textContent)'
click '.actions button'
shows 'a form' 'return document.querySelector("h1").textContent === "New webhook" && document.querySelector("input[name=url]")'
fill 'input[name=url]' "$SINK/html"
press Enter
shows 'a webhook without events is told so at its field' 'return document.querySelector("fieldset .error").textContent'
click 'input[value="product.updated"]'
click 'input[value="order.cancelled"]'
fill 'textarea[name=headers]' 'Host: evil'
press Tab
click 'form button.primary'
shows 'a header that is ours too' 'return document.querySelector("textarea[name=headers]").closest(".field").querySelector(".error").textContent'
fill 'textarea[name=headers]' 'X-Team: <b>warehouse</b>'
fill 'input[name=secret]' 'a secret of some length'
fill 'input[name=retry_count]' 0
press Enter
shows 'then it is made' 'return /^#\/webhooks\/1$/.test(location.hash) && document.querySelector(".actions .primary")'
is "$(psqlq "SELECT url, event_types, headers, retry_count, secret FROM webhooks")" "$SINK/html|{product.updated,order.cancelled}|{\"X-Team\": \"<b>warehouse</b>\"}|0|a secret of some length" '... as it was given'
shows 'its secret is not shown' 'return document.querySelector("input[name=secret]").value === "" && /ends in ngth/.test(document.querySelector("form[aria-label=Webhook]").textContent)'

# --- a test, and what it is told

click '.actions .primary'
shows 'a test shows code and time' 'return /500 Oops/.test(document.querySelector("main").textContent) && /in [0-9.]+\s?m?s/.test(document.querySelector("main").textContent)'
shows '... and the answer, as text' 'return /<script>alert/.test(document.querySelector("main pre:last-of-type").closest(".card").textContent) && !document.querySelector("main script")'
shot webhook-test
curl -sS -o /dev/null -X PUT -H "Authorization: Bearer $FULFIL_TOKEN" -H 'Content-Type: application/json' \
	-d '{"price": "2.50"}' "$FULFIL_URL/api/products/1"
shows 'a delivery is shown as it happens' 'const r = document.querySelector("tbody tr"); return /product.updated/.test(r.textContent) && /given up/.test(r.textContent) && /500/.test(r.textContent)'
click 'tbody details summary'
shows '... and opens to what it was answered' 'return /<script>alert/.test(document.querySelector("tbody details[open]").textContent)'
fill 'input[name=url]' "$SINK/ok"
press Enter
shows 'the address is changed' 'return /is saved/.test(document.getElementById("notices").textContent)'
before=$(told -s length)
click 'tbody button'
shows 'a replay is delivered' 'return /delivered/.test(document.querySelector("tbody tr").textContent)'
is "$(($(told -s length) - before))" 1 '... once'
shot deliveries
is "$(told -s '[.[].headers | to_entries[] | select(.key | ascii_downcase == "x-team") | .value] | unique | join(",")')" '<b>warehouse</b>' 'its header went with it'

# What was sent, made again: the same bytes, by who may write.
js 'document.querySelector("tbody tr details").open = true; document.querySelector("tbody tr details details").open = true' >/dev/null
shows 'what was sent is shown' 'return /^POST .ok HTTP.1.1\nHost: /.test(document.querySelector("tbody details details pre")?.textContent) && document.querySelectorAll("tbody details details .quiet").length === 0'
sent() { # TOKEN FILTER
	curl -sS -H "Authorization: Bearer $1" "$FULFIL_URL/api/deliveries/1/request" | jq -r "(.request.headers | map({key: (.name | ascii_downcase), value}) | from_entries) as \$h | $2"
}
# shellcheck disable=SC2016 # a variable of jq
is "$(sent "$API_TOKENS_WRITE" '[.attempt, .changed_since, .complete, .request.body, $h["webhook-id"], $h["webhook-timestamp"], $h["webhook-signature"], $h["x-webhook-signature"], $h["x-team"], $h["content-type"]] | @json')" \
	"$(told -s '.[-1] | [2, false, true, .body, .headers["webhook-id"], .headers["webhook-timestamp"], .headers["webhook-signature"], .headers["x-webhook-signature"], .headers["x-team"], .headers["content-type"]] | @json')" '... to the byte'
# shellcheck disable=SC2016 # a variable of jq
is "$(sent "$API_TOKENS_READ" '[.complete, $h["webhook-signature"], $h["x-team"], (.request.body | fromjson | .event)] | @json')" \
	'[false,null,null,"product.updated"]' '... to readers without what signs'

# --- what a test cannot do

fill 'input[name=url]' "$SINK/302?http://other.example/x"
press Enter
wait_until 10 sh -c "psql -X -A -t -d '$DATABASE_URL' -c 'SELECT url FROM webhooks' | grep -q other"
click '.actions .primary'
shows 'a redirect is explained' 'return /redirect is not followed.*http:..other.example.x/.test(document.querySelector("main").textContent)'
shows '... with the headers of the answer' 'return [...document.querySelectorAll("main details pre")].some((p) => /^Location: http:..other.example.x$/mi.test(p.textContent))'
fill 'input[name=url]' "$SINK/never"
press Enter
wait_until 10 sh -c "psql -X -A -t -d '$DATABASE_URL' -c 'SELECT url FROM webhooks' | grep -q never"
before=$(told -s length)
js 'for (let i = 0; i < 2; i++) fetch("/api/webhooks/1/test", {method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"})' >/dev/null
many() { [ "$(($(told -s length) - before))" -ge 2 ]; }
wait_until 10 many
click '.actions .primary'
shows 'a test that has to wait says why' 'return document.querySelector("main > div > .error.card")?.textContent.length > 10'
fill 'input[name=url]' "$SINK/ok"
press Enter
wait_until 10 sh -c "psql -X -A -t -d '$DATABASE_URL' -c 'SELECT url FROM webhooks' | grep -q ok"

# --- an order's story has it too

echo '{"id":5,"name":"#5","line_items":[{"id":1,"sku":"X","quantity":1}]}' | fulfil-recv >/dev/null
visit '/#/orders/1'
click '.actions button'
press Tab Enter
shows 'an order is cancelled' 'return document.querySelector("main .badge.cancelled")'
wait_until 10 sh -c "psql -X -A -t -d '$DATABASE_URL' -c \"SELECT count(*) FROM deliveries WHERE state = 'delivered'\" | grep -qx 2"
wd POST "/session/$BROWSER/refresh" >/dev/null
shows '... and its page says who was told' 'return /Event order.cancelled/.test(document.querySelector(".story")?.textContent) && new RegExp("Delivered to .*/ok").test(document.querySelector(".story").textContent)'

visit '/#/webhooks'
click 'tbody button'
shows 'it can be disabled in the list' 'return document.querySelector("tbody .badge.disabled")'
visit '/#/webhooks/1'
click '.actions button:last-child'
press Tab Enter
shows 'and deleted' 'return location.hash === "#/webhooks" && /Nobody is told/.test(document.querySelector("tbody")?.textContent)'
is "$(complaints | grep -v ' 400 \| 429 ')" '' 'the browser has nothing to complain of'
done_testing
