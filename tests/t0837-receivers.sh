#!/bin/sh
# The receivers of RECEIVERS.md do what fulfil-notify --check wants of one, with either kind of secret.
# shellcheck disable=SC2154 # of tap.sh

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start
export WEBHOOK_ALLOW_PRIVATE=yes

# receiver LANGUAGE SECRET PROGRAM…: the block of that language, as a program.
receiver() {
	language=$1 secret=$2
	shift 2
	if ! "$1" -e 0 >/dev/null 2>&1 && ! "$1" -c 0 >/dev/null 2>&1; then
		diag "there is no $1 here"
		return
	fi
	sed -n "/^\`\`\`$language\$/,/^\`\`\`\$/{//!p}" "$TOP/share/RECEIVERS.md" >"$language"
	port=$(web_port 20000 12000)
	WEBHOOK_SECRET=$secret setpriv --pdeathsig=TERM "$@" "$language" "$port" >"$language.out" 2>"$language.err" &
	pid=$!
	url=http://127.0.0.1:$port/hook
	wait_until 30 curl -s -o /dev/null --max-time 2 "$url" -d '{}'
	psqlq "insert into webhooks (url, event_types, secret, timeout, enabled) values ('$url', '{*}', '$secret', 20, false)"
	exit_is 0 "$language, $secret" -- fulfil-notify --check "$url"
	is "$(printf '%s\n' "$OUT" | jq -r 'select(.good | not) | .check' | tr '\n' ' ')" '' '... does all it must'
	is "$(jq -r .event "$language.out" | sort | uniq -c | awk '$1 > 2')" '' '... and nothing twice'
	[ ! -s "$language.err" ] || [ "$tap_failed" -eq 0 ] || diag "$(tail -n 3 "$language.err")"
	kill -KILL $pid
	wait $pid 2>/dev/null
}
for secret in "whsec_$(head -c 32 /dev/zero | tr '\0' k | base64)" a-secret-of-theirs; do
	receiver python "$secret" python3
	receiver js "$secret" node
	receiver perl "$secret" perl
done
done_testing
