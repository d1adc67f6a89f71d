#!/bin/sh
# The checks of `make lint`: the tree passes, and each of them can fail.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

mkdir tree
cd tree || exit 71
for name in lib cmd cgi-bin cron sql tests; do cp -R "$TOP/$name" .; done
lint=$TOP/tests/lint

for check in "$lint"/*; do
	run_ok "the tree passes: ${check##*/}" "$check" "${FULFIL_BUILD:-$TOP/build}"
done

# The file that a case adds.
new=

# refused CHECK REGEX WHAT: CHECK fails, saying REGEX; $new is removed again.
refused() {
	exit_is 1 "$1 refuses $3" -- "$lint/$1"
	like "$ERR" "$2" '... and says so'
	[ -z "$new" ] || rm "$new"
	new=
}

# spell FILE LINE…: a file under the licence, with those lines.
spell() {
	new=$1
	shift
	printf '%s\n' '/* SPDX-License-Identifier: MIT */' "$@" >"$new"
}

spell lib/base/stray.c 'int stray_x;'
refused layers '^lib/base/stray.c:1: lib/LAYERS does not list base/stray' 'a file without a place'
spell lib/stray.c 'int stray_x;'
refused layers '^lib/stray.c: is in no room' 'a file without a room'

# with FILE INCLUDE WHY WHAT: FILE may not include that header.
with() {
	cp "$1" kept.c
	echo "#include $2" >>"$1"
	refused layers "$3" "$4"
	mv kept.c "$1"
}
with lib/base/utf8.c '"base/err.h"' '^lib/base/utf8.c:[0-9]+: base/utf8 stands before base/err ' 'an include of a later file'
with lib/base/err.c '"store/db.h"' '^lib/base/err.c:[0-9]+: base/err stands before store/db ' '... of a higher room'
with lib/order/work.c '"filter/log.h"' 'order/work may not print' 'a library file that prints'
with lib/catalogue/bulk.c '"order/money.h"' 'catalogue and order stand beside' 'a catalogue that knows orders'
with lib/order/work.c '"webhook/event.h"' 'order and webhook stand beside' 'orders that know webhooks'
with lib/base/err.c '"xalloc.h"' 'err.c:[0-9]+: only a header of lib/ is included' 'an include without its room'

spell cmd/fulfil-stray.c '#include "../cgi-bin/api.h"'
refused layers '^cmd/fulfil-stray.c:2: only a header of lib/' 'a command that includes a CGI program'
spell cmd/fulfil-stray.c '#include "fulfil-work.c"'
refused layers '^cmd/fulfil-stray.c:2: only a header of lib/' '... or another command'
spell cgi-bin/stray.c '#include "order/recv.h"'
refused layers 'lib/LAYERS does not list order/recv' 'a header that is not of lib/'

with lib/order/work.c '<libpq-fe.h>' 'is the one place that knows libpq' 'a second room that knows libpq'
spell cmd/fulfil-stray.c '#include <openssl/evp.h>'
refused layers 'openssl belongs to .c files of lib/' 'a command that knows OpenSSL'
like "$("$lint/layers" --print)" '^order: base [0-9]+ store [0-9]+ filter [0-9]+$' 'layers prints which room includes which'

spell lib/base/stray.h 'size_t stray_size(void);'
refused headers "stray.h:2.*unknown type name .size_t" 'a header that needs another before it'

mkdir -p build/lib/base
spell lib/base/stray.c 'int helper(void);' 'int helper(void) { return 1; }'
cc -c -o build/lib/base/stray.o lib/base/stray.c
refused symbols '^lib/base/stray.c: helper is not static' 'a symbol without its prefix'
spell lib/base/stray.c 'int stray_x = 1, STRAY_Y = 2, stray = 3;'
cc -c -o build/lib/base/stray.o lib/base/stray.c
run_ok 'symbols takes the prefix and the name itself' "$lint/symbols"
rm -rf build "$new"
spell lib/base/work.c 'int work_x;'
refused symbols 'more than one file is called work.c' 'two files of one name'

echo 'int x;' >lib/base/stray.c
new=lib/base/stray.c
refused style '^lib/base/stray.c:1: the SPDX line' 'a file without licence'
spell lib/base/stray.c 'int x; '
refused style '^lib/base/stray.c:2: blanks' 'blanks at the end of a line'
{
	printf '%s\n' '/* SPDX-License-Identifier: MIT */' 'void stray_long(void)' '{'
	i=0
	while [ $((i += 1)) -le 61 ]; do echo '	;'; done
	echo '}'
} >lib/base/stray.c
refused style '^lib/base/stray.c:3: a function of 61 lines' 'a function of 61 lines'

spell lib/base/stray.c "	int x; /* $(printf '%079d' 0) */"
run_ok 'style takes a line of 100 columns' "$lint/style"
spell lib/base/stray.c "	int x; /* $(printf '%080d' 0) */"
refused style '^lib/base/stray.c:2: is 101 columns wide' 'a line of 101 columns, tabs being 8'
spell tests/unit/stray.c "int x; /* $(printf '%086dä' 0) */"
run_ok '... which are characters, not bytes' "$lint/style"
spell lib/base/stray.c 'buf_addf(&b, ",\"sku\":%lld", n);'
refused style '^lib/base/stray.c:2: JSON in a format' 'a member of a record in a format'
spell tests/t0010-stray.sh
refused style 'more than one test is number t0010: tests/t0010-lint.sh tests/t0010-stray.sh' 'two tests of one number'

spell cgi-bin/static/stray.js "const x = '$(printf '%0108d' 0)';"
refused web 'stray.js:2: is 121 columns wide' 'a line of script of 121 columns'
spell cgi-bin/static/stray.css "a { /* $(printf '%0109d' 0) */ }"
refused web 'stray.css:2: is 121 columns wide' '... and of style'
yes '/**/' | head -n 400 >cgi-bin/static/stray.lines
spell cgi-bin/static/stray.js "$(cat cgi-bin/static/stray.lines)"
refused web 'stray.js: has more than 400 lines' 'a long file of script'
rm cgi-bin/static/stray.lines

mkdir lib/stray
refused readmes '^lib/README does not name stray' 'a room that no README names'
rmdir lib/stray
echo '	stray.sh     what is not there' >>tests/README
refused readmes '^tests/README names tests/stray.sh, which is not there' '... and a file that is not there'
sed -i '$d' tests/README
printf '#!/bin/sh\n' >tests/t9990-stray.sh
new=tests/t9990-stray.sh
refused readmes '^tests/README does not name t99' 'a test of no family'

# worded FILE LINE WORDS: that line in FILE is refused for its words.
worded() {
	spell "$1" "$2"
	refused words "^words: \".*$3.*\", see above: say " "\"$3\" in ${1##*/}"
}
worded lib/base/stray.c '/* A NUL stands behind it. */' 'behind'
worded sql/query/stray.sql '-- Those that nobody has in hand.' 'in hand'
worded cmd/stray.7 'Requests under way are ended.' 'under way'
worded tests/t0019-stray.sh '# so many requests' 'so many'
worded cron/stray '# Whoever asks is told.' 'whoever'
worded lib/base/stray.h '/* cursor is none of ours */' 'is none of'
spell lib/base/stray.c '/* The server stands behind a proxy. */'
run_ok '... and a proxy may have something behind it' "$lint/words"
rm "$new"

spell cmd/fulfil-stray.c
refused pages '^cmd/fulfil-stray.c: has no page' 'a command without a page'
printf '.Dd November 21, 2026\n.Dt STRAY 7\n.Os\n.Sh NAME\n.Nm stray\n.Nd a page\n.Sh WHAT\n.Xx\n' >cmd/stray.7
new=cmd/stray.7
refused pages 'stray.7:8:2: ERROR: .*unknown macro' 'a macro that mandoc does not know'

find cron sql tests \( -name '*.sh' -o -perm -100 \) -type f ! -path '*/lint/*' ! -name 't0020*' -delete # each takes its time
printf '%s\n' '#!/bin/sh' 'rm '"\$1" >cron/stray
new=cron/stray
refused scripts 'SC2086' 'an unquoted word'
printf '#!/bin/sh\n' >tests/t0000-stray.sh
new=tests/t0000-stray.sh
refused scripts 'tests/t0000-stray.sh: is not executable' 'a test that prove could not start'
done_testing
