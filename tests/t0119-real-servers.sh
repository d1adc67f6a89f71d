#!/bin/sh
# README's "Real servers", run as it stands, for two prefixes: with /usr, /etc, /run and /srv of this
# machine under a layer that is thrown away.
# shellcheck disable=SC2012,SC2016,SC2094,SC2317

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
[ "$(id -u)" -eq 0 ] || skip_all 'it takes root'

if [ -z "${FULFIL_LAYER-}" ]; then
	mkdir layer
	unshare -m sh -c 'mount -t tmpfs layer "$1" && mkdir "$1/u" "$1/w" &&
		mount -t overlay overlay -o "lowerdir=/usr,upperdir=$1/u,workdir=$1/w" /usr' sh "$SCRATCH/layer" 2>/dev/null ||
		skip_all 'no layer can be put over /usr here'
	# Numbers of tests go on from one prefix to the next.
	for prefix in /usr/local /usr; do
		FULFIL_LAYER="$SCRATCH/layer" FULFIL_PREFIX=$prefix unshare -m -n -p -f --kill-child --mount-proc \
			sh "$TOP/tests/t0119-real-servers.sh" >"out${prefix##*/}" 2>&1
		grep -E '^(ok|not ok|#)' "out${prefix##*/}" | sed "s|\(ok [0-9]* - \)|\1$prefix: |" >lines
		while read -r line; do
			case $line in
			ok*) ok "${line#* - }" true ;;
			not*) ok "${line#* - }" false ;;
			*) printf '%s\n' "$line" ;;
			esac
		done <lines
		like "$(cat "out${prefix##*/}")" '^1\.\.[0-9]+$' "$prefix: to the end"
	done
	done_testing
fi

# --- in a layer of our own
for dir in usr etc run srv var; do
	mkdir -p "$FULFIL_LAYER"
	mountpoint -q "$FULFIL_LAYER" || mount -t tmpfs layer "$FULFIL_LAYER"
	mkdir -p "$FULFIL_LAYER/$dir/u" "$FULFIL_LAYER/$dir/w"
	mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$FULFIL_LAYER/$dir/u,workdir=$FULFIL_LAYER/$dir/w" /$dir || exit 71
done
unset MAKEFLAGS MFLAGS MAKELEVEL
prefix=$FULFIL_PREFIX

# block NAME: README's block of that name, for this prefix.
block() {
	awk -v want="<!-- server: $1 -->" '$0 == want { wanted = 1; next } wanted && /^```./ { inside = 1; wanted = 0; next }
		/^```$/ { inside = 0 } inside' "$TOP/README.md" | sed "s|/usr/local|$prefix|g; s|make install|make install PREFIX=$prefix|"
}
services_start
runuser() { # -u USER -- COMMAND…: PostgreSQL is the test's, whose superuser is not the machine's
	as=$2
	shift 3
	case $as in
	postgres) PGHOST=$PG_SOCKET PGUSER=postgres PATH=$PATH "$@" ;;
	*) setpriv --reuid="$as" --regid="$as" --clear-groups env -u DATABASE_URL "$@" ;;
	esac
}
psql -X -q -h "$PG_SOCKET" -U postgres -d postgres -c 'drop database fulfil' -c 'drop role fulfil'
cd "$TOP" || exit
block install >"$SCRATCH/install"
exit_is 0 'the installation' -- sh -eu "$SCRATCH/install"
cd "$SCRATCH" || exit
ok '... has made the user' id fulfil
is "$(stat -c '%U:%G %a' /run/fulfil /etc/fulfil/fulfil.env)" 'fulfil:www-data 2750
root:fulfil 640' '... the directory of the sockets, and the settings'
hash -r
PATH=$prefix/bin:$(printf %s "$PATH" | sed "s|$BUILD/cmd:$TOP/sql:||")
export PATH
chmod 755 "$PG_SOCKET" "$SCRATCH"
psql -X -q -h "$PG_SOCKET" -U postgres -d postgres -c 'alter system set unix_socket_permissions = 511'
pg_stop
redis_stop
sed -i 's/unixsocketperm 700/unixsocketperm 777/' redis.conf
redis_start
pg_start
block database >database
# shellcheck source=/dev/null
. ./database
is "$(psql -X -A -t -h "$PG_SOCKET" -U postgres -d postgres -c "select rolname from pg_database d join pg_roles r on r.oid = datdba where datname = 'fulfil'")" \
	fulfil 'the database is there'
{
	for name in SHOPIFY_WEBHOOK_SECRET SECRET_KEY API_TOKENS_READ API_TOKENS_WRITE REDIS_URL; do
		eval "printf '%s=%s\n' $name \"\$$name\""
	done
	echo SHOPIFY_SHOPS=sample.myshopify.com
	echo "DATABASE_URL=postgresql:///fulfil?host=$PG_SOCKET&user=fulfil"
} >>/etc/fulfil/fulfil.env
unset SECRET_KEY API_TOKENS_READ API_TOKENS_WRITE REDIS_URL DATABASE_URL FULFIL_CONFIG
exit_is 0 'the settings' -- fulfil-stat --settings cgi
is "$ERR" '' '... are complete'
block tables >tables
# shellcheck source=/dev/null
. ./tables >tables.log 2>&1
is "$(grep -c ^applied tables.log)" "$(ls "$TOP"/sql/schema/*.up.sql | wc -l)" 'the tables are made'

# Each program as the user it belongs to; they are not to outlive this.
block programs >programs
is "$(wc -l <programs)" 9 'there are nine programs'
while read -r line; do
	# shellcheck disable=SC2086 # its words
	(exec setpriv --reuid=fulfil --regid=fulfil --clear-groups --pdeathsig=TERM $line) >>programs.log 2>&1 </dev/null &
done <programs
for pool in intake api search figures upload sign-in; do
	ok "the pool $pool has its socket" wait_until 20 test -S /run/fulfil/$pool.sock
	is "$(stat -c '%G %a' /run/fulfil/$pool.sock)" 'www-data 660' '... for the web server'
done

# A certificate where the files look for one.
live=/etc/letsencrypt/live/shop.example.com
mkdir -p $live
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout $live/privkey.pem -out $live/fullchain.pem 2>/dev/null
: >external

# order URL: sends a signed order there.
order() {
	echo >>external
	external=$(wc -l <external)
	printf '{"id":%s,"line_items":[{"id":1,"sku":"A-1","quantity":1}]}' "$external" >order.json
	curl -sS -k -m 20 "$1" --data-binary @order.json -H 'Content-Type: application/json' -H 'X-Shopify-Topic: orders/create' \
		-H 'X-Shopify-Shop-Domain: sample.myshopify.com' \
		-H "X-Shopify-Hmac-Sha256: $(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary order.json | base64)"
}
code() {
	curl -s -k -m 20 -o /dev/null -w '%{http_code}' "$@"
}
serves() { # NAME URL
	ok "$1 listens" wait_until 20 curl -sk -o /dev/null "$2/"
	for path in / /docs /app.js /style.css /api/health; do
		[ "$path" != /app.js ] || path=/$(basename "$(ls "$prefix"/share/fulfil/static/*.js | head -n 1)")
		[ "$path" != /style.css ] || path=/$(basename "$(ls "$prefix"/share/fulfil/static/*.css | head -n 1)")
		is "$(code "$2$path")" 200 "$1: $path"
	done
	is "$(code "$2/api/orders")" 401 "$1: nobody without a token"
	is "$(code "$2/api/orders" -H "Authorization: Bearer $FULFIL_TOKEN")" 200 "$1: ... and with a token"
	is "$(order "$2/webhooks/shopify/orders" | jq -r .status)" accepted "$1: a signed order"
	like "$(code --http1.1 "$2/webhooks/shopify/orders" --data-binary @order.json -H 'X-Shopify-Topic: orders/create' \
		-H 'X-Shopify-Shop-Domain: sample.myshopify.com' \
		-H "X_Shopify_Hmac_Sha256: $(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary order.json | base64)")" \
		'^40[13]$' "$1: ... is none if its signature is spelled with _"
	like "$(curl -s -k -m 20 --http1.1 -o /dev/null -w '%{http_code} %{content_type}' -H "X-Long: $(head -c 70000 /dev/zero | tr '\0' x)" "$2/api/orders")" \
		'^4[03][01] application/problem\+json' "$1: a header that is too long is a problem"
	head -c 10000000 /dev/zero >big
	like "$(curl -s -k -m 20 --http1.1 -o /dev/null -w '%{http_code} %{content_type}' --data-binary @big "$2/api/products")" \
		'^4(13|01) application/problem\+json' "$1: and so is a body"
	is "$(printf 'sku,name\nB-1,B\n' | code "$2/api/upload" -H "Authorization: Bearer $FULFIL_TOKEN" -H 'Content-Type: text/csv' --data-binary @-)" \
		202 "$1: an upload"
}
block web >web
# web NAME PROGRAM COMMAND…: README's line for it, then it is started.
web() {
	name=$1 program=$2
	shift 2
	command -v "$program" >/dev/null || { diag "no $program here"; return; }
	grep -F "/$name-site.conf" web >line
	mkdir -p /etc/nginx/conf.d /etc/apache2/sites-enabled /etc/lighttpd
	rm -f /etc/nginx/sites-enabled/* /etc/apache2/sites-enabled/*
	exit_is 0 "$(cat line)" -- sh -eu line
	(exec setpriv --pdeathsig=TERM "$@") >>"$name.log" 2>&1 </dev/null &
	web_pid=$!
	serves "$name" https://localhost
	is "$(code http://localhost/docs)" 308 "$name: port 80 leads to 443"
	kill $web_pid
	wait $web_pid
}
ip link set lo up
mkdir -p /var/log/lighttpd /var/cache/lighttpd/uploads /run/apache2 /var/lock/apache2
chown www-data: /var/log/lighttpd /var/cache/lighttpd/uploads
if [ -e /usr/lib/lighttpd/mod_openssl.so ]; then
	web lighttpd lighttpd lighttpd -D -f /etc/lighttpd/lighttpd.conf
fi
web nginx nginx nginx -g 'daemon off;'
if command -v a2enmod >/dev/null; then
	a2enmod -q ssl proxy_fcgi headers >/dev/null 2>&1
	web apache apachectl apachectl -D FOREGROUND
fi

if command -v busybox >/dev/null; then
	block busybox | sed '$s/busybox httpd/& -f/' >busybox
	(exec setpriv --pdeathsig=TERM sh -eu busybox) >busybox.log 2>&1 &
	ok 'busybox listens' wait_until 20 curl -s -o /dev/null http://127.0.0.1:8080/
	is "$(order http://127.0.0.1:8080/cgi-bin/shopify/webhooks/shopify/orders | jq -r .status)" accepted 'busybox: a signed order'
fi
# Plain CGI and the bridge, as lighttpd-cgi.conf says.
for programs in libexec/fulfil libexec/fulfil/bridge; do
	{
		printf 'server.bind = "127.0.0.1"\nserver.port = 8081\nserver.document-root = "%s/share/fulfil/static"\n' "$prefix"
		printf 'server.errorfile-prefix = "%s/share/fulfil/static/error-"\n' "$prefix"
		sed -n 's/^#   \(var\..*\|include.*\)/\1/p' "$prefix/share/fulfil/lighttpd-cgi.conf" | sed 's/ *# .*//; s|/libexec/fulfil"|/'"$programs"'"|'
	} >cgi.conf
	(exec setpriv --pdeathsig=TERM --reuid=www-data --regid=www-data --groups="$(id -g fulfil)" lighttpd -D -f cgi.conf) >cgi.log 2>&1 &
	web_pid=$!
	serves "CGI in $programs" http://127.0.0.1:8081
	kill $web_pid
	wait $web_pid
done
completed() {
	[ "$(psql -X -A -t -h "$PG_SOCKET" -U postgres -d fulfil -c "select count(*) from orders where status = 'pending' and retry_count = 0 and next_attempt_at <= now()")" = 0 ]
}
ok 'the workers take what came' wait_until 20 completed

cd "$TOP" || exit
make -s uninstall PREFIX="$prefix" >/dev/null 2>&1
cd "$SCRATCH" || exit
is "$(find "$prefix" -xdev -path '*fulfil*' -type f -newer "$SCRATCH/install" 2>/dev/null | head)" '' 'make uninstall leaves no file'
done_testing
