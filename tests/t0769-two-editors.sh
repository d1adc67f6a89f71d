#!/bin/sh
# Two who edit one thing: the second is told what the first saved, keeps what was typed, and overwrites nothing
# unseen. A product, the reorder level of one, a webhook.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
psqlq "INSERT INTO products (sku, name, price, category) VALUES ('LAMP', 'A lamp', 5, 'Light'); SELECT stock_adjust(1, 9, true, NULL, 'test', 10);
	INSERT INTO webhooks (url, event_types, timeout) VALUES ('https://hook.invalid/', '{order.failed}', 9)" >/dev/null
other() { # PATH JSON: somebody else saves
	curl -sf -o answer -X "${3:-PUT}" -H "Authorization: Bearer $API_TOKENS_WRITE" -H 'Content-Type: application/json' -d "$2" "$FULFIL_URL$1" ||
		diag "$(cat answer)"
}
product() { psqlq 'SELECT name, price, category FROM products'; }
screen 1440 light
sign_in "$API_TOKENS_WRITE"

visit '/#/products'
click 'button[aria-label="Edit LAMP"]'
shows 'the form is filled' 'return document.querySelector("dialog input[name=name]")?.value === "A lamp"'
other /api/products/1 '{"name": "Theirs", "category": "Lamps"}'
fill 'dialog input[name=name]' Mine
fill 'dialog input[name=price]' 6
press Enter
shows 'the second is told that somebody else saved' 'return /Somebody else saved this meanwhile/.test(document.querySelector("dialog .error[role=alert]").textContent)'
shows '... and what' 'return /Theirs/.test(document.querySelector("dialog input[name=name]").closest(".field").textContent)'
is "$(js 'return ["name", "price", "category"].map((n) => document.querySelector("dialog input[name=" + n + "]").value).join()')" 'Mine,6,Lamps' \
	'what was typed is there still, and what was not touched is theirs'
shot two-editors
is "$(product)" 'Theirs|5|Lamps' 'nothing is overwritten'
press Enter
shows 'saved again, it is saved' 'return !document.querySelector("dialog")'
is "$(product)" 'Mine|6|Lamps' '... with both changes'

visit '/#/stock'
click 'button[aria-label="Set the reorder level of LAMP"]'
shows 'the level is asked for' 'return document.querySelector("dialog input[name=reorder_level]")'
other /api/inventory/1 '{"add": 3, "reason": "delivery"}' POST
fill 'dialog input[name=reorder_level]' 4
press Enter
shows 'stock that moved meanwhile stops nobody' 'return !document.querySelector("dialog")'
is "$(psqlq 'SELECT reorder_level FROM products')" 4 '... the level is set'
click 'button[aria-label="Set the reorder level of LAMP"]'
shows 'asked again' 'return document.querySelector("dialog input[name=reorder_level]")?.value === "4"'
other /api/inventory/1 '{"reorder_level": 7}'
fill 'dialog input[name=reorder_level]' 5
press Enter
shows 'another level is told' 'return /somebody else saved .7./.test(document.querySelector("dialog").textContent)'
is "$(psqlq 'SELECT reorder_level FROM products')" 7 '... and not overwritten'
press Escape

visit '/#/webhooks/1'
shows 'a webhook' 'return document.querySelector("main form input[name=timeout]")?.value === "9"'
other /api/webhooks/1 '{"timeout": 11}'
fill 'main form input[name=timeout]' 12
press Enter
shows 'that somebody else changed is not overwritten unseen' 'return /Somebody else saved this webhook meanwhile: timeout/.test(document.querySelector("main form .error[role=alert]").textContent)'
is "$(psqlq 'SELECT timeout FROM webhooks')" 11 '... it is as they saved it'
press Enter
shows '... but seen' 'return /The webhook is saved/.test(document.getElementById("notices").textContent)'
is "$(psqlq 'SELECT timeout FROM webhooks')" 12 '... it is saved'
done_testing
