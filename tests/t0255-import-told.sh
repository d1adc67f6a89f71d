#!/bin/sh
# fulfil-import: whatever is told on standard error is a record, too, and in the summary by code; the
# file of rejected rows never takes the place of rows that are in no other place.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

codes() { # KEY: the counts by code of the summary in $OUT
	printf '%s\n' "$OUT" | jq -c --arg k "$1" 'select(.type == "summary") | .[$k] | map([.code, .count])'
}

# --- superseded rows ---
awk 'BEGIN { print "sku,name"; for (i = 0; i < 100; i++) print "D-" i % 50 ",Name " i }' >twice.csv
exit_is 0 'each SKU twice' -- fulfil-import <twice.csv
is "$(counts)" '[100,50,0,0,50,0,"ok"]' '... the first one is superseded'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "superseded") | [.line, .by]' | sed -n '1p; $p' | xargs)" '[2,52] [51,101]' '... and each is told, with both lines'
is "$(printf '%s\n' "$OUT" | grep -c '"superseded","line"')" 50 '... all fifty'
like "$ERR" 'superseded: and 30 more of these' '... on standard error how many more'
is "$(codes warning_counts)" '[["superseded",50]]' '... and the summary counts them'

# Rows that went straight into the table, and rows that were put aside: the lines are the same.
psqlq 'truncate products cascade'
awk 'BEGIN { print "sku,name"; print "bad"; for (i = 1; i <= 25000; i++) printf "S-%d,\"a%sb\"\n", i, i % 1000 ? "" : "\n"
	print "s-1,late"; print "S-24000,late"; for (i = 1; i <= 9998; i++) print "T-" i ",c"
	print "s-1,last" }' >parts.csv
exit_is 65 'rows in both ways' -- fulfil-import <parts.csv
line() { grep -n "^$1" parts.csv | cut -d: -f1 | sed -n "$2p"; }
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "superseded") | [.line, .by]' | sort | xargs)" \
	"$(printf '[%s,%s]\n' "$(line 'S-1,' 1)" "$(line s-1, 2)" "$(line 'S-24000' 1)" "$(line 'S-24000' 2)" "$(line s-1, 1)" "$(line s-1, 2)" | sort | xargs)" \
	'... both lines are those of the file'

# --- many rejects do not hide the rest ---
awk 'BEGIN { print "sku,name,price,odd,"; for (i = 0; i < 30; i++) print "," i ",,,"; print "A,a\"b,,,"; print "a,x,,,y" }' >many.csv
exit_is 65 'rejects and warnings' -- fulfil-import --stock <many.csv
like "$ERR" 'line 32: superseded' '... 30 rejects do not hide what is superseded'
like "$ERR" 'missing_sku: and 10 more of these' '... and are counted'
is "$(codes reject_counts)" '[["missing_sku",30]]' '... by code'
is "$(codes warning_counts | jq -c 'map(.[0]) | sort')" '["bare_quote","no_quantity","superseded","unknown_columns"]' '... as are the warnings'
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "warning") | .code' | sort | xargs)" 'bare_quote no_quantity unknown_columns unknown_columns' '... which are records, too'
printf 'sku,name,price,quantity,active\nA-1,One,"1,00",ten,maybe\n' >three.csv
exit_is 65 'three faults in a row' -- fulfil-import --stock --rejects bad.csv <three.csv
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "reject") | [.code, (.more[] | .code)]')" '["bad_price","bad_active","bad_quantity"]' '... are all told'
like "$(cat bad.csv)" 'bad_price: .*; bad_active: .*; bad_quantity: ' '... in the file, too'

# --- the file of rejected rows ---
{ echo sku,name; echo ,bad; for i in 1 2 3; do echo "M-$i,mended"; done; } >mended.csv
for option in '--max-errors 0' --dry-run; do
	cp mended.csv work.csv
	# shellcheck disable=SC2086 # words
	exit_is 65 "$option" -- sh -c "fulfil-import $option --rejects work.csv <work.csv"
	like "$ERR" 'work\.csv\.new' '... names the file of the rejected ones'
	ok '... keeps the mended rows' cmp work.csv mended.csv
	is "$(wc -l <work.csv.new)" 2 '... and the rejected ones beside them'
	# shellcheck disable=SC2086
	sh -c "cat work.csv | fulfil-import $option --rejects work.csv" >/dev/null 2>&1
	ok '... also if they come through a pipe' cmp work.csv mended.csv
	rm work.csv.new
done
exit_is 65 'once the others are in' -- sh -c 'fulfil-import --rejects work.csv <work.csv'
is "$(wc -l <work.csv) $(ls work.csv*)" '2 work.csv' '... it has the rejected ones only'
exit_is 65 'a dry run without a file there' -- fulfil-import -n --rejects fresh.csv <mended.csv
is "$(wc -l <fresh.csv)" 2 '... makes one'
is "$(psqlq "select count(*) from products where sku like 'M-%'")" 3 '... and the rows were imported once'

# --- how much may be rejected, and names of encodings ---
awk 'BEGIN { print "sku,name"; print ",x"; for (i = 1; i < 200; i++) print "P-" i ",p" }' >share.csv
exit_is 65 'half a percent' -- fulfil-import -n --max-errors 0.5% <share.csv
is "$(counts)" '[200,199,0,0,0,1,"partial"]' '... is not too much'
exit_is 65 'less' -- fulfil-import -n --max-errors 0.49% <share.csv
like "$ERR" '1 of 200, and 0\.49 % are allowed' '... is'
exit_is 64 'no share' -- fulfil-import --max-errors 0.00001% <share.csv
printf 'sku,name\nL,caf\351\n' >latin.csv
exit_is 0 'latin-1' -- fulfil-import --encoding latin-1 <latin.csv
is "$(psqlq "select name from products where sku = 'L'")" café '... is known'
printf '"sep=;"\nsku;name\nQ;q\n' >sep.csv
exit_is 0 'sep= in quotes' -- fulfil-import <sep.csv
printf 'sep=;;\nsku;name\nQ;q\n' >sep.csv
exit_is 0 'sep= filled up' -- fulfil-import <sep.csv
printf '"sku,name"\n"A,b"\n' >whole.csv
exit_is 65 'whole lines in quotes' -- fulfil-import <whole.csv
like "$ERR" 'whole line of the header stands in quotes' '... are told'
run_ok 'the audit holds' fulfil-scan --audit
done_testing
