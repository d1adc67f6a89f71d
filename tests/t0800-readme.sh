#!/bin/sh
# README's examples, run as they are written, beside the servers they speak of.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

# Writes each block of README that follows a line <!-- run --> to example-N.
awk '
	/^<!-- run -->$/ { wanted = 1; next }
	wanted && /^```sh$/ { inside = 1; wanted = 0; file = sprintf("example-%02d", ++n); next }
	/^```$/ { inside = 0 }
	inside { print >file }
' "$TOP/README.md"
ok 'README has examples' test -s example-01

export WEBHOOK_ALLOW_PRIVATE=yes # as make run has it
services_start
psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" -f "$TOP/sql/sample.sql"
web_start fastcgi
fulfil-work >work.log 2>&1 &
worker=$!
at_exit "kill $worker 2>/dev/null"

# What make run leaves for other shells.
mkdir var
for name in FULFIL_URL FULFIL_TOKEN DATABASE_URL REDIS_URL SHOPIFY_WEBHOOK_SECRET PATH; do
	eval "printf \"export %s='%s'\\n\" $name \"\$$name\""
done >var/run.env

# Nothing is due; what waits for stock may wait.
settled() {
	[ "$(psqlq 'select count(*) from orders where next_attempt_at <= now()')" -eq 0 ]
}

{
	echo 'set -eu; . var/run.env'
	cat example-01
} >first
exit_is 0 'a first order' -- sh first
is "$(printf '%s\n' "$OUT" | jq -r .status)" accepted '... is accepted'
exit_is 0 'sent again' -- sh first
is "$(printf '%s\n' "$OUT" | jq -r .status)" duplicate '... it is a duplicate'
ok '... and is processed' wait_until 10 settled
is "$(psqlq "select status from orders where external_id = 1001")" completed '... to the end'

for example in example-*; do
	[ "$example" != example-01 ] || continue
	exit_is 0 "$(sed -n '/^#/!{p;q;}' "$example")" -- timeout 30 sh -eu "$example"
	ok '... shows something' test -n "$OUT"
	is "$ERR" '' '... and nothing is wrong'
	ok '... and settles' wait_until 20 settled
done
is "$(psqlq "select count(*), count(*) filter (where status = 'completed') from orders where external_id between 2001 and 3100")" \
	'200|120' 'every order of the pipelines got its one mug, as long as there were some'

# The commands, targets and files that README names exist, and no command is left out.
named() { # REGEX
	grep -o "$1" "$TOP/README.md" | sort -u
}
is "$(named 'fulfil-[a-z][a-z]*' | grep -vx 'fulfil-record\|fulfil-operation\|fulfil-check\|fulfil-migrate\|fulfil-setup')" \
	"$(cd "$TOP/cmd" && for f in fulfil-*.c; do echo "${f%.c}"; done)" 'README has every command, and no other'
targets=$(named 'make [a-z][a-z]*[`;.)]\{0,1\}' | sed -n 's/^make \([a-z]*\)[^a-z]*$/\1/p' | sort -u | grep -vx 'the\|builds')
for target in $targets; do
	ok "make $target is a target" grep -q "^$target:" "$TOP/Makefile"
done
paths=$(named '\(cmd\|lib\|sql\|cgi-bin\|cron\|share\|tests\)/[A-Za-z0-9/._-]*' | grep -v 'NAME\|NOUN\|ROOM\|^cgi-bin/shopify\|^share/fulfil/')
for path in $paths; do
	ok "$path exists" test -e "$TOP/${path%.}"
done
done_testing
