#!/bin/sh
# The API behind lighttpd: as FastCGI, as CGI, over the bridge; and PostgreSQL coming and going.
# shellcheck disable=SC2317 # functions called by ok
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
services_start
psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" -f "$TOP/sql/sample.sql"
psqlq "INSERT INTO orders (shop, external_id, status) SELECT 's.myshopify.com', i, 'failed' FROM generate_series(2, 30) i"
echo '{"id":1,"line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"NONE","quantity":1}]}' | fulfil-recv >/dev/null
# What an example is about is there again for each.
restore() {
	psqlq "UPDATE orders SET status = 'failed', next_attempt_at = NULL WHERE id = 1;
		DELETE FROM orders WHERE id > 30; DELETE FROM products WHERE sku = 'MUG-1'; UPDATE products SET deleted_at = NULL WHERE id = 1;
		TRUNCATE webhooks, events, deliveries, quarantine, privacy_requests RESTART IDENTITY;
		INSERT INTO privacy_requests (kind, shop, digest) VALUES ('shop_redact', 'a.myshopify.com', 'x');
		INSERT INTO quarantine (shop, topic, reason, body)
			VALUES ('s.myshopify.com', 'orders/create', 'x', '{\"id\":5,\"line_items\":[]}'), (NULL, NULL, 'x', '{}');
		INSERT INTO webhooks (url, event_types) VALUES ('https://hook.invalid/', array['order.failed']);
		INSERT INTO events (sequence, type, subject, data, created_at) VALUES (1, 'order.failed', 1, '{}', now());
		INSERT INTO deliveries (event_id, webhook_id, state, error, ended_at) VALUES (1, 1, 'given_up', 'x', now())"
	TASK_ID=$(psqlq "INSERT INTO uploads (filename, status) VALUES ('x', 'queued') RETURNING task_id")
	export TASK_ID
	psqlq "INSERT INTO imports (task_id, first_product, last_product) VALUES ('$TASK_ID', 100000, 100000)"
	rm -f ./*-1 products.csv
	case $1 in *@products.csv*) printf 'sku,name\n' >products.csv ;; esac
}
jq -r '.paths | to_entries[] | select(.key | startswith("/webhooks") | not) | .value[]["x-codeSamples"][0].source' \
	"$TOP/cgi-bin/openapi.json" >examples

# get PATH: the status; the body goes to the file body, the head to head.
get() {
	curl -s -m 10 -D head -o body -w '%{http_code}' -H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL$1"
}

for mode in fastcgi cgi bridge; do
	web_start $mode
	is "$(get /api/orders?page_size=1)" 200 "$mode: a list"
	is "$(jq .total body)" 30 '... whole'
	like "$(tr -d '\r' <./head)" '^Content-Type: application/json$' '... as JSON'
	psqlq "TRUNCATE quarantine RESTART IDENTITY; INSERT INTO quarantine (reason, body) VALUES ('x', '\\x00ff')"
	is "$(get /api/quarantine/1)" 200 "$mode: bytes"
	is "$(od -An -tx1 body)" ' 00 ff' '... as they are'
	is "$(get /api/orders/77)" 404 "$mode: what is not there"
	is "$(get /api/%6Frders)" 200 "$mode: a path with an escape"
	is "$(get '/api/orders?q=%00')" 400 "$mode: a NUL"
	is "$(get /metrics)" 200 "$mode: /metrics"
	is "$(get /openapi.json)" 200 "$mode: /openapi.json"
	ok '... is the document' cmp body "$TOP/cgi-bin/openapi.json"
	is "$(FULFIL_TOKEN=wrong get /api/orders)" 401 "$mode: a wrong token"
	is "$(curl -s -m 10 -o body -w '%{http_code}' -X PUT -H "Authorization: Bearer $FULFIL_TOKEN" \
		-d '{"reorder_level": 4}' -H 'Content-Type: application/json' "$FULFIL_URL/api/inventory/1")" 200 "$mode: a change"
	is "$(curl -s -m 10 -I -w '%{http_code}' -o head -H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL/api/orders")" \
		200 "$mode: HEAD"
	while read -r example; do
		restore "$example"
		exit_is 0 "$mode: $example" -- sh -c "$(printf '%s' "$example" | sed "s/^curl/curl -sS -m 10 -w '\\\\n%{http_code}'/")"
		like "$OUT" '^(200|201|202|204|503)$' '... is answered'
	done <examples
	[ $mode = fastcgi ] || web_stop

	[ $mode = fastcgi ] || continue
	# Every process of the pool has a connection; none of them may fail once PostgreSQL is back.
	several() {
		seq 24 | xargs -P 8 -I{} curl -s -m 10 -o /dev/null -w '%{http_code}\n' \
			-H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL$1" | sort | uniq -c | tr -s ' ' | tr '\n' ';'
	}
	is "$(several /api/orders/1)" ' 24 200;' 'a warm pool'
	pg_stop
	pg_start
	is "$(several /api/orders/1)" ' 24 200;' '... and PostgreSQL started again: all is answered'
	pg_stop_immediate
	is "$(several /api/orders/1)" ' 24 503;' 'PostgreSQL crashed'
	pg_start
	is "$(several /api/orders/1)" ' 24 200;' '... and is there again'

	# The totals of a pool's processes follow what is added and taken away.
	psqlq "INSERT INTO orders (shop, external_id, status) SELECT 's.myshopify.com', i, 'failed' FROM generate_series(100, 299) i"
	sleep 1.1
	totals() {
		seq 12 | while read -r _; do
			get '/api/orders?page_size=1' >got
			jq .total body
		done | sort | uniq -c | tr -s ' ' | tr '\n' ';'
	}
	is "$(totals)" ' 12 230;' 'totals in a pool'
	sleep 1.1
	is "$(totals)" ' 12 230;' '... again'
	psqlq "INSERT INTO orders (shop, external_id, status) VALUES ('s.myshopify.com', 999, 'failed')"
	is "$(totals)" ' 12 231;' '... with one more'
	psqlq 'DELETE FROM orders WHERE id <= 10'
	is "$(totals)" ' 12 221;' '... without the oldest'
	psqlq 'UPDATE orders SET external_id = external_id'
	web_stop
	psqlq 'DELETE FROM orders WHERE id > 30'
	psqlq "INSERT INTO orders (id, shop, external_id, status) SELECT i, 's.myshopify.com', 1000 + i, 'failed' FROM generate_series(1, 10) i"
done

done_testing
