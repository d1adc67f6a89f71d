#!/bin/sh
# The harnesses of tests/fuzz: each file of their corpus and some thousand mutations, the same each time.
# `make fuzz` looks for new ones.
. "$(dirname "$0")/tap.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL

run_ok 'the harnesses are built' make -s -C "$TOP" fuzzes
for harness in "$TOP"/build/tests/fuzz/*; do
	name=${harness##*/}
	case $name in *.*) continue ;; esac
	exit_is 0 "$name holds" -- timeout 60 "$harness" "$TOP/tests/fuzz/corpus/$name" 2000
	ok "... with $OUT" test "${OUT%% *}" -gt 1
done
done_testing
