#!/bin/sh
# fulfil-check: all is well, and each thing that is not is found, with what to do about it.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start
export SHOPIFY_SHOPS=fulfil-check.myshopify.com
web_start fastcgi
PATH=$TOP/share:$SCRATCH/bin:$PATH
mkdir bin
ln -s "$TOP/sql/migrate" bin/fulfil-migrate
export FULFIL_SOCKETS
chmod 660 "$FULFIL_SOCKETS"/*.sock
for command in fulfil-work fulfil-notify 'fulfil-import --work'; do
	# shellcheck disable=SC2086 # its words
	(exec setpriv --pdeathsig=TERM $command) >>daemons.log 2>&1 &
	at_exit "kill $! 2>/dev/null"
done
healthy() {
	fulfil-stat --format ndjson health | jq -e '.status == "healthy"'
}
wait_until 20 healthy

check() { # the status, and what is not well
	STATUS=0
	fulfil-check "$@" >checked 2>&1 || STATUS=$?
	SAID=$(cat checked)
}
check
# The disk of the machine is not the test's to judge.
is "$(printf '%s\n' "$SAID" | grep -v ' disk ' | sed 1d | grep -v '^ok')" '' 'all is well'
like "$SAID" '^FULFIL (OK|WARNING|CRITICAL) - ' '... in a line for a monitor'
for thing in settings PostgreSQL schema rights durability connections redis workers queue deliveries importing sockets clock disk; do
	like "$SAID" "^(ok|warn|crit) +$thing " "... $thing"
done
check --url "$FULFIL_URL" --order
like "$SAID" '^ok +order +a signed test order is' 'a signed order to itself'
like "$SAID" '^ok +web +/api/health is answered 200' '... and the way to each pool'
like "$SAID" '^warn +certificate +none' '... without TLS'
is "$(psqlq 'select count(*) from orders where test')" 1 '... is a test order'
check --url "$FULFIL_URL" --order
is "$(psqlq 'select count(*) from orders')" 1 '... and one, however often'

# found NAME STATUS REGEX COMMAND…: what COMMAND checks.
found() {
	name=$1 want=$2 regex=$3
	shift 3
	"$@"
	like "$SAID" "$regex" "$name"
	is "$STATUS" "$want" '... by its status'
}
SHOPIFY_SHOPS=nonsense check
like "$SAID" '^crit +settings +SHOPIFY_SHOPS: "nonsense" is not of the form' 'a setting that is wrong'
is "$STATUS" 2 '... is critical'
like "$(head -n 1 checked)" '^FULFIL CRITICAL - [0-9]+ of [0-9]+: settings SHOPIFY_SHOPS' '... and the first line says so'
chmod 640 "$FULFIL_SOCKETS/api.sock"
found 'a socket that is shut' 2 '^crit +sockets +.*api.sock has mode 640.*-M 0660' check
chmod 660 "$FULFIL_SOCKETS/api.sock"
psqlq "update schema_migrations set sha256 = 'x' where version = 5"
found 'a schema that differs' 2 '^crit +schema +0005-webhooks is changed' check
psqlq "delete from schema_migrations where version = 14"
found 'a migration that is pending' 2 '^crit +schema .*0014-retry is pending; run fulfil-migrate up' check
psql -X -q -d "$DATABASE_URL" -c 'alter role current_user set synchronous_commit = off'
found 'a commit that can be lost' 2 '^crit +durability ' check
psql -X -q -d "$DATABASE_URL" -c 'alter role current_user set synchronous_commit = local'
found 'a server alone' 2 '^ok +durability .*synchronous_standby_names is empty' check
as_superuser() {
	psql -X -q -h "$PG_SOCKET" -U postgres -d fulfil -c "$1" >/dev/null
}
as_superuser "alter system set synchronous_standby_names = 'b'"
as_superuser 'select pg_reload_conf()'
found 'commits that wait for none of the standbys' 2 '^warn +durability .*waits for none of b' check
as_superuser 'alter role fulfil reset synchronous_commit'
found 'standbys' 2 '^ok +durability .*the loss of the server: synchronous_standby_names is b' check
as_superuser 'alter system reset synchronous_standby_names'
as_superuser 'select pg_reload_conf()'
redis_stop
found 'Redis away' 2 '^warn +redis ' check
check --quiet
is "$(grep -c '^ok' checked)" 0 '--quiet shows what is wrong alone'
SHOPIFY_WEBHOOK_SECRET=another-secret-of-somebody check --url "$FULFIL_URL" --order
like "$SAID" '^crit +order +its signature was refused' 'a secret that differs'
found 'a web server that is away' 2 '^crit +web ' check --url http://127.0.0.1:1
pg_stop
found 'PostgreSQL away' 2 '^crit +PostgreSQL .*is it started' check
exit_is 3 'wrong usage' -- fulfil-check --bogus
exit_is 3 '--order needs to know where' -- fulfil-check --order
exit_is 0 '--help' -- fulfil-check --help
done_testing
