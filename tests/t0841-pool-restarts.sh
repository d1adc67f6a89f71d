#!/bin/sh
# A pool's processes that are told to end while orders come in end the requests that they have: none is
# answered with a fault. Debian 12's multiwatch tells them by QUIT, others by TERM.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start
web_start fastcgi
pool=${WEB_PIDS# }
pool=${pool%% *}
ended=0

for n in 0 1 2 3 4 5 6 7; do
	perl "$TOP/tests/data/signed.pl" "$FULFIL_URL/webhooks/shopify/orders" "$SHOPIFY_WEBHOOK_SECRET" \
		sample.myshopify.com $((1 + n * 100)) 100 S-1 >"load.$n"
done
senders=
for n in 0 1 2 3 4 5 6 7; do
	curl -K "load.$n" 2>"codes.$n" &
	senders="$senders $!"
done
answered() { [ "$(cat codes.* | grep -c .)" -ge "$1" ]; }
for round in 'QUIT 150' 'TERM 400'; do
	wait_until 60 answered "${round#* }"
	for pid in $(pgrep -P "$pool"); do
		[ "$pid" -le 1 ] || ! kill "-${round% *}" "$pid" || ended=$((ended + 1))
	done
done
ok 'the signals came while orders did' test "$(cat codes.* | grep -c .)" -lt 800
# shellcheck disable=SC2086
wait $senders
ok 'processes were told to end' test $ended -ge 8
is "$(sort codes.* | uniq -c | xargs)" '800 202' 'each order was accepted'
is "$(psqlq 'select count(*) from orders')" 800 '... and stored'
[ "$(sort -u codes.* | xargs)" = 202 ] || diag "$(tail -n 5 "$SCRATCH/lighttpd.log")"
done_testing
