#!/bin/sh
# An upload is cancelled or completed, never both, at whatever moment the two meet.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
export IMPORT_ACTIVE=yes
awk 'BEGIN { print "sku,name"; for (i = 1; i <= 40000; i++) printf "SKU-%06d,Lamp\n", i }' >file.csv
upload() {
	SEND=file.csv request POST /api/upload '' CONTENT_TYPE=text/csv
	task=$(answer .task_id)
}
cancel() { # leaves its status in $STATUS
	request POST "/api/upload/$task/cancel"
}
status() {
	psqlq "SELECT status FROM uploads WHERE task_id = '$task'"
}
over() {
	case $(status) in completed | cancelled | failed) ;; *) return 1 ;; esac
}
lamps() {
	psqlq "SELECT count(*) FROM products WHERE name = 'Lamp'"
}
logged() {
	psqlq "SELECT count(*) FROM sync_logs WHERE task_id = '$task' AND status = 'success'"
}

upload
cancel
fulfil-import --work >records 2>messages &
importer=$!
at_exit "kill $importer 2>/dev/null"
upload
ok 'one after one that was cancelled while it waited' wait_until 30 over
is "$(lamps) $(psqlq 'SELECT status FROM uploads ORDER BY id' | tr '\n' ' ')" '40000 cancelled completed ' '... is imported'
is "$(jq -r .status records)" ok '... and the other was never taken up'

# A product that somebody else holds keeps the import from going on.
psqlq "UPDATE products SET name = 'x'"
psql -X -q -d "$DATABASE_URL" -c BEGIN -c "SELECT FROM products WHERE sku = 'SKU-000007' FOR UPDATE" \
	-c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
holder=$!
at_exit "kill $holder 2>/dev/null"
holds() { [ "$(psqlq "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()")" = 1 ]; }
wait_until 10 holds
upload
merging() { [ "$(psqlq "SELECT phase FROM uploads WHERE task_id = '$task'")" = merge ]; }
ok 'an upload whose import waits for a product' wait_until 30 merging
cancel
is "$STATUS $(answer -c '[.status, .cancelling]')" '202 ["running",true]' '... is cancelled'
ok '... at once' wait_until 10 over
is "$(status) $(lamps) $(logged)" 'cancelled 0 0' '... and changes nothing'
kill $holder
wait $holder 2>/dev/null

completed=0
for ms in 0 40 80 120 160 200 250 300 400 500 700 1000 3000; do
	psqlq "UPDATE products SET name = 'x'"
	upload
	perl -e "select undef, undef, undef, $ms / 1000"
	cancel
	answered=$STATUS
	wait_until 30 over
	case $(status) in
	completed)
		completed=$((completed + 1))
		is "$answered $(lamps) $(logged)" '409 40000 1' "cancelled after $ms ms: too late, and all of it is there"
		;;
	*) is "$answered $(status) $(lamps) $(logged)" '202 cancelled 0 0' "cancelled after $ms ms: nothing of it is there" ;;
	esac
done
diag "$completed of these were completed"
kill $importer
wait $importer
is $? 0 'the importer lived through all of it'

done_testing
