#!/bin/sh
# fulfil-stat --settings: what cannot work is said before anything starts; what is missing, too.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# settings READER NAME=VALUE…: with these settings and no others.
settings() {
	reader=$1
	shift
	env -i PATH="$PATH" FULFIL_CONFIG=/dev/null "$@" fulfil-stat --settings "$reader"
}
key=0123456789abcdef0123456789abcdef
url=postgresql://a@b/c

exit_is 0 'settings that can work' -- settings cgi DATABASE_URL=$url SECRET_KEY=$key SHOPIFY_WEBHOOK_SECRET=$key SHOPIFY_SHOPS=a.myshopify.com \
	API_TOKENS_WRITE=$key
is "$ERR" '' '... without a word'
exit_is 78 'nothing is set' -- settings cgi
is "$OUT" '' '... shows no line'
for name in DATABASE_URL SHOPIFY_WEBHOOK_SECRET SECRET_KEY API_TOKENS_WRITE; do
	like "$ERR" "$name is not set: " "... and says what $name is for"
done
exit_is 78 'empty values are not set' -- settings cgi DATABASE_URL= SECRET_KEY= API_TOKENS_WRITE=,
like "$ERR" 'API_TOKENS_WRITE is not set' '... nor are lists of nothing'
exit_is 0 'a database alone' -- settings cgi DATABASE_URL=$url
is "$(printf '%s\n' "$ERR" | jq -r .level | sort -u)" warn '... has warnings'
exit_is 0 'reading alone' -- settings cgi DATABASE_URL=$url API_TOKENS_READ=$key
like "$ERR" 'the API and the pages change nothing' '... is told what it cannot do'
exit_is 0 'the commands take no tokens' -- settings command DATABASE_URL=$url
is "$ERR" '' '... so none is missing'
exit_is 0 'make run makes its own' -- settings run
is "$ERR" '' '... so nothing is missing'

# wrong TEXT NAME=VALUE: refused by all, with a sentence.
wrong() {
	says=$1
	shift
	for reader in cgi command run; do
		exit_is 78 "$reader: $*" -- settings $reader DATABASE_URL=$url SECRET_KEY=$key ENVIRONMENT=test "$@"
		like "$ERR" "$says" '... says why'
	done
}
wrong 'DATABASE_URL: port is ."x' 'DATABASE_URL=postgresql://a@b:x/y'
wrong 'DATABASE_URL: port is ."0' 'DATABASE_URL=host=a,b port=5432,0'
wrong 'DATABASE_URL: port is ."65536' 'DATABASE_URL=postgresql://h:65536/d'
wrong 'sslmod' 'DATABASE_URL=postgresql://h/d?sslmod=require'
wrong 'sslmode is ."requir.., not one of disable,allow' 'DATABASE_URL=postgresql://h/d?sslmode=requir'
wrong 'target_session_attrs' 'DATABASE_URL=postgresql://h/d?target_session_attrs=master'
wrong 'connect_timeout' 'DATABASE_URL=host=h connect_timeout=soon'
wrong 'DATABASE_URL: ' 'DATABASE_URL=nonsense=1'
# A password is in no message: not by libpq's words for what is left of one that is not escaped.
for url_of in postgresql://f:S3cr3t/pw@db/f postgresql://f:12/S3cr3t@db/f postgresql://f:12@S3cr3t@db/f postgresql://f:S3cr3t%pw@db/f \
	'postgresql://f:1/x?S3cr3t=y@db/f' 'postgresql://f:pw@db:S3cr3t/f' 'host=/x password=my S3cr3t' "host=/x password='S3cr3t"; do
	wrong 'DATABASE_URL: .*in a password of it / is written %2F' "DATABASE_URL=$url_of"
	out=$(DATABASE_URL=$url_of fulfil-stat health 2>&1) && ok 'a password that is not escaped connects to nothing' false
	unlike "$ERR$out" S3cr3t '... and is not told'
done
wrong 'WEBHOOK_CA_FILE names .*/nonexistent.*, which cannot be read: No such file' WEBHOOK_CA_FILE=/nonexistent
wrong 'SHOPIFY_SHOPS: ."myshop.. is not of the form' 'SHOPIFY_SHOPS=a.myshopify.com, myshop'
wrong 'SHOPIFY_SHOPS: ."https:' SHOPIFY_SHOPS=https://a.myshopify.com/
wrong 'SECRET_KEY has 3 characters' SECRET_KEY=abc
for good in 'postgresql://h1:1,h2:65535/d?sslmode=verify-full&target_session_attrs=read-write' 'host=/run/postgresql' \
	'postgresql:///d?host=/a,/b&connect_timeout=3' postgresql://u:p%40w@h/d; do
	exit_is 0 "good: $good" -- settings command "DATABASE_URL=$good"
done
exit_is 0 'a short secret is for development' -- settings cgi DATABASE_URL=$url SECRET_KEY=abc ENVIRONMENT=development
exit_is 0 'a short token' -- settings command DATABASE_URL=$url API_TOKENS_READ=$key,abc ENVIRONMENT=test
like "$ERR" 'API_TOKENS_READ has 3 characters' '... is warned of'
unlike "$ERR" 'abc' '... and not shown'

# Names that nobody reads.
for pair in LOW_STOCK_TRESHOLD=3:LOW_STOCK_THRESHOLD FULFIL_WORKER=4:FULFIL_WORKERS DATABSE_URL=x:DATABASE_URL \
	Log_Levels=x:LOG_LEVEL WEBHOOK_ALOW_PRIVAT=x:WEBHOOK_ALLOW_PRIVATE; do
	exit_is 0 "${pair%%=*}" -- settings run "${pair%:*}"
	like "$ERR" "there is no setting .*it looks like ${pair#*:}" '... is a typing mistake'
done
exit_is 0 'other names' -- settings run HOME=/ LANG=C POST=x http_proxy=x PGHOST=x FULFIL_URL=x FULFIL_TOKEN=x FULFIL_SOCKETS=x \
	FULFIL_TOP=x FULFIL_SCHEMA_DIR=x
is "$ERR" '' '... are not'

# What a machine's own file says is not what make run starts upon.
mkdir etc
echo "DATABASE_URL=$url" >etc/fulfil.env
exit_is 0 'make run and a file that FULFIL_CONFIG names' -- settings run "FULFIL_CONFIG=$SCRATCH/etc/fulfil.env"
like "$OUT" 'DATABASE_URL=' '... takes it'
ok 'but not the one of the machine, unnamed' sh -c \
	"env -i PATH='$PATH' strace -f -e trace=openat fulfil-stat --settings run 2>&1 | grep -c /etc/fulfil | grep -qx 0"
done_testing
