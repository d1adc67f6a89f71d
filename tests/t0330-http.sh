#!/bin/sh
# The API as HTTP: who may, methods, paths, bodies, servers that are away. Without a web server.
# shellcheck disable=SC2317 # a function called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
change='{"add": 1, "reason": "x"}'

# --- who may

TOKEN=$API_TOKENS_READ request GET /api/orders
is "$STATUS" 200 'a token that may read reads'
TOKEN=$API_TOKENS_READ request POST /api/inventory/1 "$change"
refused 403 '' '... and does not write'
TOKEN=$API_TOKENS_WRITE request GET /api/orders
is "$STATUS" 200 'a token that may write reads too'
for token in '' wrong "$API_TOKENS_READ " "${API_TOKENS_READ%?}" "$API_TOKENS_READ,$API_TOKENS_WRITE"; do
	TOKEN=$token request GET /api/orders
	refused 401 '' "the token '$token'"
	like "$HEAD" '^WWW-Authenticate: Bearer ' '... and is told how'
done
TOKEN=x request GET /api/orders '' "HTTP_AUTHORIZATION=Basic $API_TOKENS_READ"
is "$STATUS" 401 'another scheme'
request GET /api/orders '' HTTP_AUTHORIZATION= REMOTE_USER=ann
is "$STATUS" 401 'REMOTE_USER is not trusted'
request GET /api/orders '' HTTP_AUTHORIZATION= REMOTE_USER=ann TRUST_REMOTE_USER=yes
is "$STATUS" 200 '... unless a setting says so'
request GET /api/orders '' HTTP_AUTHORIZATION= TRUST_REMOTE_USER=yes
is "$STATUS" 401 '... and it is there'
hash=$(printf %s secret-token | sha256sum | cut -d ' ' -f 1)
TOKEN=secret-token request GET /api/orders '' API_TOKENS_READ="old, sha256:$hash"
is "$STATUS" 200 'a token kept as its hash, in a list'
TOKEN=sha256:$hash request GET /api/orders '' API_TOKENS_READ="sha256:$hash"
is "$STATUS" 401 '... whose hash is no token'
TOKEN='' request GET /api/orders '' API_TOKENS_READ= API_TOKENS_WRITE=
is "$STATUS" 401 'no tokens at all let nobody in'
psqlq "INSERT INTO products (sku, name) VALUES ('A', 'A')"
for from in HTTP_SEC_FETCH_SITE=cross-site HTTP_SEC_FETCH_SITE=same-site HTTP_ORIGIN=https://evil.example \
	HTTP_ORIGIN=null; do
	request POST /api/inventory/1 "$change" HTTP_HOST=shop.example "$from"
	is "$STATUS" 403 "a change with $from"
done
for from in HTTP_SEC_FETCH_SITE=same-origin HTTP_SEC_FETCH_SITE=none HTTP_ORIGIN=http://shop.example; do
	request POST /api/inventory/1 "$change" HTTP_HOST=shop.example "$from"
	is "$STATUS" 200 "a change with $from"
done
request GET /api/orders '' HTTP_SEC_FETCH_SITE=cross-site
is "$STATUS" 200 'reading from elsewhere is for the browser to refuse'

# --- methods and paths

request HEAD /api/orders
is "$STATUS $(wc -c <body)" '200 0' 'HEAD'
like "$HEAD" '^Content-Length: [1-9]' '... has the length of GET'
for method in POST PUT DELETE PATCH OPTIONS get; do
	request $method /api/orders
	refused 405 '' "$method of a list"
	like "$HEAD" '^Allow: GET$' '... and is told what goes'
done
request DELETE /api/inventory/1
like "$HEAD" '^Allow: GET, PUT, POST$' 'all the methods of a path'
request GET /api/orders/1/cancel
like "$STATUS $HEAD" '^Allow: POST$' '... of another'
for path in /api /api/ /api/order /api/orders/ /api/orders/0 /api/orders/-1 /api/orders/1x /api/orders/01/cancelx \
	/api/orders/9223372036854775808 /api/orders/1/../2 //api//orders / /api/orders/%31; do
	request GET "$path"
	refused 404 '' "the path $path"
done
request GET / '' SCRIPT_NAME=/cgi-bin/api PATH_INFO=/quarantine
is "$STATUS" 200 'a path below the program'
request GET / '' SCRIPT_NAME=/metrics PATH_INFO=
is "$STATUS" 200 'a path of the server'
like "$(cat body)" '^fulfil_database_up 1$' '... for Prometheus'
request GET '/api/orders?page=%zz'
refused 400 'query has a bad percent escape' 'a bad escape'
request GET '/api/orders?q=%00'
refused 400 'query has a bad percent escape' 'a NUL'
request GET '/api/orders?q=<script>%22&q=%0d%0aX-Evil:1'
is "$(grep -c -i x-evil answer)" 0 'nothing of a request comes back as a header'

# --- bodies

request POST /api/inventory/1 "$change" CONTENT_TYPE='application/json; charset=utf-8'
is "$STATUS" 200 'a charset'
request POST /api/inventory/1 "$change" CONTENT_TYPE=text/plain
refused 415 '' 'a body that says it is text'
request POST /api/inventory/1 "$change" CONTENT_LENGTH=
refused 411 '' 'no length'
request POST /api/inventory/1 "$change" CONTENT_LENGTH=1000
refused 400 '' 'a body that is cut off'
for length in -1 +5 0x10 '5 ' 1,1; do
	request POST /api/inventory/1 "$change" CONTENT_LENGTH="$length"
	refused 400 '' "a length of '$length'"
done
for length in 1048577 99999999999999999999; do
	request POST /api/inventory/1 "$change" CONTENT_LENGTH=$length
	refused 413 '' "a length of $length"
done
head -c 200000 /dev/zero | tr '\0' '[' >deep
SEND=deep request POST /api/inventory/1
refused 400 '' 'a body of brackets'

# --- health, and servers that are away

request GET /api/health '' HTTP_AUTHORIZATION=
is "$STATUS $(answer -c .)" '503 {"status":"degraded"}' 'health for strangers: no worker, no detail'
fulfil-work >/dev/null 2>&1 &
worker=$!
at_exit "kill $worker 2>/dev/null"
healthy() {
	request GET /api/health
	[ "$STATUS" = 200 ]
}
ok 'health with a worker' wait_until 10 healthy
is "$(answer -c '[.status, .database.status, .redis.status, .workers.status, .queue.status]')" \
	'["healthy","up","up","up","up"]' '... with its parts'
request GET /api/metrics
is "$(answer -c '[.total_orders, .success_rate, .low_stock_alerts, .workers.count, .products.total]')" '[0,null,1,1,1]' 'metrics'
redis_stop
request GET /api/health
is "$STATUS $(answer -c '[.status, .database.status, .redis.status]')" '200 ["degraded","up","down"]' 'health without Redis is no trouble'
request GET /api/orders
is "$STATUS" 200 '... the rest continues'
kill $worker
wait $worker
pg_stop
request GET /api/orders
refused 503 '' 'without PostgreSQL'
like "$HEAD" '^Retry-After: [0-9]+$' '... and when to come again'
request GET /api/health
is "$STATUS $(answer -c '[.status, .database.status]')" '503 ["degraded","down"]' 'health without PostgreSQL'
request GET /metrics
is "$STATUS $(grep -c '^fulfil_database_up 0$' body)" '200 1' '... as Prometheus has it'
request GET /openapi.json
is "$STATUS" 200 '... what needs no database is there'
request GET /api/orders '' LOG_LEVEL=loud
is "$STATUS $(answer .detail)" '500 something went wrong here; the log has more' 'a setting that is wrong'
like "$(cat log)" 'LOG_LEVEL|loud' '... and logged'
request GET /api/orders '' LOW_STOCK_THRESHOLD=ten
is "$STATUS" 500 'another one'

done_testing
