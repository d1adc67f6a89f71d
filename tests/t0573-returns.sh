#!/bin/sh
# What came back: refunds and the dispositions of returns put each unit on the shelf once, in any
# order of arrival, by HTTP and by pipe; a disposition whose order is not known yet is kept.
# shellcheck disable=SC2317 # functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start
web_start fastcgi

shop=shop.myshopify.com
json() { # NAME JSON
	printf '%s\n' "$2" >"$1.json"
}
# order N, in files n.create.json and so on: an order of 2, a refund without restock, the return as
# a query tells it, and Shopify's webhook of the disposition, which names neither order nor line
write() {
	json create "{\"id\":$1,\"updated_at\":\"2026-11-20T10:00:00Z\",\"line_items\":[{\"id\":${1}1,\"sku\":\"$2\",\"quantity\":2,\"current_quantity\":2}]}"
	json refund "{\"id\":${1}2,\"order_id\":$1,\"created_at\":\"2026-11-25T10:00:00Z\",\"return\":{\"id\":${1}7},\"refund_line_items\":[{\"id\":${1}3,\"line_item_id\":${1}1,\"quantity\":1,\"restock_type\":\"no_restock\"}]}"
	json return "{\"v\":1,\"type\":\"payload\",\"topic\":\"Return\",\"shop\":\"$shop\",\"data\":{\"return\":{\"id\":\"gid://shopify/Return/${1}7\",\"order\":{\"id\":\"gid://shopify/Order/$1\"},\"reverseFulfillmentOrders\":{\"nodes\":[{\"id\":\"gid://shopify/ReverseFulfillmentOrder/${1}8\",\"lineItems\":{\"nodes\":[{\"id\":\"gid://shopify/ReverseFulfillmentOrderLineItem/${1}9\",\"totalQuantity\":1,\"fulfillmentLineItem\":{\"id\":\"gid://shopify/FulfillmentLineItem/${1}4\",\"lineItem\":{\"id\":\"gid://shopify/LineItem/${1}1\",\"sku\":\"$2\"}},\"dispositions\":[]}]}}]}}}}"
	json dispose "{\"id\":${1}8,\"admin_graphql_api_id\":\"gid://shopify/ReverseFulfillmentOrder/${1}8\",\"dispositions\":[{\"reverse_fulfillment_order_line_item\":{\"id\":${1}9,\"admin_graphql_api_id\":\"gid://shopify/ReverseFulfillmentOrderLineItem/${1}9\"},\"reverse_delivery_line_item\":null,\"type\":\"restocked\",\"location\":{\"id\":3},\"quantity\":1}],\"total_dispositions\":1}"
}
topic() {
	case $1 in
	create) echo orders/create ;; refund) echo refunds/create ;; return) echo Return ;;
	dispose) echo reverse_fulfillment_orders/dispose ;;
	esac
}

pipe() { # WHAT: records that say their topic need no option
	if [ "$1" = return ]; then
		fulfil-recv --shop "$shop" <return.json
	else
		fulfil-recv --shop "$shop" --topic "$(topic "$1")" <"$1.json"
	fi
}

products A:1000
n=100 taken=0
for order in 'create refund return dispose' 'create dispose return refund' 'create dispose refund return' \
	'create return dispose refund' 'dispose create return refund' 'return dispose refund create' \
	'refund dispose create return' 'dispose return create refund' 'dispose refund return create'; do
	for way in http pipe; do
		n=$((n + 1)) taken=$((taken + 1))
		write "$n" A
		for what in $order; do
			if [ $way = http ]; then
				is "$(deliver "$what.json" "$(topic "$what")" | cut -c1-2)" 20 "$order by $way: $what"
			else
				exit_is 0 "$order by $way: $what" -- pipe "$what"
			fi
		done
		settle
		# two were ordered, one came back
		is "$(on_hand A)" $((1000 - taken)) "$order by $way: the shelf"
	done
done
is "$(statuses)" 'completed 18' 'every order is completed'
is "$(psqlq 'select count(*) from unplaced_returns')$(psqlq 'select count(*) from payloads where order_id is null')" 00 \
	'no payload is without its order'
invariants 'what must hold holds'

# Each sent again, the last one first.
for what in dispose return refund create; do
	exit_is 0 "$what again" -- pipe "$what"
	is "$(printf '%s' "$OUT" | jq -r .status)" duplicate '... is known'
done
settle
is "$(on_hand A)" $((1000 - taken)) 'and moves nothing'

# One whose order is never told is kept, and says so.
write 900 A
exit_is 0 'a disposition of no known return' -- fulfil-recv --shop "$shop" --topic reverse_fulfillment_orders/dispose <dispose.json
like "$OUT" 'counts once a payload tells' 'it is kept, and why is said'
is "$(psqlq 'select count(*) from unplaced_returns')" 1 'it waits'
exit_is 0 'a scan leaves it' -- fulfil-scan
is "$(psqlq 'select count(*) from unplaced_returns')" 1 '... waiting'

# Two processes at the same moment: the one did not see the other. The scan brings them together.
fulfil-recv --shop "$shop" --topic orders/create <create.json >/dev/null
fulfil-recv --shop "$shop" <return.json >/dev/null
write 901 A
fulfil-recv --shop "$shop" --topic orders/create <create.json >/dev/null
fulfil-recv --shop "$shop" <return.json >/dev/null
settle
before=$(on_hand A)
psqlq "insert into payloads (shop, topic, digest, body)
	values ('$shop', 'reverse_fulfillment_orders/dispose', '\\x01', convert_to('$(cat dispose.json)', 'UTF8'));
	insert into unplaced_returns select '$shop', 9019, id from payloads where digest = '\\x01'"
exit_is 0 'a scan places it' -- fulfil-scan
settle
is "$(on_hand A)" $((before + 1)) 'and its unit is on the shelf'
is "$(psqlq "select reason || ' ' || delta || ' ' || source_id from ledger order by id desc limit 1")" 'return 1 9017' \
	'which the ledger says, with the number of the return'
is "$(psqlq 'select count(*) from unplaced_returns')" 0 'and none waits'
invariants 'what must hold still holds'

# Another shop's return of the same number is not this one's.
psqlq "select count(*) from payloads" >count
sed 's/"restocked"/"not_restocked"/' dispose.json >other.json
exit_is 0 'the same numbers in another shop' -- fulfil-recv --shop other.myshopify.com --topic reverse_fulfillment_orders/dispose <other.json
is "$(psqlq 'select shop from unplaced_returns')" other.myshopify.com 'wait for that shop'

# Topics of returns that move nothing.
for t in request approve close cancel; do
	printf '{"id":5,"order":{"id":901},"status":"open","return_line_items":[],"total_return_line_items":1}' >plain.json
	is "$(deliver plain.json returns/$t)" 200 "returns/$t"
done
is "$(statuses)" 'completed 20' 'change no order'
invariants 'what must hold holds at the end'
done_testing
