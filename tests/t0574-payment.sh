#!/bin/sh
# TAKE_STOCK=paid: an order takes its stock once it is paid, whatever comes first and however.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start
export TAKE_STOCK=paid
web_start fastcgi

shop=shop.myshopify.com
order() { # ID SECOND FINANCIAL-STATUS [MORE]
	printf '{"id":%s,"updated_at":"2026-11-20T10:00:%02dZ","financial_status":"%s","line_items":[{"id":%s1,"sku":"A","quantity":2}]%s}\n' \
		"$1" "$2" "$3" "$1" "${4-}"
}
state() { psqlq "select status || ' ' || coalesce(error_message, '-') from orders where external_id = $1"; }
waits='pending it is not paid yet: it takes its stock when it is'

products A:100
order 1 0 pending >a.json
is "$(deliver a.json orders/create | cut -c1-2)" 20 'an order that is not paid'
settle
is "$(state 1)" "$waits" 'waits, and says why'
is "$(on_hand A)" 100 'and takes nothing'
invariants 'that is no breach'
is "$(api POST "/api/orders/$(psqlq 'select id from orders')/retry" -d '')" 409 'it cannot be hurried'

order 1 5 authorized | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 1) $(on_hand A)" "$waits 100" 'authorized is not paid'
order 1 9 paid >a.json
is "$(deliver a.json orders/paid | cut -c1-2)" 20 'it is paid'
settle
is "$(state 1) $(on_hand A)" 'completed - 98' 'and takes its stock'
order 1 12 pending | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 1) $(on_hand A)" 'completed - 98' 'which it keeps'

order 2 0 paid | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 2) $(on_hand A)" 'completed - 96' 'one that is paid at once waits for nothing'
order 3 9 paid | fulfil-recv --shop "$shop" >/dev/null
order 3 0 pending | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 3) $(on_hand A)" 'completed - 94' 'payment that is told first'

order 4 0 pending | fulfil-recv --shop "$shop" >/dev/null
order 4 9 voided ',"cancelled_at":"2026-11-20T10:00:09Z"' | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 4) $(on_hand A)" 'cancelled - 94' 'one that is cancelled before it was paid'
order 5 0 pending | fulfil-recv --shop "$shop" >/dev/null
order 5 5 pending ',"fulfillment_status":"fulfilled"' | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 5) $(on_hand A)" 'completed - 92' 'what was shipped has left the shelf, paid or not'
printf '{"id":6,"updated_at":"2026-11-20T10:00:00Z","financial_status":"pending","line_items":[{"id":61,"title":"gift","quantity":1}]}\n' |
	fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 6)" "$waits" 'one with nothing for the shelf waits too'
printf '{"id":6,"updated_at":"2026-11-20T10:00:09Z","financial_status":"paid","line_items":[{"id":61,"title":"gift","quantity":1}]}\n' |
	fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 6)" 'completed -' 'and ends when it is paid'

# Many at once, in one batch, and the setting is taken back: those that wait go on waiting.
i=10
while [ $((i += 1)) -le 30 ]; do order $i 0 pending; done | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(psqlq "select count(*) from orders where unpaid and status = 'pending'")" 20 'twenty wait'
TAKE_STOCK=create
order 31 0 pending | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(state 31) $(on_hand A)" 'completed - 90' 'the setting is for orders that come'
i=10
while [ $((i += 1)) -le 30 ]; do order $i 3 paid; done | fulfil-recv --shop "$shop" >/dev/null
settle
is "$(on_hand A)" 50 'and they take theirs when they are paid'
invariants 'what must hold holds'
done_testing
