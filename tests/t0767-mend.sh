#!/bin/sh
# From an order that failed to one that is completed in at most four clicks: a SKU that nobody knows, and one that is
# short. The SKU of a line leads to its product.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
psqlq "INSERT INTO products (sku, name) VALUES ('LAMP', 'A lamp'); INSERT INTO stock (product_id, on_hand, opening) SELECT id, 1, 1 FROM products" >/dev/null
echo '{"id":71,"name":"#71","currency":"EUR","line_items":[{"id":1,"sku":"NO-SUCH","name":"Something new","quantity":2,"price":"9.90"}]}
{"id":72,"name":"#72","currency":"EUR","line_items":[{"id":1,"sku":"lamp","quantity":5,"price":"1"}]}' | fulfil-recv >/dev/null
fulfil-work --drain >/dev/null 2>&1
background fulfil-work
screen 1440 light
sign_in "$API_TOKENS_WRITE"
clicks=0
clicked() {
	clicks=$((clicks + 1))
	click "$1"
}
done_in() { # CLICKS NAME
	shows "$2 is completed by itself" 'return document.querySelector("main .lead .badge.completed")'
	ok "... after $clicks clicks" test "$clicks" -le "$1"
	clicks=0
}

visit '/#/orders/1'
shows 'what is unknown is called so' 'return /no such product/.test(document.querySelector("main table").textContent)'
clicked 'tbody button'
shows 'it is created with what the order says' 'return document.querySelector("dialog input[name=sku]").value === "NO-SUCH" && document.querySelector("dialog input[name=name]").value === "Something new" && document.querySelector("dialog input[name=price]").value === "9.90"'
clicked 'dialog button.primary'
shows '... and stocked with what it wants' 'return document.querySelector("dialog input[name=units]")?.value === "2" && /#71/.test(document.querySelector("dialog input[name=reason]").value)'
shot mend
clicked 'dialog button.primary'
done_in 4 'an order of an unknown SKU'
is "$(psqlq "SELECT on_hand FROM stock JOIN products p ON p.id = product_id WHERE sku = 'NO-SUCH'")" 0 '... in the database too'

visit '/#/orders/2'
shows 'what is short shows what there is' 'return document.querySelector("td[data-label=\"On hand\"]")?.textContent === "1"'
is "$(js 'return document.querySelector("tbody a").getAttribute("href")')" '#/stock/1' 'the SKU leads to its product'
clicked 'tbody button'
shows 'it is restocked with what is missing' 'return document.querySelector("dialog input[name=units]")?.value === "4"'
clicked 'dialog button.primary'
done_in 4 'an order that was short'
is "$(psqlq "SELECT status, count(*) FROM orders GROUP BY status")" 'completed|2' '... both are'

visit '/#/products'
click '.actions button'
fill 'dialog input[name=sku]' COMMA
fill 'dialog input[name=name]' 'A price as people write it'
fill 'dialog input[name=price]' '12,50'
press Enter
shows 'a decimal comma is taken' 'return /COMMA is created/.test(document.getElementById("notices").textContent)'
is "$(psqlq "SELECT price FROM products WHERE sku = 'COMMA'")" 12.50 '... for what it is'
done_testing
