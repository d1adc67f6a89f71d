# shellcheck shell=sh
# Webhooks as Shopify signs them, for the intake without a web server: source it after services.sh.

# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
PROGRAM=shopify
export PROGRAM

# hmac FILE [SECRET]: what Shopify sends as the signature of its bytes.
hmac() {
	openssl dgst -sha256 -hmac "${2-$SHOPIFY_WEBHOOK_SECRET}" -binary <"$1" | base64
}
# hook FILE [VARIABLE=VALUE…]: posts the file, signed unless HTTP_X_SHOPIFY_HMAC_SHA256 is given.
hook() {
	hook_file=$1
	shift
	SEND=$hook_file request POST /webhooks/shopify/orders '' HTTP_AUTHORIZATION= \
		"HTTP_X_SHOPIFY_HMAC_SHA256=$(hmac "$hook_file")" HTTP_X_SHOPIFY_TOPIC=orders/create \
		HTTP_X_SHOPIFY_SHOP_DOMAIN=shop.myshopify.com "$@"
}
# post TEXT [VARIABLE=VALUE…]: the same for a text, printf's escapes in it.
post() {
	# shellcheck disable=SC2059 # they are meant
	printf "$1" >text
	shift
	hook text "$@"
}
