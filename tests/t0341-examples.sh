#!/bin/sh
# Every curl line of the reference, exactly as written, after the lines that set its variables.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

doc=$TOP/cgi-bin/openapi.json
services_start
sink_start
web_start fastcgi
psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" -f "$TOP/sql/sample.sql"
# What the lines mean by 1: an order that failed, a webhook with a delivery, something in quarantine.
echo '{"id":1,"line_items":[{"id":1,"sku":"NONE","quantity":1,"price":"1.50"}]}' | fulfil-recv >/dev/null
fulfil-work --drain >/dev/null 2>&1
psqlq "UPDATE orders SET status = 'failed', next_attempt_at = NULL" >/dev/null
psqlq "INSERT INTO privacy_requests (kind, shop, digest) VALUES ('data_request', 'a.myshopify.com', 'x')"
psqlq "INSERT INTO quarantine (shop, topic, reason, body)
	VALUES ('shop.myshopify.com', 'orders/create', 'x', '{\"id\":5,\"line_items\":[]}'), (NULL, NULL, 'no usable id', '{}')" >/dev/null
hook ok >/dev/null
event | fulfil-notify - >/dev/null 2>&1

# DELETE comes last, as it takes away what the other lines are about.
jq -r '[.paths | to_entries[] | .key as $p | .value | to_entries[] | {method: .key, line: "\(.key | ascii_upcase) \($p)\t\(.value["x-codeSamples"][0].source)"}]
	| (.[] | select(.method != "delete")), (.[] | select(.method == "delete")) | .line' "$doc" >lines
{
	echo 'set -u'
	jq -r '.info["x-variables"][]' "$doc"
} >variables
tab=$(printf '\t')
cat >session <<'END'
. ./variables
curl() { command curl -sS -m 20 -w '%{stderr}%{http_code}' "$@"; }
END
n=0
while IFS=$tab read -r what line; do
	n=$((n + 1))
	printf 'eval %s >answer-%d 2>status-%d </dev/null\n' "$(printf %s "$line" | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/")" $n $n >>session
	printf '%s\n' "$what" >"what-$n"
done <lines
exit_is 0 'the variables are set, and all lines run' -- timeout 120 sh session
is "$ERR" '' '... and nothing is wrong'
for i in $(seq $n); do
	case $(cat "what-$i") in
	*/health) good='^(200|503)$' ;; # neither workers nor senders run here
	*/undo) good='^(200|404)$' ;; # the upload is not imported here
	*) good='^20[0124]$' ;;
	esac
	like "$(cat "status-$i")" "$good" "$(cat "what-$i")" || diag "$(head -c 300 "answer-$i")"
done
ok '... and there are many' test "$n" -gt 40
done_testing
