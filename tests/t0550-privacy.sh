#!/bin/sh
# What Shopify asks about people's data: by pipe, done by the scan, and what stays.
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
. "$TOP/tests/fault/orders.sh"
services_start
shop=case.myshopify.com

order() { # ID NAME ADDRESS UNITS [UPDATED]
	jq -cn --argjson id "$1" --arg name "$2" --arg mail "$3" --argjson n "$4" --arg at "${5-2026-11-02T09:00:00Z}" '{
		id: $id, name: "#\($id)", created_at: "2026-11-02T09:00:00Z", updated_at: $at, email: $mail,
		customer: {id: (if $name == "Ann" then 99 else 990 end), first_name: $name, last_name: "Buyer",
			phone: (if $name == "Ann" then "+4915112345" else "+49151123456" end)},
		shipping_address: {name: $name, address1: "Long Road 1"}, note: "ring at \($name)",
		browser_ip: "192.0.2.7", total_price: "10.00", currency: "EUR", refunds: [],
		line_items: [{id: ($id * 10), sku: "A", name: "Article", quantity: 2, current_quantity: $n, price: "5.00"}]}'
}
take() { # TOPIC: what fulfil-recv says of stdin
	fulfil-recv --shop $shop --topic "$1" | jq -r .status | tr '\n' ' ' | sed 's/ $//'
}
redact() { # ORDERS…
	jq -cn --arg shop $shop '{shop_id: 1, shop_domain: $shop, customer: {id: 99, email: "Ann@Example.com", phone: "+4915112345"},
		orders_to_redact: $ARGS.positional}' --jsonargs "$@"
}
of() { # WHAT ID: of the order with that number
	psqlq "select coalesce(o.$1::text, '-') from orders o where external_id = $2"
}
seen() { # TEXT: in how many places it still is
	psqlq "select (select count(*) from orders o where o::text ilike '%$1%')
		+ (select count(*) from payloads p where encode(body, 'escape') ilike '%$1%')
		+ (select count(*) from quarantine q where encode(body, 'escape') ilike '%$1%')
		+ (select count(*) from events e where data::text ilike '%$1%')
		+ (select count(*) from outbox b where b::text ilike '%$1%')
		+ (select count(*) from sync_logs l where l::text ilike '%$1%')
		+ (select count(*) from privacy_requests r where r::text ilike '%$1%' and kind <> 'data_request')"
}

products A:100
psqlq "insert into webhooks (url, event_types) values ('http://127.0.0.1:1024/', '{order.*}')"
{
	order 7401 Ann ann@example.com 2
	order 7402 Bob bob@example.com 2
	order 7403 Ann ann@example.com 2
} | take orders/create >/dev/null
psqlq "insert into quarantine (shop, topic, reason, body) values
	('$shop', 'orders/create', 'cut', '{\"email\":\"ann@example.com\",'),
	('$shop', 'orders/create', 'odd', convert_to('{\"email\":\"bob@example.com\"}', 'UTF8'))"
echo '{"id":99,"email":"ann@example.com","first_name":"Ann"}' | take customers/update >/dev/null
settle
fulfil-notify --drain >/dev/null 2>&1 || : # nobody listens; the events are made
ledger=$(psqlq 'select md5(string_agg(l::text, chr(10) order by id)) from ledger l')
ok 'the name stands in orders, payloads, events and quarantine' test "$(seen ann@example.com)" -ge 5

# A request for data.
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 99, email: "ann@example.com"},
	orders_requested: [7401, 7403], data_request: {id: 9999}}' >request
is "$(take customers/data_request <request)" accepted 'a request for data is answered'
is "$(take customers/data_request <request)" duplicate 'and kept once'
is "$(fulfil-scan | jq -c 'select(.type == "privacy") | [.kind, .orders, .bodies]')" '["data_request",2,0]' \
	'the scan finds what is held'
is "$(psqlq "select request_id || ' ' || cardinality(held) from privacy_requests where kind = 'data_request'")" '9999 2' \
	'and records it'

web_start fastcgi
held() { curl -s -H "Authorization: Bearer $API_TOKENS_READ" "$FULFIL_URL/api/privacy-requests$1"; }
is "$(held '' | jq -c '.privacy_requests[0] | [.kind, .external_order_ids, (.order_ids | length), .done_at != null]')" \
	'["data_request",[7401,7403],2,true]' 'the API lists it'
is "$(held /1 | jq -c '[.customer_email, (.orders | length), .orders[0].payloads[0].body.shipping_address.address1,
	(.quarantine_ids | length)]')" '["ann@example.com",2,"Long Road 1",1]' 'and shows all that is held'

is "$(take customers/data_request <request)" duplicate 'once, when it was done too'

# Another shop's secret signs for no customer of ours, whatever the body says.
echo "{\"shop_domain\":\"$shop\"}" >request
exit_is 65 'a request about another shop than it came for' -- \
	sh -c 'fulfil-recv --shop other.myshopify.com --topic shop/redact <request'
is "$(psqlq "select count(*) from privacy_requests where kind = 'shop_redact'")" 0 '... is none'

# A customer is forgotten.
redact 7401 7500 >request
is "$(fulfil-recv --shop $shop --topic customers/redact <request | jq -r '"\(.status): \(.why)"')" \
	"accepted: it is recorded as a request about people's data; the names are gone from 1 order, the rest goes with fulfil-scan" \
	'a redaction is answered with what was done'
is "$(take CUSTOMERS_REDACT <request)" duplicate 'in any spelling of its topic, once'
is "$(of customer_email 7401)$(of customer_name 7401)" -- 'the names go at once, from the order it names'
ok '... the rest by the scan' test "$(seen ann@example.com)" -ge 3
is "$(fulfil-scan | jq -c 'select(.type == "privacy") | [.kind, .orders, .shop]')" '["customer_redact",1,"case.myshopify.com"]' \
	'and says so'
is "$(of customer_email 7401)$(of customer_name 7401)" -- 'the name and the address are gone'
is "$(of customer_name 7402) $(of customer_name 7403)" 'Bob Buyer Ann Buyer' 'those of orders it does not name stay'
is "$(psqlq "select count(*) from payloads p join orders o on o.id = p.order_id
	where o.external_id = 7401 and encode(body, 'escape') ~* 'ann|Road|192.0.2'")" 0 'nothing of it is in the payload'
is "$(psqlq "select convert_from(body, 'UTF8')::json #>> '{line_items,0,sku}' from payloads p
	join orders o on o.id = p.order_id where o.external_id = 7401")" A 'what the stock follows from is'
is "$(psqlq "select count(*) from events e join orders o on o.id = e.subject
	where o.external_id = 7401 and data::text ilike '%ann@%'")" 0 'nor in what was told of it'
is "$(psqlq "select count(*) from quarantine where encode(body, 'escape') ilike '%ann@%'")" 0 'nor in quarantine'
is "$(psqlq "select count(*) from quarantine where encode(body, 'escape') ilike '%bob@%'")" 1 'where others stay'
is "$(psqlq "select count(*) from payloads where topic = 'customers/update' and encode(body, 'escape') ilike '%ann%'")" 0 \
	'nor in what else was said of her'
is "$(psqlq "select concat_ws(' ', email, phone, cardinality(held), missing::text) from privacy_requests
	where kind = 'customer_redact'")" '1 {7500}' 'its record names nobody'
is "$(psqlq 'select md5(string_agg(l::text, chr(10) order by id)) from ledger l')" "$ledger" 'the ledger is as it was'
invariants 'the audit holds'

# What comes after it.
is "$(order 7401 Ann ann@example.com 2 | take orders/create)" duplicate 'the same payload again is known'
is "$(order 7401 Ann ann@example.com 1 2026-11-03T09:00:00Z | take orders/updated)" updated 'a change is taken'
is "$(of customer_email 7401)" - 'and brings no name back'
is "$(psqlq "select count(*) from payloads p join orders o on o.id = p.order_id
	where o.external_id = 7401 and encode(body, 'escape') ilike '%ann%'")" 0 'nor is its payload ever stored whole'
fulfillment() { # ID: of order 7401
	jq -cn --argjson id "$1" '{id: $id, order_id: 7401, status: "success", updated_at: "2026-11-04T09:00:00Z",
		email: "ann@example.com", destination: {name: "Ann Buyer", address1: "Long Road 1"}, tracking_number: "T1",
		line_items: [{id: 74010, quantity: 1}]}'
}
is "$(fulfillment 1 | take fulfillments/create)" updated 'a fulfillment of it is taken'
is "$(fulfillment 1 | take fulfillments/create)" duplicate '... once'
is "$(psqlq "select string_agg(convert_from(body, 'UTF8'), '') from payloads where topic = 'fulfillments/create'")" \
	'{"id":1,"order_id":7401,"status":"success","updated_at":"2026-11-04T09:00:00Z","line_items":[{"id":74010,"quantity":1}]}' \
	'... and stored without whom it goes to'
order 7500 Ann ann@example.com 1 | take orders/create >/dev/null
fulfil-scan >/dev/null
is "$(psqlq "select count(*) from payloads p join orders o on o.id = p.order_id
	where o.external_id in (7401, 7500) and encode(body, 'escape') ilike '%ann%'")" 0 'nor does a payload that came before the next scan'
is "$(of customer_email 7500)" - 'an order that comes after its redaction loses its names too'
settle
is "$(psqlq "select on_hand from stock")" 94 'each took its units'
invariants 'the audit holds'

# One whose orders are not here is about the address.
{
	order 7600 Dora dora@example.com 0
	order 7601 Dora dora@example.com 0
} | take orders/create >/dev/null
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 97, email: "dora@example.com"}, orders_to_redact: [76]}' |
	take customers/redact >/dev/null
is "$(of customer_name 7600)$(of customer_email 7601)" -- 'a redaction whose orders are not here forgets the address at once'
fulfil-scan >/dev/null
is "$(seen dora@example.com)" 0 '... and the rest by the scan'

# One that names no order is about the address.
redact >request
take customers/redact <request >/dev/null
fulfil-scan >/dev/null
is "$(seen ann@example.com)" 0 'a redaction without orders forgets the address'
is "$(of customer_name 7402)" 'Bob Buyer' 'and nobody else'

# Killed in the middle: the next scan does the rest.
awk 'BEGIN { for (i = 1; i <= 3000; i++) printf "{\"id\":%d,\"email\":\"cara@example.com\",\"line_items\":[]}\n", 100000 + i }' |
	take orders/create >/dev/null
settle
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 98, email: "cara@example.com"}}' | take customers/redact >/dev/null
fulfil-scan >/dev/null 2>&1 &
pid=$!
some_gone() { [ "$(psqlq 'select count(*) from redacted_orders')" -gt 1000 ]; }
wait_until 20 some_gone
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
fulfil-scan >/dev/null
is "$(seen cara@example.com)" 0 'a scan that was killed is carried on'
is "$(psqlq 'select count(*) from payloads_to_reduce')" 0 'to its end'

# A customer who is known by a number alone; another number that has the digits is nobody's.
known() { # ID CUSTOMER
	echo "{\"id\":$1,\"customer\":$2,\"note\":\"order 77 of 77\",\"line_items\":[]}"
}
{
	known 9001 '{"id":77,"first_name":"Ida","last_name":"Kay"}'
	known 9002 '{"id":770,"first_name":"Ivo","last_name":"Lee"}'
	known 9003 '{"id":78,"first_name":"Joe","last_name":"Moe","phone":"+49 30 12 345 67"}'
} | take orders/create >/dev/null
settle
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 77}, data_request: {id: 7}}' | take customers/data_request >/dev/null
is "$(fulfil-scan | jq -c 'select(.type == "privacy") | [.kind, .orders]')" '["data_request",1]' 'a customer is found by the number'
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 77, email: "", phone: " "}, orders_to_redact: []}' |
	take customers/redact >/dev/null
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {phone: "+49301234567"}}' | take customers/redact >/dev/null
is "$(fulfil-scan | jq -c 'select(.type == "privacy") | .orders' | tr '\n' ' ')" '1 1 ' 'and forgotten, or by the telephone'
is "$(of customer_name 9001) $(of customer_name 9002) $(of customer_name 9003)" '- Ivo Lee -' '... and nobody else'
is "$(seen Kay) $(seen Moe) $(seen Lee)" '0 0 3' 'in the payloads too'
is "$(psqlq "select count(*) from privacy_requests where kind = 'data_request' and email is not null")" 0 \
	'one who is forgotten is forgotten in what was asked before'
jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 770, email: "ivo@example.com"}, data_request: {id: 8}}' |
	take customers/data_request >/dev/null
fulfil-scan >/dev/null
asked() { psqlq "select coalesce(email, '-') from privacy_requests where request_id = '8'"; }
is "$(asked)" ivo@example.com 'a data request keeps the address'
psqlq "update privacy_requests set done_at = now() - interval '31 days' where request_id = '8'"
fulfil-scan >/dev/null
is "$(asked)" - '... for the 30 days in which it is to be answered'

# The shop is forgotten, and what is old.
{
	order 8001 Dora dora@example.com 2
} | take orders/create >/dev/null
echo '{"id":5,"email":"dora@example.com"}' | fulfil-recv --shop other.myshopify.com --topic customers/create >/dev/null
echo "{\"shop_id\":1,\"shop_domain\":\"$shop\"}" | take shop/redact >/dev/null
fulfil-scan >/dev/null
is "$(of customer_email 8001)$(of customer_email 7402)" -- 'shop/redact is for all orders of the shop'
is "$(seen dora@example.com)" 1 'and for no other shop'

# Asked again in the same words: by then there may be more to forget.
order 8002 Gil gil@example.com 2 | take orders/create >/dev/null
is "$(echo "{\"shop_id\":1,\"shop_domain\":\"$shop\"}" | take shop/redact)" accepted 'a shop that goes again is no repetition'
is "$(echo "{\"shop_id\":1,\"shop_domain\":\"$shop\"}" | take shop/redact)" duplicate '... twice before the scan it is'
fulfil-scan >/dev/null
is "$(seen gil@example.com)" 0 'what came since is forgotten too'
order 8003 Hal hal@example.com 2 | take orders/create >/dev/null
gone() { jq -cn --arg shop $shop '{shop_domain: $shop, customer: {id: 97, email: "hal@example.com"}, orders_to_redact: []}'; }
gone | take customers/redact >/dev/null
fulfil-scan >/dev/null
order 8004 Hal hal@example.com 2 | take orders/create >/dev/null
gone | take customers/redact >/dev/null
fulfil-scan >/dev/null
is "$(of customer_email 8003)$(of customer_email 8004)" -- 'nor is a customer who goes again'

psqlq "update payloads set received_at = now() - interval '40 days'"
{
	order 1 Eve eve@example.com 2
	order 2 Fay fay@example.com 2
} | fulfil-recv --shop other.myshopify.com --topic orders/create >/dev/null
settle
psqlq "update orders set created_at = now() - interval '40 days' where customer_email = 'eve@example.com'"
env PERSONAL_DAYS=30 fulfil-scan >records
is "$(jq -c 'select(.type == "scan") | [.redacted, .reduced > 0]' records)" '[1,true]' 'PERSONAL_DAYS forgets by itself'
is "$(seen eve@example.com) $(seen dora@example.com) $(seen fay@example.com)" '0 0 3' 'what is older, and no more'
is "$(env PERSONAL_DAYS=30 fulfil-scan | jq -c 'select(.type == "scan") | .redacted')" 0 'once'
settle
invariants 'the audit holds'
done_testing
