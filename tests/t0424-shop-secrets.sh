#!/bin/sh
# A shop may have a secret of its own: no other signs for it, and it signs for no other.
# shellcheck disable=SC2317 # a function called by exit_is
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
services_start
old=old-secret-of-a-0123456789 new=new-secret-of-a-0123456789 beta=secret-of-b-0123456789==
SHOPIFY_WEBHOOK_SECRET="a.myshopify.com=$old, A.myshopify.com=$new b.myshopify.com=$beta any-0123456789abcdef"
export SHOPIFY_WEBHOOK_SECRET
web_start fastcgi


post() { # SHOP SECRET [HEADER-PREFIX] -> status
	n=$(date +%s%N)
	body="{\"id\":$n,\"line_items\":[]}"
	signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$2" -binary | base64)
	curl -s -o answer -w '%{http_code}' -H "${3-X-}Shopify-Shop-Domain: $1" -H "${3-X-}Shopify-Topic: orders/create" \
		-H "${3-X-}Shopify-Hmac-Sha256: $signature" -H 'Content-Type: application/json' -d "$body" \
		"$FULFIL_URL/webhooks/shopify"
}
is "$(post a.myshopify.com "$old") $(post a.myshopify.com "$new")" '202 202' 'the secrets of a shop, old and new, sign for it'
is "$(post A.MyShopify.com "$new")" 202 'in any case'
is "$(post a.myshopify.com "$beta")" 401 'that of another does not'
is "$(post a.myshopify.com any-0123456789abcdef)" 401 'nor one for any shop'
is "$(post b.myshopify.com "$beta")" 202 'a secret may end in ='
is "$(post b.myshopify.com "$old")" 401 'each has its own'
is "$(post c.myshopify.com any-0123456789abcdef)" 202 'a shop without one has those for any'
is "$(post c.myshopify.com "$old")" 401 'and not those of others'
is "$(post '' "$old")" 401 'no shop is no shop of theirs'
is "$(post a.myshopify.com "a.myshopify.com=$old")" 401 'the shop is no part of the secret'
is "$(psqlq "select string_agg(distinct shop, ' ' order by shop) from orders")" \
	'a.myshopify.com b.myshopify.com c.myshopify.com' 'nothing else is stored'

body='{"id":99,"line_items":[]}'
by() { printf %s "$body" | fulfil-recv --shop "$1" --hmac "$(printf %s "$body" | openssl dgst -sha256 -hmac "$2" -binary | base64)"; }
exit_is 0 'by the pipe too' -- by b.myshopify.com "$beta"
exit_is 65 'each has its own' -- by a.myshopify.com "$beta"

# --sign makes what the web's intake takes, with no secret among the arguments of a process.
signed() { # SHOP SECRET
	is "$(printf %s "$body" | SHOPIFY_SHOPS="${3-}" fulfil-recv ${1:+--shop "$1"} --sign)" \
		"$(printf %s "$body" | openssl dgst -sha256 -hmac "$2" -binary | base64)" "--sign for ${1:-nobody in particular}"
}
signed A.myshopify.com "$old"
signed c.myshopify.com any-0123456789abcdef
signed '' any-0123456789abcdef
signed '' "$beta" ' b.myshopify.com, a.myshopify.com'
exit_is 78 'no secret for a shop' -- env SHOPIFY_WEBHOOK_SECRET="b.myshopify.com=$beta" fulfil-recv --shop a.myshopify.com --sign </dev/null
exit_is 64 '--sign stores nothing' -- fulfil-recv --sign --topic orders/create </dev/null
is "$(fulfil-recv --sign --shop b.myshopify.com </dev/null)" "$(openssl dgst -sha256 -hmac "$beta" -binary </dev/null | base64)" 'of no bytes'
is "$(cd "$TOP" && grep -l -d skip 'openssl.*-hmac "[$]' README.md cron/start/* share/* debian/tests/* cgi-bin/openapi.json)" '' \
	'nothing that is installed gives openssl the secret'

checked() { env "$@" fulfil-stat --settings cgi 2>&1; }
like "$(checked SHOPIFY_SHOPS=)" 'SHOPIFY_SHOPS is not set' 'what is open is said'
like "$(checked SHOPIFY_SHOPS='a.myshopify.com b.myshopify.com' SHOPIFY_WEBHOOK_SECRET=any-0123456789abcdef)" \
	'signs for each of the 2 shops' 'and that several share a secret'
unlike "$(checked SHOPIFY_SHOPS='a.myshopify.com b.myshopify.com')" 'signs for each|SHOPIFY_SHOPS is not set' 'or nothing'
done_testing
