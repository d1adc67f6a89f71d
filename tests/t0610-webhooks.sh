#!/bin/sh
# The API of webhooks: made, shown without their secrets, changed, tested, deleted.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
pair=whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==

# --- making one

request POST /api/webhooks "{\"url\":\"$SINK/200\",\"event_types\":[\"product.created\",\"order.*\"],\"secret\":\"$secret\",\"headers\":{\"Authorization\":\"Bearer hush\"}}"
is "$STATUS $(answer '[.id, .enabled, .timeout, .retry_count, .has_secret, .secret_hint, .waiting] | @tsv')" \
	"201 1	true	30	3	true	LaSw	0" 'a webhook is made, with defaults'
like "$HEAD" '^Location: /api/webhooks/1$' '... and says where'
unlike "$BODY" "$secret" '... and does not show its secret'
is "$(answer '.headers.Authorization')" 'Bearer hush' '... its headers it shows'
TOKEN=$API_TOKENS_READ request GET /api/webhooks/1
is "$STATUS $(answer '.headers.Authorization')" '200 null' '... though not to who may only read'
request GET /api/webhooks
is "$(answer '[.total, .webhooks[0].id] | @tsv')" '1	1' 'it is listed'
unlike "$BODY" "$secret" '... without its secret'
TOKEN=$API_TOKENS_READ request POST /api/webhooks '{}'
is "$STATUS" 403 'who may only read makes none'
request POST /api/webhooks "{\"url\":\"$SINK/200\",\"event_types\":[\"*\"]}"
refused 409 '/url is that of webhook 1' 'the same URL again'
request POST /api/webhooks "{\"url\":\"HTTP${SINK#http}/200\",\"event_types\":[\"*\"]}"
refused 409 '/url is that of webhook 1' '... in another spelling'

# --- changing it

request PUT /api/webhooks/1 '{"timeout":5,"event_types":["*"]}'
is "$STATUS $(answer '[.timeout, .retry_count, (.event_types | join(",")), .has_secret] | @tsv')" '200 5	3	*	true' \
	'only what is given changes'
request PUT /api/webhooks/1 '{"secret":"another-secret"}'
is "$(answer '[.secret_hint, .previous_secret_until != null] | @tsv')" 'cret	true' 'the old secret continues for a while'
is "$(psqlq "select previous_secret = '$secret', previous_until - now() between '23:59' and '24:00' from webhooks")" 't|t' '... for a day'
kept=$(psqlq 'select previous_until from webhooks')
request PUT /api/webhooks/1 '{"secret":"another-secret"}'
is "$(psqlq "select previous_secret = '$secret', previous_until = '$kept' from webhooks")" 't|t' '... also where the same is said again'
request PUT /api/webhooks/1 "{\"secret\":\"$pair\"}"
is "$(answer .public_key)" 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=' 'of an Ed25519 pair what is public is shown'
unlike "$BODY$(cat log)" '6Xb/dCcH' '... and no more'
request POST /api/webhooks/1/test
is "$(told '.headers | "\(.["webhook-signature"] | gsub(",[^ ]*"; "")) \(.["x-webhook-signature"] | length)"')" 'v1a v1 v1 71' '... it signs, beside those before'
: >requests
request PUT /api/webhooks/1 '{"secret":null}'
is "$(answer '[.has_secret, .previous_secret_until] | @tsv')" 'false	' 'null ends signing at once'
request PUT /api/webhooks/9 '{"timeout":5}'
is "$STATUS" 404 'there is no webhook 9'
request POST /api/webhooks "{\"url\":\"$SINK/500\",\"event_types\":[\"order.failed\"]}"
second=$(answer .id)
request PUT "/api/webhooks/$second" "{\"url\":\"$SINK/200\"}"
refused 409 '/url is that of webhook 1' 'a URL that is taken'

# --- testing it

request PUT /api/webhooks/1 "{\"secret\":\"$secret\"}"
request POST /api/webhooks/1/test
is "$STATUS $(answer '[.success, .status, .status_line, .body, .event, .error] | @tsv')" \
	"200 true	200	HTTP/1.1 200 Whatever	ok\\n	product.created	" 'a test tells what was answered'
is "$(answer '.request.body')" "$(told '.body')" '... and what was sent, byte for byte'
is "$(answer '[.request.headers[] | "\(.name | ascii_downcase): \(.value)"] | sort | join("\n")')" \
	"$(told '.headers | del(.host, .["content-length"], .["accept-encoding"]) | to_entries | map("\(.key): \(.value)") | sort | join("\n")')" \
	'... with its headers'
is "$(told '.headers["x-webhook-test"]')" true '... marked as a test'
ok '... and times' test "$(answer '.duration_ms >= .connect_ms and .duration_ms >= 0')" = true
request PUT "/api/webhooks/$second" '{"enabled":false}'
request POST "/api/webhooks/$second/test"
is "$(answer '[.success, .status, .event] | @tsv')" 'false	500	order.failed' 'a disabled one can be tested'
WEBHOOK_ALLOW_PRIVATE=no request POST "/api/webhooks/$second/test"
like "$(answer .error)" 'refused: the address 127.0.0.1 is private' 'a test goes nowhere a delivery may not go'
psqlq "update webhooks set url = 'http://127.0.0.1:1/' where id = $second"
request POST "/api/webhooks/$second/test"
like "$STATUS $(answer '[.status, .error] | @tsv')" '^200 	the URL is refused: port "1" is not' '... and says so'
is "$(psqlq 'select count(*) from deliveries')" 0 'nothing of it is recorded'
psqlq 'select pg_advisory_lock(7103225, 1), pg_advisory_lock(7103225, 2), pg_sleep(60)' >/dev/null 2>&1 &
both=$!
wait_until 10 sh -c "psql -X -A -t -d '$DATABASE_URL' -c \"select count(*) from pg_locks where classid = 7103225\" | grep -qx 2"
request POST "/api/webhooks/$second/test"
is "$STATUS $(answer .detail)" '429 two webhooks are being tested now; try again in a few seconds' 'no more than two are tested at once'
like "$HEAD" '^Retry-After: 5$' '... and says when to ask again'
kill $both

# --- deleting it

request DELETE /api/webhooks/1
is "$STATUS" 204 'it is deleted'
request GET /api/webhooks/1
is "$STATUS" 404 '... and gone'
is "$(psqlq "select secret is null and previous_secret is null and headers = '{}' from webhooks where id = 1")" t '... with its secrets'
request POST /api/webhooks "{\"url\":\"$SINK/200\",\"event_types\":[\"*\"]}"
is "$STATUS" 201 '... and its URL is free again'
done_testing
