#!/bin/sh
# The user and the password of REDIS_URL: encoded as in every other URL, or as they are where that is
# clear.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

# Redis over TCP, with the password PASSWORD, on a free port.
listen() {
	redis_stop
	tries=20
	while [ $((tries -= 1)) -gt 0 ]; do
		port=$(web_port 20000 12000)
		{
			redis_settings "$REDIS_SOCKET" | grep -v '^port'
			echo "bind 127.0.0.1"
			echo "port $port"
			printf 'requirepass "%s"\n' "$1"
			printf 'user shop on >%s ~* +@all\n' "$1"
		} >redis.conf
		(exec setpriv --pdeathsig=TERM redis-server redis.conf) >redis.log 2>&1 &
		REDIS_PID=$!
		if wait_until 5 redis-cli -p "$port" --no-auth-warning -a "$1" ping; then
			[ "$(redis-cli -p "$port" --no-auth-warning -a "$1" ping)" = PONG ] && return
		fi
		redis_stop
	done
	exit 69
}

# redis URL: what health says of that URL.
redis() {
	REDIS_URL=$1 fulfil-stat health 2>&1 | jq -r 'select(.type == "health") | .redis | .error // .status'
}

listen 'pw:1@x'
is "$(redis "redis://default:pw%3A1%40x@127.0.0.1:$port")" up 'an encoded password'
is "$(redis "redis://:pw%3a1%40x@127.0.0.1:$port/0")" up '... without a user, and in small letters'
is "$(redis "redis://shop:pw%3A1%40x@127.0.0.1:$port")" up "... another user's"
is "$(redis "redis://sh%6Fp:pw%3A1%40x@127.0.0.1:$port")" up '... and an encoded user'
is "$(redis "redis://:pw:1@x@127.0.0.1:$port")" up 'the same as it is'
like "$(redis "redis://:pw%253A1%40x@127.0.0.1:$port")" WRONGPASS 'it is decoded once'

listen '/a%b%zz/'
is "$(redis "redis://:/a%b%zz/@127.0.0.1:$port")" up 'a slash and a % as they are'
is "$(redis "redis://:%2Fa%25b%25zz%2F@127.0.0.1:$port/0")" up '... and encoded'
is "$(REDIS_URL='' CELERY_BROKER_URL="redis://:%2Fa%25b%25zz%2F@127.0.0.1:$port/0" sh -c \
	'unset REDIS_URL; fulfil-stat health' | jq -r .redis.status)" up 'the same by its other name'
exit_is 78 'a NUL is no part of a password' -- env REDIS_URL="redis://:a%00b@127.0.0.1:$port" fulfil-stat health
exit_is 78 'a database that is no number' -- env REDIS_URL="redis://127.0.0.1:$port/x" fulfil-stat health

redis_stop
mkdir 'odd dir'
redis_settings "$SCRATCH/odd dir/r.sock" >redis.conf
REDIS_SOCKET="$SCRATCH/odd dir/r.sock"
redis_start
is "$(redis "unix://$SCRATCH/odd%20dir/r.sock")" up 'an encoded path of a socket'
is "$(redis "unix://$SCRATCH/odd dir/r.sock")" up '... and as it is'
done_testing
