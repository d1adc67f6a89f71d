#!/bin/sh
# The API's changes, many at once: each has one effect, or none.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
services_start
web_start fastcgi
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"

# many N PATH CURL-OPTION…: N requests, 16 at a time; prints how many had which status.
many() {
	many_n=$1
	many_path=$2
	shift 2
	seq "$many_n" | xargs -P 16 -I{} curl -s -m 20 -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $FULFIL_TOKEN" \
		-H 'Content-Type: application/json' "$@" "$FULFIL_URL$many_path" | sort | uniq -c | tr -s ' ' | tr '\n' ';'
}
stock() {
	psqlq 'SELECT on_hand, opening + (SELECT sum(delta) FROM ledger) FROM stock'
}

is "$(many 60 /api/inventory/1 -d '{"add": 3, "reason": "delivery"}')" ' 60 200;' 'stock is added 60 times'
is "$(stock)" '180|180' '... and is all there'
is "$(many 60 /api/inventory/1 -d '{"add": -4, "reason": "loss"}')" ' 45 200; 15 409;' 'more is taken than there is'
is "$(stock)" '0|0' '... to the last unit, and no further'
is "$(many 20 /api/inventory/1 -X PUT -d '{"quantity": 50, "reason": "count"}')" ' 20 200;' 'stock is set 20 times'
is "$(stock) $(psqlq 'SELECT count(*) FROM ledger WHERE delta = 50')" '50|50 1' '... which is one change'

psqlq "INSERT INTO orders (shop, external_id, status) SELECT 's.myshopify.com', i, 'failed' FROM generate_series(1, 300) i"
is "$(many 60 /api/orders/1/retry -d '')" ' 1 202; 59 409;' 'one failed order, retried 60 times'
is "$(psqlq 'SELECT run, status FROM orders WHERE id = 1')" '2|pending' '... starts once'
psqlq "UPDATE orders SET retry_count = 1, next_attempt_at = now() + interval '1 hour' WHERE id = 1"
is "$(many 100 /api/orders/1/retry -d '')" ' 1 202; 99 409;' 'one that waits for its next attempt, retried 100 times'
is "$(psqlq 'SELECT run, status, retry_count FROM orders WHERE id = 1')" '3|pending|0' '... starts once'
psqlq "UPDATE orders SET run = 2 WHERE id = 1"
is "$(many 60 /api/orders/2/cancel -d '')" ' 1 202; 59 409;' 'cancelled 60 times'
is "$(psqlq 'SELECT run, status FROM orders WHERE id = 2')" '1|cancelled' '... is cancelled once'
is "$(many 20 '/api/orders/retry?status=failed' -d '')" ' 20 202;' 'all that failed, retried 20 times'
is "$(psqlq "SELECT run, status, count(*) FROM orders GROUP BY 1, 2 ORDER BY 1, 2" | tr '\n' ' ')" '1|cancelled|1 2|pending|299 ' \
	'... start once each'
is "$(psqlq 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')" 0 'no deadlock'

is "$(many 40 /api/products -X POST -d '{"sku": "New", "name": "One"}')" ' 1 201; 39 409;' 'one SKU, created 40 times'
is "$(many 40 /api/products/2 -X PUT -d '{"sku": "nEW", "price": "5", "reorder_level": 2}')" ' 40 200;' 'changed 40 times'
is "$(psqlq "SELECT id, sku, price, (SELECT count(*) FROM products) FROM products WHERE lower(sku) = 'new'")" '2|nEW|5|2' \
	'... is one product'
is "$(many 40 /api/products/2 -X DELETE)" ' 1 204; 39 404;' '... deleted 40 times'
is "$(psqlq "SELECT count(*) FROM products WHERE deleted_at IS NULL")" 1 '... is gone once'

# A worker takes orders while they are cancelled: what it took comes back.
psqlq "DELETE FROM orders"
seq 400 | awk '{ printf "{\"id\":%d,\"line_items\":[{\"id\":1,\"product_id\":1,\"variant_id\":1,\"sku\":\"mug\",\"quantity\":1}]}\n", 1000 + $1 }' |
	fulfil-recv >received
psqlq "SELECT stock_adjust(1, 400, true, 'x', 'test', 10)" >received.too
fulfil-work --drain -j 2 >worked 2>&1 &
worker=$!
jq .order_id received | xargs -P 8 -I{} curl -s -m 20 -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $FULFIL_TOKEN" \
	-d '' "$FULFIL_URL/api/orders/{}/cancel" | sort | uniq -c >codes
wait "$worker"
is "$(tr -s ' ' <codes)" ' 400 202' 'all orders are cancelled while they are processed'
fulfil-work --drain >worked 2>&1
is "$(stock)" '400|400' '... and everything is on the shelf'
exit_is 0 'the audit agrees' -- fulfil-scan --audit

done_testing
