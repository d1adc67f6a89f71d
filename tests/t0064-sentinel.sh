#!/bin/sh
# Redis found through sentinels: the one that is written to, after a failover too, with a password; and
# orders in time, and health without complaint, while no Redis is there at all.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
products A:100
redis_stop
PASSWORD='p:w@1'
cli() { # PORT COMMAND…
	cli_port=$1
	shift
	redis-cli -p "$cli_port" --no-auth-warning -a "$PASSWORD" "$@"
}
pongs() {
	[ "$(cli "$1" ping)" = PONG ]
}
# server NAME LINE…: a Redis, or with "sentinel" in its name a sentinel, on a free port: leaves $PORT and
# $PID.
server() {
	server_name=$1
	shift
	tries=10
	while [ $((tries -= 1)) -gt 0 ]; do
		PORT=$(web_port 20000 12000)
		printf '%s\n' "port $PORT" 'bind 127.0.0.1' "dir $SCRATCH" "requirepass \"$PASSWORD\"" "$@" >"$server_name.conf"
		case $server_name in *sentinel*) set -- "$@" ;; *) printf '%s\n' 'save ""' "masterauth \"$PASSWORD\"" 'repl-diskless-sync-delay 0' >>"$server_name.conf" ;; esac
		# shellcheck disable=SC2046 # no word or one
		(exec setpriv --pdeathsig=TERM redis-server "$SCRATCH/$server_name.conf" $(case $server_name in *sentinel*) echo --sentinel ;; esac)) \
			>>"$server_name.log" 2>&1 </dev/null &
		PID=$!
		at_exit "kill -KILL $PID 2>/dev/null"
		wait_until 10 pongs "$PORT" && return
	done
	diag "$(tail -n 5 "$server_name.log")"
	exit 69
}
server a
A_PORT=$PORT A_PID=$PID
server b "replicaof 127.0.0.1 $A_PORT"
B_PORT=$PORT B_PID=$PID
sentinels=
for n in 1 2 3; do
	server sentinel-$n "sentinel monitor orders 127.0.0.1 $A_PORT 2" "sentinel auth-pass orders $PASSWORD" \
		"sentinel sentinel-pass $PASSWORD" 'sentinel down-after-milliseconds orders 600' 'sentinel failover-timeout orders 3000'
	sentinels="$sentinels,127.0.0.1:$PORT"
	eval "SENTINEL_$n=$PID"
done
knows_all() { # SENTINEL'S PORT: it has seen the replica and the other two
	[ "$(cli "$1" sentinel master orders | sed -n '/^num-slaves$/{n;p;};/^num-other-sentinels$/{n;p;}' | tr '\n' ' ')" = '1 2 ' ]
}
for port in $(echo "$sentinels" | sed 's/,127.0.0.1:/ /g'); do
	wait_until 30 knows_all "$port" || diag "$(cli "$port" sentinel master orders)"
done

# The first address is that of none, so the others are asked.
export REDIS_URL="redis+sentinel://:p%3Aw%401@127.0.0.1:1$sentinels/orders/0"
redis() { # what health says of it
	fulfil-stat health 2>&1 | jq -r 'select(.type == "health") | .redis | .error // .status'
}
redis_is() {
	[ "$(redis)" = "$1" ]
}
order() { # ID
	printf '{"id": %s, "line_items": [{"id": %s, "sku": "A", "quantity": 1}]}' "$1" "$1" >text
	hook text
	is "$STATUS" 202 "order $1 is taken"
}
completed() {
	[ "$(psqlq "SELECT status FROM orders WHERE external_id = $1")" = completed ]
}
is "$(redis)" up 'Redis is found through a sentinel'
order 1
is "$(cli "$A_PORT" llen fulfil:orders)" 1 '... and the doorbell rings there'
REDIS_URL="redis://:p%3Aw%401@127.0.0.1:$B_PORT,127.0.0.1:$A_PORT" redis_is up
is $? 0 'of several addresses the one is taken that can be written to'
(exec setpriv --pdeathsig=TERM fulfil-work) >work.out 2>work.err &
worker=$!
at_exit "kill -KILL $worker 2>/dev/null"
ok '... and is heard' wait_until 20 completed 1

# --- a failover
kill -KILL "$A_PID"
order 2
ok 'the primary is killed, and an order is processed all the same' wait_until 20 completed 2
ok '... and after the failover the other one is found' wait_until 60 redis_is up
worker_stop() {
	kill -KILL $worker
	wait $worker 2>/dev/null
	wait_until 20 says "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'fulfil-work%'" 0
	wait_until 20 hears_nobody
}
hears_nobody() {
	! cli "$B_PORT" client list | grep -q 'cmd=blmpop'
}
worker_stop
cli "$B_PORT" del fulfil:orders >/dev/null
order 3
is "$(cli "$B_PORT" llen fulfil:orders)" 1 '... where the doorbell rings'
(exec setpriv --pdeathsig=TERM fulfil-work) >work.out 2>work.err &
worker=$!
at_exit "kill -KILL $worker 2>/dev/null"
ok '... and is heard' wait_until 20 completed 3

# --- nothing of it is left
kill -KILL "$B_PID" "$SENTINEL_1" "$SENTINEL_2" "$SENTINEL_3"
order 4
ok 'without any Redis an order is processed' wait_until 20 completed 4
(exec setpriv --pdeathsig=TERM fulfil-notify) >notify.out 2>notify.err &
at_exit "kill -KILL $! 2>/dev/null"
healthy() {
	PROGRAM=api request GET /api/health '' HTTP_AUTHORIZATION="Bearer $API_TOKENS_READ"
	[ "$STATUS" = 200 ]
}
ok '... and that is healthy' wait_until 20 healthy
is "$(answer '.redis.status')" down '... though Redis is not there'
kill -KILL $worker
wait $worker 2>/dev/null
unhealthy() {
	! healthy
}
ok 'without a worker it is not' wait_until 20 unhealthy

# --- what cannot mean anything
for url in redis+sentinel://host redis+sentinel://host/ redis+sentinel://host:x/orders redis+sentinel://host/orders/x \
	redis://a:1,b:x; do
	exit_is 78 "REDIS_URL=$url" -- env REDIS_URL="$url" fulfil-work --drain
done
exit_is 78 'rediss:// is refused' -- env REDIS_URL=rediss://host fulfil-work --drain
like "$ERR" 'supported are .*redis.sentinel://' '... and what is not'
done_testing
