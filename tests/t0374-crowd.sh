#!/bin/sh
# Forty searches by one token, each hung up: they are ended, and health, lists and the intake are answered
# as if there were none.
# shellcheck disable=SC2317 # functions called by wait_until
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
services_start
web_start fastcgi

get() { # PATH [CURL-OPTION…] -> status and milliseconds
	path=$1
	shift
	curl -s -m 20 -o answer -w '%{http_code} %{time_total}\n' -H "Authorization: Bearer ${TOKEN:-$API_TOKENS_READ}" "$@" "$FULFIL_URL$path" |
		awk '{ printf "%s %d\n", $1, $2 * 1000 }'
}
# median PATH -> of nine, in ms; each must be answered
median() {
	for _ in 1 2 3 4 5 6 7 8 9; do get "$1"; done >each
	[ "$(cut -d' ' -f1 each | sort -u | grep -cE '^(200|503)$')" = 1 ] || cut -d' ' -f1 each >&2
	cut -d' ' -f2 each | sort -n | sed -n 5p
}
crowd() {
	i=0
	while [ $((i += 1)) -le 40 ]; do
		curl -s -m 0.03 -o hung-up -H "Authorization: Bearer $API_TOKENS_READ" "$FULFIL_URL/api/products?description=zz$i"
	done
}
ms() { echo $(($(date +%s%N) / 1000000)); }
order() { # NUMBER -> status and ms
	printf '{"id":%s,"line_items":[{"id":1,"sku":"SKU-1","quantity":1}]}' "$1" >order.json
	signature=$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary order.json | base64)
	get /webhooks/shopify/orders --data-binary @order.json -H 'Content-Type: application/json' -H 'X-Shopify-Topic: orders/create' \
		-H 'X-Shopify-Shop-Domain: sample.myshopify.com' -H "X-Shopify-Hmac-Sha256: $signature"
}
searches() { psqlq "select count(*) from pg_stat_activity where state = 'active' and query like '%products%' and application_name like 'fulfil-api%'"; }
none_runs() { [ "$(searches)" = 0 ]; }

# With a lock for a search that takes long: each is ended once its client has gone.
get /api/health >/dev/null
get '/api/products?description=zz' >/dev/null
psql -Xq -d "$DATABASE_URL" -c 'begin; lock table products in access exclusive mode; select pg_sleep(60)' >/dev/null 2>&1 &
lock=$!
locked() { [ "$(psqlq "select count(*) from pg_locks where relation = 'products'::regclass and mode = 'AccessExclusiveLock' and granted")" = 1 ]; }
wait_until 5 locked
crowd
took=$(median /api/health)
ok "health is answered in $took ms" test "$took" -lt 250
took=$(median /api/orders)
ok "a list of others in $took ms" test "$took" -lt 200
ok 'what nobody waits for is ended, or not begun' wait_until 15 none_runs
get '/api/products?description=zz' -D heads >took
is "$(cut -d' ' -f1 took)" 429 'a token that took all the time is told'
like "$(tr -d '\r' <heads)" '^Retry-After: [0-9]+$' '... when there is more'
like "$(tr -d '\r' <heads)" '^RateLimit: "slow";r=0;t=[0-9]+$' '... and what is left'
is "$(get '/api/orders?since=2026-01-01T00:00:00Z' | cut -d' ' -f1)" 200 '... while what is quick is answered'
kill -KILL "$lock" 2>/dev/null
wait "$lock" 2>/dev/null
psqlq "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" >/dev/null

# 1,500 connections that ask half a question, from one address.
cat >half-open.pl <<'END'
use IO::Socket::INET;
$SIG{PIPE} = 'IGNORE';
my @held = map { my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or die "$_: $!"; syswrite $s, "GET /api/hea"; $s } 1 .. 1500;
open my $f, '>', 'half-open'; close $f;
sleep 60;
END
(exec setpriv --pdeathsig=TERM prlimit --nofile=4096 perl half-open.pl "${FULFIL_URL##*:}") >half-open.log 2>&1 &
half=$!
at_exit "kill $half 2>/dev/null"
ok '1,500 connections are half open' wait_until 20 test -e half-open
took=$(median /api/health)
ok "... and health is answered in $took ms" test "$took" -lt 1000
is "$(order 4999 | cut -d' ' -f1)" 202 '... as is the intake'
kill "$half"

# With rows to look at, while both processors do.
psqlq "insert into products (sku, name, description) select 'SKU-' || n, 'Lamp ' || n, repeat(md5(n::text) || 'É', 8) from generate_series(1, 100000) n"
psqlq 'analyze products'
crowd &
crowd=$!
took=$(median /api/health)
# Five share this machine's processors when all tests run.
ok "health is answered in $took ms meanwhile" test "$took" -lt 250
took=$(median /metrics)
ok "metrics in $took ms" test "$took" -lt 1000
is "$(order 1 | cut -d' ' -f1)" 202 'an order is taken'
order 2 >took
ok "at once: $(cat took)" test "$(cut -d' ' -f2 <took)" -lt 1000
from=$(ms)
TOKEN=$API_TOKENS_WRITE get '/api/products?description=zz' >took
ok "a search that is waited for: $(cat took)" test "$(cut -d' ' -f1 <took)" = 200
wait $crowd
ok "... $(($(ms) - from)) ms after" wait_until 10 none_runs

done_testing
