#!/bin/sh
# Signing in: a token becomes a cookie, the cookie opens the API, wrong ones are throttled.
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
services_start
web_start fastcgi

sign_in() { # TOKEN [CURL-OPTION…] -> status; cookies go to the jar
	token=$1
	shift
	curl -s -o answer -w '%{http_code}' -c jar -H 'Content-Type: application/json' \
		"$@" -d "{\"token\":\"$token\"}" "$FULFIL_URL/session"
}
status() { curl -s -o answer -w '%{http_code}' "$@"; }

is "$(status "$FULFIL_URL/api/orders")" 401 'without a token the API is closed'
is "$(sign_in "$API_TOKENS_WRITE")" 200 'a token signs in'
is "$(cat answer)" '{"scope":"write"}' 'and says what it may'
like "$(cat jar)" '#HttpOnly_.*fulfil_session' 'the cookie is HttpOnly'
is "$(status -b jar "$FULFIL_URL/api/orders")" 200 'the cookie opens the API'
is "$(status -b jar -d '' "$FULFIL_URL/api/orders/1/retry")" 404 'and may change things'
is "$(status -b jar -d '' -H 'Sec-Fetch-Site: cross-site' "$FULFIL_URL/api/orders/1/retry")" 403 \
	'but not from a page of another site'
is "$(status -b jar -d '' -H 'Origin: https://evil.example' "$FULFIL_URL/api/orders/1/retry")" 403 \
	'nor with an older browser'
sed 's/\([0-9a-f]\)$/0\1/' jar >forged
is "$(status -b forged "$FULFIL_URL/api/orders")" 401 'a forged cookie opens nothing'
sed 's/w\.[0-9]*\./w.9999999999./' jar >longer
is "$(status -b longer "$FULFIL_URL/api/orders")" 401 'nor one that was made to last longer'
is "$(sign_in "$API_TOKENS_READ")" 200 'a reader signs in'
is "$(status -b jar "$FULFIL_URL/api/orders")" 200 'and reads'
sed 's/r\./w./' jar >raised
is "$(status -b raised "$FULFIL_URL/api/orders")" 401 'but cannot make a writer of the cookie'
is "$(status -b jar -d '' "$FULFIL_URL/api/orders/1/retry")" 403 'and changes nothing'
is "$(status -b jar -c jar -X DELETE "$FULFIL_URL/session")" 204 'signing out'
is "$(status -b jar "$FULFIL_URL/api/orders")" 401 'ends it'
is "$(sign_in nonsense)" 401 'a wrong token does not sign in'
is "$(sign_in '')" 400 'nor an empty one'
for _ in 1 2 3 4 5 6 7 8 9; do sign_in nonsense >/dev/null; done
is "$(sign_in nonsense)" 429 'after ten wrong ones the next is not even told that it is wrong'
is "$(sign_in "$API_TOKENS_READ")" 200 'while a right one is taken'

like "$(curl -si "$FULFIL_URL/")" "^Content-Security-Policy: default-src 'self'" 'pages may load nothing from elsewhere'
is "$(grep -lE '<script>|<style>|style=|onclick=' "$BUILD"/static/*.html)" '' 'and have nothing inline'
is "$(status "$FULFIL_URL/../lib/web/cgi.c")" 404 'nothing but the pages is served'
is "$(status -X POST "$FULFIL_URL/api/orders/1/retry")" 411 'a POST without a length is refused by the web server'
is "$(jq -r '"\(.status) \(.title)"' answer)" '411 Length Required' '... in the way of the API'
head -c 10000000 /dev/zero >big
for path in api/products webhooks/shopify session index.html; do
	like "$(curl -s -o answer -w '%{http_code} %{content_type}' -H Expect: -T big -X POST "$FULFIL_URL/$path")" \
		'^413 application/problem\+json$' "too much for /$path"
	is "$(jq -r '"\(.status) \(.title)"' answer)" '413 Content Too Large' '... in the same way'
done
head -c 70000 /dev/zero >rather
is "$(status -H Expect: -T rather -X POST "$FULFIL_URL/session")" 413 'nobody signs in with 70 KB'
is "$(status -H Expect: -T rather -X POST "$FULFIL_URL/index.html")" 413 'or sends them to a page'
is "$(status -H Expect: -T rather -X POST "$FULFIL_URL/api/products")" 401 '... the API looks who asks'
like "$(curl -s -o answer -w '%{http_code} %{content_type}' -H 'Transfer-Encoding: chunked' -H 'Content-Type: text/csv' \
	-H "Authorization: Bearer $API_TOKENS_WRITE" -X POST -T big "$FULFIL_URL/api/upload")" \
	'^411 application/problem\+json$' 'a long upload in chunks'
is "$(jq -r '"\(.status) \(.title)"' answer)" '411 Length Required' '... too'
for pid in $WEB_PIDS; do
	[ "$pid" = "$WEB_PID" ] || kill "$pid"
done
gone() {
	[ "$(status "$FULFIL_URL/api/health")" = 503 ]
}
ok 'without the programs' wait_until 10 gone
is "$(jq -r '"\(.status) \(.title)"' answer)" '503 Service Unavailable' '... in the same way'
done_testing
