# shellcheck shell=sh
# From an earlier commit's package, FROM, with fewer migrations and with data: apt install of this one, while
# orders come in. Every order is answered 2xx, all that was there stays, and nobody is asked anything.
# shellcheck disable=SC2016 # for shells in there
# The first whose tables are made on PostgreSQL 17, too.
FROM=${FROM:-$(git -C "$TOP" rev-parse -q --short --verify 7fdc0ea 2>/dev/null)}
[ -n "$FROM" ] || { diag 'upgrade: skipped, there is no history here' && return 0; }
old=$CHROOTS/fulfil-$SUITE-from-$FROM.deb
if [ ! -s "$old" ]; then
	builder
	rm -rf "$ROOT/src"
	tree_into "$ROOT/src/fulfil" "$FROM"
	# The packaging is of now: that of then had a settings' file that changed, and asked about it.
	rm -rf "$ROOT/src/fulfil/debian"
	cp -R "$TOP/debian" "$ROOT/src/fulfil/"
	# Its programs were broken off by the multiwatch of Debian 12.
	grep -q SIGQUIT "$ROOT/src/fulfil/lib/web/gateway.c" ||
		sed -i 's/^\tsigaction(SIGINT, &act, NULL);$/&\n\tsigaction(SIGQUIT, \&act, NULL);/' "$ROOT/src/fulfil/lib/web/gateway.c"
	sed -i "1s/(\(.*\))/(\1~$FROM)/" "$ROOT/src/fulfil/debian/changelog"
	exit_is 0 "a package of $FROM" -- in_root sh -c 'cd /src/fulfil && DEB_BUILD_OPTIONS=nocheck make -s deb'
	cp "$ROOT"/src/fulfil/build/deb/fulfil_*.deb "$old"
	builder_end
fi
root_new upgrade
cp "$CHROOTS/fulfil-$SUITE.deb" "$ROOT/root/new.deb"
cp "$old" "$ROOT/root/old.deb"
exit_is 0 'Debian has what they depend on' -- in_root sh -c 'apt-get update -q &&
	apt-get install -q -y --download-only /root/new.deb postgresql redis-server lighttpd-mod-openssl curl'
ok "$SUITE boots" root_boot
exit_is 0 "apt install of $FROM" -- in_root apt install -q -y /root/old.deb postgresql redis-server lighttpd-mod-openssl curl
exit_is 0 '... is set up' -- in_root fulfil-setup
sql() { in_root runuser -u fulfil -- psql -X -A -t -d fulfil -c "$1"; }
is_up() { in_root test -S /run/fulfil/intake.sock; }
wait_until 60 is_up
before=$(sql 'select max(version) from schema_migrations')
exit_is 0 '... has a catalogue' -- in_root sh -c '{ echo sku,name,quantity; seq 2000 | sed "s/.*/S-&,Thing &,100000/"; } |
	runuser -u fulfil -- fulfil-import --stock --no-progress'
exit_is 0 '... and a web server' -- in_root sh -c 'printf "%s\n" "server.port = 8080" \
	"server.document-root = \"/usr/share/fulfil/static\"" "var.fulfil_sockets = \"/run/fulfil\"" \
	"server.upload-dirs = ( \"/var/cache/lighttpd/uploads\" )" "server.modules = ()" \
	"include \"/usr/share/fulfil/lighttpd.conf\"" >/etc/lighttpd/lighttpd.conf && systemctl restart lighttpd'
listens() { in_root curl -s -o /dev/null http://localhost:8080/; }
wait_until 30 listens
secret=$(in_root runuser -u fulfil -- sh -c 'eval "$(fulfil-stat --settings command)" && printf %s "$SHOPIFY_WEBHOOK_SECRET"')
# load FIRST COUNT RATE: signed orders by eight senders, until they are sent or /root/enough is there.
cat >"$ROOT/root/send" <<'END'
#!/bin/sh
for n in 0 1 2 3 4 5 6 7; do curl --rate "$1/s" -K "/root/load.$n" 2>"/root/codes.$n" & pids="$pids $!"; done
(until [ -e /root/enough ]; do sleep 0.2; done; kill $pids) &
stop=$!
wait $pids
kill $stop 2>/dev/null
cat /root/codes.?
END
load() {
	for n in 0 1 2 3 4 5 6 7; do
		perl "$TOP/tests/data/signed.pl" http://localhost:8080/webhooks/shopify/orders "$secret" sample.myshopify.com \
			$(($1 + n * $2 / 8)) $(($2 / 8)) S-1 S-2 S-3 S-4 S-5 S-6 S-7 >"$ROOT/root/load.$n"
	done
	in_root sh /root/send $(($3 / 8)) >codes
}
load 1 200 200
is "$(sort codes | uniq -c | xargs)" '200 202' '200 orders of the time before'

RATE=200
began=$(date +%s)
load 1001 24000 $RATE &
loading=$!
exit_is 0 'apt install of this one, while orders come in' -- in_root apt install -q -y /root/new.deb
after=$(sql 'select max(version) from schema_migrations')
sleep 3
in_root touch /root/enough
wait $loading
took=$(($(date +%s) - began))
grep -vx 000 codes >answers # 000: the one that was being sent at the end
answered=$(grep -c . answers)
diag "$answered orders in $took s, during the upgrade from $before to $after"
ok 'orders came in during it, as fast as they should' test "$answered" -gt $((took * RATE / 2))
is "$(grep -v '^2' answers | sort | uniq -c)" '' '... and each was answered 2xx'
grep -qv "^2" answers && diag "$(in_root journalctl --no-pager -q -o cat -u lighttpd.service | tail -n 5)"
ok '... or not at all, at the end' test "$(grep -cx 000 codes)" -le 8
ok 'the tables are newer' test "$after" != "$before"
is "$(in_root runuser -u fulfil -- fulfil-migrate status | awk '$2 != "applied"')" '' '... and complete'
for unit in $(in_root systemctl show -p Wants --value fulfil.target); do
	case $unit in fulfil-*) is "$(in_root systemctl is-active "$unit")" active "$unit is active" ;; esac
done
is "$(in_root sh -c 'ls -l /proc/*/exe 2>/dev/null | grep -c "fulfil.*(deleted)"')" 0 'none of the old programs is left'
drained() { [ "$(sql "select count(*) from orders where status not in ('completed', 'failed')")" = 0 ]; }
ok 'all orders are done' wait_until 60 drained
is "$(sql "select count(*) filter (where status = 'completed') - count(*) from orders")" 0 '... and complete'
ok '... none was lost' test "$(sql 'select count(*) from orders')" -ge $((answered + 200))
is "$(sql "select sum(100000 - on_hand) = (select count(*) from orders) from stock")" t '... nor was a unit'
exit_is 0 'the audit finds nothing' -- in_root runuser -u fulfil -- fulfil-scan --audit
is "$(in_root systemctl --failed --no-legend --plain)" '' 'no unit has failed'
