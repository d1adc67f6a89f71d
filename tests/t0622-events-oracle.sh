#!/bin/sh
# What is told against what the API shows: random changes by every path, and after each the
# difference of what the API showed before and shows now says which events there must be, in which
# words. FAULT_SEED repeats a run, FULFIL_TEST_STEPS makes it longer.
# shellcheck disable=SC2016 # jq's variables
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
seed
export RETRY_DELAYS='' LOW_STOCK_THRESHOLD=5
hook 200 >/dev/null
random() { # N: drawn is one of 1 to N, from FAULT_SEED
	FAULT_SEED=$(((FAULT_SEED * 1103515245 + 12345) % 2147483648))
	drawn=$((FAULT_SEED / 65536 % $1 + 1))
}
# the API's products, stock and orders, by id.
state() {
	for state_of in products inventory orders; do
		request GET "/api/$state_of?page_size=100"
		cat body
	done | jq -cs 'def by(f): map({key: (f | tostring), value: .}) | from_entries;
		{product: (map(.products // empty)[0] | by(.id)), stock: (map(.inventory // empty)[0] | by(.product_id)),
			order: (map(.orders // empty)[0] | by(.id))}' >now.json
}
# tell STEP: the events that lie between was.json and now.json, a line each.
tell() {
	jq -c --argjson step "$1" --slurpfile before was.json '
		def level: if .quantity <= 0 then 2 elif .quantity <= .reorder_level then 1 else 0 end;
		def columns: {sku, name, description, category, price, active, reorder_level, updated_at};
		def differs($now): with_entries(select(.value != $now[.key]
			and (.key | IN("sku", "name", "description", "category", "price", "active", "reorder_level")))
			| .value = [.value, $now[.key]]);
		def told: {active, created_at, description, id, name, sku, updated_at};
		. as $now | $before[0] as $was
		| (.product[] | . as $p | $was.product["\(.id)"]
			| if . == null then {type: "product.created", data: ($p | told)}
			elif columns != ($p | columns) then {type: "product.updated", data: ($p | told | .changed = ($was.product["\(.id)"] | differs($p)))} else empty end),
		($was.product[] | select($now.product["\(.id)"] == null) | {type: "product.deleted", data: (told | del(.updated_at))}),
		(.stock[] | . as $s | $was.stock["\(.product_id)"] | select(. and level < ($s | level))
			| {type: ["", "inventory.low", "inventory.out"][$s | level], data: ($s | del(.category) | .reorder_level = $now.product["\(.product_id)"].reorder_level)}),
		(.order[] | select(.status != $was.order["\(.id)"].status and (.status | IN("completed", "failed", "cancelled")))
			| {type: "order.\(.status)", data: (del(.can_retry) | if .status == "cancelled" then .next_attempt_at = null else . end)})
		| .step = $step | .subject = (.data.id // .data.product_id)' now.json
}

# --- the changes

product() { random 12 && sku=SKU-$drawn; }
words() { # of an order: one line or two
	product && random 6 && words="$sku:$drawn"
	random 2
	[ "$drawn" = 1 ] || { product && random 6 && words="$words $sku:$drawn"; }
}
row() {
	product && random 30 && units=$((drawn > 20 ? 0 : drawn)) && random 9 && echo "$sku,n$units,$units,$drawn"
}
change() { # STEP
	product && words && random 100 && by=$drawn && random 12 && units=$drawn && random 8 && level=$((drawn - 1))
	id=$(psqlq "select id from products where sku = '$sku' and deleted_at is null")
	case $by in
	?) request POST /api/products "{\"sku\":\"$sku\",\"name\":\"n$1\",\"reorder_level\":$level}" ;;
	1[0-7]) request PUT "/api/products/${id:-1}" "{\"name\":\"n$units\",\"reorder_level\":$level,\"active\":true}" ;;
	1?) request DELETE "/api/products/${id:-1}" ;;
	20) request DELETE '/api/products/bulk?confirm=true&sku=1' ;;
	2[1-4]) request PUT "/api/inventory/${id:-1}" "{\"quantity\":$units,\"reason\":\"x\"}" ;;
	2?) request POST "/api/inventory/${id:-1}" "{\"add\":-$units,\"reason\":\"x\"}" ;;
	3[0-4]) request PUT "/api/inventory/${id:-1}" "{\"reorder_level\":$level}" ;;
	3? | 4?)
		{ echo sku,name,quantity,reorder_level && row && row && row && row && row; } >rows.csv
		case $by in 3?) fulfil-import <rows.csv ;; *) fulfil-import --stock <rows.csv ;; esac >/dev/null 2>&1
		;;
	5? | 6?) recv "$((100 + $1)) $words" "$((200 + $1)) $sku:$level" ;;
	7[0-4]) recv "$units $words at=$1" ;;
	7?) recv "refund $units at=$1 rid=$1 1:2:return" "edit $((units + 1)) at=$1 eid=$1 1:+2" ;;
	8[0-4]) recv "$units $words at=$1 cancelled=$1" ;;
	8?) request POST "/api/orders/$units/cancel" ;;
	9[0-6]) request POST "/api/orders/$units/retry" ;;
	*) fulfil-scan >/dev/null ;;
	esac
}
printf 'sku,name,quantity\n' >first.csv
seq -f 'SKU-%g,first,20' 12 >>first.csv
fulfil-import --stock <first.csv >/dev/null 2>&1
for order in 1 2 3 4 5 6 7 8 9 10 11 12; do words && echo "$order $words"; done | payloads | fulfil-recv >/dev/null
psqlq 'delete from outbox' && state && step=0
while [ $((step += 1)) -le "${FULFIL_TEST_STEPS:-60}" ]; do
	for part in 'change $step' 'fulfil-work --drain --batch 256'; do
		mv now.json was.json
		eval "$part" >>parts.log 2>&1
		state
		tell "$step"
	done
done >wanted

# --- what was told

ok 'all of it is sent' sh -c 'fulfil-notify --drain >sent.json'
psqlq 'select row_to_json(e) from events e order by sequence' | jq -c . >events
diag "$(jq -r .type events | sort | uniq -c | xargs)"
# Between two looks an order that had failed may be woken and fail again, and what came to the shelf may be
# taken by those who waited for it, down to a low level, too; who waits is not in the list.
by_subject() { # FILE: the events of each product, stock and order, in their order
	jq -Scs 'map(if .type == "product.deleted" then del(.data.updated_at) else . end | select(.type != "order.waiting")
			| if .type != "product.updated" then del(.data.changed) else . end)
		| group_by([.subject, (.type | split(".")[0])])[]
		| reduce .[] as $e ([]; if ($e.type | IN("order.failed", "inventory.out", "inventory.low")) and .[-1].type == $e.type
				or $e.type == "inventory.low" and .[-1].type == "inventory.out" then . else . + [$e] end)
		| .[0].subject, map([.type, .data])[]' "$1"
}
by_subject wanted >wanted.by
by_subject events >events.by
is "$(diff wanted.by events.by)" '' 'each change has its event and no more, in its words, each of a subject in its turn'
ok '... of which there were some' test "$(wc -l <events)" -gt 30
is "$(jq -cs 'group_by([.subject, (.type | split(".")[0])])[] | map(.sequence) | select(. != unique)' events)" '' 'the sequence of a subject grows'
is "$(told '.headers["webhook-id"]' | sort -u | wc -l)" "$(wc -l <events)" 'and each was delivered'
is "$(jq -cs '[group_by(.data.id)[] | map(select(.type | startswith("order."))) | map(.data.updated_at) | select(. != sort)]' events)" '[]' \
	'updated_at of an order grows, too'
exit_is 0 'the audit holds' -- fulfil-scan --audit
done_testing
