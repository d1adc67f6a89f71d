# shellcheck shell=sh
# A bare machine: apt install, one command of set-up, a signed order through the web server, a stop and a
# start, a boot, and purge, which leaves what is the user's.
# shellcheck disable=SC2016 # for shells in there
root_new install
cp "$CHROOTS/fulfil-$SUITE.deb" "$ROOT/root/"
exit_is 0 'Debian has what it depends on' -- in_root sh -c 'apt-get update -q &&
	apt-get install -q -y --download-only "$0" postgresql redis-server lighttpd-mod-openssl curl openssl' "/root/fulfil-$SUITE.deb"
files_there() { # what is in the root, less what a running machine writes
	(cd "$ROOT" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./tmp -o -path ./var/log -o -path ./var/cache \
		-o -path ./run -o -path ./var/lib/postgresql -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/lib/systemd \
		-o -path ./var/lib/redis -o -path ./var/lib/pam -o -path ./var/tmp \) -prune -o ! -type d -print | sort)
}
ok "$SUITE boots" root_boot
exit_is 0 'what the package recommends' -- in_root apt-get install -q -y postgresql redis-server lighttpd-mod-openssl curl openssl
files_there >before
exit_is 0 'apt install ./fulfil.deb' -- in_root apt install -q -y "/root/fulfil-$SUITE.deb"
is "$(in_root systemctl is-active fulfil.target)" inactive '... starts nothing yet'
exit_is 0 'fulfil-setup' -- in_root fulfil-setup
like "$OUT" '^fulfil.target is enabled and runs' '... and all runs'
is "$(in_root stat -c '%U:%G %a' /etc/fulfil/fulfil.env)" 'root:fulfil 640' '... and others may not read the secrets'
exit_is 0 '... once more is no harm' -- in_root fulfil-setup
wait_until 30 in_root test -S /run/fulfil/intake.sock
for unit in $(in_root systemctl show -p Wants --value fulfil.target); do
	case $unit in fulfil-*) is "$(in_root systemctl is-active "$unit")" active "$unit is active" ;; esac
done

# The web server, with a certificate of its own.
in_root sh -c 'mkdir -p /etc/letsencrypt/live/shop.example.com && cd /etc/letsencrypt/live/shop.example.com &&
	openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout privkey.pem -out fullchain.pem && chgrp www-data privkey.pem && chmod 640 privkey.pem &&
	cp fullchain.pem /usr/local/share/ca-certificates/shop.crt && update-ca-certificates' >/dev/null 2>&1
exit_is 0 'lighttpd-site.conf' -- in_root sh -c 'cp /usr/share/fulfil/lighttpd-site.conf /etc/lighttpd/lighttpd.conf &&
	systemctl restart lighttpd'

# order ID: signed as Shopify does, over HTTPS.
cat >"$ROOT/root/order" <<'END'
#!/bin/sh
body=$(printf '{"id":%s,"email":"ada@example.com","currency":"EUR","line_items":[{"id":%s,"sku":"TEE-1","quantity":2,"price":"9.90"}]}' "$1" "$1")
eval "$(runuser -u fulfil -- fulfil-stat --settings command)"
signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary | base64)
curl -sS -f https://localhost/webhooks/shopify/orders --data-binary "$body" -H 'Content-Type: application/json' \
	-H 'X-Shopify-Topic: orders/create' -H 'X-Shopify-Shop-Domain: sample.myshopify.com' -H "X-Shopify-Hmac-Sha256: $signature"
END
sql() { in_root runuser -u fulfil -- psql -X -A -t -d fulfil -c "$1"; }
completed() { # ID
	[ "$(sql "select status from orders where external_id = '$1'")" = completed ]
}

exit_is 0 'a catalogue' -- in_root sh -c 'printf "sku,name,quantity\nTEE-1,T-shirt,100\n" |
	runuser -u fulfil -- fulfil-import --stock --no-progress'
exit_is 0 'a signed order' -- in_root sh /root/order 1001
like "$OUT" '"accepted"' '... is accepted'
ok '... and completes' wait_until 30 completed 1001
in_root sh -c 'echo SHOPIFY_SHOPS=sample.myshopify.com >>/etc/fulfil/fulfil.env && systemctl restart fulfil.target'
exit_is 0 'fulfil-check has no complaint' -- in_root runuser -u fulfil -- fulfil-check --url https://localhost --order
exit_is 0 'the pages are there' -- in_root curl -sS -f https://localhost/
like "$OUT" '<title>' '... for a browser'
exit_is 0 'man fulfil' -- in_root test -s /usr/share/man/man1/fulfil.1.gz

nobody() { [ "$(in_root sh -c 'find /proc -maxdepth 1 -user fulfil | wc -l')" = 0 ]; }

# Killed, stopped and started, booted.
pid=$(in_root systemctl show -p MainPID --value fulfil-work)
in_root sh -c "kill -KILL $pid"
again() { [ "$(in_root systemctl is-active fulfil-work)" = active ] && [ "$(in_root systemctl show -p MainPID --value fulfil-work)" != "$pid" ]; }
ok 'a worker that is killed is started again' wait_until 30 again
exit_is 0 'systemctl stop fulfil.target' -- in_root systemctl stop fulfil.target
ok '... leaves no process' wait_until 30 nobody
exit_is 0 'systemctl start fulfil.target' -- in_root systemctl start fulfil.target
exit_is 0 'an order after that' -- in_root sh /root/order 1002
ok '... completes' wait_until 30 completed 1002
root_halt
ok 'it boots again' root_boot
wait_until 30 in_root test -S /run/fulfil/intake.sock
answers() { in_root curl -sS -f https://localhost/api/health; }
ok '... and answers by itself' wait_until 60 answers
exit_is 0 'an order after the boot' -- in_root sh /root/order 1003
ok '... completes' wait_until 30 completed 1003
is "$(sql "select on_hand from stock")" 94 'the stock is what was sold less'
exit_is 0 'and the audit finds nothing' -- in_root runuser -u fulfil -- fulfil-scan --audit
is "$(in_root systemctl --failed --no-legend --plain)" '' 'no unit has failed'
is "$(in_root journalctl -q --no-pager -p warning -t fulfil-work -t fulfil-notify -t fulfil-import -o cat)" '' 'nor warned'

# Removed, and purged.
exit_is 0 'apt remove' -- in_root apt remove -q -y fulfil
ok '... keeps the settings' in_root test -s /etc/fulfil/fulfil.env
ok '... and leaves no process' wait_until 30 nobody
exit_is 0 'apt purge' -- in_root apt purge -q -y fulfil
like "$ERR$OUT" 'left to you are the user fulfil and, in PostgreSQL, the database and the role' '... says what it leaves'
is "$(sql "select count(*) from orders where not test")" 3 '... which is there'
exit_is 0 'apt autoremove, of what it brought' -- in_root apt-get autoremove -q -y --purge
files_there >after
is "$(comm -13 before after | grep -vE '^./etc/(letsencrypt|lighttpd|ssl|ca-certificates)|^./usr/local/share/ca-certificates|^./etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|/root/|__pycache__|\.pyc$|/etc/\.pwd\.lock|^./etc/ld.so.cache' | head -n 20)" '' 'no other file is left'
is "$(in_root systemctl list-unit-files --no-legend 'fulfil*')" '' 'nor a unit'
is "$(in_root sh -c 'runuser -u postgres -- dropdb fulfil && runuser -u postgres -- dropuser fulfil && userdel fulfil && echo gone' | tail -n 1)" \
	gone 'and what it says takes that away, too'
