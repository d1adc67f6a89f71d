#!/bin/sh
# Endpoints that do what they should not: each costs a try, with its reason, within the deadline;
# none costs memory, or any other endpoint its deliveries.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
# One event for all of them, each with a second to answer and no retries.
while read -r mode; do hook "$mode" 'timeout, retry_count' '1, 0' >/dev/null; done <<-END
	200
	204
	299
	304
	400
	404
	500
	never
	slow-head
	slow-body
	endless
	chunked-forever
	continue-flood
	huge-length
	bad-chunk
	gzip
	long-header
	many-headers
	no-colon
	nul-header
	reset
	hang-up
	cut-head
	cut-body
	http09
	ssh
	binary
	bad-status
	no-status
	quiet-close
	html
	301?http://169.254.169.254/latest
	307?file:///etc/passwd
	late?5000
END
n=$(psqlq 'select count(*) from webhooks')
case $BUILD in
*address*) limit= ;; # whose shadow takes terabytes
*) limit='prlimit --as=400000000' ;;
esac
# shellcheck disable=SC2086 # words
event | timeout 60 $limit fulfil-notify - >out 2>err
is "$(wc -l <out)" "$n" 'each was tried once'
is "$(cat err)" '' '... and nothing complained'
is "$(told .request | wc -l)" "$n" '... nowhere else was gone to'
is "$(told '.headers["accept-encoding"]' | sort -u)" identity 'compressed answers are not asked for'

# came MODE STATUS HTTP ERROR: the result of a delivery.
came() {
	is "$(psqlq "select d.state, d.http_status, d.error from deliveries d join webhooks w on w.id = webhook_id
		where split_part(url, '/', 4) = '$1'" | sed 's/|\(.*\)|$/|\1|-/')" "$2|$3|$4" "$1"
}
for ok in 200 204 299; do came $ok delivered $ok -; done
for bad in 400 404 500 304; do came $bad given_up $bad "answered $bad"; done
for late in never slow-head 'late?5000'; do came "$late" given_up '' 'no answer within 1 s'; done
for body in slow-body endless chunked-forever huge-length gzip cut-body quiet-close bad-chunk; do came $body delivered 200 -; done
for head in long-header continue-flood; do came $head given_up '' 'bad answer: its head is longer than 16384 bytes'; done
for garbage in http09 ssh binary bad-status no-status nul-header; do came $garbage given_up '' 'bad answer: not HTTP'; done
is "$(psqlq "select distinct d.state from deliveries d join webhooks w on w.id = webhook_id where url ~ 'many-headers|no-colon|reset|hang-up|cut-head'")" \
	given_up 'other broken heads fail as well'
is "$(psqlq "select error from deliveries d join webhooks w on w.id = webhook_id where url like '%/301%'")" \
	'answered 301, moved to http://169.254.169.254/latest; redirects are not followed' 'a redirect is shown, and not followed'
like "$(psqlq "select error from deliveries d join webhooks w on w.id = webhook_id where url like '%/307%'")" 'file:///etc/passwd' '... wherever it leads'
ok 'the start of an answer is kept' test "$(psqlq "select max(length(answer)) from attempts")" = 4096
is "$(psqlq "select answer like '<script>%' || chr(65533) || chr(65533) || ' ok' from attempts where answer like '<script>%'")" t '... as valid text'
ok 'every try ended within its deadline' test "$(psqlq 'select max(duration_ms) < 3000 from attempts')" = t

# --- what never leaves

psqlq 'truncate webhooks, deliveries, attempts, events; truncate outbox'
for url in http://127.0.0.1:25/ http://0x7f000001/ 'http://u@example.com/' gopher://example.com/ http://169.254.169.254/; do
	psqlq "insert into webhooks (url, event_types) values ('$url', '{*}')"
done
event | fulfil-notify - >out
is "$(jq -r '[.status, .http_status, (.error | startswith("the URL is refused: "))] | @tsv' out | sort | uniq -c | tr -s ' ')" \
	' 5 given_up		true' 'a URL that came in otherwise is refused at once'
psqlq 'truncate webhooks, deliveries, attempts'
psqlq "insert into webhooks (url, event_types) values ('http://localhost:$(cat port)/200', '{*}'), ('http://127.0.0.1:$(cat port)/200', '{*}')"
lines=$(told .request | wc -l)
event | WEBHOOK_ALLOW_PRIVATE=no fulfil-notify - >out
like "$(jq -r .error out)" '^the URL is refused: "localhost" is a name of this machine' 'names of this machine are refused'
is "$(jq -r .status out | sort -u) $(told .request | wc -l)" "given_up $lines" '... and nothing was sent'
psqlq 'truncate webhooks, deliveries, attempts'
# A name of our own for a private address: what it leads to shows when it is connected to.
psqlq "insert into webhooks (url, event_types) values ('http://$(hostname).localdomain.:$(cat port)/200', '{*}')"
event | HTTP_PROXY=$SINK http_proxy=$SINK ALL_PROXY=$SINK WEBHOOK_ALLOW_PRIVATE=no fulfil-notify - >out
is "$(jq -r .http_status out) $(told .request | wc -l)" "null $lines" 'no proxy of the environment is used'
done_testing
