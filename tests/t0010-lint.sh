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

spell lib/stray.c 'int stray_x;'
refused layers '^lib/stray.c:1: lib/LAYERS does not list stray' 'a module without a place'

cp lib/err.c err.c
echo '#include "db.h"' >>lib/err.c
refused layers '^lib/err.c:[0-9]+: err stands below db ' 'an include of a higher module'
mv err.c lib/err.c

cp lib/work.c work.c
echo '#include "log.h"' >>lib/work.c
refused layers 'work stands below log ' 'a library module that prints'
mv work.c lib/work.c

spell cmd/fulfil-stray.c '#include "../cgi-bin/api.h"'
refused layers '^cmd/fulfil-stray.c:2: only a header of lib/' 'a command that includes a CGI program'
spell cmd/fulfil-stray.c '#include "fulfil-work.c"'
refused layers '^cmd/fulfil-stray.c:2: only a header of lib/' '... or another command'
spell cgi-bin/stray.c '#include "recv.h"'
refused layers 'lib/LAYERS does not list recv' 'a header that is not of lib/'

cp lib/work.c work.c
echo '#include <libpq-fe.h>' >>lib/work.c
refused layers 'work.c:.*lib/db.c is the one file that knows libpq' 'a second file that knows libpq'
mv work.c lib/work.c
spell cmd/fulfil-stray.c '#include <openssl/evp.h>'
refused layers 'openssl belongs to one .c file of lib/' 'a command that knows OpenSSL'

spell lib/stray.h 'size_t stray_size(void);'
refused headers "stray.h:2.*unknown type name .size_t" 'a header that needs another before it'

mkdir -p build/lib
spell lib/stray.c 'int helper(void);' 'int helper(void) { return 1; }'
cc -c -o build/lib/stray.o lib/stray.c
refused symbols '^lib/stray.c: helper is not static' 'a symbol without its prefix'
spell lib/stray.c 'int stray_x = 1, STRAY_Y = 2, stray = 3;'
cc -c -o build/lib/stray.o lib/stray.c
run_ok 'symbols takes the prefix and the name itself' "$lint/symbols"
rm -rf build "$new"

echo 'int x;' >lib/stray.c
new=lib/stray.c
refused style '^lib/stray.c:1: the SPDX line' 'a file without licence'
spell lib/stray.c 'int x; '
refused style '^lib/stray.c:2: blanks' 'blanks at the end of a line'
{
	printf '%s\n' '/* SPDX-License-Identifier: MIT */' 'void stray_long(void)' '{'
	i=0
	while [ $((i += 1)) -le 61 ]; do echo '	;'; done
	echo '}'
} >lib/stray.c
refused style '^lib/stray.c:3: a function of 61 lines' 'a function of 61 lines'

spell cmd/fulfil-stray.c
refused pages '^cmd/fulfil-stray.c: has no page' 'a command without a page'
printf '.Dd November 21, 2026\n.Dt STRAY 7\n.Os\n.Sh NAME\n.Nm stray\n.Nd a page\n.Sh WHAT\n.Xx\n' >cmd/stray.7
new=cmd/stray.7
refused pages 'stray.7:8:2: ERROR: .*unknown macro' 'a macro that mandoc does not know'

printf '%s\n' '#!/bin/sh' 'rm '"\$1" >cron/stray
new=cron/stray
refused scripts 'SC2086' 'an unquoted word'
printf '#!/bin/sh\n' >tests/t0000-stray.sh
new=tests/t0000-stray.sh
refused scripts 'tests/t0000-stray.sh: is not executable' 'a test that prove could not start'
done_testing
