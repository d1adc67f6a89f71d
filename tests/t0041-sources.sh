#!/bin/sh
# Commands that write records by themselves, on real servers: a full disk, a reader that leaves, an
# early end, servers that go away under those that stay.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

for command in 'fulfil-enqueue --due' fulfil-scan 'fulfil-scan --audit' fulfil-stat 'fulfil-stat --demo' 'fulfil-stat --format table' 'fulfil-stat --format prometheus'; do
	exit_is 0 "$command" -- sh -c "$command"
	ok '... writes something' test -n "$OUT"
	is "$ERR" '' '... and says nothing'
	exit_is 74 '... a full disk' -- sh -c "$command >/dev/full"
	exit_is 74 '... stdout closed' -- sh -c "$command >&-"
	exit_is 0 '... stdin closed' -- sh -c "$command <&-"
done

# orders FROM TO: stores orders of one A-1 each.
orders() {
	seq "$1" "$2" | sed 's/.*/{"id":&,"line_items":[{"id":1,"sku":"A-1","quantity":1}]}/' | fulfil-recv
}

# completed FROM TO: all of these orders are.
completed() {
	[ "$(psqlq "select count(*) from orders where status = 'completed' and external_id between $1 and $2")" \
		-eq $(($2 - $1 + 1)) ]
}

# ends NAME COMMAND…: COMMAND, which stays, ends well by SIGTERM and by SIGINT.
ends() {
	name=$1
	shift
	for signal in TERM INT; do
		rm -f out
		orders $((from += 20)) $((from + 19)) >/dev/null
		"$@" >out 2>err &
		pid=$!
		wait_until 10 test -s out
		kill -s $signal $pid
		wait $pid
		is $? 0 "$name ends well by $signal"
		is "$(cat err)" '' '... without a word'
		is "$(jq -c 'select(.v != 1)' out)" '' '... with whole records'
	done
}
from=1000
ends fulfil-work fulfil-work
ends 'fulfil-stat --watch' fulfil-stat --watch 1
fulfil-stat --watch 1 2>err | head -n 2 >out
is "$(wc -l <out)$(cat err)" 2 'fulfil-stat --watch ends with its reader'

# Workers outlive both servers.
psqlq "insert into products (sku, name) values ('A-1', 'A')"
psqlq 'select stock_adjust(1, 1000, true, null, null, 10)' >/dev/null
orders 91 100 >/dev/null
fulfil-work >out 2>err &
pid=$!
ok 'a worker takes what is due' wait_until 10 completed 91 100
redis_stop
orders 101 110 >/dev/null
ok 'without Redis orders are processed' wait_until 10 completed 101 110
pg_stop_immediate
wait_until 10 grep -q 'trying again every second' err
ok 'a worker stays while PostgreSQL is away' kill -0 $pid
pg_start
redis_start
orders 201 210 | fulfil-enqueue >/dev/null
ok '... and continues when both are back' wait_until 20 completed 201 210
kill $pid
wait $pid
is $? 0 '... to end well'
like "$(cat err)" 'trying again every second' '... after it has said so'
is "$(wc -l <err)" "$(jq -c .msg err | sort -u | wc -l)" '... once each'
exit_is 0 'all of it holds' -- fulfil-scan --audit
done_testing
