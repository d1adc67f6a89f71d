#!/bin/sh
# fulfil-traces: of each order a trace from its payload to its deliveries, by OTLP JSON, in which the
# receiver's traceparent is; once, to a file or a collector.

# shellcheck disable=SC2154 # tap_failed is of tap.sh
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
PATH=$TOP/share:$PATH
services_start
sink_start

psqlq "insert into products (sku, name) values ('A-1', 'A')"
psqlq 'select stock_adjust(1, 100, true, null, null, 10)' >/dev/null
hook ok >/dev/null
# traced ID TRACEPARENT: an order as a proxy hands it on, worked on and told of.
traced() {
	printf '{"id":%s,"line_items":[{"id":%s,"sku":"A-1","quantity":1}]}' "$1" "$1" >traced
	PROGRAM=shopify SEND=traced request POST /webhooks/shopify/orders '' HTTP_AUTHORIZATION= HTTP_TRACEPARENT="$2" \
		HTTP_X_SHOPIFY_HMAC_SHA256="$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary traced | base64)" \
		HTTP_X_SHOPIFY_TOPIC=orders/create HTTP_X_SHOPIFY_SHOP_DOMAIN=shop.myshopify.com
	is "$STATUS" 202 "an order that comes with ${2:-none}"
	: >requests
	fulfil-work --drain >/dev/null
	fulfil-notify --drain >/dev/null
}
was_told() { # what the receiver was told of an order that is complete, and as JQ of its other events
	told 'select(.body | contains("order.completed")) | .headers.traceparent // "none"'
}
trace=0af7651916cd43dd8448eb211c80319c
traced 900 "00-$trace-b7ad6b7169203331-01"
is "$(was_told)" "00-$trace-b7ad6b7169203331-01" 'is told as it came, where no traces are written'
delivery=$(psqlq "select max(d.id) from deliveries d join events e on e.id = d.event_id where e.type = 'order.completed'")
PROGRAM=api request GET "/api/deliveries/$delivery/request"
is "$(answer '.request.headers[] | select(.name == "traceparent").value')" "00-$trace-b7ad6b7169203331-01" '... and what was sent shows it'
traced 901 "00-$trace-b7ad6b7169203331"
is "$(was_told)" none 'what is none is not'
: >requests
is "$(fulfil-traces)" '' 'at first there is nothing'
order() { # ID SKU
	printf '{"id":%s,"line_items":[{"id":%s,"sku":"%s","quantity":1}]}\n' "$1" "$1" "$2" | fulfil-recv --topic orders/create >/dev/null
}
order 1001 A-1
order 1002 NONE
fulfil-work --drain >/dev/null
fulfil-notify --drain >/dev/null

exit_is 0 'the trace of an order' -- fulfil-traces --order 3
printf '%s\n' "$OUT" >trace
spans() { jq -r ".resourceSpans[].scopeSpans[].spans[] | $1" trace; }
is "$(spans .name | sort | uniq | xargs)" 'deliver order.completed order process receive orders/create' 'has its steps'
is "$(spans '.traceId | test("^[0-9a-f]{32}$")' | sort -u)" true '... in one trace'
is "$(spans .traceId | sort -u | wc -l)" 1 '... all of them'
is "$(spans .spanId | sort | uniq -d)" '' '... each a span of its own'
is "$(spans 'select(.name != "order") | .parentSpanId' | sort -u)" "$(spans 'select(.name == "order") | .spanId')" '... in the one of the order'
is "$(spans 'select((.endTimeUnixNano | tonumber) < (.startTimeUnixNano | tonumber)) | .name')" '' '... with times'
is "$(spans 'select(.name == "deliver order.completed") | "00-\(.traceId)-\(.spanId)-01"')" \
	"$(told 'select(.body | contains("order.completed")) | .headers.traceparent')" "the receiver was told the delivery's span"
[ "$tap_failed" -eq 0 ] || diag "$(head -n 1 requests) $OUT"
fulfil-traces --order 4 >trace
is "$(spans 'select(.name == "process") | .status.code, (.status.message | test("unknown SKU"))' | xargs)" '2 true' 'a run that failed says why'
exit_is 65 'an order that is not there' -- fulfil-traces --order 99
exit_is 64 'no number' -- fulfil-traces --order x
exit_is 64 'an operand' -- fulfil-traces x
exit_is 0 '--help' -- fulfil-traces --help

is "$(fulfil-traces)" '' 'what ended just now waits for its deliveries'
psqlq "update sync_logs set created_at = created_at - interval '2 minutes'"
exit_is 0 'a minute later' -- env TRACES="$SCRATCH/traces" fulfil-traces
is "$(jq -r '.resourceSpans[].scopeSpans[].spans[] | select(.name == "order") | .name' traces | xargs)" 'order order' '... all go into the file'
is "$(fulfil-traces)" '' '... once'
psqlq 'update traces set last_log = 0'
exit_is 69 'a collector that is not there' -- env TRACES=http://127.0.0.1:1/v1/traces fulfil-traces
: >requests
exit_is 0 '... is sent it again' -- env TRACES="$SINK/ok" fulfil-traces
is "$(told .body | jq -r '.resourceSpans[].scopeSpans[].spans[].traceId' | sort -u | wc -l)" 4 '... as JSON'

traced 1003 "00-$trace-b7ad6b7169203331-01"
printf '{"detail":{"metadata":{"X-Shopify-Topic":"orders/create","traceparent":"00-%s-b7ad6b7169203331-00"},"payload":{"id":1004,"line_items":[]}}}\n' $trace |
	fulfil-recv >/dev/null
fulfil-work --drain >/dev/null
fulfil-traces --order 5 >trace
is "$(spans .traceId | sort -u)" $trace 'an order that came with a trace is in it'
is "$(spans 'select(.name == "order") | .parentSpanId')" b7ad6b7169203331 '... under the span of who sent it'
is "$(spans 'select(.name == "deliver order.completed") | "00-\(.traceId)-\(.spanId)-01"')" "$(was_told)" '... with the delivery in it'
psqlq "update sync_logs set created_at = created_at - interval '2 minutes'"
fulfil-traces >trace
is "$(spans 'select(.name == "order") | .attributes[] | select(.key == "fulfil.order") | .value.intValue')" 5 'one that its sender does not record is left out'
fulfil-traces --order 6 >trace
is "$(spans .traceId | sort -u)" $trace '... but when it is asked for'
exit_is 0 'where nothing is set' -- fulfil-traces --if-set
is "$OUT" '' '... --if-set does nothing'
printf '{"detail":{"metadata":{"X-Shopify-Topic":"customers/data_request","traceparent":"00-%s-b7ad6b7169203331-01"},"payload":{"customer":{"id":7},"data_request":{"id":9},"orders_requested":[]}}}\n' $trace |
	fulfil-recv --shop a.myshopify.com >record
is "$(jq -r .status record) $(psqlq 'select count(*) from order_traces where order_id = 0')" 'accepted 0' 'a request about people is no order with a trace'
done_testing
