#!/bin/sh
# fulfil-import on files of the kind that people have: odd line ends, quotes, encodings and rows,
# from a file, through a pipe and a byte at a time.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

{
	printf '\357\273\277"SKU";Product Title;Colour;description;price\r\n'
	printf 'A1;Mug;x;"two\r\nlines; one ""quoted"""\n'
	printf ' A2\t;\302\240Tee, black ;x; kept \r'
	printf '\n;;;;\n'
	printf 'A3;5" pipe;x;\\N;1.50\n'
	printf 'A4;"Mug" big;x\n'
	printf ';nameless;x\nA5;;x\nA6\n'
	printf 'A7;a;b;c;1;;x\nA8;a;b;c;1;;\n'
	printf 'A9;caf\351;x\nA10;nul\000;x\n'
	printf 'A11;a;b;c;1,50\n'
	printf '\\.\n\\.;dot;x\n'
	printf 'A12;Stra\303\237e \360\237\221\225;x;""\n'
	printf 'A13;"open;x\nA14;swallowed;x'
} >odd.csv

# What a run made of the file: its counts, its rejects and the table.
outcome() {
	counts
	unlawful
	printf '%s\n' "$OUT" | jq -r 'select(.type == "reject") | "\(.line)-\(.last_line) \(.code) \(.column)"'
	psqlq "select sku, name, description, price from products order by id"
}
as_it_is='[16,6,0,0,0,10,"partial"]
7-7 bad_quote null
8-8 missing_sku sku
9-9 missing_name name
10-10 too_few_fields null
11-11 too_many_fields null
13-13 bad_encoding null
14-14 nul_byte null
15-15 bad_price price
16-16 too_few_fields null
19-20 unterminated_quote null
A1|Mug|'"two$(printf '\r')"'
lines; one "quoted"|
A2|Tee, black| kept |
A3|5" pipe|\N|1.50
A8|a|c|1
\.|dot||
A12|Straße 👕||'

exit_is 65 'from a file' -- fulfil-import --rejects rejects.csv <odd.csv
is "$(outcome)" "$as_it_is" '... every row has its fate'
like "$ERR" 'line 6: bare_quote' '... a quote inside a field is worth a warning'
like "$ERR" 'unknown_columns: .*Colour' '... and a column without a meaning'
psqlq 'delete from products'
exit_is 65 'through a pipe' -- sh -c 'cat odd.csv | fulfil-import --rejects piped.csv'
is "$(outcome)" "$as_it_is" '... the same'
psqlq 'delete from products'
exit_is 65 'a byte at a time' -- sh -c 'dd bs=1 if=odd.csv 2>/dev/null | fulfil-import --rejects bytes.csv'
is "$(outcome)" "$as_it_is" '... the same'
cmp rejects.csv piped.csv && cmp rejects.csv bytes.csv
is $? 0 '... and the rejects are the same bytes'

# The rejects go round. A price with a comma is one beside prices with a point; alone it is read.
is "$(sed -n '1s/;.*//p; 2s/;.*//p; $p' rejects.csv | sed "1s/^$(printf '\357\273\277')//")" "$(printf 'reject_line\n7\nA14;swallowed;x')" 'the rejects have their lines'
exit_is 65 'fed back unmended' -- fulfil-import --rejects again.csv <rejects.csv
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "reject").code')" \
	"$(printf '%s\n' "$as_it_is" | sed -n 's/^[0-9-]* \([a-z_]*\) .*/\1/p' | grep -v '^bad_price$')" '... all are rejected for the same reasons'
LC_ALL=C sed 's/;"Mug" big;/;"Mug big";/; s/;;nameless/;A0;nameless/; s/A5;;/A5;named;/; s/;A6/;A6;named/; s/b;c;1;;x/b;c;1/
	s/caf.;/cafe;/; s/nul.;/nul;/; s/;1,50$/;1.50/; s/";\\\.$/";A15;dot/; s/"open;/"open";/; s/^A14/99;;A14/' rejects.csv >mended.csv
run_ok 'mended' fulfil-import <mended.csv
is "$(psqlq 'select count(*) from products')" 17 '... all are in'
unlike "$ERR" unknown_columns.*reject '... and the columns in front are nothing new'

# UTF-16, as spreadsheets save it
psqlq 'delete from products'
LC_ALL=C sed '/caf/d; /nul/d; /open/,$d; 1s/^...//' odd.csv | iconv -f UTF-8 -t UTF-16 >wide.csv
exit_is 65 'UTF-16' -- sh -c 'dd bs=1 if=wide.csv 2>/dev/null | fulfil-import'
is "$(psqlq "select string_agg(sku || name, ' ' order by id) from products")" \
	'A1Mug A2Tee, black A35" pipe A8a \.dot A12Straße 👕' '... is taken as it is'

# What is left out is said.
printf 'sku,name,quantity,\nX,a,5,note\n\032' >left.csv
run_ok 'a quantity without --stock, a value without a name, and a ^Z' fulfil-import --dry-run <left.csv
like "$ERR" 'line 1: quantity_ignored: the column .*quantity.* is taken only with --stock' '... the one is said'
like "$ERR" 'line 2: unknown_columns: field 4 ' '... and the other'
run_ok 'with --stock' fulfil-import --dry-run --stock <left.csv
unlike "$ERR" quantity_ignored '... there is nothing to say of it'
exit_is 64 'a column mapped twice' -- fulfil-import -m Qty=price -m Qty=category <left.csv

# A price is the same however many zeros it ends with.
printf 'sku,name,price\nP,a,1.5\n' | fulfil-import >/dev/null 2>&1
run_ok 'a price with a zero more' sh -c "printf 'sku,name,price\nP,a,1.50\n' | fulfil-import"
is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "summary") | [.updated, .unchanged] | @tsv')" \
	"$(printf '0\t1')" '... is no change'

# Files that cannot be used change nothing and say why.
before=$(psqlq 'select count(*) from products')
for case in 'no_header|' 'missing_column.*sku|name,price\nX,1\n' 'duplicate_column|sku,name,title\nX,a,b\n' \
	'bad_header|"sku"x,name\nX,a\n' 'bad_header.*never closed|sku,"name\nX,a\n' 'bad_encoding.*WINDOWS-1252|sku,name,gr\366\337e\nX,a,1\n' \
	'bad_encoding.*UTF-16LE|s\000k\000u\000,\000n\000a\000m\000e\000\n\000' 'binary|PK\003\004sku,name\n' \
	'binary.*PNG|\211PNG\r\n\032\n'; do
	# shellcheck disable=SC2059 # the case is a format
	printf "${case#*|}" >bad.csv
	exit_is 65 "${case%%|*}" -- fulfil-import <bad.csv
	like "$ERR" "${case%%|*}" '... it says so'
	is "$(printf '%s\n' "$OUT" | jq -r '[.status, .read] | @tsv')" "$(printf 'failed\t0')" '... in the summary, too'
done
is "$(psqlq 'select count(*) from products')" "$before" 'none of them changed anything'
done_testing
