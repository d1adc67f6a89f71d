#!/bin/sh
# fulfil-import --work: uploads become products, once each, with progress, rejects and cancelling.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
export IMPORT_ACTIVE=yes
# upload FILE [QUERY]: sets $task.
upload() {
	SEND=$1 request POST "/api/upload?filename=$1&${2-}" '' CONTENT_TYPE=text/csv
	task=$(answer .task_id)
}
work() { # starts one more; its process is $worker, its records are added to records
	fulfil-import --work >>records 2>>messages &
	worker=$!
	at_exit "kill $worker 2>/dev/null"
}
stop() { # PROCESS: leaves its exit status in $stopped
	stopped=0
	kill "$1"
	wait "$1" || stopped=$?
}
state() { # FILTER: of the upload $task
	request GET "/api/upload/$task/progress"
	answer -c "$1"
}
over() { # STATUS…: the upload $task is over
	case " ${*:-completed failed cancelled} " in *" $(state .status | tr -d '"') "*) ;; *) return 1 ;; esac
}
counts='[.status, .read, .created, .updated, .unchanged, .superseded, .rejected]'
catalogue() { # ROWS NAME
	awk -v n="$1" -v name="$2" 'BEGIN { print "sku,name"; for (i = 1; i <= n; i++) printf "SKU-%06d,%s %d\n", i, name, i }'
}

# --- what becomes of a file

printf 'sku,name,price\nA-1,Mug,9.90\n,none,1\na-1,Mug 2,cheap\nA-2,Cup,\n' >file.csv
upload file.csv
work
ok 'an upload is imported' wait_until 20 over
is "$(state "$counts")" '["completed",4,2,0,0,0,2]' '... with its counts'
is "$(state '[.phase, .percent, .processed, .total, .error_message, .cancelling]')" '["done",100,4,4,null,false]' '... all of it'
is "$(psqlq 'SELECT sku, name, price, active FROM products ORDER BY id' | tr '\n' ' ')" 'A-1|Mug|9.90|t A-2|Cup||t ' '... into products'
request GET "/api/upload/$task/rejects"
is "$STATUS $(tail -n +2 body | cut -d , -f 1 | tr '\n' ' ')" '200 3 4 ' 'its rejected rows'
like "$HEAD" '^Content-Type: text/csv' '... as CSV'
fulfil-import --rejects direct.csv <file.csv >/dev/null 2>&1
ok '... are those of the command' cmp body direct.csv
is "$(psqlq "SELECT status, details->>'created' FROM sync_logs WHERE task_id = '$task'")" 'success|2' 'it is in the sync logs'
is "$(jq -c '[.type, .status, .task_id, .upload_job_id, .filename]' records)" "[\"summary\",\"partial\",\"$task\",1,\"file.csv\"]" \
	'... and a record'
request GET "/api/upload/$task/stream"
like "$BODY" '^event: done$' 'the stream ends'
request GET "/api/upload/$task/stream" '' "HTTP_LAST_EVENT_ID=$(state .change)"
is "$STATUS" 204 '... and needs no more'
request POST "/api/upload/$task/cancel"
refused 409 '' 'cancelling comes too late'

printf 'Item No;Title;quantity\nA-1;Becher;7\n' >german.csv
upload german.csv 'map=Item+No%3Dsku&delimiter=%3B&stock=yes'
wait_until 20 over
is "$(state "$counts") $(psqlq "SELECT name, on_hand FROM products JOIN stock ON id = product_id")" \
	'["completed",1,0,1,0,0,0] Becher|7' 'options are obeyed'
psqlq 'UPDATE products SET name = sku'
upload german.csv 'dry_run=yes&map=Item+No%3Dsku'
wait_until 20 over
is "$(state "$counts") $(psqlq "SELECT count(*) FROM products WHERE name = 'Becher'")" '["completed",1,0,1,0,0,0] 0' 'a dry run changes nothing'
upload file.csv max_errors=1
wait_until 20 over
like "$(state '[.status, .error_message]')" '^\["failed",".*nothing was imported"\]$' 'too many rejects'
printf 'sku,name,price,description,active,quantity\nA-1,Mug,19.80,New,yes,9\na-2,Cup,1,,yes,\nU-1,Made,1,,yes,\n' >undo.csv
psqlq "UPDATE products SET price = 0.10 WHERE sku = 'A-2'"
was=$(psqlq 'SELECT p, on_hand FROM products p LEFT JOIN stock ON id = product_id WHERE deleted_at IS NULL ORDER BY id')
upload undo.csv stock=yes
wait_until 20 over
is "$(state '.change_counts | [.name, .price, .quantity, .units_up]')" '[2,2,1,2]' 'what an upload changed is counted'
is "$(state '.changes | map([.line, .sku, .set.price, .stock])')" '[[3,"a-2",["0.10","1"],0],[2,"A-1",["9.90","19.80"],2]]' \
	'... and shown, the largest move of a price first'
request POST "/api/upload/$task/undo"
is "$STATUS $(answer -c '[.restored, .deleted, .stock, .kept, .products_kept]')" '200 [2,1,1,0,[]]' 'it is taken back'
is "$(psqlq 'SELECT p, on_hand FROM products p LEFT JOIN stock ON id = product_id WHERE deleted_at IS NULL ORDER BY id')" "$was" '... to what was before'
like "$(state .undone_at)" '^"*2' '... and says when'
request POST "/api/upload/$task/undo"
refused 409 '' 'once'
upload undo.csv dry_run=yes
wait_until 20 over
is "$(state '[.change_counts.price, (.changes | length), .import_id]')" '[2,2,null]' 'a preview has the changes, and nothing to take back'
request POST "/api/upload/$task/undo"
refused 404 '' '... so it cannot be'
printf 'a,b\n1,2\n' >none.csv
upload none.csv
wait_until 20 over
like "$(state '[.status, .error_message]')" '^\["failed","missing_column' 'a file without a SKU'
is "$(psqlq "SELECT status FROM sync_logs WHERE task_id = '$task'")" failure '... is in the sync logs too'
for query in delimiter=ab encoding=nonsense map=x max_errors=many; do
	upload none.csv $query
	is "$STATUS" 400 "the option $query is refused at once"
done
stop $worker
is $stopped 0 'stopped without work'

# --- progress, two importers, cancelling

catalogue 300000 Lamp >big.csv
upload big.csv
work
first=$worker
work
progress() {
	while ! over; do
		answer -c '[.change, .percent, .processed, .status]'
	done >seen
}
progress
is "$(state "$counts")" '["completed",300000,300000,0,0,0,0]' 'a big one, with two importers at hand'
is "$(jq -sc 'map(.[:3]) | . == sort' seen)" true '... whose progress never goes back'
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE task_id = '$task'")" 1 '... is imported once'
psqlq "SELECT pg_advisory_lock(7103223), pg_sleep(600)" >/dev/null 2>&1 &
lock=$!
at_exit "kill $lock 2>/dev/null"
held() { [ "$(psqlq "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7103223 AND $1granted")" = 1 ]; }
wait_until 10 held ''
upload big.csv
ok 'one that waits for another import' wait_until 10 over running
request POST "/api/upload/$task/cancel"
is "$STATUS $(answer -c '[.status, .cancelling]')" '202 ["running",true]' '... is cancelled'
ok '... and stops' wait_until 10 over cancelled
upload big.csv
wait_until 10 over running
wait_until 10 held 'NOT '
stop $worker
one=$stopped
stop $first
is "$((one + stopped))" 75 'the importer that has it is stopped'
is "$(state '[.status, .phase, .percent]')" '["queued",null,0]' '... and it waits'
request POST "/api/upload/$task/cancel"
is "$STATUS $(answer -c '[.status, .cancelling]')" '202 ["cancelled",false]' '... until it is cancelled'
kill $lock
is "$(psqlq "SELECT count(*) FROM products WHERE name LIKE 'Lamp %'")" 300000 'nothing else was changed'

done_testing
