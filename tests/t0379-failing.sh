#!/bin/sh
# Each command while one call of it fails, once: memory, reading, writing, connecting, opening. It ends with a
# status that says so, never by a signal and never late; what it said was taken is there, and once it was run
# again everything is. FAILING=N tries N places of each kind, 4 unless set; with a large number it is every one.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

failing=$BUILD/tests/fault/failing.so
[ -e "$failing" ] || skip_all 'tests/fault/failing.so is not built'
! nm "$BUILD/cmd/fulfil-recv" 2>/dev/null | grep -q __asan || skip_all 'a sanitizer has a malloc of its own'
services_start
seed
FAILING=${FAILING:-4}
export RETRY_DELAYS=0 WEBHOOK_ALLOW_PRIVATE=yes

printf 'sku,name,price,quantity\n' >stock.csv
seq 1 40 | sed 's/.*/F-&,Thing &,5,100000/' >>stock.csv
fulfil-import --stock <stock.csv >records 2>import.log
is "$(psqlq 'select count(*) from stock where on_hand = 100000')" 40 'there is stock'
psqlq "insert into webhooks (url, event_types) values ('http://127.0.0.1:9/', '{order.*}')"
: >taken
n=0

next() { # COMMAND: makes the input of its next run
	n=$((n + 1))
	case $1 in
	fulfil-recv) printf '{"id":%d,"name":"#%d","line_items":[{"id":%d1,"sku":"F-%d","quantity":1,"price":"5.00"}]}\n' $n $n $n $((n % 40 + 1)) | tee -a all >in ;;
	fulfil-import) printf 'sku,name,price\nF-1,Thing 1,%d\nG-%d,New,1\n' $n $n >in ;;
	fulfil-notify | fulfil-work)
		printf '{"id":%d,"name":"#%d","line_items":[{"id":%d1,"sku":"F-%d","quantity":1,"price":"5.00"}]}\n' $n $n $n $((n % 40 + 1)) | tee -a all |
			fulfil-recv >>taken 2>/dev/null
		: >in
		;;
	*) : >in ;;
	esac
}
run() { # VARIABLE=VALUE… COMMAND…: sets $status
	status=0
	timeout -k 5 30 env LD_PRELOAD="$failing" "$@" <in >out 2>err || status=$?
}
try() { # COMMAND…: runs it once to count its calls, and then with calls that fail, chosen by the seed
	bad='' tries=0
	next "$1"
	run FAIL_COUNT="$SCRATCH/counted" "$@"
	while read -r kind calls; do
		step=$(((calls + FAILING - 1) / FAILING))
		at=$((step > 1 ? FAULT_SEED % step + 1 : 1))
		while [ "$at" -le "$calls" ] && [ "$step" -gt 0 ]; do
			next "$1"
			run FAIL_CALL="$kind" FAIL_AT="$at" "$@"
			tries=$((tries + 1))
			[ "$1" != fulfil-recv ] || cat out >>taken
			case $status in
			0 | 1 | 64 | 65 | 69 | 70 | 71 | 73 | 74 | 75 | 78) ;;
			124 | 137) # libpq waits for ever if it has no memory for the start of a COPY or the end of a pipeline
				[ "$kind" = malloc ] || bad="$bad$kind $at of $calls: late; "
				;;
			*) bad="$bad$kind $at of $calls: $status $(tail -n 1 err | cut -c1-150); " ;;
			esac
			at=$((at + step))
		done
	done <counted
	is "$bad" '' "$*: $tries calls that fail end with a status of their own"
}
try fulfil-recv
try fulfil-work --drain
try fulfil-import
try fulfil-notify --drain
try fulfil-enqueue --due
try fulfil-scan
try fulfil-stat health

jq -r 'select(.status == "accepted") | .external_order_id' taken 2>/dev/null | sort -u >said
psqlq 'select external_id from orders' | sort -u >there
is "$(comm -23 said there)" '' "what was said to be taken is there ($(wc -l <said))"
fulfil-recv <all >again 2>recv.log
is "$(jq -r .status again | sort | uniq -c | awk '$2 !~ /^(accepted|duplicate)$/')" '' 'all of it sent again is taken or known'
fulfil-work --drain >/dev/null 2>work.log
is "$(psqlq "select status, count(*) from orders group by 1")" "completed|$(wc -l <all)" 'each is completed'
is "$(psqlq "select 40 * 100000 - sum(on_hand) from stock join products on id = product_id where sku like 'F-%'")" "$(wc -l <all)" 'and took its unit once'
invariants 'after all of it'
done_testing
