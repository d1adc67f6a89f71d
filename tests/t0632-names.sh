#!/bin/sh
# Names that lead where they should not, or nowhere, by a name server of our own in a network of our
# own, where every address is this machine: what is public elsewhere can be delivered to.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

apart=
for way in -mn -rmn; do
	[ -n "$apart" ] || ! unshare "$way" sh -c 'ip link set lo up' 2>/dev/null || apart=$way
done
[ -n "$apart" ] || skip_all 'no network of our own can be had here'
sink_build
services_start
export WEBHOOK_ALLOW_PRIVATE=no

# The port is known only in there; 2 stands for it until then.
name() { # NAME [RETRIES]
	psqlq "insert into webhooks (url, event_types, timeout, retry_count) values ('http://$1.test:2/200?$1', '{order.completed}', 3, ${2:-0})"
}
public=a-93-184-1-1
for name in $public $public-93-184-1-2 "$public.sub" nx servfail empty loop stall many a-127-0-0-1 a-169-254-169-254 turn v6-93-184-1-3; do
	name "$name"
done
psqlq "insert into webhooks (url, event_types, timeout) values ('http://$public.test.:2/200?dot', '{order.completed}', 3)"
name $public-10-0-0-1 3
name $public-168-63-129-16 3
name a-0-0-0-0 3
name a-93-184-7-7 3
psqlq "insert into webhooks (url, event_types) values ('http://93.184.7.7:2/200?literal', '{order.completed}')"
psqlq "insert into webhooks (url, event_types, retry_count) values ('http://many.test:1025/', '{order.failed}', 0)"

cat >inside <<'END'
set -e
ip link set lo up
ip route add local 93.184.0.0/16 dev lo
ip addr add 93.184.7.7/32 dev lo
ip -6 route add local 2606:2800::/32 dev lo
echo nameserver 127.0.0.1 >resolv.conf
echo hosts: files dns >nsswitch.conf
mount --bind resolv.conf /etc/resolv.conf
mount --bind nsswitch.conf /etc/nsswitch.conf
setpriv --pdeathsig=TERM "$TOP/tests/fault/names.pl" ready &
setpriv --pdeathsig=TERM "$TOP/build/tests/fault/sink" requests port any &
until [ -e ready ] && [ -s port ]; do kill -0 $! || exit; sleep 0.02; done
setpriv --pdeathsig=TERM "$TOP/tests/fault/rude.pl" hole full 2606:2800::1 "$(cat port)" &
until [ -s hole ]; do kill -0 $! || exit; sleep 0.02; done
psql -X -q -d "$DATABASE_URL" -c "update webhooks set url = replace(url, ':2/', ':$(cat port)/')"
fulfil-notify - <first >one 2>err
fulfil-notify - <second >two 2>>err
opens() { awk '/^Tcp: [0-9]/ { print $6 - $7 }' /proc/net/snmp; }
before=$(opens)
fulfil-notify - <third >three 2>>err
echo $(($(opens) - before)) >opens
END
event >first
event 2 >second
printf '{"event":"order.failed","data":{"id":3}}\n' >third
ok 'in a network of our own' timeout 100 unshare "$apart" sh -c '. ./inside'
is "$(cat err)" '' 'nothing complains'

came() { # NAME STATE TRIES ERROR: of the first event
	is "$(psqlq "select state, tries, coalesce(d.error, '') from deliveries d join webhooks w on w.id = webhook_id
		where url like '%?$1' order by event_id limit 1")" "$2|$3|$4" "$1"
}
for good in $public $public-93-184-1-2 "$public.sub" dot many turn; do came "$good" delivered 1 ''; done
came v6-93-184-1-3 delivered 1 ''
why='its name cannot be looked up:'
came nx given_up 1 "$why Name or service not known"
came servfail given_up 1 "$why Temporary failure in name resolution"
came empty given_up 1 "$why No address associated with hostname"
like "$(psqlq "select d.error from deliveries d join webhooks w on w.id = webhook_id where url like '%?loop' limit 1")" "$why N" loop
came stall given_up 1 'its name could not be looked up within 3 s'
why='which is private or reserved'
came a-127-0-0-1 given_up 1 "its name leads to 127.0.0.1, $why"
came a-169-254-169-254 given_up 1 "its name leads to 169.254.169.254, $why"
came a-0-0-0-0 given_up 1 "its name leads to 0.0.0.0, $why"
came $public-10-0-0-1 given_up 1 "its name leads to 10.0.0.1, $why"
came $public-168-63-129-16 given_up 1 "its name leads to 168.63.129.16, $why"
came a-93-184-7-7 given_up 1 "its name leads to 93.184.7.7, which is this machine's own"
came literal given_up 1 "the address 93.184.7.7 is this machine's own"
is "$(psqlq "select state, d.error from deliveries d join webhooks w on w.id = webhook_id where url like '%?turn' order by event_id desc limit 1")" \
	"given_up|its name leads to 127.0.0.1, $why" 'a name that is public first and then ours is refused then'
like "$(psqlq "select error from deliveries d join webhooks w on w.id = webhook_id where url like '%:1025/'")" onnect 'where nobody listens'
ok '... few of a thousand addresses are tried' test "$(cat opens)" -gt 0 -a "$(cat opens)" -le 8
done_testing
