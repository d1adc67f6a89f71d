#!/bin/sh
# Who receives agrees with the signer: the signatures of tests/unit, read by Node's crypto and by the
# package of Standard Webhooks, and nothing that differs from them; and the manual's own commands.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/npm.sh
. "$TOP/tests/npm.sh"

npm_modules
ok 'receivers agree with tests/unit' node "$TOP/tests/npm/vectors.mjs" "$TOP/tests/unit/sign.case" "$TOP/tests/unit/event.case"
ok '... on all of it' test "$(printf '%s\n' "$OUT" | grep -c '^ok')" -gt 200

# manual TEXT: the commands of fulfil-notify(1) after the line that starts so.
manual() {
	sed -n "/^$1/,/^\\.Ed/p" "$TOP/cmd/fulfil-notify.1" | sed '1,/^\.Bd/d; /^\.Ed/d; s/\\e/\\/g' >commands
	sh -e commands
}
# shellcheck disable=SC2034 # the manual's
field() {
	awk -v "want=$1" '/^$/ { on = 0 } /^case: / { on = $0 == "case: " want } on' "$TOP/tests/unit/event.case" | sed -n "s/^$2: //p"
}
export secret id timestamp signature public
secret=$(field 'v1, published' secret) id=$(field 'v1, published' id) timestamp=$(field 'v1, published' time)
field 'v1, published' signed | tr -d '\n' >body
is "$(manual 'Compute what')" "$(field 'v1, published' v1 | sed 's/^v1,//')" 'the manual computes a v1'
signature=$(field 'v1a, published' v1 | sed 's/^v1a,//') public=$(field 'v1a, published' public)
like "$(manual 'Check one')" 'Verified Successfully' '... and checks a v1a'
printf ' ' >>body
unlike "$(manual 'Check one' 2>&1)" 'Verified Successfully' '... but not of another body'
manual 'Make a secret' >secrets
like "$(head -n 1 secrets)" '^whsec_[A-Za-z0-9+/]{43}=$' 'the manual makes a whsec_'
like "$(tail -n +2 secrets)" '^whsk_[A-Za-z0-9+/]{86}==$' '... and a whsk_'
done_testing
