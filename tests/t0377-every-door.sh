#!/bin/sh
# Every path with every method and every credential: who may is what openapi.json and the table of areas
# below say, and nothing else.
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
services_start
web_start fastcgi
PATH=$BUILD/cmd:$PATH

# What a token must be for. A path that is new needs its row.
cat >areas <<'END'
orders	^/api/orders
orders	^/api/sync-logs$
metrics	^/api/timeline$
catalogue	^/api/products
catalogue	^/api/upload
catalogue	^/api/feeds$
stock	^/api/inventory
stock	^/api/ledger$
webhooks	^/api/webhooks
webhooks	^/api/deliveries
personal	^/api/deliveries/[{]id[}]/request$
webhooks	^/api/events$
personal	^/api/payloads
personal	^/api/privacy-requests
personal	^/api/quarantine
personal	^/api/events/stream$
metrics	^/api/metrics$
metrics	^/api/health$
metrics	^/metrics$
any	^/openapi.json$
none	^/webhooks/shopify
END

token() { fulfil-token --scope "$1" new "$(echo "$1" | tr ',:' '--')" | jq -r .token; }
cookie() { # TOKEN -> a Cookie header
	curl -s -o answer -D signed -H 'Content-Type: application/json' -d "{\"token\":\"$1\"}" "$FULFIL_URL/session"
	sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\);.*/Cookie: \1/p' signed
}
# credential NAME HEADER READS WRITES: the areas that it may read and change, "-" for none, "all"; NAME only
# where it opens nothing.
credential() {
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "${3--}" "${4--}" >>credentials
}
credential none 'X-Nothing: 1'
credential wrong 'Authorization: Bearer ful_0000000000000000000000000000000000000000000000000000000000000000'
credential basic 'Authorization: Basic YWRtaW46YWRtaW4='
credential blank 'Authorization: Bearer '
credential user 'Remote-User: admin'
credential read "Authorization: Bearer $API_TOKENS_READ" all
credential write "Authorization: Bearer $API_TOKENS_WRITE" all all
credential read-cookie "$(cookie "$API_TOKENS_READ")" all
credential write-cookie "$(cookie "$API_TOKENS_WRITE")" all all
credential forged-cookie "$(cookie "$API_TOKENS_READ" | sed 's/=r\./=w./')"
ended=$(cookie "$API_TOKENS_WRITE")
curl -s -X DELETE -H "$ended" "$FULFIL_URL/session"
credential ended-cookie "$ended"
for area in metrics orders catalogue stock webhooks personal; do
	credential "$area" "Authorization: Bearer $(token $area)" $area
	credential "$area-write" "Authorization: Bearer $(token $area:write)" $area $area
done
revoked=$(token all:write)
fulfil-token revoke all-write >/dev/null
credential revoked "Authorization: Bearer $revoked"

# The requests: ids that nothing has, no body.
jq -r '.paths | keys[]' "$TOP/cgi-bin/openapi.json" | sed 'h; s/{id}/999999/; s/{task_id}/00000000-0000-4000-8000-000000000000/; G; s/\n/\t/' >paths
awk -F '\t' -v url="$FULFIL_URL" '
	FILENAME == "credentials" { name[++n] = $1; header[n] = $2; next }
	{
		split("GET HEAD POST PUT PATCH DELETE OPTIONS", method, " ")
		for (c = 1; c <= n; c++)
			for (m = 1; m <= 7; m++) {
				printf "url = \"%s%s\"\nheader = \"%s\"\noutput = \"/dev/null\"\nmax-time = 30\n", url, $1, header[c]
				if (method[m] == "HEAD") print "head"
				else print "request = \"" method[m] "\""
				if (method[m] ~ /^P|^D/) print "header = \"Content-Type: application/json\"\ndata = \"\""
				printf "write-out = \"%s\\t%s\\t%s\\t%%{http_code}\\n\"\nnext\n", $2, method[m], name[c]
			}
	}' credentials paths | sed '$d' >requests
curl -s -K requests >answers
n=$(wc -l <answers)
is "$n" "$(($(wc -l <paths) * $(wc -l <credentials) * 7))" 'every request has an answer'
ok "there are $n of them" test "$n" -gt 4000

# Each against what it must be.
# shellcheck disable=SC2016 # variables of jq
jq -r -n --rawfile areas areas --rawfile credentials credentials --rawfile answers answers \
	--slurpfile api "$TOP/cgi-bin/openapi.json" '
	def rows: split("\n") | map(select(. != "") | split("\t"));
	($areas | rows) as $areas
	| ($credentials | rows | map({key: .[0], value: {reads: .[2], writes: .[3]}}) | from_entries) as $who
	| ($answers | rows)[]
	| . as [$path, $method, $name, $status]
	| ([$areas[] | . as $a | select($path | test($a[1])) | $a[0]] | last) as $area
	| $api[0].paths[$path][if $method == "HEAD" then "get" else $method | ascii_downcase end] as $op
	| $who[$name] as $w
	| (if $op["x-scope"] == "write" then $w.writes else $w.reads end) as $has
	| (if $area == null then "an area"
	   elif $op == null then "^405$"
	   elif $op["x-scope"] == "signature" then "^401$"
	   elif $op["x-scope"] == "open" then "^(200|503)$"
	   elif $w.reads == "-" then "^(401|429)$"
	   elif $has == "all" or ($has == $area) or ($has != "-" and $area == "any") then "^(200|202|204|400|404|409|411|415|422)$"
	   else "^403$" end) as $must
	| select($status | test($must) | not)
	| "\($method) \($path) by \($name): \($status), not \($must)"' >wrong 2>&1
is "$(head -n 20 wrong)" '' 'and each is what it must be'
is "$(psqlq 'select count(*) from products')" 0 'nothing was changed'
done_testing
