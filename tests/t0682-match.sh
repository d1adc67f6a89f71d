#!/bin/sh
# Entity tags: what is polled is answered 304 while it is the same; of two who edit one thing the second
# is told what the first has made of it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "insert into products (sku, name) values ('A', 'A'), ('B', 'B');
	insert into orders (shop, external_id, customer_name) values ('s.myshopify.com', 7, 'Ann');
	insert into webhooks (url, event_types, headers) values ('https://hook.invalid/', '{order.failed}', '{\"X-Token\": \"t\"}')"
tag() { printf '%s\n' "$HEAD" | sed -n 's/^ETag: //p'; }

# --- what is polled

for path in /api/products /api/products/1 /api/inventory/1 /api/webhooks/1 /api/orders /api/orders/1 /api/upload /api/quarantine; do
	request GET "$path"
	was=$(tag)
	like "$was" '^"[0-9a-z.-]+"$' "$path has a tag"
	request GET "$path" '' HTTP_IF_NONE_MATCH="\"other\", W/$was"
	is "$STATUS $(wc -c <body) $(tag)" "304 0 $was" '... and is the same'
	request HEAD "$path" '' HTTP_IF_NONE_MATCH="$was"
	is "$STATUS" 304 '... for HEAD too'
	request GET "$path" '' HTTP_IF_NONE_MATCH='"other"'
	is "$STATUS $(tag)" "200 $was" '... but for another tag'
done
request GET /api/orders/1
was=$(tag)
fulfil-token --scope orders:read new clerk >made
TOKEN=$(jq -r .token made) request GET /api/orders/1 '' HTTP_IF_NONE_MATCH="$was"
is "$STATUS $(answer .customer_name)" '200 null' 'who may see less has another tag'
request GET /api/orders/99 '' HTTP_IF_NONE_MATCH='*'
is "$STATUS $(tag)" '404 ' 'what is not there has none'
request GET /api/products/1
was=$(tag)
request PUT /api/products/1 '{"name": "AA"}'
now=$(tag)
request GET /api/products/1 '' HTTP_IF_NONE_MATCH="$was"
is "$STATUS $(tag)" "200 $now" 'a change gives another, which the change told'

# --- two who edit

edit() { # PATH BODY TAG
	request "${4:-PUT}" "$1" "$2" HTTP_IF_MATCH="$3" WEBHOOK_ALLOW_PRIVATE=yes
}
while IFS='	' read -r path first second member other; do
	request GET "$path"
	was=$(tag)
	edit "$path" "$first" "$was"
	is "$STATUS" 200 "$path: the first edits"
	edit "$path" "$second" "$was"
	refused 412 '' '... the second does not'
	first_now=$(answer ".current.$member")
	current=$(tag)
	request GET "$path"
	is "$(answer ".$member")" "$first_now" '... and is told what there is'
	is "$(tag)" "$current" '... with its tag'
	edit "$path" "$second" "\"x\", W/$current"
	is "$STATUS" 200 '... with which the edit goes'
	edit "$path" "$first" '*'
	is "$STATUS" 200 '... as with any'
	edit "$path" "$second" 'nonsense'
	refused 412 '' '... but not with what is no tag'
	edit "$other" "$first" '*'
	is "$STATUS" 404 '... nor where there is nothing'
done <<'END'
/api/products/1	{"name": "one"}	{"price": "2.50"}	name	/api/products/99
/api/inventory/1	{"quantity": 5, "reason": "count"}	{"reorder_level": 3}	quantity	/api/inventory/99
/api/webhooks/1	{"timeout": 9}	{"retry_count": 2}	timeout	/api/webhooks/99
END
request GET /api/products/1
was=$(tag)
request POST /api/inventory/1 '{"add": 3, "reason": "delivery"}'
edit /api/products/1 '{"name": "two"}' "$was"
is "$STATUS" 200 'a product may be edited while its stock moves'
request GET /api/webhooks/1
was=$(tag)
psqlq 'update webhooks set failures = 3, failing_since = now()'
request GET /api/webhooks/1 '' HTTP_IF_NONE_MATCH="$was"
is "$STATUS" 200 'a webhook that fails is shown'
edit /api/webhooks/1 '{"timeout": 11}' "$was"
is "$STATUS" 200 '... and may be edited'
psqlq "update webhooks set enabled = false, disabled_reason = 'it answered 410 Gone'"
edit /api/webhooks/1 '{"timeout": 12}' "$(tag)"
is "$STATUS $(answer .current.disabled_reason)" '412 it answered 410 Gone' '... once it is disabled not unseen'
request GET /api/products/2
was=$(tag)
edit /api/products/2 '{"name": "b"}' "$was"
edit /api/products/2 '' "$was" DELETE
refused 412 '' 'what was changed is not deleted unseen'
edit /api/products/2 '' "$(tag)" DELETE
is "$STATUS" 204 '... but seen'
edit /api/orders/1/retry '' '"x"' POST
refused 412 '' 'what has no tag matches none'
request PUT /api/products/1 '{"name": "late"}' HTTP_IF_UNMODIFIED_SINCE='Thu, 01 Jan 1970 00:00:00 GMT'
refused 412 '' 'a condition that is not looked at'
request GET /api/products/1
is "$(answer .name)" two '... and changed nothing'
request POST /api/inventory/1 '{"add": 1, "reason": "x"}' HTTP_IDEMPOTENCY_KEY=k HTTP_IF_MATCH='"x.y"'
refused 412 '' 'with a key, too'

# --- many at once: each that succeeds has seen the one before

before=$(psqlq 'select on_hand from stock where product_id = 1')
racers=''
for i in 1 2 3 4; do
	(
		mkdir -p "r$i" && cd "r$i" || exit
		done=0
		while [ $done -lt 5 ]; do
			request GET /api/inventory/1
			quantity=$(answer .quantity)
			request PUT /api/inventory/1 "{\"quantity\": $((quantity + 1)), \"reason\": \"one more\"}" HTTP_IF_MATCH="$(tag)"
			[ "$STATUS" != 200 ] || done=$((done + 1))
		done
	) &
	racers="$racers $!"
done
for racer in $racers; do wait "$racer"; done
is "$(($(psqlq 'select on_hand from stock where product_id = 1') - before))" 20 'four who each add one five times lose nothing'
done_testing
