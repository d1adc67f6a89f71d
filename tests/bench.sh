#!/bin/sh
# Figures beside their limits: tests/bench.sh [PART…], all parts by default:
#   intake recv work flat reads latency memory import lists deliver
# Servers of its own, as durable as the real ones. A bar is what the product
# promises; a limit is what the same machine does at best, in the same run.
# shellcheck disable=SC2034  # services.sh reads what is set here
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
trap - HUP

BENCH=$TOP/build/tests/bench
SECONDS_EACH=${SECONDS_EACH:-5}
CLIENTS=8

row() { # WHAT MEASURED UNIT LIMIT BAR: a line of the table; LIMIT may be -
	ratio=-
	[ "$4" = - ] || ratio=$(awk "BEGIN { printf \"%.2f\", $2 / $4 }")
	printf '%-44s %10s %-9s %10s %6s  %s\n' "$1" "$2" "$3" "$4" "$ratio" "$5"
}

now() { date +%s.%N; }
per_second() { awk "BEGIN { printf \"%d\", $1 / ($3 - $2) }"; } # COUNT FROM TO

tidy() {
	psqlq 'vacuum analyze products, stock, orders, order_items, ledger, sync_logs, payloads'
}

products() {
	psqlq "truncate products, stock, orders, order_items, ledger, sync_logs, payloads, order_changes, unplaced_returns
		restart identity;
	insert into products (sku, name) select 'SKU-' || i, 'Thing ' || i from generate_series(1, 1000) i;
	insert into stock (product_id, on_hand, opening) select id, 1000000000, 1000000000 from products;"
	tidy
}

requests_per_second() { # PATH [WRK-OPTION…]
	path=$1
	shift
	timeout 120 wrk -t2 -c$CLIENTS -d"${SECONDS_EACH}s" "$@" "$FULFIL_URL$path" |
		tee "$SCRATCH/wrk.out" | awk '/^Requests\/sec/ { printf "%d", $2 }'
	grep 'Non-2xx' "$SCRATCH/wrk.out" >&2
}

# The bare responder in the place of ours, behind the same web server.
bare_start() {
	psqlq 'set client_min_messages = error; drop table if exists bare cascade' && psql -Xq -d "$DATABASE_URL" -f "$TOP/tests/bench/bare.sql"
	psqlq "insert into bare (doc) select repeat('x', 400) from generate_series(1, 1000)"
	BARE_POOL=${FULFIL_POOL_INTAKE:-8}
	(exec spawn-fcgi -n -s "$PG_SOCKET/bare.sock" -b 1024 -- \
		"$(command -v multiwatch)" -f "$BARE_POOL" -- "$BENCH/bare") >"$SCRATCH/bare.log" 2>&1 </dev/null &
	BARE_PID=$!
	bare_port=$(web_port 33000 9000)
	cat >"$SCRATCH/bare.conf" <<-CONF
		server.document-root = "$SCRATCH"
		server.bind = "127.0.0.1"
		server.port = $bare_port
		server.modules = ("mod_fastcgi")
		fastcgi.server = ("/" => (("socket" => "$PG_SOCKET/bare.sock", "check-local" => "disable")))
	CONF
	(exec lighttpd -D -f "$SCRATCH/bare.conf") >"$SCRATCH/bare-web.log" 2>&1 </dev/null &
	BARE_WEB=$!
	FULFIL_URL=http://127.0.0.1:$bare_port
	wait_until 10 curl -sf -o /dev/null "$FULFIL_URL/" || {
		diag "$(cat "$SCRATCH/bare.log" "$SCRATCH/bare-web.log")"
		exit 70
	}
}
bare_stop() {
	services_stop TERM "${BARE_WEB-}"
	services_stop TERM "${BARE_PID-}"
	BARE_WEB='' BARE_PID=''
}
at_exit bare_stop

bench_intake() {
	"$BENCH/generate" 400000 10000000 --sign "$SHOPIFY_WEBHOOK_SECRET" >"$SCRATCH/signed"
	export SIGNED="$SCRATCH/signed"
	bare_start
	limit=$(requests_per_second /webhooks/shopify/orders -s "$TOP/tests/bench/orders.lua")
	bare_stop
	for way in fastcgi bridge; do
		products
		web_start $way
		rate=$(requests_per_second /webhooks/shopify/orders -s "$TOP/tests/bench/orders.lua")
		web_stop
		stored=$(psqlq 'select count(*) from orders')
		[ "$way" = fastcgi ] && bar='>= 3760 (8 x the seeds)' || bar='>= 940 (2 x the seeds)'
		row "intake, $way, 0.5 KB ($stored stored)" "$rate" orders/s "$limit" "$bar"
	done
}

bench_recv() {
	for kind in '0 100000 25000' '6600 20000 5000'; do
		# shellcheck disable=SC2086
		set -- $kind
		products
		"$BENCH/generate" "$2" 20000000 --pad "$1" >"$SCRATCH/orders"
		from=$(now)
		timeout 120 fulfil-recv --shop x.myshopify.com <"$SCRATCH/orders" >"$SCRATCH/records" || exit 70
		rate=$(per_second "$2" "$from" "$(now)")
		row "fulfil-recv, $(($(wc -c <"$SCRATCH/orders") / $2)) bytes an order" "$rate" orders/s - ">= $3"
	done
}

fill() { # COUNT FIRST [OPTION]: orders that are due
	"$BENCH/generate" "$@" >"$SCRATCH/orders"
	timeout 300 fulfil-recv --shop x.myshopify.com <"$SCRATCH/orders" >/dev/null || exit 70
	tidy
}

drain() { # COUNT -> orders/s
	from=$(now)
	timeout 300 fulfil-work -j 2 --drain >"$SCRATCH/results" || exit 70
	[ "$(wc -l <"$SCRATCH/results")" = "$1" ] || echo "# not all were processed" >&2
	per_second "$1" "$from" "$(now)"
}

bench_work() {
	for kind in 'one SKU hot in all' 'spread'; do
		[ "$kind" = spread ] && option=--spread || option=
		products
		# shellcheck disable=SC2086
		fill 100000 30000000 $option
		limit=$(timeout 120 pgbench -n -M prepared -f "$TOP/tests/bench/work.sql" -c 2 -j 2 -t 196 \
			-d "$DATABASE_URL" 2>/dev/null | awk '/^tps/ { printf "%d", $3 * 256 }')
		products
		# shellcheck disable=SC2086
		fill 100000 30000000 $option
		row "fulfil-work -j 2, 3 lines, $kind" "$(drain 100000)" orders/s "$limit" '>= 20000'
	done
}

# The same work with 10,000 and with 1,000,000 orders in the table.
bench_flat() {
	products
	for have in 10000 1000000; do
		n=$((have - $(psqlq 'select count(*) from orders')))
		fill $n $((40000000 + have))
		timeout 300 fulfil-work -j 2 --drain >/dev/null
		fill 50000 $((60000000 + have))
		row "fulfil-work -j 2 with $have orders stored" "$(drain 50000)" orders/s - 'flat'
		fill 0 1
	done
	web_start fastcgi
	row 'GET one of 1,000,000 orders' \
		"$(requests_per_second /api/orders/500000 -H "Authorization: Bearer $API_TOKENS_READ")" requests/s - flat
	web_stop
}

bench_reads() {
	bare_start
	limit=$(requests_per_second /)
	bare_stop
	products
	fill 10000 70000000
	timeout 60 fulfil-work --drain >/dev/null
	web_start fastcgi
	id=$(psqlq 'select max(id) - 17 from orders')
	row 'GET one order, FastCGI' \
		"$(requests_per_second "/api/orders/$id" -H "Authorization: Bearer $API_TOKENS_READ")" \
		requests/s "$limit" '>= 12800 (10 x the seeds)'
	web_stop
}

bench_latency() {
	products
	web_start fastcgi
	"$BENCH/generate" $((2000 * SECONDS_EACH)) 80000000 --sign "$SHOPIFY_WEBHOOK_SECRET" >"$SCRATCH/signed"
	mkfifo "$SCRATCH/results.fifo"
	fulfil-work -j 2 >"$SCRATCH/results.fifo" 2>"$SCRATCH/work.log" &
	work=$!
	figures=$(timeout 60 "$BENCH/paced" 127.0.0.1 "${FULFIL_URL##*:}" 2000 "$SCRATCH/signed" \
		<"$SCRATCH/results.fifo")
	services_stop TERM $work
	web_stop
	# shellcheck disable=SC2086
	set -- $figures
	row "intake to completed at 2,000/s ($2 of $1): p50" "$3" ms - -
	row 'p95' "$4" ms - -
	row 'p99' "$5" ms - '<= 100'
}

bench_memory() {
	home=$SCRATCH/home
	(unset DATABASE_URL REDIS_URL FULFIL_CONFIG && FULFIL_HOME=$home exec sh "$TOP/cron/start/run") \
		>"$SCRATCH/run.log" 2>&1 </dev/null &
	run=$!
	wait_until 60 test -s "$home/run.env" && sleep 10
	total=0
	for dir in /proc/[0-9]*; do
		exe=$(readlink "$dir/exe") || continue
		case $exe in "$TOP"/build/*)
			grep -qz "$home" "$dir/environ" 2>/dev/null || continue
			pss=$(awk '/^Pss:/ { print $2 }' "$dir/smaps_rollup")
			total=$((total + pss))
			printf '# %6d KB  %s\n' "$pss" "$(tr '\0' ' ' <"$dir/cmdline" | sed "s|$TOP/||")"
			;;
		esac
	done
	row 'memory of our processes of make run, idle' "$(awk "BEGIN { printf \"%.1f\", $total / 1024 }")" MB - '<= 40'
	services_stop TERM $run
}

seconds() { awk "BEGIN { printf \"%.2f\", $2 - $1 }"; } # FROM TO

# psql's way with a catalogue, in a table of its own with the same columns and indexes.
psql_import() { # FILE -> seconds
	from=$(now)
	psql -Xq -d "$DATABASE_URL" -v ON_ERROR_STOP=1 >/dev/null <<-SQL || exit 70
		begin;
		create unlogged table staged (sku text, name text, description text);
		\\copy staged from '$1' csv header
		insert into plain (sku, name, description) select * from staged
		on conflict (lower(sku)) where deleted_at is null
		do update set name = excluded.name, description = excluded.description, updated_at = now()
		where (plain.name, plain.description) is distinct from (excluded.name, excluded.description);
		drop table staged;
		commit;
	SQL
	seconds "$from" "$(now)"
}

# Ours: seconds, and the most memory that the process had.
our_import() { # FILE -> seconds KB
	from=$(now)
	fulfil-import <"$1" >"$SCRATCH/import.out" 2>&1 &
	import=$!
	peak=0
	while kill -0 $import 2>/dev/null; do
		rss=$(awk '/^VmHWM/ { print $2 }' /proc/$import/status 2>/dev/null) && [ -n "$rss" ] && peak=$rss
		sleep 0.1
	done
	wait $import || cat "$SCRATCH/import.out" >&2
	echo "$(seconds "$from" "$(now)") $peak"
}

import_row() { # WHAT FILE LIMIT BAR
	# shellcheck disable=SC2046
	set -- "$1" "$3" "$4" $(our_import "$2")
	row "import, $1" "$4" s "$2" "$3"
	row "... the most memory" "$(($5 / 1024))" MB - '<= 32'
}

bench_import() {
	products
	for word in Lamp Lantern; do
		awk -v N=500000 -v WORD=$word -f "$TOP/tests/bench/products.awk" >"$SCRATCH/$word.csv"
	done
	awk -v N=50000 -f "$TOP/tests/bench/products.awk" >"$SCRATCH/few.csv"
	psqlq 'truncate products cascade; create table plain (like products including all)' 2>/dev/null
	from=$(now)
	psql -Xq -d "$DATABASE_URL" -c "\\copy plain (sku, name, description) from '$SCRATCH/Lamp.csv' csv header"
	new=$(seconds "$from" "$(now)")
	psqlq 'checkpoint' 2>/dev/null
	import_row '500,000 new' "$SCRATCH/Lamp.csv" "$new" '<= 1.6 x, aiming at 1.3'
	unchanged=$(psql_import "$SCRATCH/Lamp.csv")
	import_row '500,000 unchanged' "$SCRATCH/Lamp.csv" "$unchanged" '<= 1 x'
	changed=$(psql_import "$SCRATCH/Lantern.csv")
	import_row '500,000 changed' "$SCRATCH/Lantern.csv" "$changed" '<= 0.8 x'
	import_row '50,000 again, of 500,000' "$SCRATCH/few.csv" - -
	psqlq 'drop table plain; truncate products cascade' 2>/dev/null
	awk -v N=5000000 -f "$TOP/tests/bench/products.awk" >"$SCRATCH/Lamp.csv"
	import_row '5,000,000 new' "$SCRATCH/Lamp.csv" - '-'
	rm "$SCRATCH/Lamp.csv"
	psqlq 'truncate products cascade' 2>/dev/null
}

# The median of 21 requests one after another, in ms.
median_ms() { # PATH
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; do
		curl -s -o /dev/null -w '%{time_total}\n' -H "Authorization: Bearer $API_TOKENS_READ" "$FULFIL_URL$1"
	done | sort -n | awk 'NR == 11 { printf "%.1f", $1 * 1000 }'
}

list_rows() { # WHEN
	row "list$1, first page" "$(median_ms '/api/products')" ms - '<= 10'
	row "list$1, page 20,000" "$(median_ms '/api/products?page=20000&page_size=20')" ms - '<= 40'
	row "list$1, a common substring" "$(median_ms '/api/products?name=lamp')" ms - '<= 20'
	row "list$1, a rare substring" "$(median_ms '/api/products?name=499%2C999')" ms - '<= 200'
	row "list$1, a SKU" "$(median_ms '/api/products?sku=sku-0123456')" ms - '<= 200'
}

bench_lists() {
	products
	psqlq 'truncate products cascade' 2>/dev/null
	for word in Lamp Lantern; do
		awk -v N=500000 -v WORD=$word -f "$TOP/tests/bench/products.awk" >"$SCRATCH/$word.csv"
	done
	fulfil-import <"$SCRATCH/Lamp.csv" >/dev/null || exit 70
	web_start fastcgi
	# Each process of the pool counts the whole table once, in the first two seconds that it is asked.
	requests_per_second /api/products -H "Authorization: Bearer $API_TOKENS_READ" >/dev/null
	list_rows ''
	(for word in Lantern Lamp Lantern Lamp Lantern Lamp Lantern Lamp; do
		fulfil-import <"$SCRATCH/$word.csv" >/dev/null || exit
	done) &
	imports=$!
	list_rows ' beside imports'
	kill -0 $imports 2>/dev/null || echo '# the imports ended first' >&2
	wait $imports
	web_stop
}

# --- webhooks

hooks() { # FIRST LAST [PATH]: webhooks with these ids
	psqlq "insert into webhooks (url, event_types) select '$SINK/${3-200}?' || n, '{*}' from generate_series($1, $2) n"
}
no_hooks() {
	psqlq 'truncate webhooks, outbox, events, deliveries, attempts'
}
tell() { # COUNT: events of the size of a product's
	psqlq "insert into outbox (type, subjects, data)
		select 'product.created', array_agg(n), array_agg(json_build_object('active', true, 'created_at', utc(now()),
			'description', null, 'id', n, 'name', 'Thing ' || n, 'sku', 'SKU-' || n, 'updated_at', utc(now())))
		from generate_series(1, $1) n group by (n - 1) / 1000"
}
drained() { # COUNT -> deliveries a second until all are recorded
	from=$(now)
	timeout 300 fulfil-notify --drain >/dev/null
	per_second "$1" "$from" "$(now)"
}
delivered() { # COUNT -> the same of a sender that does not end, by the last record's time
	from=$(psqlq 'select extract(epoch from clock_timestamp())')
	fulfil-notify >/dev/null &
	notify=$!
	wait_until 120 sh -c "[ \"\$(psql -XAtq -d '$DATABASE_URL' -c \"select count(*) from deliveries where state = 'delivered'\")\" = $1 ]"
	kill $notify && wait $notify
	psqlq "select round($1 / (extract(epoch from max(ended_at)) - $from)) from deliveries where state = 'delivered'"
}
sink_start() { # LOG
	rm -f "$SCRATCH/port"
	(exec setpriv --pdeathsig=TERM "$TOP/build/tests/fault/sink" "$1" "$SCRATCH/port") &
	SINK_PID=$!
	wait_until 10 test -s "$SCRATCH/port" || exit 69
	SINK=http://127.0.0.1:$(cat "$SCRATCH/port")
}

# From the clock of the change to that of the endpoint, one at a time.
wire_latency() {
	: >"$SCRATCH/wire"
	sink_start "$SCRATCH/wire"
	no_hooks && hooks 1 1
	fulfil-notify >/dev/null &
	notify=$!
	i=0
	while [ $((i += 1)) -le 200 ]; do
		psqlq "insert into outbox (type, subjects, data, created_at) values ('order.completed', '{1}',
			array[json_build_object('ms', round(extract(epoch from clock_timestamp()) * 1000))], now())"
	done
	wait_until 20 sh -c "[ \$(wc -l <'$SCRATCH/wire') -ge 200 ]"
	kill $notify && wait $notify
	services_stop TERM $SINK_PID
	jq '.ms - (.body | fromjson | .data.ms | tonumber)' "$SCRATCH/wire" | sort -n >"$SCRATCH/wire.ms"
	for p in 50 95 99; do row "commit to wire, p$p" "$(sed -n "$((2 * p))p" "$SCRATCH/wire.ms")" ms - -; done
}

bench_deliver() {
	export WEBHOOK_ALLOW_PRIVATE=yes
	sink_start -
	limit=$("$BENCH/post" "$SINK/200" 40000)
	no_hooks && hooks 1 1 && tell 40000
	row 'deliver webhooks, recorded' "$(drained 40000)" /s "$limit" '>= 10,000/s'
	no_hooks && hooks 1 99 && tell 1000
	alone=$(delivered 99000)
	no_hooks && hooks 1 99 && hooks 1 1 never && tell 1000
	psqlq "update webhooks set timeout = 1, retry_count = 0 where url like '%never%'"
	row '99 endpoints beside one that never answers' "$(delivered 99000)" /s "$alone" '>= 0.95'
	services_stop TERM $SINK_PID
	wire_latency
	awk -v N=500000 -v WORD=Lamp -f "$TOP/tests/bench/products.awk" >"$SCRATCH/Lamp.csv"
	no_hooks && psqlq 'truncate products, stock, ledger restart identity cascade'
	# shellcheck disable=SC2046 # two words
	set -- $(our_import "$SCRATCH/Lamp.csv")
	alone=$1
	psqlq 'truncate products, stock, ledger restart identity cascade' && hooks 1 1
	# shellcheck disable=SC2046 # two words
	set -- $(our_import "$SCRATCH/Lamp.csv")
	row 'import, 500,000 new, with a subscriber' "$1" s "$alone" '<= 2 x'
}

services_start
echo "$(uname -m), $(nproc) cores; $("$PG_BIN/postgres" --version); $(redis-server --version | cut -d' ' -f1-3)"
printf 'durability: '
psql -XAtq -F' ' -d "$DATABASE_URL" -c "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings
	where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'commit_delay')"
"$PG_BIN/pg_test_fsync" -s 1 -f "$PG_DATA/fsync.test" 2>/dev/null | awk '/^ *fdatasync +[0-9]/ && !n++ { print "one fdatasync:", $4, $5 }'
printf '%-44s %10s %-9s %10s %6s  %s\n' what measured unit limit ratio bar
[ $# -gt 0 ] || set -- intake recv work flat reads latency memory import lists deliver
for part in "$@"; do
	"bench_$part"
done
tap_done=1
