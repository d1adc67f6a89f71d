#!/bin/sh
# Endpoints behind TLS: what is not certain fails, with the reason, and is tried again as any other
# failure; a good certificate is delivered to.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
export WEBHOOK_CA_FILE="$SCRATCH/ca.pem"

# --- certificates of an authority of our own

mkdir issued
: >issued/index
cat >ca.cnf <<'END'
[ca]
default_ca = own
[own]
database = issued/index
new_certs_dir = issued
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
END
key() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@" 2>>openssl.log; }
key -x509 -days 2 -keyout ca.key -out ca.pem -subj '/CN=Authority of a test'
issue() { # FILE NAMES START END
	key -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" -addext "subjectAltName=$2"
	openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -startdate "$3" -enddate "$4" \
		-in "$1.csr" -out "$1.pem" 2>>openssl.log
}
issue good DNS:localhost 20200101000000Z 20991231000000Z
issue expired DNS:localhost 20200101000000Z 20210101000000Z
issue early DNS:localhost 20900101000000Z 20991231000000Z
issue other DNS:other.example 20200101000000Z 20991231000000Z
key -x509 -days 2 -keyout self.key -out self.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost
ok 'certificates are made' test -s other.pem -a -s self.pem
for _ in $(seq 400); do cat ca.pem; done >chain.pem

# --- servers

# server NAME COMMAND…: starts one that says its port in NAME.log; a webhook leads to it.
server() {
	server_name=$1
	shift
	(exec setpriv --pdeathsig=TERM "$@") >"$server_name.log" 2>&1 </dev/null &
	at_exit "kill $! 2>/dev/null"
	wait_until 10 grep -Eq '^ACCEPT .*:[0-9]+$|listening on .*:[0-9]+$' "$server_name.log" || diag "$(cat "$server_name.log")"
	lead "$server_name" "$(sed -nE 's/^(ACCEPT|.*listening on) .*:([0-9]+)$/\2/p' "$server_name.log")"
}
lead() { # NAME PORT
	psqlq "insert into webhooks (url, event_types, timeout, retry_count) values ('https://localhost:$2/200?$1', '{*}', 2, 1)"
}
tls() { # NAME CERTIFICATE OPTION…: openssl's server
	tls_name=$1
	tls_cert=$2
	shift 2
	server "$tls_name" openssl s_server -accept 127.0.0.1:0 -www -cert "$tls_cert.pem" -key "$tls_cert.key" "$@"
}
rude() { # NAME
	setpriv --pdeathsig=TERM "$TOP/tests/fault/rude.pl" "$1.port" "$1" &
	at_exit "kill $! 2>/dev/null"
	wait_until 10 test -s "$1.port"
	lead "$1" "$(cat "$1.port")"
}
tls expired expired
tls early early
tls self self
tls other other
tls old good -tls1 -cipher DEFAULT@SECLEVEL=0
tls sni good -servername other.example -cert2 other.pem -key2 other.key -servername_fatal
tls huge good -cert_chain chain.pem
rude talk
rude reset
lead stall "$(cat port)"
server good socat -d -d OPENSSL-LISTEN:0,bind=127.0.0.1,cert=good.pem,key=good.key,verify=0,fork "TCP:127.0.0.1:$(cat port)"

# --- the results

came() { # NAME STATE TRIES ERROR
	is "$(psqlq "select state, tries from deliveries d join webhooks w on w.id = webhook_id where url like '%?$1'")" "$2|$3" "$1"
	like "$(psqlq "select coalesce(error, '') from deliveries d join webhooks w on w.id = webhook_id where url like '%?$1'")" "$4" '... and why'
}
event | WEBHOOK_RETRY_BASE=0 timeout 60 fulfil-notify - >out 2>err
until [ "$(psqlq "select count(*) from deliveries where state = 'waiting'")" = 0 ]; do fulfil-notify --drain >>out || break; done
is "$(cat err)" '' 'nothing complains'
came good delivered 1 '^$'
came expired given_up 2 'certificate has expired'
came early given_up 2 'certificate is not yet valid'
came self given_up 2 'self-signed certificate'
came other given_up 2 "matches target host ?name 'localhost'"
came old given_up 2 'TLS'
came sni given_up 2 'TLS'
came huge given_up 2 'TLS'
came talk given_up 2 'TLS'
came reset given_up 2 'TLS'
came stall given_up 2 'TLS'
is "$(psqlq 'select count(*), count(*) filter (where http_status is null) from attempts')" '21|20' 'each try is recorded'
is "$(told '.request' | sort | uniq -c | tr -s ' ')" ' 1 POST /200?good HTTP/1.1' 'only the good one heard a word'

# --- through a proxy

psqlq "update webhooks set enabled = url ~ '[?](good|other)\$', retry_count = 0, failures = 0"
setpriv --pdeathsig=TERM perl "$TOP/tests/fault/tunnel.pl" tunnel.port tunnel.log &
at_exit "kill $! 2>/dev/null"
wait_until 10 test -s tunnel.port
event 2 | WEBHOOK_PROXY=http://127.0.0.1:$(cat tunnel.port) timeout 60 fulfil-notify - >out 2>err
is "$(jq -r '[.status, .http_status] | join(" ")' out | sort | tr '\n' ';')" 'delivered 200;given_up ;' 'through a proxy certificates are checked as ever'
is "$(wc -l <tunnel.log) $(cut -d ' ' -f 1 tunnel.log | sort -u)" '2 CONNECT' '... at the end of a tunnel'
done_testing
