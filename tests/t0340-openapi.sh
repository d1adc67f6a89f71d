#!/bin/sh
# openapi.json against the programs: routes, parameters, answers, and its own structure.
# shellcheck disable=SC2016 # jq's variables
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

doc=$TOP/cgi-bin/openapi.json
# rule NAME JQ: JQ yields nothing of the document; it has resolve to follow a $ref.
rule() {
	is "$(jq -c 'def resolve: if type == "object" and has("$ref") then
			($ref[0] | getpath(.["$ref"] | ltrimstr("#/") | split("/"))) else . end;
		. as $doc | [.paths | to_entries[] | .key as $path | .value | to_entries[]
			| {path: $path, method: .key} + .value] as $ops | '"$2" --slurpfile ref "$doc" "$doc" 2>&1)" '' "$1"
}

# --- its structure

ok 'it is JSON' jq -e . "$doc"
is "$(jq -r '.openapi, .info.version' "$doc" | tr '\n' ' ')" \
	"3.1.0 $(cat "$TOP/VERSION") " 'versions'
is "$(jq -r '[.. | objects | .["$ref"]? // empty] | unique[]' "$doc" | while read -r at; do
	jq -e --arg at "${at#\#/}" 'getpath($at | split("/"))' "$doc" >/dev/null || echo "$at"
done)" '' 'every reference leads somewhere'
is "$(jq -r '.components | to_entries[] | select(.key != "securitySchemes") | .key as $k | .value | keys[] | "#/components/\($k)/\(.)"' \
	"$doc" | while read -r at; do
	jq -e --arg at "$at" '[.. | objects | select(.["$ref"] == $at)] | length > 0' "$doc" >/dev/null || echo "$at"
done)" '' '... and every component is used'
rule 'operations have a name of their own' '$ops | group_by(.operationId)[] | select(length > 1) | .[0].path'
rule 'operations are complete' '$ops[] | select((.operationId and .summary and .tags and .responses and .["x-scope"] and .["x-codeSamples"][0].source) | not) | .path'
rule 'tags are declared' '$ops[] | select(.tags - [$doc.tags[].name] != []) | .path'
rule 'answers have a description' '$ops[] | .path as $p | .responses | to_entries[] | select((.value["$ref"] or .value.description) | not) | $p'
rule 'answers are numbers' '$ops[] | .responses | keys[] | select(test("^[2-5][0-9][0-9]$") | not)'
rule 'a path names its parameters' '$ops[] | . as $o | [.path | scan("{([^}]+)}") | .[0]]
	- [.parameters[]? | if .["$ref"] then $doc.components.parameters[.["$ref"] | split("/")[-1]] else . end | select(.in == "path" and .required) | .name]
	| select(. != []) | $o.path'
rule 'parameters are described, with an example' '[$ops[].parameters[]?, $doc.components.parameters[]] | .[] | select(.["$ref"] | not)
	| select(.in != "header") | select((.name and .in and .description and .schema.type and has("example")) | not) | .name'
rule 'every field is described' '$doc.components.schemas | to_entries[] | .key as $s | .value | [.. | objects | select(.properties)] | .[]
	| .properties | to_entries[] | select((.value.description or .value["$ref"]) | not) | "\($s).\(.key)"'
rule 'what is required is a property' '$doc.components.schemas | to_entries[] | .key as $s | .value | [.. | objects | select(.required? | type == "array")] | .[]
	| (.required - (.properties | keys))[] | "\($s).\(.)"'
rule 'who may write is told so' '$ops[] | select((.["x-scope"] == "write") != (.responses["403"] != null)) | .path'
rule 'who needs a token is told so' '$ops[] | select((.["x-scope"] == "open") != (.responses["401"] == null)) | .path'

# --- its routes are the programs'

routes() { # FILE…: "METHOD PATH SCOPE" of each row of their tables
	sed -n 's/^[	]*{"\([A-Z]*\)", "\([^"]*\)", CGI_\([A-Z]*\), .*/\1 \2 \3/p' "$@"
}
{
	routes "$TOP/cgi-bin/api.c" "$TOP"/lib/api/*.c
	routes "$TOP/cgi-bin/shopify.c" | sed 's/OPEN$/SIGNATURE/'
} | sort >in-programs
jq -r '.paths | to_entries[] | .key as $p | .value | to_entries[] | "\(.key | ascii_upcase) \($p) \(.value["x-scope"] | ascii_upcase)"' \
	"$doc" | sort >in-document
ok 'the programs have routes' test "$(wc -l <in-programs)" -gt 20
is "$(diff in-programs in-document)" '' 'routes, methods and scopes agree'

# --- its parameters and answers, by asking

services_start
psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" -f "$TOP/sql/sample.sql"
psqlq "INSERT INTO privacy_requests (kind, shop, digest) VALUES ('data_request', 'a.myshopify.com', 'x')"
psqlq "INSERT INTO quarantine (reason, body) VALUES ('x', 'x')"
echo '{"id":1,"line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"NONE","quantity":1,"price":"1.50"}]}' | fulfil-recv >/dev/null
fulfil-work --drain >/dev/null 2>&1
psqlq "SELECT stock_adjust(1, 0, true, 'x', 'test', 10)" >/dev/null

printf 'sku,name\n' >products.csv
SEND=products.csv request POST /api/upload '' CONTENT_TYPE=text/csv
task=$(answer .task_id)
psqlq "INSERT INTO webhooks (url, event_types) VALUES ('http://127.0.0.1:1024/', '{*}')"
echo '{"event":"product.created","data":{"id":1}}' | WEBHOOK_ALLOW_PRIVATE=yes fulfil-notify - >/dev/null

# What the document says of each GET: path, parameters with their examples, schema of 200.
jq -r '.components.parameters as $c | .paths | to_entries[] | select(.value.get) | .key as $p | .value.get
	| [$p, ([.parameters[]? | if .["$ref"] then $c[.["$ref"] | split("/")[-1]] else . end
		| select(.in == "query") | "\(.name)=\(.example | @uri)"] | join(" ")) // "",
		(.responses["200"].content["application/json"].schema["$ref"] // "" | split("/")[-1] // "")] | join("|")' "$doc" >gets
# undescribed SCHEMA: fields of the answer that the schema does not have, and the other way round.
undescribed() {
	jq -r --arg s "$1" --slurpfile ref "$doc" -f "$TOP/tests/described.jq" body 2>&1
}
while IFS='|' read -r path params schema; do
	path=$(printf %s "$path" | sed "s/{id}/1/; s/{task_id}/$task/")
	[ "$path" != /api/ledger ] || params="$params product_id=1"
	for param in '' $params; do
		case " $params" in *" $param "*" $param") continue ;; esac
		query=$param
		[ "$path" != /api/ledger ] || case $param in *_id=*) ;; *) query="order_id=1&$param" ;; esac
		request GET "$path?$query"
		case $path:$STATUS in *:200 | /api/health:503) ok "GET $path?$query" true ;; *) is "$STATUS" 200 "GET $path?$query" ;; esac
	done
	request GET "$path?bogus=1"
	is "$STATUS" 400 "GET $path?bogus=1"
	query=''
	[ "$path" != /api/ledger ] || query='product_id=1'
	request GET "$path?$query"
	[ -z "$schema" ] || is "$(undescribed "$schema")" '' '... answers what is described'
done <gets

# --- what webhooks are told is what the document says

is "$(jq -r '.webhooks | keys[]' "$doc" | sort)" "$(jq -r '.components.schemas.Delivery.properties.event.enum[]' "$doc" | sort)" \
	'each type of event is described'
is "$(jq -r '.webhooks[].post | select((.operationId and .summary and .description and .responses and .parameters and .requestBody) | not) | .operationId' "$doc")" '' \
	'... in full'
request PUT /api/products/2 '{"name":"told"}'
request PUT /api/inventory/2 '{"quantity":0,"reason":"x"}'
request POST /api/orders/1/cancel
for type in product.updated inventory.out order.cancelled; do
	psqlq "select json_build_object('data', data[1], 'event', type, 'timestamp', 1) from outbox where type = '$type'" >body
	schema=$(jq -r --arg t $type '.webhooks[$t].post.requestBody.content[].schema["$ref"] | split("/")[-1]' "$doc")
	is "$(undescribed "$schema")" '' "$type is what is described"
done
for header in $(jq -r '.webhooks["order.failed"].post.parameters[]["$ref"] | split("/")[-1]' "$doc"); do
	name=$(jq -r --arg h "$header" '.components.parameters[$h].name' "$doc")
	like "$(sed 's/[, ]/\n/g' "$TOP/cmd/fulfil-notify.1")" "^$name\$" "the page says what $name is"
	ok '... and it is sent' grep -q "$name" "$TOP/lib/webhook/event.c" "$TOP/lib/webhook/transfer.c"
done

# --- every parameter of the programs is described

# "METHOD PATH NAME" of each parameter of each route, from the tables of lib/api.
{
	grep -h '^const struct param [a-z_]* = ' "$TOP"/lib/web/*.c "$TOP"/lib/api/*.c # of several files
	cat "$TOP"/lib/web/*.h "$TOP"/lib/api/*.h "$TOP"/lib/api/*.c
} | awk '
	/\\$/ { sub(/\\$/, ""); held = held $0; next } # a macro over several lines
	{ $0 = held $0; held = "" }
	/^#define [A-Z]*_PARAMS / { name = $2; sub(/^#define [A-Z_]* /, ""); gsub(/&/, "@"); macro[name] = $0; next }
	/^(static )?const struct param \*const [a-z_]*\[\] = / { table = $0; sub(/\[.*/, "", table); sub(/.*const /, "", table); list[table] = "" }
	table { list[table] = list[table] " " $0; if (/NULL};/) table = "" ; next }
	/^(static )?const struct param [a-z_]* = / { variable = $0; sub(/ = .*/, "", variable); sub(/.* /, "", variable); sub(/.* = /, "") }
	variable && /"/ { split($0, q, "\""); called[variable] = q[2]; variable = "" ; next }
	/^\t\{"[A-Z]*", "\// {
		split($0, q, "\"")
		n = split($0, comma, ", ")
		text = list[comma[n - 1]]
		for (m in macro) gsub(m, macro[m], text)
		while (match(text, /[&@][a-z_]+/)) {
			print q[2], q[4], called[substr(text, RSTART + 1, RLENGTH - 1)]
			text = substr(text, RSTART + RLENGTH)
		}
	}' | sort -u >declared
jq -r '.components.parameters as $c | .paths | to_entries[] | .key as $p | .value | to_entries[]
	| .key as $m | .value.parameters[]? | if .["$ref"] then $c[.["$ref"] | split("/")[-1]] else . end
	| select(.in == "query") | "\($m | ascii_upcase) \($p) \(.name)"' "$doc" | sort -u >described
is "$(diff declared described)" '' 'the parameters that the programs declare are those described'
ok '... of which there are some' test "$(wc -l <declared)" -gt 30

# --- every example is a command that the shell can read

is "$(jq -r '.paths[][]["x-codeSamples"][0].source' "$doc" | while read -r example; do
	sh -n -c "$example" 2>&1
	case $example in 'curl '*) ;; *) echo "$example" ;; esac
done)" '' 'examples are curl commands'

done_testing
