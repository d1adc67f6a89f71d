#!/bin/sh
# Users with passwords, links that sign in once, REMOTE_USER with roles, and what a cookie is at a site
# that is reached by HTTPS alone.
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
. "$TOP/tests/cgi.sh"
services_start
PATH=$BUILD/cmd:$PATH
password='correct horse battery'

user() { # NAME SCOPES [PASSWORD]
	printf '%s\n' "${3-$password}" | fulfil-token --scope "$2" user "$1"
}
# session BODY [VARIABLE=VALUE…]: POST /session; $COOKIE is what the browser has then
session() {
	session_body=$1
	shift
	PROGRAM=sign-in request POST /session "$session_body" HTTP_AUTHORIZATION= "$@"
	COOKIE=$(printf '%s\n' "$HEAD" | sed -n 's/^Set-Cookie: \([^;]*\);.*/\1/p' | paste -sd ';' | sed 's/;/; /g')
}
by_password() { # NAME PASSWORD [VARIABLE=VALUE…]
	name=$1 word=$2
	shift 2
	session "{\"user\": \"$name\", \"password\": \"$word\"}" "$@"
}
with() { # COOKIE PATH [METHOD BODY] -> $STATUS
	request "${3-GET}" "$2" "${4-}" HTTP_AUTHORIZATION= HTTP_COOKIE="$1"
}

is "$(user Ann orders,stock:write | jq -r '[.name, .kind, .status, .token] | @csv')" '"Ann","user","valid",' 'a user is made'
is "$(psqlq "select count(*) from tokens where tokens::text like '%$password%'")" 0 'and the password is not kept'
# shellcheck disable=SC2016 # no variables
like "$(psqlq 'select password from tokens')" '^scrypt\$15\$[0-9a-f]{32}\$[0-9a-f]{64}$' 'but its scrypt'
by_password ann "$password"
is "$STATUS $(answer .scope)" '200 write' 'signs in, in either case'
like "$HEAD" '^Set-Cookie: fulfil_session=.*; HttpOnly; SameSite=Strict$' 'by a cookie that is for us alone'
ann=$COOKIE
with "$ann" /api/orders
is "$STATUS" 200 'may what is said'
with "$ann" /api/products
is "$STATUS" 403 'and no more'
psqlq "insert into products (sku, name) values ('MUG', 'Mug')"
with "$ann" /api/inventory/1 POST '{"add": 1, "reason": "found"}'
is "$STATUS $(psqlq 'select actor from ledger order by id desc limit 1')" '200 Ann' 'and the ledger has the name'
is "$(fulfil-token list | jq -r 'select(.kind == "user") | [.name, .last_used_at != null] | @csv')" '"Ann",true' \
	'the list says who is a user'
by_password ann 'correct horse batterz'
is "$STATUS $(answer .detail)" '401 nobody of that name has that password' 'another password does not'
by_password bob "$password"
is "$STATUS $(answer .detail)" '401 nobody of that name has that password' 'nor another name, in the same words'
by_password ann ''
is "$STATUS" 400 'nor none'
request GET /api/orders '' HTTP_AUTHORIZATION="Bearer $password"
is "$STATUS" 401 'a password is no token'

# Another password.
user ann orders 'another horse battery' >/dev/null
with "$ann" /api/orders
is "$STATUS" 401 'another password ends the sessions by the one before'
by_password ann "$password"
is "$STATUS" 401 'which is good no more'
by_password ann 'another horse battery'
is "$STATUS $(answer .scope)" '200 read' 'the new one is, with the new rights'
with "$COOKIE" /api/orders
is "$STATUS" 200 '...'
fulfil-token revoke ANN >/dev/null
with "$COOKIE" /api/orders
is "$STATUS" 401 'who is revoked has no session'
by_password ann 'another horse battery'
is "$STATUS" 401 'and gets none'
exit_is 65 'a short password' -- sh -c 'echo short | fulfil-token --scope all user eve'
exit_is 65 'no password' -- sh -c 'fulfil-token --scope all user eve </dev/null'
fulfil-token --scope metrics new prometheus >/dev/null
exit_is 65 'a user called as a token is' -- sh -c "echo '$password' | fulfil-token --scope all user Prometheus"
exit_is 65 'no such scope' -- sh -c "echo '$password' | fulfil-token --scope orders:own user eve"
exit_is 64 'a user without a scope' -- fulfil-token user eve

# Guesses: the process that counts them lives on.
user ann all:write >/dev/null
user bob all >/dev/null
web_start fastcgi
post() { # NAME PASSWORD [CURL-OPTION…] -> status
	name=$1 word=$2
	shift 2
	curl -s -o answer -w '%{http_code}' -H 'Content-Type: application/json' "$@" \
		-d "{\"user\":\"$name\",\"password\":\"$word\"}" "$FULFIL_URL/session"
}
is "$(post ann "$password" -c known)" 200 'Ann signs in'
for _ in 1 2 3 4 5 6 7 8 9 10; do post ann 'a guess of mine'; echo; done >guesses
is "$(sort -u guesses)" 401 'ten guesses are told that they are wrong'
is "$(post ann 'a guess of mine')" 429 'the next is not even looked at'
is "$(post ann "$password")" 429 'nor is a right one, from there'
is "$(post ann "$password" -b known)" 200 'but on a browser that she signed in on before'
is "$(post bob "$password")" 200 'and others sign in'
is "$(post bob "$password" --interface 127.0.0.9)" 200 '... from elsewhere too'
for net in 1 2 3 4; do
	for name in bob Bob BOB bOB boB; do post $name 'a guess of mine' --interface 127.0.1.$net; echo; done
done >guesses
is "$(sort -u guesses)" 401 'twenty guesses at one from four networks are looked at'
is "$(post bob 'a guess of mine' --interface 127.0.1.5)" 429 'the next, from a fifth, is not'
is "$(post bob "$password" --interface 127.0.1.6)" 429 'nor is a right one from where Bob never was'
is "$(post bob "$password" --interface 127.0.0.9)" 200 'but from where he was'
is "$(post ann "$password" --interface 127.0.1.7)" 200 'and that of others'
for name in Bob BOB bOB boB BoB bob BOb bOb bob bob; do post $name 'a guess of mine' --interface 127.0.0.9; echo; done >guesses
is "$(post bob 'a guess of mine' --interface 127.0.0.9)" 429 'there, ten are looked at, however the name is spelled'
ok 'they are written down' test "$(psqlq 'select count(*) from sign_in_failures')" -ge 10
i=0
while [ $((i += 1)) -le 60 ]; do
	post "nobody-$i" 'a guess of mine'
	echo
done >guesses
ok 'guesses at many names are slowed too' grep -q 429 guesses
is "$(post ann "$password" -b known)" 200 'and Ann is let in'
is "$(curl -s -o answer -w '%{http_code}' -H "Authorization: Bearer $API_TOKENS_READ" "$FULFIL_URL/api/orders")" 200 'as are tokens'

# Links that sign in once.
link() { fulfil-token link "$@" | jq -r .code; }
code=$(link)
is "$(fulfil-token link | jq -r .url | sed 's/#ful_[0-9a-f]*$/#/')" "$FULFIL_URL/sign-in.html#" 'a link is printed'
is "$(psqlq "select count(*) from sign_in_codes where hash = sha256('$code') and sign_in_codes::text not like '%$code%'")" 1 \
	'and its code kept as a hash'
session "{\"code\": \"$code\"}"
is "$STATUS $(answer .scope)" '200 write' 'it signs in as the token of the settings'
with "$COOKIE" /api/orders
is "$STATUS" 200 '...'
session "{\"code\": \"$code\"}"
is "$STATUS" 401 'once'
session "{\"token\": \"$(link)\"}"
is "$STATUS" 401 'a code is no token'
session "{\"code\": \"$API_TOKENS_WRITE\"}"
is "$STATUS" 401 'and a token no code'
session "{\"code\": \"$(link bob)\"}"
is "$STATUS $(answer .scope)" '200 read' 'one for a user'
code=$(link bob)
psqlq 'update sign_in_codes set until = now()'
session "{\"code\": \"$code\"}"
is "$STATUS" 401 'not after its time'
code=$(link bob)
fulfil-token revoke bob >/dev/null
session "{\"code\": \"$code\"}"
is "$STATUS" 401 'nor for who is gone'
exit_is 65 'a link for nobody' -- fulfil-token link bob
hash=$(printf %s "$API_TOKENS_READ" | sha256sum | cut -d' ' -f1)
code=$(API_TOKENS_WRITE='' API_TOKENS_READ=sha256:$hash fulfil-token link | jq -r .code)
session "{\"code\": \"$code\"}"
is "$STATUS $(answer .scope)" '200 read' 'of settings with a hash'
exit_is 78 'a link without a token' -- env API_TOKENS_WRITE= API_TOKENS_READ= fulfil-token link

# Users of the web server.
remote() { # USER PATH [METHOD BODY] -> $STATUS
	request "${3-GET}" "$2" "${4-}" HTTP_AUTHORIZATION= REMOTE_USER="$1" TRUST_REMOTE_USER=yes \
		REMOTE_USERS='ann=all:write carl=catalogue,stock:write *=metrics,orders'
}
remote ann /api/webhooks
is "$STATUS" 200 'REMOTE_USERS: one may everything'
remote carl /api/inventory/1 POST '{"add": 1, "reason": "found"}'
is "$STATUS $(psqlq 'select actor from ledger order by id desc limit 1')" '200 carl' 'one some of it'
remote carl /api/orders
is "$STATUS" 403 'and not the rest'
remote dora /api/orders
is "$STATUS" 200 'the others what * has'
remote dora /api/products/1 DELETE
is "$STATUS" 403 'and no more'
remote an /api/webhooks
is "$STATUS" 403 'a part of a name is no name'
request GET /api/orders '' HTTP_AUTHORIZATION= REMOTE_USER=dora TRUST_REMOTE_USER=yes REMOTE_USERS=ann=all
is "$STATUS" 403 'without * the others may nothing'

# A site that is reached by HTTPS alone.
export PUBLIC_URL=https://shop.example.com
session "{\"token\": \"$API_TOKENS_WRITE\"}"
like "$HEAD" '^Set-Cookie: __Host-fulfil_session=[^;]*; Path=/; Max-Age=[0-9]*; HttpOnly; SameSite=Strict; Secure$' \
	'PUBLIC_URL: the cookie is for that host by HTTPS alone'
like "$HEAD" '^Strict-Transport-Security: max-age=[0-9]+$' 'and browsers are told to come by HTTPS'
with "$COOKIE" /api/orders
is "$STATUS" 200 'it opens the API'
with "$(printf %s "$COOKIE" | sed 's/__Host-//')" /api/orders
is "$STATUS" 401 'and not by the name that others can set'
foreign() { # ORIGIN -> $STATUS
	request POST /api/inventory/1 '{"add": 1, "reason": "found"}' HTTP_HOST=10.0.0.7:8080 HTTP_ORIGIN="$1"
}
foreign https://shop.example.com
is "$STATUS" 200 'a proxy may hide the host'
foreign https://evil.example.com
is "$STATUS" 403 'another origin is another'
foreign http://shop.example.com
is "$STATUS" 403 'and so is another scheme'
is "$(fulfil-token link | jq -r .url | cut -d'#' -f1)" https://shop.example.com/sign-in.html 'links lead there'
exit_is 78 'PUBLIC_URL is a URL' -- env PUBLIC_URL=shop.example.com fulfil-stat --settings cgi
unset PUBLIC_URL
session "{\"token\": \"$API_TOKENS_WRITE\"}"
unlike "$HEAD" 'Secure|Strict-Transport' 'in clear nothing is said of HTTPS'
session "{\"token\": \"$API_TOKENS_WRITE\"}" HTTPS=on
like "$HEAD" 'SameSite=Strict; Secure' 'HTTPS of the web server itself is seen'
like "$HEAD" '^Strict-Transport-Security: ' '... too'

# Secrets that can be found by trying.
for short in SECRET_KEY=abcdefghijklmno API_TOKENS_READ="$API_TOKENS_READ,xy7" SHOPIFY_WEBHOOK_SECRET=a.myshopify.com=short-one; do
	exit_is 78 "in production: ${short%%=*}" -- env ENVIRONMENT=production "$short" fulfil-stat health
	like "$ERR" "${short%%=*} has a secret of [0-9]+ characters: 16 are the least" '... is refused, with a sentence'
	unlike "$ERR" "${short##*[=,]}" '... that does not have it'
done
exit_is 0 'elsewhere they are good' -- env ENVIRONMENT=test SECRET_KEY=abc fulfil-token list
done_testing
