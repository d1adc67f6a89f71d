#!/bin/sh
# A webhook outlasts what happens to its receiver: a deploy, by a schedule of hours; work on it, by a
# pause; a second rotation of its secret within the grace of the first.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
reset() { psqlq 'truncate webhooks, deliveries, attempts, events, outbox, old_secrets' && : >requests; }
later() { psqlq 'update deliveries set due_at = now() where due_at is not null'; }
make() { # MEMBERS: a webhook of the API, its id
	request POST /api/webhooks "{\"url\":\"$SINK/500\",\"event_types\":[\"*\"]$1}"
	answer .id
}
waits() { # what each try said of the next, till the last
	event | fulfil-notify - | jq -r .retry_in >waits
	for _ in $(seq 40); do
		later
		fulfil-notify --drain >out
		[ -s out ] || break
		jq -r .retry_in out >>waits
	done
	paste -sd ' ' waits
}

# --- the schedule

make '' >/dev/null
is "$(answer '[.retry_count, .retry_for, .paused] | @tsv')" '3	28800	false' 'a webhook is made that is tried for eight hours'
tried=$(waits)
like "$tried" '^1 2 4 60 60 60 64 128 256 512 1024 2048 3600 3600 3600 3600 3600 3600 null$' \
	'... after the first tries a minute apart, then longer'
is "$(psqlq 'select state, error from deliveries')" 'given_up|answered 500' '... and given up in the end'
for members in ',"retry_count":3' ',"retry_count":3,"retry_for":0' ',"retry_for":0'; do
	reset
	make "$members" >/dev/null
	is "$(waits)" '1 2 4 null' "made with $members it is tried 3 times more"
done
reset
id=$(make '')
request PUT "/api/webhooks/$id" '{"retry_count":1}'
is "$(answer '[.retry_count, .retry_for] | @tsv')" '1	0' 'a retry_count that is set later counts too'
request PUT "/api/webhooks/$id" '{"retry_for":200}'
is "$(answer '[.retry_count, .retry_for] | @tsv')" '1	200' '... and a retry_for'
is "$(waits)" '1 60 60 60 null' '... within which all tries are'
reset
make ',"retry_count":0,"retry_for":604800' >/dev/null
is "$(WEBHOOK_RETRY_BASE=0 WEBHOOK_RETRY_CAP=0 fulfil-notify - <<END | jq -r .retry_in
$(event)
END
)" 60 'without a base the late tries are a minute apart all the same'
for value in -1 604801 1.5 '"1"' null; do
	request PUT "/api/webhooks/$(psqlq 'select min(id) from webhooks')" "{\"retry_for\":$value}"
	like "$STATUS $BODY" '^400 .*a whole number from 0 to 604800' "a retry_for of $value is refused"
done

# --- a pause

reset
id=$(make '')
request PUT "/api/webhooks/$id" "{\"url\":\"$SINK/200\",\"paused\":true}"
is "$STATUS $(answer .paused)" '200 true' 'a webhook is paused'
for n in 1 2 3; do event $n; done | fulfil-notify - >out
is "$(cat out) $(psqlq 'select state, count(*) from deliveries group by 1')" ' waiting|3' '... nothing is sent, nothing skipped'
ok '... and the audit has nothing against it' fulfil-scan --audit
is "$(fulfil-stat deliveries | jq -c 'select(.type == "deliveries") | [.webhooks_paused, .due]')" '[1,0]' '... fulfil-stat counts it'
request PUT "/api/webhooks/$id" '{"paused":false}'
fulfil-notify --drain >out
is "$(jq -r '[.subject, .status] | join(" ")' out | sort | paste -sd ';')" '1 delivered;2 delivered;3 delivered' '... until it is resumed'
for value in 1 '"true"' null; do
	request PUT "/api/webhooks/$id" "{\"paused\":$value}"
	is "$STATUS" 400 "paused: $value is refused"
done

# --- secrets

signs() { # which of a, b, c sign a request now
	request POST "/api/webhooks/$1/test"
	printf '%s.%s.%s' "$(answer '.request.headers[] | select(.name == "webhook-id").value')" \
		"$(answer '.request.headers[] | select(.name == "webhook-timestamp").value')" "$(answer .request.body)" >signed
	answer '.request.headers[] | select(.name == "webhook-signature").value' >signatures
	for secret in a b c d; do
		! grep -qF "$(openssl dgst -sha256 -hmac "secret-of-$secret" -binary <signed | base64)" signatures || printf %s $secret
	done
}
reset
id=$(make ',"secret":"secret-of-a"')
request PUT "/api/webhooks/$id" '{"secret":"secret-of-b"}'
is "$(signs "$id")" ab 'a replaced secret signs too'
request PUT "/api/webhooks/$id" '{"secret":"secret-of-c"}'
is "$(signs "$id")" abc '... also after a second one is replaced'
request PUT "/api/webhooks/$id" "{\"url\":\"$SINK/200\"}"
event | fulfil-notify - >/dev/null
is "$(told -s '.[-1].headers["webhook-signature"] | split(" ") | length')" 3 '... in what is delivered as well'
id2=$(psqlq 'select max(id) from deliveries')
fulfil-notify --resend "$id2" >/dev/null
is "$(told -s '.[-1].headers["webhook-signature"] | split(" ") | length')" 3 '... and sent again'
psqlq "update old_secrets set until = now()"
is "$(signs "$id")" bc '... each until its own time'
request PUT "/api/webhooks/$id" '{"secret":"secret-of-c"}'
is "$(signs "$id")" bc 'the same secret again ends nothing'
request PUT "/api/webhooks/$id" '{"secret":"secret-of-b"}'
is "$(signs "$id")" bc 'one that comes back is not there twice'
request PUT "/api/webhooks/$id" '{"secret":"secret-of-d","revoke_old_secrets":true}'
is "$(answer .previous_secret_until) $(signs "$id")" 'null d' 'with revoke_old_secrets all others end at once'
request PUT "/api/webhooks/$id" '{"secret":"secret-of-a"}'
request PUT "/api/webhooks/$id" '{"secret":"secret-of-b"}'
request PUT "/api/webhooks/$id" '{"revoke_old_secrets":true}'
is "$(signs "$id")" b '... also where the secret stays'
request PUT "/api/webhooks/$id" '{"secret":null}'
is "$(signs "$id")" '' 'without a secret nothing signs'
for secret in a b c d; do request PUT "/api/webhooks/$id" "{\"secret\":\"secret-of-$secret\"}"; done
request DELETE "/api/webhooks/$id"
is "$(psqlq 'select count(*) from old_secrets')" 0 'a deleted webhook leaves no secrets'
done_testing
