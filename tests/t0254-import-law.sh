#!/bin/sh
# fulfil-import against a model of it, on random files: read = created + updated + unchanged +
# superseded + rejected, and of the good rows of a product the last one wins. Then what it shows on
# a terminal. FULFIL_TEST_SEED and FULFIL_TEST_FILES make other files.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start
export LC_ALL=C

seed=${FULFIL_TEST_SEED:-1} files=${FULFIL_TEST_FILES:-24}
diag "FULFIL_TEST_SEED=$seed"
awk -v seed="$seed" -v files="$files" -f "$TOP/tests/data/catalogue.awk" || exit

# what_is FILE: the counts and rejects of a run, as the model has them; the table goes to the file table.
what_is() {
	exit_is "$(($(sed 1d "$1.want" | wc -l) > 0 ? 65 : 0))" "$1: $(sed 1q "$1.want")" -- \
		fulfil-import --rejects rejects.csv
	printf '%s\n' "$OUT" | jq -c 'select(.type == "summary")
		| [.read, .created, .updated, .unchanged, .superseded, .rejected]' >got
	printf '%s\n' "$OUT" | jq -r 'select(.type == "reject") | "\(.line) \(.code)"' >>got
	is "$(unlawful)" '' '... and the law holds'
	psqlq 'select jsonb_build_array(sku, name, description, price::text, active) from products
		where deleted_at is null' | sort >table
	sort -o "$1.table" "$1.table"
	ok '... the rows come to what they must' diff "$1.want" got
	ok '... and so do the products' diff "$1.table" table
}
# mended: the rejected rows, each put right.
mended() {
	tr '\000\001\003' 'X!-' <rejects.csv | sed 's/^\([0-9]*\)\(,"missing_sku: [^"]*",\),/\1\2MEND-\1,/
		s/^[0-9]*,"missing_name: [^"]*",[^,]*,/&mended/
		s/^[0-9]*,"too_few_fields: [^"]*",[^\r]*/&,mended/
		s/,surplus\(\r*\)$/\1/; s/twelve/12/g; s/perhaps/yes/g; s/yyyy*/y/; s/"nam"e/"name"/; s/\xFF/e/
		s/never closed\(\r*\)$/never closed"\1/'
}
i=0
while [ $((i += 1)) -le "$files" ]; do
	tr '\002' '\000' <$i.csv >$i.bytes
	what_is $i <$i.bytes
	mended >$i.mended.csv
	if [ -s $i.mended.csv ]; then what_is $i.mended <$i.mended.csv; fi
done
is "$(grep -h '^\[' ./*.want | jq -sc 'transpose | map(add > 0) | unique')" '[true]' 'every fate occurred'
# On a terminal a bar says how far it is, else records do. Both have to wait for another import.
turn() { # t or f: somebody has the turn to import, or waits for it
	[ "$(psqlq "select count(*) from pg_locks where locktype = 'advisory' and granted = '$1'")" = 1 ]
}
shown() { # FILE REGEX
	grep -Eq "$2" "$1"
}
slowly() { # COMMAND OUTPUT REGEX: runs COMMAND, and lets it go on once its OUTPUT has shown what REGEX says
	mkfifo hold
	psql -X -q -d "$DATABASE_URL" <hold >/dev/null &
	exec 3>hold
	echo 'begin; select pg_advisory_xact_lock(7103223);' >&3
	wait_until 20 turn t
	sh -c "$1" 3>&- &
	wait_until 20 turn f && wait_until 20 shown "$2" "$3"
	shown=$?
	exec 3>&-
	rm hold
	wait $!
	is "$shown $?" '0 0' "$4"
}
rows 100 shown >shown.csv
slowly "script -qefc 'fulfil-import <shown.csv >shown.out' bar >/dev/null </dev/null" bar 'wait.* [0-9]+ rows' 'a bar on a terminal'
is "$(jq -r .type shown.out)" summary '... and no records of progress'
like "$(sed -n '/^Script/!p' bar | tr '\r' '\n' | sed '/^$/d; s/ .*//' | sort -u | cat -v | xargs)" '^\^\[\[K .*wait$' '... which is wiped away'
slowly 'fulfil-import <shown.csv >shown.out 2>shown.err' shown.out '"progress"' 'records elsewhere'
is "$(jq -r .type shown.out | uniq | xargs)" 'progress summary' '... before the summary'
is "$(jq -sc 'map(select(.type == "progress") | [.phase, .bytes == .total_bytes, .rejected]) | unique' shown.out)" '[["wait",true,0]]' '... with what a bar would show'
is "$(cat shown.err)" '' '... and no bar'

run_ok 'the audit holds' fulfil-scan --audit
done_testing
