#!/bin/sh
# Webhooks that lead to Fulfil itself: neither its API nor its intake is an endpoint, whatever
# headers the subscriber gives, so that no delivery makes the next one.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
web_start fastcgi
SINK=$FULFIL_URL
products A:1
recv '1 A:5'
RETRY_DELAYS='' settle
is "$(statuses)" 'failed 1' 'an order that failed'
psqlq 'truncate outbox'
own="'{\"Authorization\": \"Bearer $FULFIL_TOKEN\"}'"
hook 'api/orders/retry?status=failed' 'headers, retry_count' "$own, 0" >/dev/null
hook webhooks/shopify/orders 'retry_count' 0 >/dev/null
id=$(hook x 'headers, retry_count' "$own, 0")
psqlq "update webhooks set url = '$FULFIL_URL/api/webhooks/$id/test' where id = $id"
event | fulfil-notify - >out 2>err
is "$(psqlq "select error from deliveries order by webhook_id" | tr '\n' ';')" 'answered 403;answered 401;answered 403;' \
	'they are refused, with a token or without'
like "$(psqlq "select answer from attempts order by delivery_id limit 1")" 'must not lead back' '... the log says why'
is "$(statuses) $(psqlq 'select count(*) from outbox')" 'failed 1 0' '... without an effect'
api POST "/api/webhooks/$id/test" -d "" >/dev/null
is "$(jq -r .status answer)" 403 'nor does a test make tests'
api POST "/api/orders/retry?status=failed" -d "" >status
is "$(cat status)" 202 'people may do the same'
done_testing
