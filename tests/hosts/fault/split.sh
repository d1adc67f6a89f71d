# the primary and one host of Fulfil, with clients of its own, are on one side, all else on the other
# shellcheck shell=sh
FIRST=1000000 on D perl "$TOP/tests/hosts/client.pl" "$SCRATCH/journal" 5 "$(address D)" &
inside=$!
sleep 2
old=$(primary)
note "$old and D are on a side of their own"
host_apart "$old" D
ok 'the standby is promoted' wait_until 20 promoted "$(echo "$old" | tr AB BA)"
sleep 8
note 'they are joined'
host_join "$old"
host_join D
ok '... and has a standby again' wait_until 30 streaming "$(primary)"
sleep 2
: >"$SCRATCH/journal.end"
ok 'those inside were answered in the end' wait_until 40 services_ended "$inside"
main=$(address E)
seen=$(sort -n "$SCRATCH/journal" | awk -v main="$main" '$5 == main && $3 == 0 && $4 > 4900' | wc -l)
is "$seen" 0 'the host that sees the new primary answers each request within the time that a shop waits'
