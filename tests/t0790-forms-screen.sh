#!/bin/sh
# Forms in a browser: what is written is not lost by leaving or by the end of a session; what is shown is what
# is saved; names that turn the direction of text.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

asked() { wd GET "/session/$BROWSER/alert/text" >/dev/null; }

screen_start
sink_start
turned=$(printf 'A\342\200\256B')
psqlq "INSERT INTO products (sku, name) VALUES ('$turned', 'Turned')" >/dev/null
psqlq "INSERT INTO webhooks (url, event_types, headers, secret) VALUES ('$SINK/ok', '{order.*,product.created}', '{\"X-Team\": \"w\"}',
	'whsk_' || encode(decode('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'), 'base64'))" >/dev/null
psqlq "UPDATE webhooks SET secret = replace(secret, E'\\n', '')" >/dev/null
psqlq "INSERT INTO quarantine (reason, shop, topic, body) VALUES ('no usable id', 's.myshopify.com', 'orders/create', '{\"odd\": \"<b>\"}')" >/dev/null
screen 1280 light
visit '/sign-in.html'
fill '#token' " $API_TOKENS_WRITE "
press Enter
shows 'blanks around a token do no harm' 'return document.querySelector("h1")?.textContent === "Overview"'

# --- a webhook is saved as it stands

visit '/#/webhooks/1'
shows 'all order events are one choice, and stay one' 'return document.querySelector("input[value=\"order.*\"]").checked && document.querySelector("input[value=\"order.failed\"]").disabled && !document.querySelector("input[value=\"order.failed\"]").checked'
shows 'its public key is there to be copied' 'return /^whpk_/.test(document.getElementById("public-key")?.value)'
shows '... and the secret says what whsk_ does' 'return /whsk_.*Ed25519.*v1a/.test(document.querySelector("input[name=secret]").closest(".field").textContent)'
shot webhook-key
fill 'input[name=timeout]' 20
click 'form button.primary'
shows 'it is saved' 'return /is saved/.test(document.getElementById("notices").textContent)'
is "$(psqlq 'SELECT event_types, timeout FROM webhooks')" '{order.*,product.created}|20' '... with the choices it had'
fill 'textarea[name=headers]' 'nocolon'
click 'form button.primary'
shows 'a header line without a colon is told' 'return /Headers are written Name: value, which line 1 is not/.test(document.querySelector("textarea[name=headers]").closest(".field").textContent)'
is "$(psqlq 'SELECT headers FROM webhooks')" '{"X-Team": "w"}' '... and not saved'
shows 'nothing failed, so no replay is offered' 'return document.querySelector(".count") && !document.querySelector(".bulk button")'
screen 360 dark
shot webhook-phone
screen 1280 light

# --- leaving what is not saved

js 'setTimeout(() => { location.hash = "#/orders"; })' >/dev/null
ok 'leaving what is written is asked about' wait_until 10 asked
wd POST "/session/$BROWSER/alert/dismiss" >/dev/null
shows '... one may stay' 'return location.hash === "#/webhooks/1" && document.querySelector("textarea[name=headers]").value === "nocolon"'
js 'setTimeout(() => { location.hash = "#/orders"; })' >/dev/null
wait_until 10 asked
wd POST "/session/$BROWSER/alert/accept" >/dev/null
shows '... or leave' 'return location.hash === "#/orders" && document.querySelector("h1").textContent === "Orders"'

# --- a session that ends while one writes

visit '/#/products'
click '.actions button'
fill 'dialog input[name=sku]' KEPT
fill 'dialog input[name=name]' 'Long thought of'
wd DELETE "/session/$BROWSER/cookie" >/dev/null
press Enter
shows 'the end of a session takes nothing away' 'return /signed out/.test(document.querySelector("dialog .error[role=alert]")?.textContent) && document.querySelector("dialog input[name=name]").value === "Long thought of"'
shot signed-out
first=$(wd GET "/session/$BROWSER/window" | jq -r .)
wd POST "/session/$BROWSER/window/new" '{"type":"tab"}' >/dev/null
wd POST "/session/$BROWSER/window" "$(wd GET "/session/$BROWSER/window/handles" | jq -c --arg f "$first" '{handle: (map(select(. != $f))[0])}')" >/dev/null
sign_in "$API_TOKENS_WRITE"
wd DELETE "/session/$BROWSER/window" >/dev/null
wd POST "/session/$BROWSER/window" "{\"handle\":\"$first\"}" >/dev/null
click 'dialog button.primary'
shows '... and signed in again in another tab, it is saved' 'return /KEPT is created/.test(document.getElementById("notices").textContent) && !document.querySelector("dialog")'

# --- direction, quarantine

visit "/#/products?name=Turned"
click 'tbody button:last-child'
shows 'a name that turns the direction does not turn the question' 'return document.querySelector("dialog h2").textContent === "Delete A\u2039U+202E\u203aB?"'
press Escape
visit '/#/webhooks/new'
fill 'input[name=url]' "$SINK/new"
click 'form button.primary'
shows 'a webhook for nothing is told what to do' 'return document.querySelector("fieldset .error").textContent === "Events: tick at least one"'
is "$(js 'return document.querySelector("form a.button").getAttribute("href")')" '#/webhooks' '... and it can be let be'
js 'setTimeout(() => { location.hash = "#/webhooks"; })' >/dev/null
wait_until 10 asked
wd POST "/session/$BROWSER/alert/accept" >/dev/null
visit '/#/quarantine'
click 'tbody button'
shows 'what is in quarantine can be looked at, as text' 'return document.querySelector("tr.opened td[colspan] pre").textContent === "{\"odd\": \"<b>\"}"'
shot quarantine-open
visit '/sign-in.html'
sign_in "$API_TOKENS_READ"
visit '/#/webhooks/1'
shows 'a reader is told that values are not shown' 'return /X-Team: \(not shown/.test(document.querySelector("textarea[name=headers]").value)'
done_testing
