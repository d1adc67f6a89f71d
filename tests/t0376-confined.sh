#!/bin/sh
# What a program has that was taken over: no more rights, no other program, no secrets but its own, and
# nothing that a terminal obeys in what it writes.
# shellcheck disable=SC2317 # functions called by wait_until
. "$(dirname "$0")/tap.sh"
. "$TOP/tests/services.sh"
case ${BUILD##*/} in address*) skip_all 'programs with sanitizers are neither hardened nor confined' ;; esac
services_start
web_start fastcgi
curl -s -o answer "$FULFIL_URL/api/health"

# Of each program: it loads nothing at an address that can be told, and its tables are read only.
for program in "$BUILD"/cmd/* "$BUILD"/cgi-bin/*; do
	case $program in *.?) continue ;; esac
	if [ ! -x "$program" ] || [ -L "$program" ]; then continue; fi
	said=$(readelf -hdlW "$program")
	name=${program##*/}
	like "$said" 'Type: *DYN' "$name has no fixed address"
	like "$said" 'BIND_NOW' "... binds at its start"
	like "$said" 'GNU_RELRO' "... and what it bound is read only"
	unlike "$(printf '%s\n' "$said" | grep GNU_STACK)" 'RWE' "... as its stack runs nothing"
done

of_pool() { # PROGRAM -> the process ids of its processes here
	pgrep -xf "$BUILD/cgi-bin/$1" | while read -r process; do
		[ "$(readlink "/proc/$process/cwd")" != "$SCRATCH" ] || echo "$process"
	done
}
for program in api shopify sign-in; do
	pid=$(of_pool $program | head -n 1)
	is "$(grep -c '^NoNewPrivs:.1$' "/proc/$pid/status")" 1 "$program gets no more rights"
	is "$(grep -c '^Seccomp:.2$' "/proc/$pid/status")" 1 '... and starts no other program'
done
# has PROGRAM NAME…: of these settings, those that its environment has
has() {
	pid=$(of_pool "$1" | head -n 1)
	shift
	tr '\0' '\n' <"/proc/$pid/environ" | cut -d= -f1 | grep -xE "$(printf '%s|' "$@")-" | sort | paste -sd' '
}
all='SHOPIFY_WEBHOOK_SECRET SECRET_KEY API_TOKENS_READ API_TOKENS_WRITE'
# shellcheck disable=SC2086 # names
{
	is "$(has shopify $all)" SHOPIFY_WEBHOOK_SECRET 'the intake has the secret of the shop alone'
	is "$(has api $all)" 'API_TOKENS_READ API_TOKENS_WRITE SECRET_KEY' 'the API has those of its users'
	is "$(has sign-in $all)" 'API_TOKENS_READ API_TOKENS_WRITE SECRET_KEY' 'as has signing in'
}
(exec setpriv --pdeathsig=TERM "$TOP/cron/start/service/work/run") >work.log 2>&1 &
work=$!
at_exit "kill $work 2>/dev/null"
started() { [ -n "$(pgrep -P "$work")" ]; }
wait_until 10 started
is "$(tr '\0' '\n' <"/proc/$(pgrep -P "$work" | head -n 1)/environ" | cut -d= -f1 | grep -cxE "$(echo "$all" | tr ' ' '|')")" 0 \
	'workers have none of them'

# In production nobody of the same user reads its memory.
other=$([ "$(id -u)" -ne 0 ] || echo '--reuid=65534 --regid=65534 --clear-groups')
# shellcheck disable=SC2086 # options, or nothing
for place in test production; do
	(exec setpriv $other --pdeathsig=TERM env ENVIRONMENT=$place fulfil-stat --watch 1 health) >stat-$place 2>&1 &
	eval "in_$place=$!"
	at_exit "kill $! 2>/dev/null"
	ok "in $place it runs" wait_until 10 test -s stat-$place
done
# shellcheck disable=SC2154 # set by eval
{
	unlike "$(stat -c %U "/proc/$in_test/environ")" '^root$' 'elsewhere its memory can be looked at'
	is "$(stat -c %U "/proc/$in_production/environ")" root 'in production it is closed to others'
	is "$(grep -c '^NoNewPrivs:.1$' "/proc/$in_production/status")" 1 '... and there are no more rights'
}

# What is written to a log or a terminal.
steering=$(printf '\302\2331mRED\342\200\256\342\201\246\330\234')
curl -s -o answer --path-as-is "$FULFIL_URL/api/%C2%9B31m%E2%80%AE"
ok 'a path is in the log' grep -q '/api/' "$SCRATCH/pool-api.log"
is "$(grep -c "$(printf '\302\233')" "$SCRATCH/pool-api.log")" 0 '... without what steers a terminal'
is "$(grep -c 'u009b31m.u202e' "$SCRATCH/pool-api.log")" 1 '... but escaped'
long=$(head -c 3000 /dev/zero | tr '\0' x)
curl -s -o answer "$FULFIL_URL/api/$long"
is "$(grep -c "$(printf %.200s "$long")" "$SCRATCH/pool-api.log")" 0 '... and is cut'
printf 'sku,name\nA-1,"%s"\n,none\n' "$steering" >odd.csv
fulfil-import <odd.csv >records 2>/dev/null
is "$(grep -c "$(printf '\302\233')" records)" 0 'nor do records have it'

# Texts that are cut are text all the same.
euros=$(printf '€%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30)
printf '{"id":1,"total_price":"%s","line_items":[{"id":1,"sku":"%s%s","quantity":1}]}' "$euros" "$euros" "$euros" |
	fulfil-recv --topic orders/create --shop a.myshopify.com >record 2>recv.log
is "$(jq -r .status record 2>&1 | cat - recv.log)" accepted 'an odd price of many bytes refuses no order'
fulfil-work --drain >result 2>>work.log
like "$(psqlq 'select error_message from orders where external_id = 1')" '€' 'a long SKU is named in what it waits for'

# Settings of somebody else's directory.
mkdir theirs
echo WEBHOOK_ALLOW_PRIVATE=yes >theirs/.env
chmod 666 theirs/.env
cd theirs || exit
exit_is 78 'a .env that others may write' -- fulfil-stat --settings command
like "$ERR" 'others may write it' '... is not taken'
chmod 644 .env
exit_is 0 'one of ours is' -- fulfil-stat --settings command
if [ "$(id -u)" -eq 0 ]; then
	chown 65534 .env
	exit_is 78 'one of another user is not' -- fulfil-stat --settings command
fi
cd "$SCRATCH" || exit

# The password of the database is no argument of psql.
cat >psql <<'END'
#!/bin/sh
printf '%s\n' "$*" >>"$SCRATCH/arguments"
exec /usr/bin/env PATH="$PG_BIN:$PATH" "$PG_BIN/psql" "$@"
END
chmod +x psql
export SCRATCH
for url in "postgresql://fulfil:S3cr3t%2Fpw@/fulfil?host=$PG_SOCKET" "host=$PG_SOCKET user=fulfil dbname=fulfil password='S3cr3t pw'" \
	"postgresql:///fulfil?host=$PG_SOCKET&user=fulfil&password=S3cr3t"; do
	: >arguments
	exit_is 0 'migrate with a password in DATABASE_URL' -- env PATH="$SCRATCH:$PATH" DATABASE_URL="$url" "$TOP/sql/migrate" status
	ok '... asks psql' test -s arguments
	is "$(grep -c S3cr3t arguments)" 0 '... which shows no password to others'
done
done_testing
