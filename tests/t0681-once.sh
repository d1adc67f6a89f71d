#!/bin/sh
# A POST with an Idempotency-Key is done once: the same answer again, 422 for another request, 409 while
# it is being done; and after a crash before its answer it is done for the first time.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
psqlq "insert into products (sku, name) values ('A', 'A'), ('B', 'B')"
once() { # KEY METHOD TARGET BODY [VARIABLE=VALUE…]
	once_key=$1 once_method=$2 once_target=$3 once_body=$4
	shift 4
	request "$once_method" "$once_target" "$once_body" HTTP_IDEMPOTENCY_KEY="$once_key" "$@"
}
stock() { psqlq 'select on_hand from stock where product_id = 1'; }
add='{"add": 5, "reason": "delivery"}'

once k-1 POST /api/inventory/1 "$add"
first=$BODY
is "$STATUS $(stock)" '200 5' 'a first request is done'
unlike "$HEAD" 'Idempotency-Replayed' '... and is no repetition'
once k-1 POST /api/inventory/1 "$add"
is "$STATUS $(stock)" '200 5' 'the same again is not'
is "$BODY" "$first" '... and has the same answer'
like "$HEAD" '^Idempotency-Replayed: true$' '... which says so'
once k-1 POST /api/inventory/1 '{"add": 6, "reason": "delivery"}'
refused 422 '' 'the key with another body'
once k-1 POST /api/inventory/2 "$add"
refused 422 '' '... with another path'
once k-2 POST /api/inventory/1 "$add"
is "$STATUS $(stock)" '200 10' 'another key is another request'
TOKEN=$API_TOKENS_READ,$API_TOKENS_WRITE
fulfil-token --scope stock:write new clerk >made
TOKEN=$(jq -r .token made) once k-1 POST /api/inventory/1 "$add"
is "$STATUS $(stock)" '200 15' '... and so is the key of another client'
unset TOKEN
request POST /api/inventory/1 "$add"
is "$STATUS $(stock)" '200 20' 'without a key each is done'
once k-1 PUT /api/inventory/1 '{"quantity": 20, "reason": "count"}'
is "$STATUS" 200 'a PUT needs no key and heeds none'
for key in 'a b' "$(head -c 256 /dev/zero | tr '\0' k)" 'ü'; do
	once "$key" POST /api/inventory/1 "$add"
	refused 400 'Idempotency-Key must be 1 to 255 printable characters of ASCII, no blank' "the key '$(printf %.9s "$key")'"
done
is "$(stock)" 20 '... does nothing'
psqlq "update idempotency_keys set made_at = now() - interval '25 hours' where key = 'k-1'"
once k-1 POST /api/inventory/1 "$add"
is "$STATUS $(stock)" '200 25' 'after a day a key is free'
once k-3 POST /api/inventory/1 "$add"
is "$(psqlq "select count(*) from idempotency_keys where made_at < now() - interval '1 day'")" 0 '... and what is old goes'
psqlq "update stock set on_hand = 30, level = 'ok' where product_id = 1" >/dev/null

# --- what is refused

once r-1 POST /api/inventory/1 '{"add": -99, "reason": "loss"}'
refused 409 '' 'what cannot be done is refused'
psqlq 'update stock set on_hand = 200 where product_id = 1' >/dev/null
once r-1 POST /api/inventory/1 '{"add": -99, "reason": "loss"}'
is "$STATUS $(stock)" '200 101' '... and done by the same request once it can'
once p-1 POST /api/products '{"sku": "C", "name": "C"}'
is "$STATUS" 201 'a product'
location=$(printf '%s\n' "$HEAD" | grep '^Location')
once p-1 POST /api/products '{"sku": "C", "name": "C"}'
is "$STATUS $(printf '%s\n' "$HEAD" | grep '^Location')" "201 $location" '... again, with its place'
once p-2 POST /api/products '{"sku": "C", "name": "C"}'
refused 409 '/sku is taken' 'a SKU that is taken, which needs another statement to say'
is "$(psqlq "select count(*) from products where sku = 'C'")" 1 '... once'

# --- every POST

psqlq "insert into orders (shop, external_id, status) select 's.myshopify.com', n, 'failed' from generate_series(1, 5) n;
	insert into quarantine (shop, topic, reason, body) values ('s.myshopify.com', 'orders/create', 'x', '{\"id\":77,\"line_items\":[]}'), (null, null, 'x', '{}')"
sink_start
hook ok >/dev/null
webhook=$(psqlq 'select id from webhooks')
event | fulfil-notify - >/dev/null 2>&1
delivery=$(psqlq 'select id from deliveries')
n=0
twice() { # TARGET STATUS [BODY] [VARIABLE=VALUE…]
	n=$((n + 1)) target=$1 want=$2 body=${3-}
	shift $(($# < 3 ? $# : 3))
	once "every-$n" POST "$target" "$body" "$@"
	is "$STATUS" "$want" "POST $target" || diag "$BODY"
	first=$BODY
	once "every-$n" POST "$target" "$body" "$@"
	is "$STATUS" "$want" '... again'
	is "$BODY" "$first" '... is answered the same'
	like "$HEAD" '^Idempotency-Replayed: true$' '... from the record'
}
twice '/api/orders/1/retry' 202
twice '/api/orders/2/cancel' 202
twice '/api/orders/retry?status=failed' 202
twice /api/webhooks 201 '{"url": "http://127.0.0.1:1025/", "event_types": ["*"], "enabled": false}' WEBHOOK_ALLOW_PRIVATE=yes
twice "/api/webhooks/$webhook/test" 200 '' WEBHOOK_ALLOW_PRIVATE=yes
twice "/api/webhooks/$webhook/replay" 202
twice "/api/deliveries/$delivery/replay" 202
twice /api/quarantine/1/retry 200 '' SHOPIFY_SHOPS=s.myshopify.com
is "$(psqlq 'select count(*) from orders where external_id = 77') $(psqlq 'select count(*) from quarantine where id = 1')" \
	'1 0' 'what was in quarantine is an order, once'
once q-2 POST /api/quarantine/2/retry ''
refused 409 '' 'what stays in quarantine'
unlike "$(psqlq 'select reason from quarantine where id = 2')" '^x$' '... has its reason'
printf 'sku,name\nU-1,u\n' >products.csv
export SEND=products.csv
twice /api/upload 202 '' CONTENT_TYPE=text/csv
is "$(psqlq "select count(*) from uploads where status = 'queued'")" 1 'one file waits to be imported'
task=$(answer .task_id)
form() { # BOUNDARY
	printf -- '--%s\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\nsku,name\nU-2,u\n\r\n--%s--\r\n' "$1" "$1" >form
}
SEND=form
form one
once f-1 POST /api/upload '' CONTENT_TYPE='multipart/form-data; boundary=one'
is "$STATUS" 202 'a form'
first=$BODY
form other
once f-1 POST /api/upload '' CONTENT_TYPE='multipart/form-data; boundary=other'
is "$STATUS $BODY" "202 $first" '... with another boundary is the same'
once f-1 POST '/api/upload?dry_run=yes' '' CONTENT_TYPE='multipart/form-data; boundary=other'
refused 422 '' '... and another with other options'
unset SEND
twice "/api/upload/$task/cancel" 202
printf 'sku,name\nU-9,u\n' | fulfil-import >import 2>/dev/null
psqlq "insert into imports (task_id, first_product, last_product)
	select task_id, 100000, 100000 from uploads where task_id = '$task'" >/dev/null
twice "/api/upload/$task/undo" 200

# --- two at once, and a crash in the middle

psqlq "create function slow() returns trigger language plpgsql as \$\$ begin perform pg_sleep(4); return null; end \$\$;
	create trigger slow after insert on ledger for each statement execute function slow()" >/dev/null
before=$(stock)
busy() { [ "$(psqlq "select count(*) from pg_stat_activity where wait_event = 'PgSleep'")" -gt 0 ]; }
ask() {
	printf '%s' "$add" | env REQUEST_METHOD=POST SCRIPT_NAME= PATH_INFO=/api/inventory/1 QUERY_STRING= \
		CONTENT_TYPE=application/json CONTENT_LENGTH=${#add} HTTP_IDEMPOTENCY_KEY="$1" \
		HTTP_AUTHORIZATION="Bearer $API_TOKENS_WRITE" "$BUILD/cgi-bin/api" >"$1.out" 2>&1
}
ask at-once &
asking=$!
wait_until 10 busy
once at-once POST /api/inventory/1 "$add"
refused 409 '' 'what is being done'
like "$HEAD" '^Retry-After: 1$' '... is to be asked for again soon'
wait $asking
once at-once POST /api/inventory/1 "$add"
is "$STATUS $(($(stock) - before))" '200 5' '... and was done once'
ask crash &
asking=$!
wait_until 10 busy
program=$(pgrep -P $asking -x api || echo 0)
if [ "$program" -gt 1 ]; then kill -KILL "$program"; else kill -KILL $asking; fi
wait $asking 2>/dev/null
idle() { ! busy; }
wait_until 10 idle
psqlq 'drop trigger slow on ledger' >/dev/null
is "$(($(stock) - before))" 5 'what died in the middle did nothing'
once crash POST /api/inventory/1 "$add"
is "$STATUS $(($(stock) - before))" '200 10' '... and is done when it is asked for again'
once crash POST /api/inventory/1 "$add"
is "$STATUS $(($(stock) - before))" '200 10' '... once'

# --- without prepared statements, as behind a pooler

once plain POST /api/inventory/1 "$add" DATABASE_PREPARE=no
once plain POST /api/inventory/1 "$add" DATABASE_PREPARE=no
is "$STATUS $(($(stock) - before))" '200 15' 'without prepared statements'
done_testing
