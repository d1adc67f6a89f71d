#!/bin/sh
# What changed against what was told: while importers, workers and senders are killed, every change
# that was committed has one event, each event one delivery a webhook, and each delivery its end.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

faults
services_start
sink_start
seed
export RETRY_DELAYS='' WEBHOOK_RETRY_BASE=0
random() { # N: one of 1 to N, from FAULT_SEED
	FAULT_SEED=$(((FAULT_SEED * 1103515245 + 12345) % 2147483648))
	drawn=$((FAULT_SEED / 65536 % $1 + 1))
}
hook 200 >/dev/null
hook flaky?2 >/dev/null
psqlq "update webhooks set event_types = '{order.*}' where id = $(hook 'flaky?1')"

# --- changes, and what makes them killed

awk 'BEGIN { print "sku,name,quantity"; for (i = 1; i <= 40; i++) print "P" i ",Article " i "," (i % 4 ? 500 : 12) }' >products.csv
exit_is 137 'an import is killed' -- sh -c 'FULFIL_FAULT=bulk-commit fulfil-import --stock --active yes <products.csv'
ok '... and goes well' sh -c 'fulfil-import --stock --active yes <products.csv'
ok '... and again, with two that changed' sh -c "sed 's/Article 7,/Seven,/; s/Article 8,/Eight,/' products.csv | cut -d, -f1,2 | fulfil-import"
awk 'BEGIN {
	for (i = 1; i <= 150; i++) printf "{\"id\":%d,\"line_items\":[{\"id\":1,\"sku\":\"P%d\",\"quantity\":%d,\"price\":\"1.50\"}]%s}\n",
		i, i % 40 + 1, i % 10 == 3 ? 900 : 3, (i % 10 == 5 ? ",\"cancelled_at\":\"2026-01-01T00:00:00Z\"" : "")
}' | fulfil-recv >/dev/null
(
	for where in sent recorded sent recorded sent recorded sent recorded sent recorded; do
		random 6
		FULFIL_FAULT=$where:$drawn timeout 20 fulfil-notify --drain
		psqlq 'update deliveries set leased_until = now() where leased_until is not null'
	done
) >sender.log 2>&1 &
sender=$!
for where in before-commit after-commit before-commit after-commit; do
	random 9
	FULFIL_FAULT=$where:$drawn timeout 30 fulfil-work --drain -b 4 >>worked 2>>worker.log
done
timeout 60 fulfil-work --drain >>worked 2>>worker.log
# Orders may fail by their crashes and leave all their units: two crossings that do not hang on them.
for count in 5 0; do psqlq "select stock_adjust(id, $count, true, 'counted', 'test', 10) from products where sku = 'P2'" >/dev/null; done
wait $sender
ok 'senders were killed' grep -q Killed sender.log
ok 'workers were killed' grep -q 'ended by signal 9' worker.log
settled() { [ "$(psqlq "select (select count(*) from outbox) + count(*) from deliveries where state = 'waiting'")" = 0 ]; }
for _ in 1 2 3 4 5 6; do timeout 60 fulfil-notify --drain >>sent; done
ok 'all of it ends' settled

# --- the oracle

psqlq "select type, subject from events" | sort >told
psqlq "select 'product.created', id from products
	union all select 'product.updated', id from products where name in ('Seven', 'Eight')
	union all select 'order.' || status, id from orders
	union all select distinct 'order.waiting', order_id from sync_logs where error like 'insufficient stock%'
	union all select 'inventory.low', product_id from stock where on_hand <= 10
	union all select 'inventory.out', product_id from stock where on_hand <= 0" | sort >changed
ok 'every change has one event, and there is no other' diff changed told
is "$(cut -d'|' -f1 told | sort -u | tr '\n' ' ')" \
	'inventory.low inventory.out order.cancelled order.completed order.failed order.waiting product.created product.updated ' '... of every sort'
psqlq "select e.id, w.id from events e join webhooks w on w.event_types && event_names(e.type)" | sort >wanted
psqlq 'select event_id, webhook_id from deliveries' | sort >made
ok 'every event has one delivery for each webhook that asks for it' diff wanted made
is "$(psqlq "select distinct state from deliveries")" delivered '... and that its end'
told '[(.headers["webhook-id"] | split("_")[1]), .headers["x-webhook-id"]] | join("|")' | sort -u >heard
ok '... which its endpoint heard' diff wanted heard
invariants 'what must hold does'
done_testing
