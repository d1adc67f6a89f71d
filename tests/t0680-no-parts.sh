#!/bin/sh
# Parts of answers are not given, for they could be of two; what is added is added by POST alone;
# a client that goes away is no error of ours.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
services_start
psqlq "insert into products (sku, name) select 'P-' || n, repeat('x', 900) from generate_series(1, 20000) n"
web_start fastcgi
ask() { # PATH [CURL-OPTION…] -> status
	path=$1
	shift
	curl -s -m 20 -D head -o answer -w '%{http_code}' -H "Authorization: Bearer $FULFIL_TOKEN" "$@" "$FULFIL_URL$path"
}

for path in '/api/products/export.csv?sku=p-77' /api/products /api/orders /metrics; do
	is "$(ask "$path" -H 'Range: bytes=0-99')" 200 "$path has no parts"
	like "$(tr -d '\r' <./head)" '^Accept-Ranges: none$' '... and says so'
	is "$(ask "$path" -H 'Range: bytes=0-9,20-29')" 200 '... several'
done

is "$(ask /api/inventory/1 -X PUT -H 'Content-Type: application/json' -d '{"add":5,"reason":"x"}')" 400 'a PUT adds nothing'
is "$(ask /api/inventory/1 -H 'Content-Type: application/json' -d '{"add":5,"reason":"x"}')" 200 'a POST does'
is "$(psqlq 'select on_hand from stock where product_id = 1')" 5 '... once'

# A client of the pool that dies in the middle of a long answer.
# The pool writes to standard error what was broken off.
REQUEST_METHOD=GET PATH_INFO=/api/products/export.csv SCRIPT_NAME='' QUERY_STRING='' \
	HTTP_AUTHORIZATION="Bearer $API_TOKENS_READ" \
	cgi-fcgi -bind -connect "$FULFIL_SOCKETS/api.sock" 2>/dev/null </dev/null | head -c 1000 >/dev/null
told() { grep -q 'broken off' "$SCRATCH/pool-api.log"; }
if command -v cgi-fcgi >/dev/null; then
	ok 'a client that goes away is told of' wait_until 20 told
	is "$(grep 'broken off' "$SCRATCH/pool-api.log" | grep -c error)" 0 '... and is no error'
fi
done_testing
