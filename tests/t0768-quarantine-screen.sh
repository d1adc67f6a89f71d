#!/bin/sh
# The quarantine on the screen: a body is tried again once its reason is gone, or deleted after a question.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

export SHOPIFY_SHOPS=
screen_start
keep() { # SHOP BODY REASON
	psqlq "INSERT INTO quarantine (shop, topic, webhook_id, remote_addr, reason, body)
		VALUES ('$1', 'orders/create', 'w', '192.0.2.1', '$3', convert_to('$2', 'UTF8'))"
}
keep shop.myshopify.com '{"id":71,"name":"#71","line_items":[]}' 'the shop was not one of SHOPIFY_SHOPS'
keep shop.myshopify.com '{"id":0,"line_items":[]}' 'an old reason'
keep shop.myshopify.com 'no JSON' 'it is no JSON'
screen 1440 light
sign_in "$API_TOKENS_WRITE"
visit '/#/quarantine'
shows 'three bodies' 'return document.querySelectorAll("tbody tr").length === 3'
shot quarantine
click 'button[aria-label="Try again: body 1"]'
shows 'one whose reason is gone is taken in, and leaves' 'return /Taken in .accepted. as order 1/.test(document.getElementById("notices").textContent) && document.querySelectorAll("tbody tr").length === 2'
is "$(psqlq 'SELECT name FROM orders')" '#71' '... and is an order'
click 'button[aria-label="Try again: body 2"]'
shows 'one that is still none stays, with the reason of now' 'return /whole number/.test(document.getElementById("notices").textContent) && /whole number/.test(document.querySelector("tbody").textContent)'
click 'button[aria-label="Delete body 3"]'
shows 'a question before one is deleted' 'return /lost/.test(document.querySelector("dialog[open]")?.textContent)'
click 'dialog button[value=yes]'
shows '... and it is gone' 'return document.querySelectorAll("tbody tr").length === 1'
is "$(psqlq 'SELECT count(*) FROM quarantine')" 1 '... from the database too'
screen 360 dark
visit '/#/orders'
visit '/#/quarantine'
shows 'on a phone, too' 'return document.querySelectorAll("tbody tr").length === 1'
is "$(js 'return document.documentElement.scrollWidth <= innerWidth')" true 'nothing is wider than the phone'
shot quarantine-phone
done_testing
