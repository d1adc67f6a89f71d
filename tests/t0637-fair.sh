#!/bin/sh
# Endpoints that hang take nothing from one that answers, whether on the same host or on many; and
# those that answer share their host's limit.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_build
: >requests
setpriv --pdeathsig=TERM "$TOP/build/tests/fault/sink" requests port any &
at_exit "kill $! 2>/dev/null"
wait_until 10 test -s port || exit 69
port=$(cat port)

# events TYPE N: N of them.
events() {
	psqlq "insert into outbox (type, subjects, data)
		select '$1', array_agg(i), array_agg(json_build_object('id', i)) from generate_series(1, $2) i group by i / 1000"
}
# has N STATE TYPE: N deliveries of these types are in that state.
has() {
	[ "$(psqlq "select count(*) from deliveries d join events e on e.id = event_id where type = '$3' and state = '$2'")" = "$1" ]
}
hanging() { [ "$(grep -c 'POST /never' requests)" = "$1" ]; }
start() {
	setpriv --pdeathsig=TERM fulfil-notify >out 2>err &
	daemon=$!
}

# beside N HOST WHAT: a webhook that answers gets all of its 2,000 while N of them hang.
beside() {
	psqlq 'truncate webhooks, deliveries, attempts, events, outbox'
	: >requests
	psqlq "insert into webhooks (url, event_types, timeout) select 'http://' || $2 || ':$port/never/' || i, '{order.created}', 300
		from generate_series(1, $1) i"
	events order.created 3
	start
	ok "$1 $3 hang" wait_until 60 hanging "$1"
	psqlq "insert into webhooks (url, event_types, timeout) select 'http://127.0.0.1:$port/200/good', '{order.completed}', 300"
	events order.completed 2000
	ok '... and one beside them that is new gets all of its own' wait_until 60 has 2000 delivered order.completed
	is "$(psqlq "select count(*) from attempts a join deliveries d on d.id = delivery_id where d.state = 'waiting'") $(grep -c 'POST /never' requests)" \
		"0 $1" '... while they hang still, one request each'
	kill -KILL $daemon
	wait $daemon 2>/dev/null
}
beside 40 "'127.0.0.1'" 'on one host'
beside 300 "'127.0.0.1'" 'on one host'
beside 600 "'127.0.' || i / 250 + 1 || '.' || i % 250 + 1" 'on as many hosts'

# All at once, with nothing known of any.
psqlq 'update deliveries set due_at = now(), leased_until = null, ended_at = null, state = '"'waiting'"', tries = 0; truncate attempts'
: >requests
start
ok 'after a start that finds them all, the good one gets its own' wait_until 60 has 2000 delivered order.completed
kill -KILL $daemon
wait $daemon 2>/dev/null

# One that answered and then hangs: its requests do not count against the others of its host.
psqlq 'truncate webhooks, deliveries, attempts, events, outbox'
psqlq "insert into webhooks (url, event_types, timeout) select 'http://127.0.0.1:$port/200/' || i, '{order.created}', 300 from generate_series(1, 4) i"
events order.created 500
start
ok 'four answer' wait_until 60 has 2000 delivered order.created
psqlq "update webhooks set url = replace(url, '/200', '/never')"
events order.created 500
ok '... then hang' wait_until 60 sh -c "[ \$(grep -c 'POST /never' requests) -ge 128 ]"
psqlq "insert into webhooks (url, event_types) select 'http://127.0.0.1:$port/200/good', '{order.completed}'"
events order.completed 2000
ok '... and one beside them gets all of its own' wait_until 60 has 2000 delivered order.completed
kill -KILL $daemon
wait $daemon 2>/dev/null

# Each is answered after 600 ms, so all that arrive within that time run at once.
psqlq 'truncate webhooks, deliveries, attempts, events, outbox'
: >requests
psqlq "insert into webhooks (url, event_types) select 'http://127.0.0.1:$port/late/' || i || '?600', '{*}' from generate_series(1, 20) i"
events order.completed 50
timeout 90 fulfil-notify --drain >out
is "$(jq -r .status out | sort | uniq -c | tr -s ' ')" ' 1000 delivered' '20 webhooks of one host'
most=$(jq .ms requests | sort -n | awk '{ t[NR] = $1; while (t[low + 1] <= $1 - 600) low++; if (NR - low > most) most = NR - low } END { print most }')
ok "... get at most 128 at once, and one of each that has not answered yet: $most" test "$most" -le 148
done_testing
