#!/bin/sh
# Whose orders they are: the same id at another shop is another order, so nothing is guessed.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
products A:100
echo '1 A:3' | payloads >one.json
is "$(fulfil-recv --shop first.myshopify.com <one.json | jq -r .status)" accepted 'an order of a shop'
is "$(fulfil-recv <one.json | jq -r .status)" duplicate 'its replay, without a shop, is of the one that is known'
settle
is "$(on_hand A)" 97 '... and takes its stock once'
is "$(fulfil-recv --shop second.myshopify.com <one.json | jq -r .status)" accepted 'another shop has another order'
exit_is 78 'where two are known' -- sh -c 'fulfil-recv <one.json'
like "$ERR" 'several shops.*--shop' '... one has to be named'
is "$(SHOPIFY_SHOPS=second.myshopify.com fulfil-recv <one.json | jq -r .status)" duplicate '... which a setting may do'
exit_is 78 'and excludes others' -- env SHOPIFY_SHOPS=second.myshopify.com fulfil-recv --shop first.myshopify.com
exit_is 0 'a topic that is not followed' -- sh -c 'fulfil-recv --topic order/create --shop first.myshopify.com <one.json'
like "$ERR" 'order/create.* not a topic' '... is warned of'
invariants 'and all of it'

# A journal that leaves open which of them it means.
printf '%s\n' '{"external_order_id":"1","shop":"second.myshopify.com"}' 1 >journal
exit_is 65 'a line of a journal that names no shop for an id of several' -- fulfil-scan --audit --journal journal
like "$ERR" 'journal, line 2: several shops have an order 1' '... is told with its number'
is "$(printf '%s\n' "$OUT" | jq -c '[.type, .breaches]')" '["audit",0]' '... and is no breach'
printf '%s\n' 2 1 >journal
exit_is 65 '... beside one' -- fulfil-scan --audit --journal journal
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "breach") | .found')" 'line 1: no order' '... which is told too'
head -n 1 journal >first
exit_is 1 '... and alone is only a breach' -- fulfil-scan --audit --journal first
done_testing
