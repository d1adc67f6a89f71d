#!/bin/sh
# Events that are read as records: their data arrive with the same values.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
hook 200 >/dev/null
send() { # DATA: what arrives, keys sorted
	: >requests
	printf '{"event":"order.failed","data":%s}\n' "$1" | fulfil-notify - >out 2>err
	told .body | sed 's/^{"data": //; s/, "event": .*//'
}
is "$(send '{"id":3,"rate":0.5,"exp":1e2,"neg":-1.25,"list":[0.1,{"x":2.50}]}')" \
	'{"exp": 100, "id": 3, "list": [0.1, {"x": 2.5}], "neg": -1.25, "rate": 0.5}' 'fractions and exponents are numbers'
is "$(send '{"id":4,"big":123456789012345678901234567890,"low":-9223372036854775809}')" \
	'{"big": 123456789012345678901234567890, "id": 4, "low": -9223372036854775809}' 'integers keep all digits'
is "$(send '{"id":5,"text":"0.5","code":"1e2"}')" '{"code": "1e2", "id": 5, "text": "0.5"}' 'text stays text'
is "$(psqlq 'select data from events order by id limit 1')" '{"id":3,"rate":0.5,"exp":100,"neg":-1.25,"list":[0.1,{"x":2.5}]}' \
	'the event is stored with them'
id=$(psqlq 'select min(id) from deliveries')
: >requests
fulfil-notify --resend "$id" >out
like "$(told .body)" '"rate": 0.5' 'and sent again with them'
is "$(send '{"id":6,"text":"a\u0000b"}')" '' 'U+0000, which the database cannot hold, is refused'
like "$(cat err)" 'U[+]0000' '... with the reason'
done_testing
