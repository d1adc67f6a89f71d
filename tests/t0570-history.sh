#!/bin/sh
# Orders of years taken in on purpose: what was shipped moves nothing, what is open takes.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

# Without the option none of them is history.
export HISTORY_BEFORE=2020-01-01T00:00:00Z
services_start
products A:100

# old ID YEAR ORDERED SHIPPABLE FULFILLMENT
old() {
	printf '{"id":%d,"name":"#%d","created_at":"%d-03-01T00:00:00Z","updated_at":"%d-03-02T00:00:00Z","total_price":"1.00","currency":"EUR","fulfillment_status":%s,"line_items":[{"id":%d1,"sku":"A","quantity":%d,"current_quantity":%d,"fulfillable_quantity":%d,"price":"1.00"}]}\n' \
		"$1" "$1" "$2" "$2" "$5" "$1" "$3" "$3" "$4"
}
{ old 1 2024 3 0 '"fulfilled"'; old 2 2025 5 2 '"partial"'; old 3 2025 7 7 null; } >old.json
exit_is 0 'orders of two years are taken in' -- fulfil-recv --history <old.json
settle
is "$(on_hand A)" 91 'what was shipped moves nothing, what is open is taken'
is "$(psqlq 'SELECT count(*) FROM payloads WHERE history')" 3 'it is kept with each payload'
fulfil-recv --history <old.json >again
settle
is "$(on_hand A)" 91 'a second time changes nothing'
printf '{"id":9,"order_id":1,"created_at":"2026-01-01T00:00:00Z","refund_line_items":[{"id":91,"line_item_id":11,"quantity":1,"restock_type":"return"}]}\n' |
	fulfil-recv >refund
settle
is "$(on_hand A)" 92 'a refund afterwards restocks'
old 4 2024 3 0 '"fulfilled"' | fulfil-recv >plain
settle
is "$(on_hand A)" 89 'without the option an order of that age is one like any other'
exit_is 0 'the audit holds' -- fulfil-scan --audit
done_testing
