# shellcheck shell=sh disable=SC2034 # variables for the tests
# Orders, stock and accidents for tests: source it after services.sh.
#   payloads             short lines on stdin into payloads (tests/data/orders.awk)
#   recv LINE…           takes in the payloads of short lines; records in $RECORDS
#   products SKU:UNITS…  makes products with an opening stock
#   on_hand SKU          prints how many are on the shelf
#   settle               processes what is due; records in $RECORDS
#   statuses             prints how many orders have which status: "completed 3 failed 1"
#   invariants NAME      what must always hold does
#   rebuilds NAME        all payloads played into an empty database give the same orders
#   seed                 sets $FAULT_SEED, 1 unless it is given, and prints it; "random" draws one
#   faults               the commands are those with the kill points of lib/base/fault.h
#   now_ms               milliseconds, to subtract from one another
#   says SQL ANSWER      succeeds when it does; for wait_until
#   proxy_start FAULT [COUNT]   a bad network (proxy.c); $PROXY_URL goes through it, $PROXY_PID is it
#   proxy_stop
#   shelf_lock           another session locks all stock: what workers take stays in their hands
#   shelf_unlock         … until this
#   deliver FILE [TOPIC [HMAC]]     posts a signed payload as a shop does; prints the status
#   api METHOD PATH [CURL-OPTION…]  asks the API; prints the status. Both leave the body in answer
#   shelf_waits          prints the process ids of the workers that wait for it

payloads() {
	awk -f "$TOP/tests/data/orders.awk"
}

recv() {
	RECORDS=$(printf '%s\n' "$@" | payloads | fulfil-recv --shop shop.myshopify.com 2>"$SCRATCH/recv.log") || diag "fulfil-recv: $? $(cat "$SCRATCH/recv.log")"
}

# field KEY: that field of each of $RECORDS, blanks between.
field() {
	printf '%s\n' "$RECORDS" | jq -r ".$1" | tr '\n' ' ' | sed 's/ $//'
}

products() {
	for products_word in "$@"; do
		echo "${products_word%:*} ${products_word##*:}"
	done | awk '
		{ gsub(/\x27/, "\x27\x27") }
		{ printf "%s(\x27%s\x27, %d)", (NR > 1 ? ", " : "WITH given (sku, units) AS (VALUES "), $1, $2 }
		END { print "), made AS (INSERT INTO products (sku, name) SELECT sku, \x27Article \x27 || sku FROM given " \
			"RETURNING id, sku) INSERT INTO stock (product_id, on_hand, opening) " \
			"SELECT id, units, units FROM made JOIN given USING (sku)" }' >"$SCRATCH/products.sql"
	psqlq "$(cat "$SCRATCH/products.sql")"
}

on_hand() {
	psqlq "SELECT on_hand FROM stock JOIN products ON id = product_id WHERE sku = '$1'"
}

settle() {
	RECORDS=$(fulfil-work --drain 2>"$SCRATCH/settle.log") || diag "fulfil-work: $? $(cat "$SCRATCH/settle.log")"
}

statuses() {
	psqlq "SELECT string_agg(status || ' ' || n, ' ' ORDER BY status)
		FROM (SELECT status, count(*) AS n FROM orders GROUP BY status) s"
}

invariants() {
	exit_is 0 "$1" -- fulfil-scan --audit
}

rebuilds() {
	psql -X -q -d "postgresql:///fulfil?host=$PG_SOCKET&user=postgres" -c 'alter role fulfil createdb'
	exit_is 0 "$1" -- fulfil-scan --rebuild
}

seed() {
	case ${FAULT_SEED:=1} in random) FAULT_SEED=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ') ;; esac
	export FAULT_SEED
	diag "FAULT_SEED=$FAULT_SEED"
}

faults() {
	[ -x "$BUILD/faults/cmd/fulfil-work" ] || skip_all 'not built: make FAULTS=1'
	PATH=$BUILD/faults/cmd:$PATH
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

says() {
	[ "$(psqlq "$1")" = "$2" ]
}

shelf_lock() {
	PGAPPNAME=shelf psql -X -q -d "$DATABASE_URL" -c BEGIN -c 'SELECT FROM stock FOR UPDATE' \
		-c 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
	wait_until 10 says "SELECT count(*) FROM pg_stat_activity
		WHERE application_name = 'shelf' AND wait_event = 'PgSleep'" 1
}

shelf_unlock() {
	psqlq "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shelf'" >/dev/null
}

shelf_waits() {
	psqlq "SELECT split_part(application_name, ' ', 3) FROM pg_stat_activity
		WHERE application_name LIKE 'fulfil-work%' AND wait_event_type = 'Lock'"
}

proxy_start() {
	[ -x "$BUILD/tests/fault/proxy" ] || skip_all 'not built: make build/tests/fault/proxy'
	mkdir -p "$PG_SOCKET/proxy"
	rm -f "$PG_SOCKET/proxy/.s.PGSQL.5432"
	setpriv --pdeathsig=TERM "$BUILD/tests/fault/proxy" "$PG_SOCKET/proxy/.s.PGSQL.5432" \
		"$PG_SOCKET/.s.PGSQL.5432" "$@" >"$SCRATCH/proxy.log" 2>&1 &
	PROXY_PID=$!
	PROXY_URL="postgresql:///fulfil?host=$PG_SOCKET/proxy&user=fulfil"
	wait_until 10 test -S "$PG_SOCKET/proxy/.s.PGSQL.5432"
}

proxy_stop() {
	kill "$PROXY_PID"
	wait "$PROXY_PID" 2>/dev/null
}

deliver() {
	deliver_hmac=$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary "$1" | base64)
	curl -sS -m 20 -o "$SCRATCH/answer" -w '%{http_code}' -H 'Content-Type: application/json' \
		-H "X-Shopify-Topic: ${2:-orders/create}" -H 'X-Shopify-Shop-Domain: shop.myshopify.com' \
		-H "X-Shopify-Hmac-Sha256: ${3-$deliver_hmac}" --data-binary "@$1" \
		"$FULFIL_URL/webhooks/shopify/orders"
}

api() {
	api_method=$1
	api_path=$2
	shift 2
	curl -sS -m 20 -o "$SCRATCH/answer" -w '%{http_code}' -X "$api_method" \
		-H "Authorization: Bearer $FULFIL_TOKEN" "$@" "$FULFIL_URL$api_path"
}
