#!/bin/sh
# One table of settings, in lib/conf.c: .env.example, fulfil(7), the pages of the commands, the
# scripts and the code name the same ones, with the same defaults.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=cron/servers.sh
. "$TOP/cron/servers.sh"

driver=${FULFIL_BUILD:-$TOP/build}/tests/unit/conf
names=$("$driver" names | sed 's/=.*//')
like "$names" '^DATABASE_URL$' 'there is a table'

is "$(sed '1,/^$/d' "$TOP/.env.example")" "$("$driver" example | sed 1d)" \
	'.env.example is what build/tests/unit/conf example prints, under its head'
is "$(mandoc -T ascii -O width=300 "$TOP/cmd/fulfil.7" | col -bx | sed -n 's/^ *\([A-Z_]*=[^ ]*\)$/\1/p')" \
	"$("$driver" names)" 'fulfil(7) has each with its default'
is "$(setting_names "$TOP")" "$(printf '%s\n' "$names" | sort -u)" 'cron/servers.sh knows each, and no other'

# unknown: those of the names on stdin that are no setting.
unknown() {
	sort -u | while read -r name; do
		printf '%s\n' "$names" | grep -Fxq -e "$name" || echo "$name"
	done
}
is "$(sed -n 's/.*conf_[a-z]*([^"()]*, "\([A-Za-z_]*\)".*/\1/p' "$TOP"/lib/*.c "$TOP"/cmd/*.c "$TOP"/cgi-bin/*.c | unknown)" \
	'' 'the code asks for no other'
is "$(echo '	conf_get(conf, "LOG_LEVLE");' | sed -n 's/.*conf_[a-z]*([^"()]*, "\([A-Za-z_]*\)".*/\1/p' | unknown)" \
	LOG_LEVLE '... which would be seen'
for page in "$TOP"/cmd/*.1; do
	is "$(sed -n 's/^\.\(It \)\{0,1\}Ev \([A-Z_]*\).*/\2/p' "$page" | grep -v '^FULFIL_CONFIG$' | unknown)" '' \
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
done_testing
