#!/bin/sh
# Every setting off its default. Each one of lib/base/conf.c is set by some test that shows what it
# does; those that no other test has are shown here.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

# untested: those of the lines NAME=DEFAULT on stdin that no test sets to something else. t0060 asks
# whether a value is well spelt, not what it does.
untested() {
	while IFS='=' read -r name default; do
		cat "$TOP"/tests/*.sh | grep -v "^wrong " |
			grep -Eo "(^|[^A-Za-z_])$name=[^ ;)]+" | sed 's/.*=//; s/^["'\'']//; s/["'\'']$//' |
			grep -Fvxq -e "$default" || echo "$name"
	done
}
# shellcheck disable=SC2031 # a subshell of services.sh has another
is "$("${FULFIL_BUILD:-$TOP/build}/tests/unit/conf" names | untested)" '' 'every setting is set by a test'
is "$(echo NO_SUCH_SETTING=1 | untested)" NO_SUCH_SETTING '... and one that is not would be seen'

services_start
sink_start

# --- orders

psqlq "insert into products (sku, name) values ('A-1', 'A')"
psqlq 'select stock_adjust(1, 100, true, null, null, 10)' >/dev/null
# order ID LINE [VARIABLE=VALUE]: its status and what is left of A-1, after an order of that line.
order() {
	printf '{"id":%s,"created_at":"2020-01-01T00:00:00Z","line_items":[{"id":1,"quantity":1,%s}]}\n' "$1" "$2" >order.json
	order=$1
	shift 2
	env "$@" fulfil-recv --topic orders/create <order.json >/dev/null && fulfil-work --drain >/dev/null
	echo "$(psqlq "select status from orders where external_id = $order") $(psqlq 'select on_hand from stock where product_id = 1')"
}
is "$(order 1 '"sku":"NONE","requires_shipping":false')" 'completed 100' \
	'UNTRACKED_LINES: a line that needs no shipping is passed over'
is "$(order 2 '"sku":"NONE","requires_shipping":false' UNTRACKED_LINES=wait)" 'pending 100' '... or waits for its product'
shipped='"sku":"A-1","fulfillable_quantity":0,"fulfillment_status":"fulfilled"'
is "$(order 3 "$shipped")" 'completed 100' 'HISTORY_BEFORE: what was shipped long ago moves no stock'
is "$(order 4 "$shipped" HISTORY_BEFORE=2019-01-01T00:00:00Z)" 'completed 99' '... unless the order is of a later time than it says'
unpaid='"sku":"A-1"}],"financial_status":"pending","x":[{"id":1,"quantity":1'
is "$(order 5 "$unpaid")" 'completed 98' 'TAKE_STOCK: an order takes its stock as it comes'
is "$(order 6 "$unpaid" TAKE_STOCK=paid)" 'pending 98' '... or waits for its payment'

# --- webhooks

hook 500 retry_count 10 >/dev/null
psqlq "update webhooks set failures = 20, failing_since = now() - interval '10 minutes'" >/dev/null
event | fulfil-notify - >/dev/null 2>&1
is "$(psqlq 'select enabled from webhooks')" t 'WEBHOOK_DISABLE_AFTER: ten minutes of failure do not disable a webhook'
event 2 | WEBHOOK_DISABLE_AFTER=300 fulfil-notify - >/dev/null 2>&1
is "$(psqlq 'select enabled from webhooks')" f '... unless it says 300 seconds'

# replaced [VARIABLE=VALUE]: how long, in seconds, the secret that was replaced still signs.
replaced() {
	id=$(psqlq 'select max(id) from webhooks')
	request PUT "/api/webhooks/$id" '{"secret": "first"}'
	request PUT "/api/webhooks/$id" '{"secret": "second"}' "$@"
	psqlq "select coalesce(round(extract(epoch from previous_until - now()) / 10) * 10, 0) from webhooks where id = $id"
}
is "$(replaced)" 86400 'WEBHOOK_SECRET_GRACE: a secret that was replaced signs for a day'
is "$(replaced WEBHOOK_SECRET_GRACE=1000)" 1000 '... or as long as it says'
is "$(replaced WEBHOOK_SECRET_GRACE=0)" 0 '... or no more'

# --- programs as make run starts them

# members NAME: how many processes of cgi-bin/NAME the pools of this test have.
members() {
	for process in /proc/[0-9]*; do
		case $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in
		*/multiwatch*) ;;
		"$BUILD/cgi-bin/$1 ") [ "$(readlink "$process/cwd")" != "$SCRATCH" ] || echo "$1" ;;
		esac
	done | grep -c .
}
export FULFIL_POOL_INTAKE=3 FULFIL_POOL_API=5 FULFIL_POOL_UPLOAD=6 FULFIL_POOL_SEARCH=3
web_start fastcgi
has() { [ "$(members "$1")" = "$2" ]; }
ok 'FULFIL_POOL_INTAKE=3: that many processes of cgi-bin/shopify' wait_until 10 has shopify 3
ok 'FULFIL_POOL_API=5, FULFIL_POOL_UPLOAD=6, FULFIL_POOL_SEARCH=3: sixteen of cgi-bin/api together, two for figures' wait_until 10 has api 16
web_stop
(
	export FULFIL_WORKERS=3
	exec setpriv --pdeathsig=TERM "$TOP/cron/start/service/work/run"
) >work.log 2>&1 &
pool=$!
busy() { [ "$(pgrep -c -P "$pool")" = 3 ]; }
ok 'FULFIL_WORKERS=3: that many processes take orders' wait_until 10 busy
kill "$pool"
wait "$pool"

# --- make run

exit_is 78 'ENVIRONMENT: a placeholder is refused as a secret' -- env SECRET_KEY=change-me ENVIRONMENT=production \
	fulfil-stat --settings cgi
exit_is 0 '... where it does not say development' -- env SECRET_KEY=change-me ENVIRONMENT=development \
	fulfil-stat --settings cgi
port=$(web_port 34000 2000)
(exec env -i PATH="$PATH" DEMO_MODE=yes HOST=127.0.0.9 PORT="$port" setpriv --pdeathsig=TERM "$TOP/cron/start/run") >demo.log 2>&1 &
demo=$!
answers() { curl -sf -m 5 -o page "http://$1:$port/session"; }
ok 'DEMO_MODE: make run serves sample data' wait_until 20 answers 127.0.0.9
is "$(jq -r .demo page)" true '... and says so'
exit_is 7 'HOST: ... at that address only' -- curl -s -m 5 "http://127.0.0.1:$port/session"
kill "$demo"
wait "$demo"
done_testing
