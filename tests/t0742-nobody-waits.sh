#!/bin/sh
# What nobody waits for any more and what takes too long is ended; a path has one name,
# and every answer says what a page may do.
# shellcheck disable=SC2317 # functions called by wait_until
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
services_start
FULFIL_POOL_API=1 # one process, which has prepared its statements
export FULFIL_POOL_API
web_start fastcgi

get() { # PATH [CURL-OPTION…] -> status
	path=$1
	shift
	curl -s -o answer -w '%{http_code}' --path-as-is -H "Authorization: Bearer $API_TOKENS_WRITE" "$@" "$FULFIL_URL$path"
}
get /api/upload >/dev/null
# A lock stands for a statement that takes long.
psql -Xq -d "$DATABASE_URL" -c 'begin; lock table uploads in access exclusive mode; select pg_sleep(20)' >/dev/null 2>&1 &
lock=$!
locked() { [ "$(psqlq "select count(*) from pg_locks where relation = 'uploads'::regclass and mode = 'AccessExclusiveLock'")" = 1 ]; }
wait_until 5 locked
from=$(date +%s%N)
is "$(get /api/upload)" 503 'what takes longer than 5 s is ended'
took=$((($(date +%s%N) - from) / 1000000))
ok "after 5 s ($took ms)" test "$took" -ge 4500 -a "$took" -lt 9000
waits() { [ "$(psqlq "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'fulfil-api%'")" -gt 0 ]; }
# Not every web server hangs up when its client has gone; one that does is a FastCGI client that dies.
REQUEST_METHOD=GET PATH_INFO=/api/upload SCRIPT_NAME='' QUERY_STRING='' HTTP_AUTHORIZATION="Bearer $API_TOKENS_READ" \
	cgi-fcgi -bind -connect "$FULFIL_SOCKETS/api.sock" >/dev/null 2>&1 </dev/null &
client=$!
ok 'one waits' wait_until 3 waits
kill -KILL "$client" 2>/dev/null
wait "$client" 2>/dev/null
idle() { [ "$(psqlq "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'fulfil-api%'")" = 0 ]; }
ok 'what nobody waits for is ended at once' wait_until 2 idle
kill -KILL "$lock" 2>/dev/null
wait "$lock" 2>/dev/null
psqlq "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()" >/dev/null
is "$(get /api/upload)" 200 'and the next one is answered'

# One route, one path.
is "$(get /api/orders)" 200 'a route'
for path in /metrics/api/webhooks /openapi.json/api/orders /api/x/api/orders '/api/..;/api/orders' //api/orders /api/./orders \
	/api//orders /api%2Forders /api/orders%2F1 /api/%2e%2e%2Fapi/orders /webhooks/shopify/x/webhooks/shopify/orders; do
	status=$(get "$path")
	ok "has no other name: $path ($status)" test "$status" -ge 400
done
is "$(get /metrics)" 200 'metrics have one too'

# What is said on every answer.
for path in / /index.html /index.html/x /no-such-page /api/orders /api/nothing /metrics; do
	curl -s -D head -o answer -H "Authorization: Bearer $API_TOKENS_READ" --path-as-is "$FULFIL_URL$path"
	is "$(grep -ciE '^(content-security-policy|x-content-type-options|referrer-policy):' head)" 3 "headers of $path"
done
for path in /session/ /session/x /metrics/x /api/nothing; do
	curl -s -D head -o answer "$FULFIL_URL$path"
	like "$(tr -d '\r' <./head)" '^Content-Type: application/problem.json$' "a problem says so: $path"
done
curl -s -o answer "$FULFIL_URL/index.html/x"
like "$(cat answer)" '^<!doctype html>$' 'where there is no page, a page says so'
ok 'a file is no directory' test "$(get /index.html/x)" -ge 400
unlike "$(curl -s -i -m 3 -H 'Connection: Upgrade, HTTP2-Settings' -H 'Upgrade: h2c' -H 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA' \
	"$FULFIL_URL/index.html" | head -n 1)" 101 'no other protocol is taken up in clear'
done_testing
