#!/bin/sh
# What cannot be a webhook is refused, with the reason at its field, and nothing of it is kept.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
request POST /api/webhooks '{"url":"http://first.example/","event_types":["*"]}'

wrong() { # BODY ERRORS NAME
	request POST /api/webhooks "$1"
	is "$STATUS" 400 "$3"
	like "$(answer '[.errors[]? | "\(.pointer) \(.detail)"] | join(";")')" "$2" '... which is said'
}
with() { # MEMBERS ERRORS NAME
	wrong "{\"url\":\"http://x.example/\",\"event_types\":[\"*\"],$1}" "$2" "$3"
}
wrong '{}' '^/url is missing;/event_types is missing$' 'nothing'
wrong '{"url":"ftp://x.example/","event_types":["order.paid"],"timeout":0,"retry_count":11,"enabled":1,"color":"red"}' \
	'^/url it must start.*;/event_types has "order.paid".*;/timeout must be.*1 to 300;/retry_count must.*10;/enabled .*;/color ' \
	'everything at once'
wrong '{"url":"http://x.example/\u0000","event_types":["*"]}' '^/url must be a text$' 'a NUL'
wrong '{"url":"http://x.example/","event_types":[]}' '^/event_types must be a list' 'no types'
wrong '{"url":"http://x.example/","event_types":["*","*"]}' '^/event_types names a type twice' 'a type twice'
wrong '{"url":"http://x.example/","event_types":["product.*\u0000"]}' '^/event_types has "no text"' 'a type with a NUL'

# --- numbers, switches, headers

for value in 1.5 '"30"' null true '[]' 301 0 -1 1e3 2147483648 9223372036854775807 9223372036854775808 1e400; do
	with "\"timeout\":$value" '^/timeout must be a whole number from 1 to 300$' "a timeout of $value"
done
for value in '"3"' null -1 11 4294967296; do
	with "\"retry_count\":$value" '^/retry_count must be a whole number from 0 to 10$' "a retry_count of $value"
done
for value in 1 '"true"' null '{}'; do
	with "\"enabled\":$value" '^/enabled must be true or false$' "enabled: $value"
done
for value in 1 null '[]' '"x"' "{$(seq -s , -f '"X-%.0f":"x"' 21)}"; do
	with "\"headers\":$value" '^/headers must be an object of at most 20 headers$' "headers: $(printf %.20s "$value")"
done
for name in Host host Connection Keep-Alive TE Trailer Transfer-Encoding Upgrade Proxy-Authorization HTTP2-Settings \
	Content-Length Content-Type Cookie Expect User-Agent X-Forwarded-For webhook-id Webhook-Signature X-Webhook-Signature; do
	with "\"headers\":{\"$name\":\"x\"}" "^/headers \"$name\" is a header that is not the subscriber.s to set$" "the header $name"
done
for name in '' 'a b' 'a:b' ':path' 'a\nb' é "$(head -c 101 /dev/zero | tr '\0' a)"; do
	with "\"headers\":{\"$name\":\"x\"}" '" is no header name$' 'a name that is none'
done
for value in 'b\r\nX-C: d' 'b\n c' 'b\u007f' '\u0001'; do
	with "\"headers\":{\"X-A\":\"$value\"}" '^/headers "X-A" has a control character in it$' 'an end of line, or the like, in a header'
done
with '"headers":{"X-A":"b\u0000c"}' '^/headers "X-A" must have a text' 'a NUL in a header'
with '"headers":{"X-A":1}' '^/headers "X-A" must have a text' 'a number in a header'
with '"headers":{"X-A":" "}' '^/headers "X-A" has no value$' 'a header without a value'
with '"headers":{"X-A":"1","x-a":"2"}' '^/headers "X-A" is given more than once$' 'a header twice'
with "\"headers\":{\"X-A\":\"$(head -c 1001 /dev/zero | tr '\0' a)\"}" '^/headers "X-A" is longer than 1000 bytes$' 'a long one'

# --- secrets, which are not repeated

pair=whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6K
for value in 1 '""' '[]' '"a\u0000b"' "\"$(head -c 257 /dev/zero | tr '\0' a)\""; do
	with "\"secret\":$value" '^/secret must be a text of 1 to 256 bytes, or null$' "a secret that is none: $(printf %.20s "$value")"
done
with '"secret":"é-kept-quiet"' '^/secret must be of printable ASCII$' 'one beyond ASCII'
with '"secret":"whsec_kept-quiet"' '^/secret whsec_ must be followed by base64 of 24 to 64 bytes$' 'one that is no base64'
with "\"secret\":\"$pair\"" '^/secret whsk_ must be followed by base64 of 64 bytes' 'half an Ed25519 pair'
with "\"secret\":\"${pair}vw==\"" '^/secret the public key after whsk_ does not belong' 'one whose public half is of another'
with '"secret":"whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="' '^/secret is a public key' 'a public key for a secret'
for body in '{"secret" "kept-quiet"}' '{"secret":"kept-quiet' '{"secret":"kept" kept-quiet' '["kept-quiet"' '{"secret":kept-quiet}' \
	'{"secret":"é-kept-quiet"}' '{"secret":["kept-quiet"]}' '{"secret":"whsec_kept-quiet"}' "{\"secret\":\"whsk_kept-quiet\"}"; do
	LOG_LEVEL=debug request PUT /api/webhooks/1 "$body"
	is "$STATUS $(grep -c kept log body | tr '\n' ' ')" '400 log:0 body:0 ' 'what cannot be one is not repeated'
done

# --- where to

to() { # WHY URL…
	to_why=$1
	shift
	for url; do
		wrong "{\"url\":\"$url\",\"event_types\":[\"*\"]}" "^/url .*$to_why" "a URL: $(printf %.60s "$url" | tr '\134' '|')"
	done
}
to 'in another spelling than a.b.c.d' http://127.1/ http://0x7f000001/ http://2130706433/ http://0177.0.0.1/ http://0x7f.1/ http://0/
to 'is private or reserved' 'http://[::ffff:10.0.0.1]/' 'http://[::]/' 'http://[fd00:ec2::254]/' 'http://[64:ff9b::7f00:1]/' \
	http://169.254.169.254/latest http://168.63.129.16/ http://10.0.0.1/ http://192.0.2.1/ http://127.0.0.1:8000/
to 'is a name of this machine' http://localhost/ http://localhost./ http://LOCALHOST:8080/ http://a.localhost/ http://intranet/
to 'a character in it is not allowed' http://１２７.0.0.1/ http://é.example/ 'http://x.example/\r\nHost: y' 'http://x.example/a b' 'http://x.example\\@y/'
to 'user name' http://user@x.example/ http://user:pw@x.example/
to 'no plain name' http://127.0.0.1%00.x.example/
to 'is not allowed: 80, 443' http://x.example:25/ http://x.example:6379/ http://x.example:5432/ http://x.example:0/ http://x.example:65536/ http://x.example:+80/
to 'must start with' gopher://x.example/ file:///etc/passwd 'javascript:alert(1)' //x.example/ x.example ''
to 'is no host name' http:///x http://. http://x..example/
to 'longer than 2048' "http://x.example/$(head -c 4096 /dev/zero | tr '\0' a)"
is "$(psqlq 'select count(*) from webhooks')" 1 'nothing of all that is there'
done_testing
