#!/bin/sh
# fulfil-record(5) against records: every type and field that the commands write is in the page, and
# every one of the page is written by some command.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

payload() { # ID SKU QUANTITY
	printf '{"id":%s,"line_items":[{"id":1,"sku":"%s","quantity":%s}]}\n' "$@"
}

psqlq "insert into products (sku, name, reorder_level) values ('A-1', 'A', 2), ('B-2', 'B', 0)"
psqlq 'select stock_adjust(1, 3, true, null, null, 10), stock_adjust(2, 1, true, null, null, 10)' >/dev/null

# What each command has to say, in good days and in bad ones.
{
	payload 1 A-1 2
	payload 1 A-1 2
	echo '{"id":'
	payload 2 B-2 5
	payload 3 NO-SUCH 1
	payload 4 B-2 1
} >input
{
	fulfil-recv <input >stored
	psqlq "insert into quarantine (shop, topic, reason, body) values ('a.myshopify.com', 'orders/create', 'x', '[')"
	fulfil-recv --quarantine
	fulfil-enqueue <stored
	fulfil-enqueue --due
	fulfil-work --drain
	echo '{"order_id":1}' | fulfil-work -
	# shellcheck disable=SC2094 # it waits for what comes out
	{
		printf 'sku,name,price,odd\nA-1,A,,\n'
		wait_until 10 grep -q '"progress"' imported
		printf 'A-1,A,1,\n,none,much\n"open'
	} | fulfil-import >imported
	cat imported
	printf 'sku,name,description,category,price,active,reorder_level\na-1,B,d,c,2,%s,3\n' \
		"$(psqlq "select not active from products where sku = 'A-1'")" | fulfil-import --changes >changed
	cat changed
	psqlq "update products set category = 'edited', updated_at = now() where sku = 'a-1'"
	fulfil-import --undo "$(jq 'select(.type == "summary") | .import_id' changed)"
	printf 'sku,name\nZ-1,Z\n' | fulfil-import --missing delete --max-shrink 100 --changes >lacking
	cat lacking
	fulfil-import --undo "$(jq 'select(.type == "summary") | .import_id' lacking)"
	echo sku,name | fulfil-import --explain
	psqlq "insert into uploads (filename, status) values ('x', 'queued')"
	(
		fulfil-import --work >uploaded &
		wait_until 10 grep -q '"summary"' uploaded
		kill $!
	)
	cat uploaded
	fulfil-stat --demo
	fulfil-stat
	echo '{"shop_domain":"a.myshopify.com"}' | fulfil-recv --shop a.myshopify.com --topic shop/redact >/dev/null
	psqlq "insert into quarantine (reason, body) values ('x', 'x')"
	fulfil-scan
	fulfil-token --scope all --expires 1 new x
	echo 'of twelve characters' | fulfil-token --scope all user y
	fulfil-token list
	fulfil-token revoke x
	FULFIL_URL=http://127.0.0.1 fulfil-token link
	fulfil products count
	psqlq "insert into webhooks (url, event_types) values ('http://127.0.0.1:1024/', '{order.*}')"
	printf '{"event":"%s","data":{"id":1}}\n' order.completed product.created |
		WEBHOOK_ALLOW_PRIVATE=yes fulfil-notify -
	fulfil-notify --export
	psqlq "update webhooks set secret = 'of-sixteen-bytes'"
	WEBHOOK_ALLOW_PRIVATE=yes fulfil-notify --check http://127.0.0.1:1024/
	redis_stop
	fulfil-stat
	fulfil-enqueue <stored
	psqlq 'update stock set on_hand = on_hand + 1 where product_id = 1'
	psqlq "update orders set crash_count = 0, status = 'completed' where id = 2"
	psqlq "insert into products (sku, name) select 'N-' || n, '' from generate_series(1, 150) n"
	psqlq "insert into stock (product_id, on_hand, opening) select id, 1, 0 from products where sku like 'N-%'"
	fulfil-scan --audit
	psql -X -q -d "postgresql:///fulfil?host=$PG_SOCKET&user=postgres" -c 'alter role fulfil createdb'
	fulfil-scan --rebuild
	DATABASE_URL='postgresql:///x?host=/nowhere' fulfil-stat
	(
		fulfil-work -j 2 >/dev/null 2>&1 &
		wait_until 5 sh -c 'fulfil-stat workers | grep -q idle'
		fulfil-stat
		kill $!
	)
} >records 2>messages
is "$(jq -c . records | wc -l)" "$(grep -c '^{.*}$' records)" 'each record is a line'
is "$(jq -c 'select(.v != 1 or (.type | type) != "string")' records)" '' 'each has a version and a type'
is "$(jq -r '[keys_unsorted[:2][]] | join(" ")' records | sort -u)" 'v type' '... and they come first'

# "TYPE FIELD" of all that was written; a member of a list is under [].
jq -r '.type as $type | [paths | map(if type == "number" then "[]" else "." + . end) | join("")[1:]
	| select(test("\\[\\]$") | not)] | .[] | select(. != "v" and . != "type") | $type + " " + .' records |
	sort -u >written
# The same from the page; what has members is in it by its members.
awk '
	/^\.Ss / { type = $2 }
	/^\.It Li / && type {
		line = substr($0, 8)
		n = split(line, name, " , ")
		for (i = 1; i <= n; i++) print type, name[i]
	}
' "$TOP/cmd/fulfil-record.5" | sort -u >described
grep -Ev '^event data\.|^health (database|redis|workers|queue|deliveries|importing)$' written >written.leaves
is "$(comm -23 written.leaves described)" '' 'the page has every field that was written'
is "$(comm -13 written.leaves described)" '' 'every field of the page was written'
is "$(jq -r .type records | sort -u)" "$(sed -n 's/^\.Ss //p' "$TOP/cmd/fulfil-record.5" | sort -u)" 'the types are those of the page'

# The JSON Schema, which is made of the page.
schema=$BUILD/schema/record.json
wrong() { jq -r --slurpfile schema "$schema" -f "$TOP/tests/schema.jq"; }
is "$(wrong <records)" '' 'every record is what the schema says'
is "$(echo '{"v":2,"type":"order","order_id":"7","status":"lost"} {"type":"none"}' | wrong)" 'order.order_id is "7", not ["integer","null"]
order.status is "lost", not one of ["accepted","cancelled","duplicate","ignored","refunded","rejected","updated"]
order.v is 2, not 1
no type none' '... which tells what is none'
jq -r '."$defs" | to_entries[] | .key as $type | def fields($at): (.properties // {} | to_entries[] | (if $at == "" then .key else $at + "." + .key end) as $path
	| (.value | if .properties then ($path, fields($path)) elif .items.properties then ($path, (.items | fields($path + "[]"))) else $path end));
	.value | fields("") | select(. != "v" and . != "type") | $type + " " + .' "$schema" | sort -u >schemed
is "$(comm -13 schemed described)" "$(jq -n empty)" 'it has every field of the page'
is "$(awk '/^\.Ss / { on = 1 } on && /^\.It Li / { name = $0; getline; if ($0 !~ /^\.\\" [a-z]/) print name }' "$TOP/cmd/fulfil-record.5")" '' \
	'... each of which says what JSON it is'
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
	exit_is 0 'another validator says the same' -- python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
valid = jsonschema.Draft202012Validator(schema)
for line in open("records"): valid.validate(json.loads(line))' "$schema"
fi
done_testing
