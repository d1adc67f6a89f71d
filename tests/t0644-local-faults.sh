#!/bin/sh
# What this machine lacks is no receiver's failure: a file of certificates, sockets. And HTTPS is
# spoken as HTTP/1.1.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem -out ca.pem \
	-subj /CN=localhost -addext subjectAltName=DNS:localhost 2>openssl.log
health() { psqlq 'select failures, enabled from webhooks'; }
left() { psqlq "select count(*) from deliveries where state = 'waiting' and tries = 0 and error is null"; }

# --- certificates

mkdir folder
echo 'no certificate' >text.pem
{ echo '-----BEGIN CERTIFICATE-----'; echo 'AAAA'; echo '-----END CERTIFICATE-----'; } >broken.pem
for file in missing.pem folder text.pem broken.pem key.pem; do
	for program in 'fulfil-stat --settings cgi' 'fulfil-notify --drain'; do
		# shellcheck disable=SC2086 # words
		WEBHOOK_CA_FILE=$SCRATCH/$file exit_is 78 "$file: $program" -- $program
		like "$ERR" "WEBHOOK_CA_FILE.*$file" '... says which'
	done
done
WEBHOOK_CA_FILE=$SCRATCH/ca.pem exit_is 0 'one with a certificate is taken' -- fulfil-stat --settings cgi
mkfifo hold in
exec 4<>hold # it ends with its input
(exec setpriv --pdeathsig=TERM openssl s_server -accept 127.0.0.1:0 -alpn h2,http/1.1 -cert ca.pem \
	-key key.pem) >server.log 2>&1 <&4 &
at_exit "kill $! 2>/dev/null"
wait_until 10 grep -q ^ACCEPT server.log
port=$(sed -n 's/^ACCEPT .*://p' server.log)
psqlq "insert into webhooks (url, event_types, timeout, retry_count) values ('https://localhost:$port/', '{*}', 2, 0)"
cp ca.pem gone.pem
WEBHOOK_CA_FILE=$SCRATCH/gone.pem fulfil-notify - <in >out 2>err &
pid=$!
exec 3>in
wait_until 10 sh -c "psql -qAtX '$DATABASE_URL' -c \"select application_name from pg_stat_activity\" | grep -q fulfil-notify"
rm gone.pem
event >&3
exec 3>&-
wait $pid
is $? 75 'a file that vanished later ends a run over records with 75'
like "$(cat err)" 'cannot be sent.*gone[.]pem' '... and says why'
is "$(left) $(health)" '1 0|t' '... and is no failure of the webhook, nor a try'

# --- HTTP/1.1

psqlq 'update deliveries set leased_until = null'
WEBHOOK_CA_FILE=$SCRATCH/ca.pem fulfil-notify --drain >out 2>err
like "$(grep -i 'ALPN' server.log)" 'advertised by the client: http/1.1$' 'a server that prefers HTTP/2 is offered HTTP/1.1 alone'
unlike "$(cat server.log)" 'selected: h2' '... and speaks it'

# --- sockets

psqlq 'truncate webhooks, deliveries, attempts, events, outbox'
hook 200 retry_count 0 >/dev/null
: >out
event >events
health >seen
for n in $(seq 4 24); do
	sh -c "ulimit -n $n; exec fulfil-notify -" <events >>out 2>>err
	psqlq 'update deliveries set leased_until = null'
	health >>seen
done
is "$(sort -u seen)" '0|t' 'with few descriptors nothing is counted against the webhook'
like "$(cat err)" 'cannot be sent.*files' '... the program says what it lacks'
is "$(psqlq "select count(*) from deliveries where state = 'given_up'")" 0 '... no delivery is given up'
fulfil-notify --drain >>out
is "$(jq -r .status out | sort -u)" delivered '... and all are delivered'
done_testing
