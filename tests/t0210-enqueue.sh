#!/bin/sh
# fulfil-enqueue: what it puts on the list, what it writes, and life without Redis.
# shellcheck disable=SC2317 # functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

services_start

# enqueue TEXT: its records, from TEXT with backslash escapes.
enqueue() {
	printf '%b' "$1" | fulfil-enqueue
}
list() {
	redis-cli -s "$REDIS_SOCKET" LRANGE fulfil:orders 0 -1 | tr '\n' ' ' | sed 's/ $//'
}
rpush() {
	redis-cli -s "$REDIS_SOCKET" RPUSH fulfil:orders "$@" >/dev/null
}

exit_is 0 'records' -- enqueue '{"v":1,"type":"order","order_id":7,"status":"accepted"}\n{"order_id":8}\n'
is "$OUT" '{"v":1,"type":"order","order_id":7,"status":"accepted","queued":true}
{"order_id":8,"queued":true}' '... come out with queued'
is "$(list)" '7 8' '... and their ids are on the list'

redis_flush
exit_is 0 'a rejected payload' -- enqueue '{"order_id":null,"status":"rejected","why":"no { or }, \\"queued\\":1"}'
is "$OUT" '{"order_id":null,"status":"rejected","why":"no { or }, \"queued\":1","queued":false}' '... goes through'
is "$(list)" '' '... and nothing is queued'
exit_is 0 'a pretty-printed record' -- enqueue '{ "z" : [1, {"queued": 3}],\n\t"order_id" : 9 , "x": 1.50e3, "a b": " c "\n}\n'
is "$OUT" '{"z":[1,{"queued":3}],"order_id":9,"x":1.50e3,"a b":" c ","queued":true}' '... becomes one line, as it was spelled'
exit_is 0 'a record that was here before' -- enqueue '{"queued" : false, "order_id":9}\n{"order_id":9,"queued":false}\n'
is "$OUT" '{"order_id":9,"queued":true}
{"order_id":9,"queued":true}' '... has queued once'

redis_flush
exit_is 65 'bad records among good ones' -- enqueue '{"order_id":1}\n{"id":2}\n{"order_id":"3"}\n{"order_id":0}\n[4]\nx\n{"order_id":5}\n'
is "$(list)" '1 5' '... do not hold them up'
is "$(printf '%s\n' "$ERR" | grep -c '"line [2-6]: ')" 5 '... and are told by line'
is "$OUT" '{"order_id":1,"queued":true}
{"order_id":5,"queued":true}' '... but do not come out'
exit_is 0 'no record' -- enqueue ''
is "$OUT$ERR" '' '... is no trouble'

redis_flush
seq 20000 | sed 's/.*/{"v":1,"order_id":&}/' >many
exit_is 0 '20,000 records' -- sh -c 'fulfil-enqueue <many >out'
is "$(redis-cli -s "$REDIS_SOCKET" LLEN fulfil:orders)" 20000 '... are queued'
is "$(list)" "$(seq -s ' ' 20000)" '... in their order'
is "$(sed 's/,"queued":true}/}/' out | cmp - many && echo same)" same '... and come out in it'

redis_flush
mkfifo pipe
fulfil-enqueue <pipe >slow &
pid=$!
exec 3>pipe
echo '{"order_id":11}' >&3
ok 'a record is passed on while more may come' wait_until 10 grep -q 11 slow
is "$(list)" 11 '... and queued'
echo '{"order_id":12}' >&3
ok '... each at once' wait_until 10 grep -q 12 slow
kill -TERM $pid
wait $pid
is $? 0 'SIGTERM ends it well'
exec 3>&-

# What is due.
redis_flush
psqlq "INSERT INTO orders (shop, external_id, next_attempt_at)
	SELECT 's', n, now() + (n - 4) * interval '1 minute' FROM generate_series(1, 5) n"
exit_is 0 '--due' -- fulfil-enqueue --due
is "$OUT" '{"v":1,"type":"enqueue","queued":4}' '... says how many'
is "$(list)" '1 2 3 4' '... and queues what is due, the oldest first'
exit_is 0 '--due again' -- fulfil-enqueue --due
is "$OUT" '{"v":1,"type":"enqueue","queued":0}' '... leaves a list alone that is long enough'
redis_flush
rpush 4
exit_is 0 '--due with a part of them queued' -- fulfil-enqueue --due
is "$OUT" '{"v":1,"type":"enqueue","queued":4}' '... queues them all'
redis_flush

redis_stop
exit_is 69 'without Redis' -- enqueue '{"order_id":1}\n{"order_id":null}\n{"order_id":3}\n'
is "$OUT" '{"order_id":1,"queued":false}
{"order_id":null,"queued":false}
{"order_id":3,"queued":false}' '... the records still come out'
is "$(printf '%s\n' "$ERR" | grep -c 'Redis: .*; workers find the orders in PostgreSQL')" 1 '... and it is said once'
exit_is 69 '20,000 records without Redis' -- sh -c 'fulfil-enqueue <many >out'
is "$(grep -c '"queued":false}' out)" 20000 '... still come out'
exit_is 69 '--due without Redis' -- fulfil-enqueue --due
is "$OUT" '{"v":1,"type":"enqueue","queued":0}' '... queues none'
redis_start
exit_is 69 '--due without PostgreSQL' -- env DATABASE_URL=postgresql:///x?host=/nowhere fulfil-enqueue --due
exit_is 0 'records need no PostgreSQL' -- env -u DATABASE_URL sh -c 'echo "{\"order_id\":1}" | fulfil-enqueue'
exit_is 78 'a Redis by TLS is not supported' -- env REDIS_URL=rediss://x fulfil-enqueue --due
exit_is 64 'an operand' -- fulfil-enqueue 5
exit_is 74 'a full disk' -- sh -c 'fulfil-enqueue <many >/dev/full'

done_testing
