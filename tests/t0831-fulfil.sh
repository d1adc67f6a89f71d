#!/bin/sh
# fulfil: nouns and verbs do what the API's routes do, in records and in tables; other words are commands.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

openapi() { jq -r "$1" "$TOP/cgi-bin/openapi.json"; }
# described SCHEMA < ROWS: what the rows have that the schema does not.
described() {
	jq -c 'del(.v, .type, .of)' | jq -r --arg s "$1" --slurpfile ref "$TOP/cgi-bin/openapi.json" -f "$TOP/tests/described.jq"
}
typed() { # COMMAND: at a terminal of 80 columns
	env COLUMNS=80 script -qec "stty cols 80; $1" /dev/null </dev/null | tr -d '\r'
}

# --- what there is: every route of the description but these
sed -n 's/^	{"\([a-z]*\)", "\([a-z]*\)", "\([A-Z]*\)", "\([^"]*\)".*/\3 \4/p' "$TOP/lib/shell/verb.c" | sort -u >verbs
# shellcheck disable=SC2016 # jq's
openapi '.paths | to_entries[] | .key as $p | .value | keys[] | select(test("^(get|post|put|delete)$")) | "\(ascii_upcase) \($p)"' |
	grep -Ev '/stream$|/webhooks/shopify|/openapi.json|/metrics$|/health$|^POST /api/upload$' | sort -u >routes
is "$(comm -3 verbs routes)" '' 'each route has a verb, and each verb a route'
exit_is 0 'help' -- fulfil help
is "$(printf '%s\n' "$OUT" | awk 'length > 80')" '' '... in lines of 80 characters'
like "$OUT" '^  orders +retry +Start an order again' '... lists verbs'
like "$OUT" ' recv .*work' '... and commands'
printf '%s\n' "$OUT" | sed -n 's/^  \([a-z]*\) *\([a-z]*\)  .*/\1 \2/p' >listed
while read -r noun verb; do
	exit_is 0 "fulfil $noun $verb --help" -- fulfil "$noun" "$verb" --help
	like "$OUT" "^usage: fulfil $noun $verb" '... starts with its usage'
	is "$(printf '%s\n' "$OUT" | awk 'length > 80')" '' '... in lines of 80 characters'
	like "$(cat "$TOP/cmd/fulfil.1")" "^\\.Cm ([a-z]+ , )*$verb( |\$)" '... and the page has it'
done <listed
exit_is 64 'a noun without a verb' -- fulfil orders
like "$OUT" 'orders +list' '... shows what it has'
exit_is 64 'a verb that it has not' -- fulfil orders burn
like "$ERR" 'fulfil help orders' '... says where to read'
exit_is 64 'a command that is not there' -- fulfil nonsense
like "$ERR" 'no command "nonsense"' '... is named'

# --- commands
exit_is 0 'recv is fulfil-recv' -- fulfil recv --version
is "$(printf '%s\n' "$OUT" | head -n 1)" "$(fulfil-recv --version | head -n 1)" '... itself'
(cd / && ln -s "$BUILD/cmd/fulfil" "$SCRATCH/away")
exit_is 0 '... wherever this one is called from' -- env PATH=/usr/bin:/bin "$SCRATCH/away" work --version
psqlq "INSERT INTO products (sku, name, price, reorder_level) VALUES ('A-1', 'A teapot', 3.5, 2), ('B-2', E'B\\x1b[31m', null, 0)"
for i in 1 2 3; do
	printf '{"id":%s,"name":"#100%s","email":"ada@example.com","line_items":[{"id":1,"sku":"A-1","quantity":2}]}\n' $i $i
done >payloads
fulfil recv <payloads | fulfil work - >/dev/null

# --- records
exit_is 0 'orders list' -- fulfil orders list
is "$(printf '%s\n' "$OUT" | jq -c '[.v, .type, .of, .id, .status]')" '[1,"row","orders",3,"pending"]
[1,"row","orders",2,"pending"]
[1,"row","orders",1,"pending"]' '... in a pipe: records'
is "$(printf '%s\n' "$OUT" | described Order)" '' '... with what the description has'
is "$(fulfil orders list --limit 2 | jq .id | tr '\n' ' ')" '3 2 ' '... as many as are wanted'
is "$(fulfil orders list --sort id --since 1h | jq .id | tr '\n' ' ')" '1 2 3 ' '... with the options of the route'
is "$(fulfil orders list --since today --status failed)" '' '... which choose'
exit_is 64 'an option of another kind' -- fulfil orders list --status lost
exit_is 64 'a time that is none' -- fulfil orders list --since tomorrowish
like "$ERR" '^fulfil orders list: --since ' '... is named'
exit_is 0 'orders show' -- fulfil orders show 1 '#1003'
is "$(printf '%s\n' "$OUT" | jq -c '[.id, .items[0].sku]' | tr -d '\n')" '[1,"A-1"][3,"A-1"]' '... by id and by number'
is "$(printf '%s\n' "$OUT" | described OrderDetail)" '' '... with what the description has'
exit_is 65 'one that is not there, and one that is' -- fulfil orders show 99 2
like "$ERR" 'there is no order 99' '... is said'
is "$(printf '%s\n' "$OUT" | jq .id)" 2 '... and the other shown'
exit_is 65 'a name of several' -- fulfil orders show ada@example.com
like "$ERR" '3 are called' '... is not guessed'
psqlq "INSERT INTO products (sku, name) SELECT 'P-' || n, 'P' FROM generate_series(1, 450) n"
is "$(fulfil products list | jq -s 'map(.id) | [length, (unique | length)]' -c)" '[452,452]' 'a list of several pages is whole'
is "$(fulfil products list --sort sku | jq -r .sku | LC_ALL=C sort -c && fulfil products list --sort sku | jq -s length)" 452 '... in another order too'
is "$(fulfil products count --sku P- | jq .total)" 450 'products count'
exit_is 0 'products export' -- fulfil products export --sku A-1
is "$(printf '%s\n' "$OUT" | tail -n 1 | cut -d, -f 1,2)" 'A teapot,A-1' '... is the CSV file itself'

# --- changes
exit_is 0 'stock set, by SKU' -- fulfil stock set A-1 quantity=40 reason=count
is "$(printf '%s\n' "$OUT" | described Inventory)" '' '... answers as described'
is "$(fulfil stock ledger A-1 | jq -c '[.delta, .balance, .actor]')" "[40,40,\"$(id -un)\"]" '... and is kept in the name of who did it'
exit_is 0 'stock add' -- fulfil stock add A-1 add=-3 reason=broken
is "$(printf '%s\n' "$OUT" | jq .quantity)" 37 '... adds'
exit_is 0 'a SKU in another case' -- fulfil stock set a-1 quantity=40 counted_at=5m reason='five minutes ago'
is "$(printf '%s\n' "$OUT" | jq .quantity)" 37 '... with a time as options take it: three went since'
exit_is 0 'what is short' -- fulfil stock shortages
exit_is 0 'causes' -- fulfil orders causes --limit 1
is "$(printf '%s\n' "$OUT" | jq -s length)" 1 '... as many as asked for'
exit_is 64 'a member that is not there' -- fulfil stock set A-1 amount=4
like "$ERR" 'no "amount" here, but quantity' '... tells which are'
exit_is 64 'a number that is none' -- fulfil stock set A-1 quantity=many reason=x
like "$ERR" 'quantity takes a value of the type integer' '... is named'
exit_is 65 'what the API refuses' -- fulfil stock set A-1 quantity=-1 reason=x
exit_is 0 'records into set' -- sh -c "fulfil stock list --limit 3 | jq -c '{product_id, quantity: 5, reason: \"new\"}' | fulfil stock set -"
is "$(printf '%s\n' "$OUT" | jq -c .quantity | tr -d '\n')" 555 '... each is done'
is "$(fulfil orders list --status pending -n 2 | fulfil orders retry - | fulfil work - | jq -c '[.order_id, .status]' | sort | tr -d '\n')" \
	'[2,"completed"][3,"completed"]' 'a pipeline: list, retry, work'
exit_is 0 'retry all' -- fulfil orders retry --status pending
is "$OUT" '{"v":1,"type":"row","of":"orders","retried":1}' '... by their options'
exit_is 64 '... which do not go with an id' -- fulfil orders retry --status pending 1
exit_is 0 'cancel' -- fulfil orders cancel 1
exit_is 65 '... is not done twice' -- fulfil orders cancel 1
exit_is 0 'products create' -- fulfil products create sku=007 name=New active=no price=3.50
is "$(printf '%s\n' "$OUT" | jq -c '[.sku, .active, .price]')" '["007",false,"3.50"]' '... with texts as texts'
exit_is 0 'products delete' -- fulfil products delete B-2
is "$(printf '%s\n' "$OUT" | jq -c '[.id, .status]')" '[2,"deleted"]' '... says which'
exit_is 65 'deleting all of them' -- fulfil products delete --sku P-
exit_is 0 '... is done if that is meant' -- fulfil products delete --sku P- --confirm true
is "$(printf '%s\n' "$OUT" | jq .deleted)" 450 '... all that were chosen'
export WEBHOOK_ALLOW_PRIVATE=yes
exit_is 0 'webhooks create' -- fulfil webhooks create url=http://127.0.0.1:1024/ event_types=order.completed,order.failed
is "$(printf '%s\n' "$OUT" | jq -c '[.id, .event_types]')" '[1,["order.completed","order.failed"]]' '... with a list'
exit_is 0 'webhooks set' -- fulfil webhooks set 1 enabled=false
exit_is 0 'deliveries of it' -- fulfil deliveries list 1
exit_is 0 'webhooks test' -- fulfil webhooks test 1
is "$(printf '%s\n' "$OUT" | jq -c .success)" false '... tells the result'

# --- at a terminal
OUT=$(typed 'fulfil products list')
like "$OUT" '^ *id +sku +name +price' 'at a terminal a list has a head'
like "$OUT" '^ *1 +A-1 +A teapot +3.5 ' '... and rows'
is "$(printf '%s\n' "$OUT" | awk 'length > 82')" '' '... that fit'
psqlq "INSERT INTO products (sku, name) SELECT 'Q-' || n, repeat('long ', 40) FROM generate_series(1, 60) n; INSERT INTO products (sku, name) VALUES ('E', E'\\x1b[31mred')" >/dev/null
OUT=$(typed 'fulfil products list')
is "$(printf '%s\n' "$OUT" | grep -c 'Q-')" 49 '... at most 50 of them'
like "$OUT" 'these are 50 of 63; --limit 0 lists all' '... with a word on the others'
unlike "$OUT" "$(printf '\033')" '... and nothing that changes the terminal'
like "$OUT" 'long lon.*…' '... and what is too wide is cut'
like "$(typed 'fulfil orders show 3')" '^status +completed$' 'one object has a line for each member'
like "$(typed 'fulfil orders show 3')" '^ *1 +A-1 ' '... and tables in it'
like "$(fulfil orders list -f table)" '^ *3 +#1003 +completed' '-f table in a pipe'
printf 'sku,name\nFEED-1,One of a feed\n' | fulfil-import --feed acme >/dev/null 2>&1
is "$(fulfil feeds list | jq -c '[.name, .rows, .columns, .refused]')" '["acme",1,["sku","name"],null]' 'feeds list'
like "$(typed 'fulfil feeds list')" 'acme  *1 ' '... for people, too'

# --- servers away, no place to write
exit_is 74 'a full disk' -- sh -c 'fulfil orders list >/dev/full'
exit_is 69 'PostgreSQL away' -- env DATABASE_URL='postgresql:///x?host=/nowhere' fulfil orders list
redis_stop
exit_is 0 'Redis away: a retry is found by the workers' -- fulfil orders retry --status pending
done_testing
