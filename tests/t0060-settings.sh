#!/bin/sh
# One table of settings, in lib/base/conf.c: .env.example, fulfil(7), the pages of the commands, the
# scripts and the code name the same ones, with the same defaults.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

driver=${FULFIL_BUILD:-$TOP/build}/tests/unit/conf
names=$("$driver" names | sed 's/=.*//')
like "$names" '^DATABASE_URL$' 'there is a table'

is "$(sed '1,/^$/d' "$TOP/.env.example")" "$("$driver" example | sed 1d)" \
	'.env.example is what build/tests/unit/conf example prints, under its head'
is "$(mandoc -T ascii -O width=300 "$TOP/cmd/fulfil.7" | col -bx | sed -n 's/^ *\([A-Z_]*=[^ ]*\)$/\1/p')" \
	"$("$driver" names)" 'fulfil(7) has each with its default'

# unknown: those of the names on stdin that are no setting.
unknown() {
	sort -u | while read -r name; do
		printf '%s\n' "$names" | grep -Fxq -e "$name" || echo "$name"
	done
}
is "$(sed -n 's/.*conf_[a-z]*([^"()]*, "\([A-Za-z_]*\)".*/\1/p' "$TOP"/lib/*/*.c "$TOP"/cmd/*.c "$TOP"/cgi-bin/*.c | unknown)" \
	'' 'the code asks for no other'
is "$(echo '	conf_get(conf, "LOG_LEVLE");' | sed -n 's/.*conf_[a-z]*([^"()]*, "\([A-Za-z_]*\)".*/\1/p' | unknown)" \
	LOG_LEVLE '... which would be seen'
for page in "$TOP"/cmd/*.1; do
	is "$(sed -n 's/^\.\(It \)\{0,1\}Ev \([A-Z_]*\).*/\2/p' "$page" | grep -Ev '^FULFIL_(CONFIG|SOCKETS)$' | unknown)" '' \
		"${page##*/} names no other"
done

# asked FILE…: the settings that these sources ask for.
asked() {
	sed -n 's/.*conf_[a-z]*([^"()]*, "\([A-Z_]*\)".*/\1/p' "$@" | sort -u
}
for source in "$TOP"/cmd/*.c; do
	page=$(mandoc -T ascii "${source%.c}.1" | col -bx)
	for name in $(asked "$source"); do
		like "$page" "$name" "the page of ${source##*/} names $name"
	done
done

like "$(sed -n 's/^#\{0,1\}\(SECRET_KEY\|SHOPIFY_WEBHOOK_SECRET\)=\(.*\)/<\2>/p' "$TOP/.env.example" | sort -u)" '^<>$' \
	'no secret has a default'
cp "$TOP/.env.example" .env
sed -i 's/^#\([A-Z]\)/\1/' .env
exit_is 78 '.env.example is a file of settings as it stands' -- env -i PATH="$PATH" FULFIL_CONFIG=/dev/null fulfil-recv
like "$ERR" 'DATABASE_URL is not set' '... that leaves the database to be named'
rm .env

# Every program refuses at once what is wrong, used or not.
programs=$(cd "$TOP" && for source in cmd/*.c cgi-bin/*.c; do echo "${source%.c}"; done)
like "$programs" '^cgi-bin/api$' 'there are programs'
# wrong VALUE SAYS [NAME=VALUE…]: each program ends with 78 and a sentence with SAYS in it.
wrong() {
	wrong_value=$1
	wrong_says=$2
	is "$(for program in $programs; do
		# shellcheck disable=SC2046 # none, or one word
		env -i PATH="$PATH" FULFIL_CONFIG="$SCRATCH/wrong.env" "$wrong_value" timeout 20 "$BUILD/$program" \
			$(case $program in */fulfil-token) echo list ;; */fulfil) echo orders list ;; esac) </dev/null >/dev/null 2>said || echo "$?"
		grep -cF "$wrong_says" said
	done | sort | uniq -c | awk '{ print $1, $2 }')" "$(echo "$programs" | wc -l | awk '{ print $1, 1; print $1, 78 }')" \
		"$wrong_value is refused"
	! grep -q sesame said
	tap_result $? '... and no secret is shown'
}
: >wrong.env
for name in LOW_STOCK_THRESHOLD RETRY_DELAYS LOG_LEVEL DEMO_MODE PORT; do
	wrong "$name=perhaps" "environment: $name is "
done
wrong FULFIL_POOL_API=0 'not a whole number from 1 to 999'
wrong REDIS_URL=rediss://:sesame@x 'REDIS_URL starts with \"rediss:\"'
wrong DATABASE_URL=mysql://u:sesame@x/y 'DATABASE_URL starts with \"mysql:\"'
wrong SECRET_KEY=change-me-sesame 'environment: SECRET_KEY still has a placeholder'
printf 'LOG_LEVEL=info\nPORT=80 # x\nTEST_ORDERS=maybe # x\n' >wrong.env
wrong LOG_LEVEL=info "$SCRATCH/wrong.env:3: TEST_ORDERS is \\\"maybe\\\", neither yes nor no"

# fulfil-stat --settings: what is in force, for a shell and for another program.
printf '%s\n' "SECRET_KEY='it'\\''s # one' # mine" >some.env
echo 'NODE_ENV=production' >.env
exit_is 0 'settings for sh' -- env -i PATH="$PATH" FULFIL_CONFIG="$SCRATCH/some.env" DEMO_MODE=1 fulfil-stat --settings run
is "$OUT" "export SECRET_KEY='it'\\''s # one'
export WEBHOOK_ALLOW_PRIVATE='yes'
export ENVIRONMENT='development'
export DEMO_MODE='yes'" '... are those that are set'
printf '%s\n' "$OUT" >more.env
is "$(env -i PATH="$PATH" FULFIL_CONFIG="$SCRATCH/more.env" fulfil-stat --settings cgi)" "$OUT" '... and can be read again'
is "$(eval "$OUT" && echo "$SECRET_KEY")" "it's # one" '... by a shell too'
exit_is 78 'and refuses what is wrong' -- env -i PATH="$PATH" REDIS_URL=redis://x:99999 fulfil-stat --settings cgi

# make run asks it before anything is started.
for wrong in LOW_STOCK_THRESHOLD=abc FULFIL_WORKERS=65 PORT=x REDIS_URL=rediss://x DEMO_MODE=perhaps; do
	exit_is 78 "make run with $wrong" -- env -i PATH="$PATH" FULFIL_HOME="$SCRATCH/none" $wrong "$TOP/cron/start/run"
	like "$ERR" "environment: ${wrong%%=*} " '... names it'
done
ok '... and has begun nothing' test ! -e none
done_testing
