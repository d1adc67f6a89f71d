#!/bin/sh
# Tokens that fulfil-token makes: what each may, by whom a change was made, and their end.
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
services_start
web_start fastcgi
PATH=$BUILD/cmd:$PATH
psqlq "insert into products (sku, name) values ('MUG', 'Mug')
	on conflict do nothing"
psqlq "insert into stock (product_id, on_hand, opening) select id, 5, 5 from products where sku = 'MUG' on conflict do nothing"
psqlq "insert into orders (shop, external_id, status, name, customer_name, customer_email)
	values ('a.myshopify.com', 1, 'completed', '#1', 'Ann Buyer', 'ann@example.com')"
product=$(psqlq "select id from products where sku = 'MUG'")

new() { # NAME SCOPES [OPTION…] -> the token
	name=$1 scopes=$2
	shift 2
	fulfil-token --scope "$scopes" "$@" new "$name" | jq -r .token
}
status() { # TOKEN PATH [CURL-OPTION…]
	with=$1 path=$2
	shift 2
	curl -s -o answer -w '%{http_code}' -H "Authorization: Bearer $with" "$@" "$FULFIL_URL$path"
}
put_stock() { # TOKEN -> status
	status "$1" "/api/inventory/$product" -H 'Content-Type: application/json' \
		-d '{"add":1,"reason":"found"}'
}

metrics=$(new prometheus metrics)
like "$metrics" '^ful_[0-9a-f]{64}$' 'a token is shown when it is made'
is "$(psqlq "select count(*) from tokens where hash = sha256('$metrics') and tokens::text not like '%$metrics%'")" 1 \
	'and kept as a hash'
is "$(status "$metrics" /metrics)" 200 'one for metrics reads metrics'
is "$(status "$metrics" /api/orders)" 403 'and no order'
status "$metrics" /api/health >/dev/null
ok 'health has its detail for such a token' jq -e '.parts // .postgresql // (keys | length > 2)' answer
is "$(put_stock "$metrics")" 403 'it changes nothing'

clerk=$(new clerk orders,stock:write)
is "$(status "$clerk" /api/orders)" 200 'one for orders reads them'
is "$(jq -c '.orders[0] | [.external_order_id, .customer_name, .customer_email]' answer)" '["1",null,null]' \
	'but not what people are called'
for by in q=ann@example.com q=ann q=buyer exact=ann@example.com exact=Ann%20Buyer; do
	is "$(status "$clerk" "/api/orders?$by") $(jq .total answer)" '200 0' "nor is anybody found by it: $by"
done
is "$(status "$clerk" /api/orders?exact=1) $(jq .total answer)" '200 1' 'but by what it may read'
psqlq "update orders set status = 'failed'"
is "$(status "$(new helper orders:write)" '/api/orders/retry?status=failed&q=ann' -d '') $(jq .retried answer)" '202 0' \
	'nor when all that match are started again'
psqlq "update orders set status = 'completed'"
is "$(status "$clerk" /api/quarantine)" 403 'what was sent as it was is closed to it'
is "$(status "$clerk" /api/products)" 403 'and so are other areas'
is "$(put_stock "$clerk")" 200 'it may change stock'
is "$(psqlq 'select actor from ledger order by id desc limit 1')" clerk 'the ledger says who did'
people=$(new people orders,personal)
is "$(status "$people" /api/orders)" 200 'with personal'
is "$(jq -r '.orders[0].customer_email' answer)" ann@example.com 'people have names'
is "$(status "$people" '/api/orders?q=ann@ex') $(jq .total answer)" '200 1' 'and are found by them'

# A webhook for orders is told of people, and a webhook's address may be a secret.
hook() { # TOKEN PATH BODY [CURL-OPTION…] -> status
	with=$1 path=$2 body=$3
	shift 3
	status "$with" "$path" -H 'Content-Type: application/json' -d "$body" "$@"
}
told=$(new told webhooks:write)
for types in '["order.completed"]' '["order.*"]' '["product.created","*"]'; do
	is "$(hook "$told" /api/webhooks "{\"url\":\"https://t.example.com/\",\"event_types\":$types}")" 403 \
		"no webhook is told of people without personal: $types"
done
is "$(hook "$told" /api/webhooks '{"url":"https://t.example.com/T/sEcReT","event_types":["product.*"]}')" 201 'but of products'
id=$(jq .id answer)
is "$(hook "$told" "/api/webhooks/$id" '{"event_types":["order.failed"]}' -X PUT)" 403 '... and no other types'
all=$(new all-hooks webhooks:write,personal)
is "$(hook "$all" "/api/webhooks/$id" '{"event_types":["order.failed"]}' -X PUT)" 200 'with personal it may'
is "$(hook "$told" "/api/webhooks/$id" '{"url":"https://evil.example.com/"}' -X PUT)" 403 'nobody else leads it elsewhere'
is "$(hook "$told" "/api/webhooks/$id" '{"url":"https://t.example.com/T/sEcReT","paused":true}' -X PUT)" 200 'or keeps it from being paused'
is "$(status "$told" "/api/webhooks/$id/test" -d '')" 403 'a test shows nobody either'
is "$(jq -r .detail answer)" 'order events say what customers are called, which this token may not read: it needs personal' '... and says why'
reader=$(new reader webhooks,orders,personal:write)
for path in /api/webhooks "/api/webhooks/$id"; do
	status "$reader" "$path" >/dev/null
	is "$(jq -c '[.. | .url? // empty]' answer)" '["https://t.example.com/…"]' "an address is shown without its path: $path"
	unlike "$(cat answer)" sEcReT '...'
done
psqlq "insert into events (sequence, type, subject, data, created_at) values (1, 'order.failed', 1, '{}', now());
	insert into deliveries (event_id, webhook_id, state, error, ended_at) values (1, $id, 'given_up', 'x', now());
	update webhooks set headers = '{\"X-Key\":\"sEcReT\"}'"
for path in /api/orders/1/story /api/deliveries/1/request; do
	is "$(status "$reader" "$path")" 200 "$path"
	unlike "$(cat answer)" sEcReT '... has no secret of a webhook'
	is "$(jq -c '[.. | .url? // empty]' answer)" '["https://t.example.com/…"]' '... has its host'
done
status "$(new maker webhooks:write,personal)" /api/deliveries/1/request >/dev/null
like "$(cat answer)" 'T/sEcReT' 'who may change it sees it'
psqlq 'delete from deliveries; delete from events; delete from webhooks'
every=$(new every all:write --expires 1)
is "$(put_stock "$every")" 200 'all is all'
is "$(fulfil-token list | jq -r 'select(.name == "clerk") | [.status, .scopes[1], (.last_used_at != null)] | @csv')" \
	'"valid","stock:write",true' 'a list says what they may and whether they are used'
is "$(fulfil-token list | jq -r 'select(.name == "every") | .expires_at != null')" true 'and until when'

# Their end.
psqlq "update tokens set expires_at = now() where name = 'every'"
refused() { [ "$(status "$1" /api/orders)" = 401 ]; }
ok 'one that expired is refused within a second' wait_until 3 refused "$every"
sign_in() { # TOKEN [CURL-OPTION…]
	token=$1
	shift
	curl -s -o answer -w '%{http_code}' -c jar -H 'Content-Type: application/json' "$@" \
		-d "{\"token\":\"$token\"}" "$FULFIL_URL/session"
}
by_cookie() { curl -s -o answer -w '%{http_code}' -b "$1" "$FULFIL_URL/api/orders"; }
is "$(sign_in "$people")" 200 'a token signs in'
is "$(by_cookie jar)" 200 'and its session may what it may'
is "$(fulfil-token revoke PEOPLE | jq -r .status)" revoked 'a token is revoked by name'
ok 'it is refused within a second' wait_until 3 refused "$people"
ended() { [ "$(by_cookie "$1")" = 401 ]; }
ok 'and so is its session' wait_until 3 ended jar
is "$(fulfil-token list | tail -n 1 | jq -r '"\(.name) \(.status)"')" 'people revoked' 'the list keeps it'
new people orders >/dev/null
is "$(fulfil-token list | jq -r 'select(.name == "people") | .status' | sort | tr '\n' ' ')" 'revoked valid ' \
	'and the name is free'
is "$(sign_in "$API_TOKENS_WRITE")" 200 'a session'
cp jar stolen
is "$(by_cookie stolen)" 200 'and a copy of its cookie'
sign_in "$API_TOKENS_WRITE" >/dev/null
cp jar other
ok 'two sessions are two' test "$(cat stolen)" != "$(cat other)"
is "$(curl -s -o answer -w '%{http_code}' -b stolen -X DELETE "$FULFIL_URL/session")" 204 'signing out'
ok 'ends the copy too' wait_until 3 ended stolen
is "$(by_cookie other)" 200 'and not the other'

# Somebody else's pages and guesses.
is "$(sign_in "$API_TOKENS_WRITE" -H 'Sec-Fetch-Site: cross-site')" 403 'another site signs nobody in'
is "$(curl -s -o answer -w '%{http_code}' -b other -X DELETE -H 'Origin: https://evil.example' "$FULFIL_URL/session")" \
	403 'nor out'
is "$(by_cookie other)" 200 '...'
i=0
while [ $((i += 1)) -le 60 ]; do
	status "guess-$i" /api/orders
	echo
done >guesses
ok 'guesses are slowed' grep -q 429 guesses
is "$(grep -cE '^(401|429)$' guesses)" 60 'and none is let in'
is "$(status "$clerk" /api/orders)" 200 'a right token is taken meanwhile'
ok 'some are written down' test "$(psqlq 'select count(*) from sign_in_failures')" -ge 10
ok 'but not all' test "$(psqlq 'select count(*) from sign_in_failures')" -lt 55

# Words that make no sense.
exit_is 65 'a scope that does not exist' -- fulfil-token --scope orders:all new x
like "$ERR" 'orders:all.*is no scope' 'is named'
exit_is 65 'a name that is taken' -- fulfil-token --scope all new CLERK
exit_is 65 'a token that does not exist' -- fulfil-token revoke nobody
exit_is 64 'a token without a scope' -- fulfil-token new x
exit_is 64 'a name with a blank' -- fulfil-token --scope all new 'a b'
exit_is 64 'nothing to do' -- fulfil-token
done_testing
