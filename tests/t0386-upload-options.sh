#!/bin/sh
# What a form says more about a file: the line of its header, and what becomes of products that it lacks.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
background fulfil-import --work
screen 1280 light
sign_in "$API_TOKENS_WRITE"
say() { # FIELD VALUE: in the form
	js "const f = document.querySelector('form [name=$1]'); f.value = '$2'; f.dispatchEvent(new Event('change', { bubbles: true })); return f.value" >/dev/null
}

psqlq "insert into products (sku, name) values ('A-1', 'One'), ('B-1', 'Two')" >/dev/null
printf 'Our list\n\nsku,name\nA-1,One\n' >list.csv
visit '/#/imports'
attach '#file' "$SCRATCH/list.csv"
shows 'lines before a header are no header' 'return /No column is sku/.test(document.querySelector("form").textContent)'
say header_line 3
shows '... until it is said where it is' 'return !document.querySelector("form button[type=submit]").disabled'
say missing delete
say max_shrink 50
click 'form button[type=submit]'
shows 'deleting is asked about' 'return /Delete products that are not in the file/.test(document.querySelector("dialog[open]")?.textContent)'
is "$(psqlq 'select count(*) from uploads')" 0 '... and nothing is sent before'
js '[...document.querySelectorAll("dialog[open] button")].find((b) => b.textContent === "Upload").click()' >/dev/null
shows 'the import shows what it deleted' 'return /Not in the file\s*1/.test(document.querySelector("dl.parts")?.textContent)'
shows '... by name' 'return /B-1/.test(document.querySelector("[aria-labelledby=changes]")?.textContent)'
is "$(psqlq "select string_agg(sku, ' ') from products where deleted_at is null")" 'A-1' '... and did'
is "$(complaints | grep -v ' 40[09] ')" '' 'the browser has nothing to complain of'
done_testing
