#!/bin/sh
# Every kind of change, from every path, with every kind of text, told to receivers that are built
# on the package of Standard Webhooks, or hash the bytes, or what they parsed and spelled anew: all of
# it is accepted, and none is missing.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/npm.sh
. "$TOP/tests/npm.sh"

npm_modules
services_start
export WEBHOOK_ALLOW_PRIVATE=yes RETRY_DELAYS=0 IMPORT_ACTIVE=yes
hmac=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw other=whsec_d2hzZWMgcm90YXRpb24gbmV3IHNlY3JldCAzMmJ5dGU=
pair=whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==
public=whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=
# shellcheck disable=SC2016 # no variable
text='it is a "secret", \ & $all of it'
jq -n --arg hmac $hmac --arg other $other --arg public $public --arg text "$text" 'def first: {key: ., headers: true};
	def old: {key: .}; {hmac: [$hmac | first], text: [$text | first], pair: [$public | old],
	rotated: [($hmac | first), ($text | old)], again: [($other | first), ($hmac | old)],
	publicly: [($public | old), ($text | first)], privately: [($hmac | first), ($public | old)]}' >keys.json
(exec setpriv --pdeathsig=TERM node "$TOP/tests/npm/receiver.mjs" keys.json port deliveries) >receiver.log 2>&1 &
receiver=$!
at_exit "kill $receiver 2>/dev/null"
wait_until 20 test -s port || exit 69
url=http://127.0.0.1:$(cat port)

hook() { # PATH SECRET [SECRET]: the second one takes the place of the first
	request POST /api/webhooks "$(jq -n --arg u "$url/$1" --arg s "$2" '{url: $u, event_types: ["*"], secret: $s, retry_count: 0}')"
	[ $# -lt 3 ] || request PUT "/api/webhooks/$(answer .id)" "$(jq -n --arg s "$3" '{secret: $s}')"
	is "$STATUS $(answer .has_secret)" "20$(($# == 2)) true" "a webhook: $1"
}
hook hmac $hmac
hook text "$text"
hook pair $pair
hook rotated "$text" $hmac
hook again $hmac $other
hook publicly "$text" $pair
hook privately $pair $hmac

# --- changes

n=0
while read -r words; do # as JSON spells them
	n=$((n + 1))
	request POST /api/products "{\"sku\":\"T-$n\",\"name\":\"n $n\",\"description\":\"$words\"}"
	is "$STATUS" 201 "a product with words of kind $n"
	request PUT "/api/products/$(answer .id)" "{\"description\":\"$words!\",\"price\":\"19.90\"}"
done <<'TEXTS'
plain
Crème brûlée, 急須, ελληνικά, עברית‏
\ud83d\ude00👩‍👩‍👧 𝔘𝔫𝔦
\u0001\u001f\u007f\u0080\u009f\b\f\n\r\t
\"quotes\" 'and' \\back\\slashes\\u0041 \/ \/\/
\u2028\u2029\ufeff\ufffd\uffff\u00ad\u200b
</script><!--&amp;]]>{{7*7}}${PATH}%s%n
199.0 1e5 -0 NaN 9007199254740993 null true
TEXTS
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "l\303\244ng \\\\ \\\"%d\\\" ", i }' >long
printf '{"sku":"LONG","name":"long","description":"%s"}' "$(cat long)" >body.json
SEND=body.json request POST /api/products
is "$STATUS" 201 'a description of 400,000 bytes'
{
	printf 'sku,name,description\nI-1,"a ""quoted"", name","two\r\nlines\t\001\177"\nI-2,Ünïcödé 😀,</script>\\u0041\nT-1,imported,now\n'
	awk 'BEGIN { for (i = 10; i < 400; i++) printf "I-%d,n %c,%s\n", i, 33 + i % 90 == 34 || 33 + i % 90 == 44 ? 35 : 33 + i % 90, i / 7 }'
} >in.csv
ok 'an import' sh -c 'fulfil-import <in.csv >out'
ok '... and another that changes them' sh -c 'sed "s/,\([0-9.]*\)$/,now \1/" in.csv | fulfil-import >out'
request PUT /api/inventory/1 '{"quantity":20,"reason":"count"}'
request PUT /api/inventory/1 '{"quantity":3,"reason":"count"}'
printf '{"id":%s,"name":"#%s","email":"zoë@example.com","total_price":"%s","currency":"EUR","line_items":[{"id":1,"sku":"T-1","name":"急須 \\"x\\"","quantity":%s,"price":%s}]%s}\n' \
	820982911946154508 1 3.00 3 1.00 '' 5 2 1e3 999 '"0.333"' '' 6 3 0 1 199.0 ',"cancelled_at":"2026-01-01T00:00:00Z"' | fulfil-recv >/dev/null
fulfil-work --drain >/dev/null
fulfil-work --drain >/dev/null
request DELETE /api/products/2
request DELETE '/api/products/bulk?confirm=true&sku=I-'
printf '{"event":"order.completed","data":{"id":1,"total":12.50,"\\u00e9":[1.0,-0.0,1e400,{"z":null,"A":"\\ud83d\\ude00"}],"deep":{"b":1,"a":[]}}}\n' >records
: "the same by hand, in an event's own words"
fulfil-notify - <records >/dev/null
fulfil-notify --drain >sent

# --- the result

is "$(psqlq 'select type from events group by type order by type' | tr '\n' ' ')" \
	'inventory.low inventory.out order.cancelled order.completed order.failed order.waiting product.created product.deleted product.updated ' 'there were events of all kinds'
events=$(psqlq 'select count(*) from events')
ok '... more than a thousand of them' test "$events" -gt 1000
curl -sS -m 10 "$url/report" >report
for path in hmac text pair rotated again publicly privately; do
	is "$(jq -r --arg p $path '.[$p] | [.accepted, .refused, .ids, .why] | @tsv' report)" "$events	0	$events	" "$path accepts each of them, once"
done
is "$(psqlq 'select state, count(*) from deliveries group by 1')" "delivered|$((7 * events))" 'and all are recorded as delivered'
if command -v python3 >/dev/null; then
	is "$(python3 -c '
import base64, hashlib, hmac, json
good = bad = 0
for line in open("deliveries"):
    d = json.loads(line)
    if d["key"] is None: continue
    again = json.dumps(json.loads(base64.b64decode(d["body"])), sort_keys=True).encode()
    want = "sha256=" + hmac.new(d["key"].encode(), again, hashlib.sha256).hexdigest()
    if hmac.compare_digest(want, d["headers"]["x-webhook-signature"]): good += 1
    else: bad += 1
print(good, bad)')" "$((6 * events)) 0" 'as Python spells them too'
fi
delivery=$(psqlq "select d.id from deliveries d join events e on e.id = event_id where e.type = 'product.updated' limit 1")
request POST "/api/deliveries/$delivery/replay"
fulfil-notify --drain >sent
is "$(jq -r .delivery_id sent)" "$delivery" 'one is sent again'
jq -c '[.path, .headers["webhook-id"], .body]' deliveries | sort | uniq -d >twice
is "$(jq -r '.[1]' twice)" "$(jq -r .event_id sent)" '... the same, byte for byte'
is "$(curl -sS -m 10 "$url/report" | jq '[.[] | .accepted] | add')" "$((7 * events + 1))" '... and accepted'
psqlq 'update webhooks set previous_until = now()'
request PUT /api/products/1 '{"name":"last"}'
fulfil-notify --drain >sent
is "$(tail -n 7 deliveries | jq -r '.headers["webhook-signature"]' | grep -c ' ') $(wc -l <sent)" '0 7' 'after its grace an old secret signs nothing'
done_testing
