#!/bin/sh
# make on a machine that lacks something says what, and what to do.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL

# A machine's programs, without those named.
without() {
	rm -rf bin
	cp -as /usr/bin bin
	for tool; do rm -f "bin/$tool"; done
}
copy() {
	rm -rf tree && mkdir tree
	(cd "$TOP" && tar -cf - --exclude=./build --exclude=./var --exclude=./.git .) | tar -xf - -C tree
}
copy
without jq pkg-config
for goal in all static install; do
	exit_is 2 "make $goal on a bare machine" -- env PATH="$SCRATCH/bin" make -C tree -s $goal DESTDIR="$SCRATCH/root"
	is "$(printf '%s\n' "$ERR" | grep -v '^make')" \
		'missing: pkg-config jq libpq hiredis jansson libcrypto libcurl; run sh cron/deps' '... names all of it, once'
done
ok '... and has compiled nothing' sh -c '! find tree/build -name "*.o" | grep -q .'
without jq
exit_is 2 'make without jq' -- env PATH="$SCRATCH/bin" make -C tree -s -j4
is "$(printf '%s\n' "$ERR" | grep '^missing')" 'missing: jq; run sh cron/deps' '... names that'
exit_is 2 'make without a header' -- make -C tree -s CC="sh -c 'exit 1'"
like "$ERR" 'missing: fcgiapp.h csv.h; run sh cron/deps' '... names that'
exit_is 0 'make clean needs nothing' -- env PATH="$SCRATCH/bin" make -C tree -s clean
done_testing
