#!/bin/sh
# fulfil-notify --check: receivers that do what they must, and those that do not, each in its way.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

command -v node >/dev/null || skip_all 'node is not installed'
services_start
export WEBHOOK_ALLOW_PRIVATE=yes
cat >receiver.js <<'END'
// A receiver as its path says: /good, or one fault.
const http = require('http'), crypto = require('crypto'), fs = require('fs');
const key = Buffer.from(process.argv[2].slice(6), 'base64');
http.createServer((req, res) => {
  const chunks = [];
  req.on('data', (c) => chunks.push(c));
  req.on('end', () => {
    const fault = req.url.slice(1), h = req.headers, body = Buffer.concat(chunks);
    const signed = `${h['webhook-id']}.${h['webhook-timestamp']}.${fault === 'spaces' ? String(body).trim() : body}`;
    const want = 'v1,' + crypto.createHmac('sha256', key).update(signed).digest('base64');
    const given = (h['webhook-signature'] || '').split(' ');
    const off = Math.abs(Date.now() / 1000 - Number(h['webhook-timestamp']));
    let good = fault === 'first' ? given[0] === want : given.includes(want);
    if (fault === 'anything' || (fault === 'unsigned' && !h['webhook-signature'])) good = true;
    if (off > 300 && fault !== 'old' && !(fault === 'future' && h['webhook-timestamp'] > Date.now() / 1000)) good = fault === 'anything';
    seen[h['webhook-id']] = (seen[h['webhook-id']] || 0) + 1;
    if (fault === 'twice' && seen[h['webhook-id']] > 1) good = false;
    fs.appendFileSync('tests', `${h['x-webhook-test']} ${h['x-own']}\n`);
    setTimeout(() => { res.statusCode = good ? 204 : fault === 'crash' ? 500 : 401; res.end(); }, fault === 'slow' ? 3000 : 0);
  });
}).listen(0, '127.0.0.1', function () { fs.writeFileSync('port', String(this.address().port)); });
const seen = {};
END
secret=whsec_$(head -c 32 /dev/zero | tr '\0' k | base64)
setpriv --pdeathsig=TERM node receiver.js "$secret" >node.log 2>&1 &
receiver=$!
at_exit "kill -KILL $receiver 2>/dev/null"
wait_until 20 test -s port || diag "$(cat node.log)"
at=http://127.0.0.1:$(cat port)
faults() { # FAULT -> the checks that are not good
	psqlq "insert into webhooks (url, event_types, secret, timeout, enabled, headers)
		values ('$at/$1', '{*}', '$secret', 1, false, '{\"X-Own\": \"mine\"}')" >/dev/null
	fulfil-notify --check "$at/$1" >out 2>err
	status=$?
	echo "$status $(jq -r 'select(.good | not) | .check' out | tr '\n' ' ')"
}
is "$(faults good)" '0 ' 'a good one'
is "$(jq -r '.check' out | tr '\n' ' ')" \
	'signed repeated rotated wrong-signature no-signature changed-body old-timestamp future-timestamp ' '... in all that is tried'
is "$(sort -u tests)" 'true mine' '... by tests, with the headers of the webhook'
is "$(faults anything)" '65 wrong-signature no-signature changed-body old-timestamp future-timestamp ' 'one that takes anything'
like "$(cat err)" 'does not do what it must' '... is said'
is "$(faults unsigned)" '65 no-signature ' 'one that takes what is not signed'
is "$(faults spaces)" '65 changed-body ' 'one that signs something else than the bytes'
is "$(faults old)" '65 old-timestamp future-timestamp ' 'one that looks at no time'
is "$(faults future)" '65 future-timestamp ' 'one that takes what is to come'
is "$(faults first)" '65 rotated ' 'one that reads only the first signature'
is "$(faults twice)" '65 repeated ' 'one that refuses what it has had'
is "$(faults crash)" '65 wrong-signature no-signature changed-body old-timestamp future-timestamp ' 'one that answers 500'
is "$(faults slow)" "65 $(jq -r .check out | tr '\n' ' ')" 'one that is slow'
like "$(jq -r .error out | head -n 1)" '^no answer within 1 s' '... is told so'
psqlq "update webhooks set secret = null where url = '$at/good'"
exit_is 65 'a webhook without a secret' -- fulfil-notify --check "$at/good"
exit_is 65 'a URL of no webhook' -- fulfil-notify --check "$at/other"
exit_is 64 'what is no URL' -- fulfil-notify --check nonsense
exit_is 64 'beside another' -- fulfil-notify --check "$at/good" --drain
kill -KILL $receiver
is "$(psqlq "update webhooks set secret = '$secret'" && fulfil-notify --check "$at/old" 2>/dev/null | jq -c '[.good, .http_status]' | sort -u)" \
	'[false,null]' 'one that is not there'
done_testing
