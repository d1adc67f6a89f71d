#!/bin/sh
# The unit drivers once more, with every access to memory checked, and that they can fail.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL
run_ok 'all drivers under the address and undefined behaviour sanitizers' \
	make -s -C "$TOP" SANITIZE=address,undefined CFLAGS='-O1 -g' unit
unlike "$ERR" 'Sanitizer|runtime error' '... with nothing to say'
for source in "$TOP"/tests/unit/*.c; do
	name=${source##*/}
	like "$OUT" "/${name%.c} \\.* ok" "... ${name%.c} was among them"
done

# A driver reads its cases below the working directory.
mkdir -p tests/unit
printf 'case: wrong\nno: 1.00\nyes: 2.00\n' >tests/unit/money.case
exit_is 1 'a case that does not hold' -- "$TOP/build/address,undefined/tests/unit/money"
is "$(printf '%s\n' "$OUT" | grep -c '^not ok')" 1 '... is one failure'
echo 'no field' >tests/unit/money.case
exit_is 1 'a file of cases with a mistake' -- "$TOP/build/address,undefined/tests/unit/money"
like "$OUT" '^Bail out!.*money.case:1' '... says where'
done_testing
