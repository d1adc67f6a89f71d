#!/bin/sh
# A count of the shelf as of a time is moved to now: what was sold since is not put back.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start
web_start fastcgi

shelf() { psqlq "select on_hand from stock s join products p on p.id = s.product_id where sku = 'A'"; }
put() { # JSON -> status
	curl -s -o answer -w '%{http_code}' -X PUT -H "Authorization: Bearer $API_TOKENS_WRITE" \
		-H 'Content-Type: application/json' -d "$1" "$FULFIL_URL/api/inventory/$product"
}
now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }

products A:100
product=$(psqlq "select id from products where sku = 'A'")
recv '1 A:3'
settle
is "$(shelf)" 97 'the shelf'
sleep 0.1
counted=$(now) # somebody counts 95: two are gone
sleep 0.1
recv '2 A:4' '3 A:1'
settle
is "$(shelf)" 92 'is sold from while the count is typed in'
is "$(put "{\"quantity\":95,\"counted_at\":\"$counted\",\"reason\":\"stocktaking\"}")" 200 'the count'
is "$(shelf)" 90 'is of then: the five that were sold since stay sold'
is "$(psqlq "select reason || ' ' || delta || ' ' || note from ledger order by id desc limit 1")" 'count -2 stocktaking' \
	'the ledger calls it a count'
is "$(put "{\"quantity\":95,\"counted_at\":\"$counted\",\"reason\":\"stocktaking\"}")$(shelf)" 20090 'sent twice it counts once'
is "$(put "{\"quantity\":90,\"counted_at\":\"$(now)\",\"reason\":\"again\"}")" 200 'a count that agrees'
is "$(psqlq "select count(*) from ledger where reason = 'count'")" 1 'writes nothing'
is "$(put '{"quantity":80,"reason":"as it is now"}')$(shelf)" 20080 'without a time it is of now'
is "$(put "{\"quantity\":95,\"counted_at\":\"$counted\",\"reason\":\"once more\"}")$(shelf)" 20090 \
	'what others said since is no move: 95 less the five'
is "$(put '{"quantity":80,"reason":"as it was"}')$(shelf)" 20080 '... nor lasts it longer than the next word'

# What makes no sense.
is "$(put "{\"quantity\":2,\"counted_at\":\"$counted\",\"reason\":\"x\"}")" 409 'fewer than were taken since'
is "$(shelf)" 80 'changes nothing'
is "$(put '{"quantity":2,"counted_at":"2099-01-01T00:00:00Z","reason":"x"}')" 400 'a time to come'
like "$(cat answer)" 'future' '... is said'
is "$(put '{"quantity":2,"counted_at":"yesterday","reason":"x"}')" 400 'no time'
is "$(put "{\"add\":2,\"counted_at\":\"$counted\",\"reason\":\"x\"}")" 400 'a time for what is added'

# A count while orders run.
i=0
while [ $((i += 1)) -le 40 ]; do printf '%d A:1\n' $((100 + i)); done >many
fulfil-work --drain >/dev/null 2>&1
before=$(shelf)
at=$(now)
sleep 0.05
{
	awk '{ split($2, s, ":"); printf "{\"id\":%d,\"line_items\":[{\"id\":1,\"sku\":\"%s\",\"quantity\":%d}]}\n", $1, s[1], s[2] }' many |
		fulfil-recv --shop a.myshopify.com >/dev/null
	fulfil-work --drain >/dev/null
} &
orders=$!
is "$(put "{\"quantity\":$before,\"counted_at\":\"$at\",\"reason\":\"while they run\"}")" 200 'a count while orders run'
wait "$orders"
settle
is "$(shelf)" $((before - 40)) 'neither puts back nor takes what they took'
invariants 'the audit holds'
done_testing
