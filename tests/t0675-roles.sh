#!/bin/sh
# Roles of PostgreSQL: each part of Fulfil works with its own, and none may do what it need not.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
services_start
PATH=$BUILD/cmd:$PATH
root() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$PG_SOCKET" -U postgres -d fulfil "$@"
}
exit_is 0 'the roles are made' -- root -f "$TOP/sql/roles.sql"
grants() {
	root -c 'select grantee, table_name, privilege_type from information_schema.table_privileges order by 1, 2, 3'
}
grants >once
exit_is 0 '... and again, as after an upgrade' -- root -f "$TOP/sql/roles.sql"
grants >twice
ok '... which changes nothing' cmp once twice
root -c 'create role i login in role fulfil_intake; create role a login in role fulfil_api; create role w login in role fulfil_work'
owner=$DATABASE_URL
intake=$owner'&user=i' api=$owner'&user=a' work=$owner'&user=w'
[ "$(psql -X -A -t -d "$intake" -c 'select current_user')" = i ] || skip_all 'libpq takes the first user of a URL'

# Each does its own.
psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d "$owner" -f "$TOP/sql/sample.sql"
sku=$(psqlq 'select sku from products join stock on product_id = id where on_hand > 5 order by id limit 1')
psqlq "insert into webhooks (url, event_types, secret) values ('http://127.0.0.1:9/', array['*'], 'a-secret-of-a-webhook')"
DATABASE_URL=$intake
export DATABASE_URL
line='{"id":1,"sku":"'$sku'","quantity":2,"price":"1.00"}'
post '{"id":1,"currency":"EUR","total_price":"2.00","updated_at":"2026-01-01T00:00:00Z","line_items":['"$line]}"
is "$STATUS" 202 'an order comes in'
post '{"id":1,"currency":"EUR","total_price":"2.00","updated_at":"2026-01-02T00:00:00Z","line_items":['"$line]}" HTTP_X_SHOPIFY_TOPIC=orders/updated
is "$STATUS" 202 'and a change of it'
post '{"id":9,"order_id":1,"created_at":"2026-01-03T00:00:00Z","refund_line_items":[{"id":1,"line_item_id":1,"quantity":1,"restock_type":"return"}]}' \
	HTTP_X_SHOPIFY_TOPIC=refunds/create
is "$STATUS" 202 'and a refund'
post '{"id":2}' HTTP_X_SHOPIFY_TOPIC=checkouts/create
is "$STATUS" 200 'and what is none'
post '{"id":"x","line_items":[]}'
is "$STATUS" 422 'and what is refused'
post '{"shop_domain":"shop.myshopify.com","customer":{"id":5,"email":"a@example.com"},"orders_requested":[1]}' \
	HTTP_X_SHOPIFY_TOPIC=customers/data_request
is "$STATUS" 200 'and a request about a person'
post '{"shop_domain":"shop.myshopify.com","customer":{"id":5,"email":"a@example.com"},"orders_to_redact":[77]}' \
	HTTP_X_SHOPIFY_TOPIC=customers/redact
is "$STATUS" 200 'and a redaction of an order that is not here'
post '{"shop_domain":"shop.myshopify.com","customer":{"id":6,"email":"b@example.com"},"orders_to_redact":[1]}' \
	HTTP_X_SHOPIFY_TOPIC=customers/redact
is "$STATUS" 200 'and of one that is'
is "$(psql -X -A -t -d "$owner" -c "select count(*) from redacted_orders r join orders o on o.id = r.order_id where external_id = 1")" 1 '... at once'
DATABASE_URL=$work
exit_is 0 'a worker books it' -- fulfil-work --drain
is "$(psqlq 'select status from orders where external_id = 1')" completed '... as completed'
printf 'sku,name,quantity\n%s,Tea,7\nNEW-1,New,3\n' "$sku" >list.csv
exit_is 0 'an import' -- sh -c "fulfil-import --stock <list.csv"
exit_is 0 'what is due' -- fulfil-enqueue --due
exit_is 0 'the scan' -- fulfil-scan
exit_is 0 'the audit' -- fulfil-scan --audit
exit_is 0 'the figures' -- fulfil-stat
timeout 20 fulfil-notify --drain >told 2>&1
ok 'webhooks are told' test "$(psqlq 'select count(*) from attempts')" -gt 0

# The API: every example of its description.
DATABASE_URL=$api web_start fastcgi
DATABASE_URL=$owner
jq -r '.paths | to_entries[] | select(.key | startswith("/webhooks") | not) | .value[]["x-codeSamples"][0].source' \
	"$TOP/cgi-bin/openapi.json" >examples
TASK_ID=$(psqlq "insert into uploads (filename, status) values ('x', 'queued') returning task_id")
export TASK_ID
psqlq "insert into quarantine (shop, topic, reason, body) values ('s.myshopify.com', 'orders/create', 'x', '{\"id\":5,\"line_items\":[]}')"
printf 'sku,name\nB,b\n' >products.csv
n=0
while read -r example; do
	n=$((n + 1))
	printf "curl -sS -m 20 -o answer -w '%%{http_code}\\\\n' %s\n" "${example#curl}"
done <examples >run
FULFIL_TOKEN=$API_TOKENS_WRITE sh run >codes 2>/dev/null </dev/null
ok "the API answers each example ($n)" test "$(grep -cE '^(200|201|202|204|400|404|409)$' codes)" -ge $((n - 2))
is "$(cat "$SCRATCH"/pool-*.log | grep -ci 'permission denied')" 0 '... and is allowed what it does'
token=$(fulfil-token --scope all new t | jq -r .token)
is "$(curl -s -o answer -w '%{http_code}' -H "Authorization: Bearer $token" "$FULFIL_URL/api/orders")" 200 'it knows a token'
fulfil-token user ann >/dev/null 2>&1 </dev/null
curl -s -o answer -c jar -H 'Content-Type: application/json' -d "{\"token\":\"$token\"}" "$FULFIL_URL/session"
is "$(curl -s -o answer -w '%{http_code}' -b jar -X DELETE -d '' "$FULFIL_URL/session")" 204 'and ends a session'
web_stop

# None does what it need not.
may() { # ROLE STATEMENT -> what PostgreSQL says
	psql -X -q -A -t -d "$owner&user=$1" -c "begin; $2; rollback" 2>&1 | head -n 1
}
for role in i a w; do
	for what in 'drop table orders' 'truncate orders' 'alter table orders add x int' 'create table x ()' 'drop function event_names(text)' \
		'delete from schema_migrations' 'create role x' 'create extension dblink' 'grant all on orders to public' \
		'set role fulfil' "copy orders to program 'cat'" "select pg_read_file('/etc/passwd')"; do
		like "$(may $role "$what")" 'permission denied|must be (owner|superuser)|no privileges were granted' "$role may not $what"
	done
done
for what in 'i select hash from tokens' 'w select password from tokens' 'i select secret from webhooks' 'i select headers from webhooks' \
	'i select url from webhooks' 'i select secret from old_secrets' 'i select digest from sign_in_codes' \
	"a insert into tokens (name, credential, hash, scopes) values ('x', 'x', 'x', array['all:write'])" \
	"a update tokens set scopes = array['all:write']" 'w update ledger set delta = 1' 'a delete from ledger' 'a update ledger set delta = 0' 'i delete from ledger' \
	'a delete from payloads' 'i select from uploads'; do
	like "$(may "${what%% *}" "${what#* }")" 'permission denied|does not exist' "not: $what"
done
done_testing
