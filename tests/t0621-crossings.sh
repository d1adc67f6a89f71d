#!/bin/sh
# A crossing is told from what was before a transaction to what is after it, once, whatever moved
# the stock or its threshold: never from a state in between.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
export RETRY_DELAYS=0 IMPORT_ACTIVE=yes LOW_STOCK_THRESHOLD=10
psqlq "insert into webhooks (url, event_types) values ('https://example.com/', '{inventory.*}')"
# crossings: what there is to tell, "SKU type quantity", since the last call.
crossings() {
	psqlq "select p.sku, type, d->>'quantity' from outbox, unnest(subjects, data) u(s, d) join products p on p.id = s order by 1, outbox.id" |
		sed 's/inventory\.//' | tr '|\n' ' ;'
	psqlq 'delete from outbox'
}

# --- an import of both: SKU, units and threshold before, and after

cat >cases <<'END'
UP 11 5 100 50
UP-LOW 11 5 20 50 low 20
UP-OUT 11 5 0 50 out 0
DOWN 100 50 11 5
DOWN-LOW 100 50 4 5 low 4
DOWN-OUT 100 50 0 5 out 0
LOW-LOW 4 5 40 50
LOW-OK 4 5 40 39
LOW-OUT 4 5 0 0 out 0
OUT-LOW 0 5 3 5
LEVEL 11 5 11 11 low 11
UNITS 11 5 5 5 low 5
SAME 11 5 11 5
EMPTY 11 5 - 12 low 11
EMPTY-OK 11 12 - 5
END
stock_file() { # COLUMN: from which units and threshold stand
	awk -v at="$1" 'BEGIN { print "sku,name,quantity,reorder_level" }
		{ print $1 ",n," ($at == "-" ? "" : $at) "," $(at + 1) }' cases
}
stock_file 2 | fulfil-import --stock >/dev/null 2>&1
is "$(crossings)" '' 'what was never there has not fallen'
psqlq 'update stock set alert_due = false'
stock_file 4 | fulfil-import --stock >/dev/null 2>&1
is "$(crossings)" "$(awk 'NF > 5 { print $1, $6, $7 }' cases | LC_ALL=C sort | tr '\n' ';')" 'an import of units and thresholds tells of what fell, and of nothing else'
is "$(psqlq 'select sku from stock s join products p on p.id = s.product_id where alert_due order by 1' | xargs)" \
	"$(awk 'NF > 5 { print $1 }' cases | LC_ALL=C sort | xargs)" '... and fulfil-scan will say the same'
is "$(psqlq "select count(*) from stock s join products p on p.id = s.product_id where level <> stock_level(on_hand, reorder_level)")" 0 '... and levels are what they must be'
is "$(psqlq "select count(*) from ledger where delta = 0")" 0 '... and only what moved is in the ledger'
stock_file 4 | sed 's/,n,/,m,/; s/,[0-9]*$/,0/' | cut -d, -f1,2,4 | fulfil-import >/dev/null 2>&1
stock_file 4 | cut -d, -f1,2,4 | fulfil-import >/dev/null 2>&1
is "$(crossings | tr ';' '\n' | cut -d' ' -f2 | sort | uniq -c | xargs)" "$(psqlq "select count(*) || ' low' from stock where level = 'low'")" \
	'an import of thresholds alone'

# --- workers

order() { # ID SKU QUANTITY [EXTRA]
	printf '{"id":%s,"line_items":[{"id":1,"sku":"%s","quantity":%s,"price":"1.50"}]%s}\n' "$1" "$2" "$3" "${4-}"
}
work() { # all at once
	fulfil-recv >/dev/null && fulfil-work --drain --batch 256 >/dev/null 2>&1
}
psqlq 'delete from outbox'
psqlq "insert into products (sku, name) values ('HOT', 'hot')"
hot=$(psqlq "select id from products where sku = 'HOT'")
request PUT "/api/inventory/$hot" '{"quantity":250,"reason":"count"}'
seq 1 256 | while read -r n; do order "$n" HOT 1; done | work
is "$(crossings)" 'HOT out 0;' 'a batch of 256 orders empties a shelf: one event, of where it ends'
request PUT "/api/inventory/$hot" '{"quantity":20,"reason":"count"}'
fulfil-work --drain >/dev/null 2>&1
psqlq "update orders set next_attempt_at = null, status = 'failed', error_message = 'x' where status = 'pending'"
request PUT "/api/inventory/$hot" '{"quantity":20,"reason":"count"}'
psqlq 'delete from outbox'
{ order 1001 HOT 8 && order 1002 HOT 8 && order 1001 HOT 8 ',"cancelled_at":"2026-01-01T00:00:00Z"'; } | work
is "$(crossings)" '' 'an order that is cancelled before it was begun'
order 1003 HOT 2 | work
is "$(crossings)" 'HOT low 10;' 'an order that crosses'
{ order 1003 HOT 2 ',"cancelled_at":"2026-01-01T00:00:00Z"' && order 1004 HOT 1 && order 1005 HOT 1; } | work
is "$(crossings)" '' 'what one order gives back and others take is no crossing'
echo '{"id":1004,"line_items":[{"id":1,"sku":"HOT","quantity":1,"current_quantity":0,"price":"1.50"}]}' | work
is "$(psqlq "select level from stock where product_id = $hot")" ok 'an edit that gives back'
is "$(crossings)" '' '... tells nothing'
order 1004 HOT 3 | work
is "$(crossings)" 'HOT low 8;' 'an edit that takes more and crosses'

# --- thresholds

request PUT "/api/products/$hot" '{"reorder_level":3}'
request PUT "/api/inventory/$hot" '{"reorder_level":8}'
request PUT "/api/products/$hot" '{"reorder_level":9,"name":"hotter"}'
is "$(crossings)" 'HOT low 8;' 'a threshold that falls, and rises twice'
request PUT "/api/inventory/$hot" '{"quantity":20,"reorder_level":30,"reason":"x"}'
is "$STATUS" 400 'both are not set at once'
request PUT "/api/products/$hot" '{"reorder_level":null}'
request PUT "/api/inventory/$hot" '{"quantity":15,"reason":"count"}'
is "$(crossings)" '' 'above the threshold of all'
LOW_STOCK_THRESHOLD=15 fulfil-scan >/dev/null
LOW_STOCK_THRESHOLD=15 fulfil-scan >/dev/null
is "$(crossings | tr ';' '\n' | grep HOT)" 'HOT low 15' 'a scan with another threshold tells of it once'
exit_is 0 'the audit holds' -- fulfil-scan --audit
done_testing
