#!/bin/sh
# fulfil-import: a file that is the whole catalogue, what becomes of products that it lacks, and files that
# were cut.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
services_start

table() {
	psqlq "select p.id, sku, name, price, active, deleted_at is not null, on_hand, level, p.updated_at
		from products p left join stock s on s.product_id = p.id order by p.id"
}
of() { # SKU: active, deleted, stock
	psqlq "select active, deleted_at is not null, on_hand from products p left join stock s on s.product_id = p.id where sku = '$1'"
}
summary() { # FILTER
	printf '%s\n' "$OUT" | jq -c "select(.type == \"summary\") | $1"
}
changes() {
	printf '%s\n' "$OUT" | jq -c 'select(.type == "change") | [.line, .sku, .set, .stock]'
}

awk 'BEGIN { print "sku,name,price,quantity"; for (i = 1; i <= 20; i++) print "A-" i ",Name " i "," i "," i }' >all.csv
fulfil-import --stock <all.csv >/dev/null
grep -v '^A-7,' all.csv | sed 's/^A-9,/a-9,/' >less.csv
before=$(table)

for way in deactivate zero delete; do
	case $way in
	deactivate) want='[null,"A-7",{"active":[true,false]},0]' is='f|f|7' ;;
	zero) want='[null,"A-7",{},-7]' is='t|f|0' ;;
	delete) want='[null,"A-7",{"deleted":[false,true]},0]' is='t|t|7' ;;
	esac
	want="[9,\"a-9\",{\"sku\":[\"A-9\",\"a-9\"]},0]
$want"
	exit_is 0 "$way, tried" -- fulfil-import --stock --missing "$way" --dry-run <less.csv
	is "$(changes)" "$want" '... says what it would do'
	is "$(table)" "$before" '... and does nothing'
	exit_is 0 "$way" -- fulfil-import --stock --missing "$way" --changes <less.csv
	is "$(changes)" "$want" '... says it'
	is "$(summary '[.read, .updated, .unchanged, .missing]')" '[19,1,18,1]' '... counts it'
	is "$(of A-7)" "$is" '... does it'
	id=$(summary .import_id)
	exit_is 0 '... again' -- fulfil-import --stock --missing "$way" <less.csv
	is "$(summary '[.missing, .import_id]')" '[0,null]' '... finds nothing to do'
	exit_is 0 '... taken back' -- fulfil-import --undo "$id"
	is "$(table | cut -d'|' -f1-8)" "$(printf '%s\n' "$before" | cut -d'|' -f1-8)" '... all is as it was'
done
exit_is 0 'the audit agrees' -- fulfil-scan --audit

# --- the cap

head -n 16 all.csv >short.csv
before=$(table)
exit_is 65 'a file that shrank' -- fulfil-import --stock --missing delete <short.csv
like "$ERR" 'too_many_missing: the file lacks 5 of 20 products, and 20 % are allowed to be deleted' '... is refused with the figures'
exit_is 65 'below a cap of its own' -- fulfil-import --stock --missing zero --max-shrink 24.9% <short.csv
like "$ERR" 'lacks 5 of 20 products with stock, and 24.9 % are allowed to lose their stock' '... too'
exit_is 65 'nothing is done to what is missing' -- fulfil-import --max-shrink 10 <short.csv
like "$ERR" 'lacks 5 of 20 products, and 10 % are allowed to be missing' '... but it is refused, too'
head -n 1 all.csv >none.csv
exit_is 65 'a header alone' -- fulfil-import --missing delete --max-shrink 100 <none.csv
like "$ERR" 'too_few_rows' '... is not the whole catalogue'
is "$(table)" "$before" 'nothing of it was imported'
exit_is 64 'a cap that is none' -- fulfil-import --missing zero --max-shrink many <short.csv
exit_is 0 'as many as the cap' -- fulfil-import --stock --missing deactivate --max-shrink 25 <short.csv
is "$(summary .missing) $(of A-20)" '5 f|f|20' '... is done'
fulfil-import --undo "$(summary .import_id)" >/dev/null

# --- rows that cannot be used, and other headers

{ sed 's/^A-4,Name 4,4,/A-4,Name 4,bad,/' all.csv | grep -v '^A-5,'; echo ',no SKU,1,1'; } >bad.csv
exit_is 65 'a row that is rejected' -- fulfil-import --stock --missing delete <bad.csv
is "$(summary .missing) $(of A-4) $(of A-5)" '1 t|f|4 t|t|5' '... is in the file all the same'
fulfil-import --undo "$(summary .import_id)" >/dev/null
{ grep -v '^A-5,' all.csv; echo '"x"y,z,1,1'; } >hidden.csv
exit_is 65 'a row whose SKU cannot be told' -- fulfil-import --stock --missing delete <hidden.csv
is "$(summary .missing) $(of A-5)" '0 t|f|5' '... may be any product'
like "$ERR" 'missing_kept: rejected rows whose SKU cannot be told: 1' '... and is told'
{ head -n 10 all.csv; echo name,sku; echo other,A-10; tail -n +12 all.csv | cut -d, -f1,2 | grep -v '^A-15,' | awk -F, '{ print $2 "," $1 }'; } >two.csv
exit_is 0 'a stream of two files' -- fulfil-import --stock --missing delete <two.csv
is "$(summary .missing) $(of A-15) $(of A-2)" '1 t|t|15 t|f|2' '... is one catalogue'
fulfil-import --undo "$(summary .import_id)" >/dev/null
exit_is 65 'rejected rows' -- fulfil-import --stock --rejects rejects.csv <bad.csv
exit_is 65 '... alone' -- fulfil-import --missing delete --max-shrink 100 <rejects.csv
like "$ERR" 'rejected_rows: ' '... are not the whole catalogue'
fulfil-import --stock <all.csv >/dev/null

# --- a file that was cut

head -c "$(($(wc -c <all.csv) - 5))" all.csv >cut.csv
before=$(table)
for guard in '--missing zero' '--max-shrink 50' '--min-rows 5'; do
	# shellcheck disable=SC2086 # two words
	exit_is 65 "a last line that is not whole, with $guard" -- fulfil-import --stock $guard <cut.csv
	like "$ERR" 'cut_file: line 21, the last one, has no end' '... is a file that was cut'
done
is "$(table)" "$before" '... of which nothing is imported'
exit_is 0 'without a guard' -- fulfil-import --dry-run <cut.csv
like "$ERR" 'line 21: cut_file: .*may be cut' '... it is told'
head -c "$(($(wc -c <all.csv) - 1))" all.csv >whole.csv
exit_is 0 'a last line that only has no end' -- fulfil-import --stock --missing zero <whole.csv
is "$(summary '[.unchanged, .missing, .warning_counts]')" '[20,0,[]]' '... is whole'

# --- an upload

upload() { # FILE QUERY
	SEND=$1 request POST "/api/upload?filename=$1&stock=true&$2" '' CONTENT_TYPE=text/csv
	task=$(answer .task_id)
}
over() {
	request GET "/api/upload/$task/progress"
	answer .status | grep -qE 'completed|failed'
}
fulfil-import --work >records 2>messages &
worker=$!
at_exit "kill -KILL $worker 2>/dev/null"
upload less.csv 'missing=deactivate'
ok 'an upload' wait_until 30 over
is "$(answer -c '[.status, .missing, .changes[-1].line, .changes[-1].sku]')" '["completed",1,null,"A-7"]' '... does so, too'
request POST "/api/upload/$task/undo" ''
is "$STATUS $(of A-7)" '200 t|f|7' '... and is taken back'
upload short.csv 'missing=delete&max_shrink=10'
ok 'one that shrank' wait_until 30 over
like "$(answer '[.status, .error_message] | join(" ")')" 'failed too_many_missing: the file lacks 5 of 20' '... is refused'
upload short.csv 'min_rows=16'
ok 'one with too few rows' wait_until 30 over
like "$(answer '[.status, .error_message] | join(" ")')" 'failed too_few_rows: 15 were read, and 16 are the least' '... is refused'
SEND=short.csv request POST '/api/upload?missing=hide' '' CONTENT_TYPE=text/csv
is "$STATUS" 400 'a way that is none'
SEND=short.csv request POST '/api/upload?max_shrink=-1' '' CONTENT_TYPE=text/csv
like "$STATUS $BODY" '^4.*max_shrink takes a share' 'a share that is none'
done_testing
