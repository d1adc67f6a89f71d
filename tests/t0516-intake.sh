#!/bin/sh
# The web's intake while its processes, PostgreSQL and Redis are killed: what a shop was told is
# stored is there, once, and what it was not told it can send again.
# shellcheck disable=SC2317,SC2030,SC2031 # functions called by wait_until; subshells have a SCRATCH of their own
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

[ -x "$BUILD/cgi-bin/shopify" ] || skip_all 'the programs are not built'
services_start
web_start fastcgi
seed
products A:100000

# shop FIRST LAST: one order after another; each is sent until it is taken.
shop() (
	cd "shop.$1" || exit 71
	id=$1
	while [ "$id" -le "$2" ]; do
		echo "$id A:1" | payloads >order.json
		SCRATCH=$PWD
		until code=$(deliver order.json 2>>curl.log) && echo "$code" >>codes && [ "${code%??}" = 2 ]; do sleep 0.05; done
		cat answer >>journal
		id=$((id + 1))
	done
)
six_times() {
	i=0
	while [ $((i += 1)) -le 6 ]; do "$@"; done
}
# one_of N: a number below N, by the seed
one_of() {
	FAULT_SEED=$(((FAULT_SEED * 1103515245 + 12345) % 2147483648))
	echo $((FAULT_SEED / 65536 % $1))
}

fulfil-work -j 2 >daemon 2>daemon.err &
daemon=$!
for first in 1 1001 2001 3001; do
	mkdir shop.$first
	shop $first $((first + 99)) &
	shops="${shops-} $!"
done
# shellcheck disable=SC2086 # one number a word
alive() {
	kill -0 $shops 2>/dev/null
}
accidents=0
while alive && [ $accidents -lt 12 ]; do
	accidents=$((accidents + 1))
	case $((accidents % 3)) in
	0)
		pg_stop_immediate
		pg_start
		;;
	1)
		redis_stop
		redis_start
		;;
	*)
		# shellcheck disable=SC2046 # one number a word
		set -- $(pgrep -f "^$BUILD/cgi-bin/shopify" | while read -r pid; do
			grep -q "$SCRATCH" "/proc/$pid/environ" 2>/dev/null && echo "$pid"
		done)
		[ $# -eq 0 ] || shift "$(one_of $#)"
		[ $# -eq 0 ] || kill -9 "$1"
		;;
	esac
	sleep 0.2
done
# shellcheck disable=SC2086 # one number a word
wait $shops
diag "$accidents accidents; answers: $(cat shop.*/codes | sort | uniq -c | tr -s ' \n' ' ')"
is "$(jq -s 'map(select(.order_id != null)) | length' shop.*/journal)" 400 'every order was taken in the end'
unlike "$(cat shop.*/codes)" '^4' '... and none was refused as bad'
ok 'all orders are completed' wait_until 20 says "SELECT count(*) FROM orders WHERE status = 'completed'" 400
is "$(on_hand A)" 99600 '... once'

echo '5000 A:1' | payloads >same.json
i=0
while [ $((i += 1)) -le 50 ]; do
	mkdir same.$i
	(SCRATCH=$SCRATCH/same.$i deliver same.json >same.$i/code) &
	copies="${copies-} $!"
done
# shellcheck disable=SC2086 # one number a word
wait $copies
is "$(awk 1 same.*/code | sort | uniq -c | tr -s ' \n' ' ')" ' 49 200 1 202 ' 'one payload fifty times at once'
is "$(jq -r .order_id same.*/answer | sort -u | wc -l)" 1 '... is one order'
ok '... completed' wait_until 10 says "SELECT count(*) FROM orders WHERE status = 'completed'" 401
is "$(on_hand A)" 99599 '... once'

six_times api GET /api/orders >api.code
pg_stop_immediate
is "$(deliver same.json)" 503 'without PostgreSQL nothing is taken'
pg_start
is "$(six_times deliver same.json | sed 's/200//g')" '' '... and with it again, by each process of the pool'
is "$(six_times api GET /api/orders | sed 's/200//g')" '' '... of the API too'
kill -TERM $daemon
wait $daemon
is $? 0 'the workers end in order'
jq -c . shop.*/journal same.*/answer >journal.ndjson
exit_is 0 'what must hold does, and what was acknowledged is there' -- fulfil-scan --audit --journal journal.ndjson
done_testing
