#!/bin/sh
# Webhooks through a proxy: tunnels to the addresses that were checked here, http and https, names and
# literals; what is refused without it is refused with it; while it is away no try is counted.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

command -v perl >/dev/null || skip_all 'no perl'
services_start
sink_start
tunnel() { # NAME [USER:PASSWORD]
	rm -f "$1.port"
	setpriv --pdeathsig=TERM perl "$TOP/tests/fault/tunnel.pl" "$1.port" "$1.log" ${2+"$2"} >"$1.err" 2>&1 &
	tunnel=$!
	at_exit "kill $tunnel 2>/dev/null"
	wait_until 10 test -s "$1.port"
}
ok 'a proxy is there' tunnel plain
plain=$tunnel
WEBHOOK_PROXY="http://127.0.0.1:$(cat plain.port)"
export WEBHOOK_PROXY no_proxy='*' http_proxy=http://127.0.0.1:9
sink=${SINK##*:}
send() { event "$1" | fulfil-notify - 2>err | jq -r '[.status, .http_status, .error] | map(. // "" | tostring) | join(" ")'; }

hook '200?a' 'retry_count' 0 >/dev/null
is "$(send 1)" 'delivered 200 ' 'a webhook is told through it'
is "$(cat plain.log)" "CONNECT 127.0.0.1:$sink HTTP/1.1" '... by a tunnel to its address, for http as well'
psqlq "update webhooks set url = 'http://localhost:$sink/200?a'"
is "$(send 2)" 'delivered 200 ' 'by a name, too'
is "$(sort -u plain.log | wc -l)" 1 '... of which the proxy is told the address that was looked up'
is "$(told '.headers.host // .headers.Host' | tail -n 1)" "localhost:$sink" '... and the receiver the name'
is "$(told '.headers | keys[]' | grep -ci proxy)" 0 '... and nothing of the proxy'
request POST /api/webhooks/1/test
is "$(answer '[.success, .status] | @csv') $(answer '.headers | map(select(.name == "X-Proxy")) | length')" 'true,200 0' 'a test goes the same way'
is "$(wc -l <plain.log)" 3 '... through the proxy'

: >plain.log
psqlq "update webhooks set url = 'http://localhost:1024/200?a', failures = 0"
like "$(send 3)" '^given_up .*502' 'a receiver that the proxy cannot reach is a failure'
is "$(wc -l <plain.log)" 1 '... of one try'
: >plain.log
for url in http://10.1.2.3/ 'http://[fd00:ec2::254]/' http://169.254.169.254/ http://127.0.0.1:8080/ "http://localhost:$sink/"; do
	psqlq "update webhooks set url = '$url', failures = 0"
	like "$(WEBHOOK_ALLOW_PRIVATE=no send 4)" '^given_up .*(private or reserved|name of this machine)' "$url is refused"
done
is "$(cat plain.log)" '' '... and the proxy not asked'

psqlq 'truncate deliveries, attempts, events, outbox'
psqlq "update webhooks set url = '$SINK/200?a', failures = 0"
kill "$plain"
setpriv --pdeathsig=TERM fulfil-notify >out 2>err &
sender=$!
event 5 | WEBHOOK_PROXY='' timeout 1 fulfil-notify --drain >/dev/null
psqlq "insert into outbox (type, subjects, data) values ('order.completed', '{5}', array['{}'::json])"
ok 'while the proxy is away the log says so' wait_until 20 grep -q 'webhooks cannot be sent' err
is "$(psqlq 'select state, tries from deliveries') $(psqlq 'select count(*) from attempts') $(psqlq 'select failures from webhooks')" \
	'waiting|0 0 0' '... and no try is counted'
kill -KILL "$sender"

ok 'one that asks for a password' tunnel closed ann:secret-of-ann-1
psqlq 'update deliveries set leased_until = null'
WEBHOOK_PROXY="http://ann:secret-of-ann-1@127.0.0.1:$(cat closed.port)"
is "$(fulfil-notify --drain | jq -r .status)" delivered '... is given it'
unlike "$(cat err out)" secret-of-ann '... and nobody else'
exit_is 78 'a proxy of another kind is refused' -- env WEBHOOK_PROXY=socks5://127.0.0.1:1 fulfil-notify --drain
done_testing
