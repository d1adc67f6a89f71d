#!/bin/sh
# What is wrong with the intake is told once, until it is right again; history is taken in by an option.
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
. "$TOP/tests/fault/orders.sh"
services_start
web_start fastcgi

post() { # SHOP TOPIC BODY [TRIGGERED-AT]
	signature=$(printf %s "$3" | openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary | base64)
	curl -s -o answer -w '%{http_code}' -H "X-Shopify-Shop-Domain: $1" -H "X-Shopify-Topic: $2" -H "Content-Type: application/json" \
		-H "X-Shopify-Webhook-Id: $1-$(date +%s%N)" -H "X-Shopify-Hmac-Sha256: $signature" \
		${4:+-H "X-Shopify-Triggered-At: $4"} -d "$3" "$FULFIL_URL/webhooks/shopify"
}
alarms() { # [VARIABLE=VALUE…]: those that are new, as KIND SHOP
	env "$@" fulfil-scan | jq -r 'select(.type == "alarm") | "\(.kind) \(.shop)"' | tr '\n' ' ' | sed 's/ $//'
}
figure() { fulfil-stat metrics | jq -r ".$1"; }
ago() { date -u -d "$1 seconds ago" +%Y-%m-%dT%H:%M:%SZ; }

is "$(alarms SILENCE_MINUTES=5)" '' 'who never heard of a shop does not miss it'
is "$(figure last_payload_seconds)" null '...'
products A:100
is "$(post a.myshopify.com orders/create '{"id":1,"line_items":[{"id":1,"sku":"A","quantity":1}]}' "$(ago 2)")" 202 'an order'
is "$(post b.myshopify.com orders/create '{"id":2,"line_items":[{"id":1,"sku":"A","quantity":1}]}' "$(ago 900)")" 202 'a late one'
is "$(alarms)" 'lateness b.myshopify.com' 'lateness is an alarm'
is "$(alarms)" '' 'once'
is "$(figure intake_alarms)" 1 'and stands among the figures'
ok 'with how late the last one was' test "$(figure last_payload_lag_seconds)" -ge 899
like "$(fulfil-stat --format prometheus)" 'fulfil_last_payload_lag_seconds 9' '... for Prometheus too'
post b.myshopify.com orders/create '{"id":3,"line_items":[]}' "$(ago 1)" >/dev/null
is "$(alarms)$(figure intake_alarms)" 0 'one that comes in time ends it'

psqlq "update intake_seen set last_at = last_at - interval '6 minutes' where shop like 'a.%';
	update payloads set received_at = received_at - interval '6 minutes' where shop like 'a.%'"
is "$(alarms)" '' 'silence is none by default'
is "$(alarms SILENCE_MINUTES=5)" 'silence a.myshopify.com' 'but by a setting'
is "$(alarms SILENCE_MINUTES=5)" '' 'once'
post a.myshopify.com orders/updated '{"id":1,"note":"x","line_items":[{"id":1,"sku":"A","quantity":1}]}' >/dev/null
is "$(alarms SILENCE_MINUTES=5)$(figure intake_alarms)" 0 'a webhook ends it'

is "$(post b.myshopify.com app/uninstalled '{"id":5,"domain":"b.myshopify.com"}')" 200 'an app that goes'
is "$(alarms LATE_SECONDS=0)" 'uninstalled b.myshopify.com' 'is an alarm'
post b.myshopify.com orders/create '{"id":4,"line_items":[]}' >/dev/null
is "$(alarms LATE_SECONDS=0)$(figure intake_alarms)" 0 'until it is back'

is "$(post a.myshopify.com orders/create '{"id":')" 400 'a cut body'
is "$(alarms)" 'quarantine null' 'is in quarantine, which is an alarm'
is "$(figure quarantined)" 1 'and a figure'
fulfil-recv --quarantine >/dev/null 2>&1
id=$(psqlq 'select id from quarantine')
curl -s -o answer -X DELETE -H "Authorization: Bearer $API_TOKENS_WRITE" "$FULFIL_URL/api/quarantine/$id"
is "$(alarms)$(figure quarantined)" 0 'until it is empty'
settle

# History: what was shipped moves nothing, the rest does; what changes later does too.
shelf() { psqlq 'select on_hand from stock'; }
before=$(shelf)
cat >years <<'J'
{"id":101,"created_at":"2024-05-01T00:00:00Z","updated_at":"2024-05-03T00:00:00Z","closed_at":"2024-05-03T00:00:00Z","fulfillment_status":"fulfilled","line_items":[{"id":1011,"sku":"A","quantity":3,"current_quantity":3,"fulfillable_quantity":0}],"refunds":[]}
{"id":102,"created_at":"2099-05-01T00:00:00Z","updated_at":"2099-05-03T00:00:00Z","fulfillment_status":"partial","line_items":[{"id":1021,"sku":"A","quantity":3,"current_quantity":3,"fulfillable_quantity":2}],"refunds":[]}
{"id":103,"created_at":"2026-05-01T00:00:00Z","updated_at":"2026-05-03T00:00:00Z","fulfillment_status":null,"line_items":[{"id":1031,"sku":"A","quantity":4,"current_quantity":4,"fulfillable_quantity":4}],"refunds":[]}
{"id":104,"created_at":"2024-05-01T00:00:00Z","updated_at":"2024-06-03T00:00:00Z","cancelled_at":"2024-06-03T00:00:00Z","line_items":[{"id":1041,"sku":"A","quantity":9,"current_quantity":9,"fulfillable_quantity":9}],"refunds":[]}
J
sed -i 's/2099-05/2026-05/g' years
fulfil-recv --history --shop a.myshopify.com --topic orders/create <years >/dev/null
settle
is "$((before - $(shelf)))" 6 'of years that are taken in what was not shipped leaves the shelf'
echo '{"id":9001,"order_id":101,"created_at":"2026-11-27T00:00:00Z","refund_line_items":[{"id":90011,"line_item_id":1011,"quantity":1,"restock_type":"return"}]}' |
	fulfil-recv --shop a.myshopify.com --topic refunds/create >/dev/null
settle
is "$((before - $(shelf)))" 5 'a refund of what was shipped before puts it back'
fulfil-recv --history --shop a.myshopify.com --topic orders/create <years | jq -r .status | sort | uniq -c |
	sed 's/^ *//' >again
is "$(cat again)" '4 duplicate' 'the same years again are known'
settle
is "$((before - $(shelf)))" 5 '... and move nothing'
invariants 'the audit holds'
exit_is 64 'history is not for the quarantine' -- fulfil-recv --history --quarantine
done_testing
