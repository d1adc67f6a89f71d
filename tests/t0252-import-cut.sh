#!/bin/sh
# fulfil-import that is not let finish: stopped, killed, without a server, with a full disk.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/import.sh
. "$TOP/tests/import.sh"
services_start

rows 30000 up >up.csv
fulfil-import <up.csv >/dev/null

# Stopped and killed in the middle: the input waits, so the import is running.
mkfifo pipe
before=$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')
stopped() { # SIGNAL STATUS NAME
	fulfil-import <pipe >stop.out 2>stop.err &
	pid=$!
	{
		rows 25000 other
		wait_until 10 sh -c "[ \"\$(psql -X -A -t -d '$DATABASE_URL' -c \"select count(*) from pg_stat_activity
			where application_name = 'fulfil-import' and state = 'idle in transaction'\")\" = 1 ]"
		kill -s "$1" $pid
		wait_until 10 services_ended $pid
	} >pipe
	wait $pid
	is $? "$2" "$3"
	is "$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')" "$before" '... leaves nothing'
}
stopped TERM 75 'SIGTERM in the middle'
like "$(cat stop.err)" 'nothing was imported' '... and it says so'
is "$(jq -r 'select(.type == "summary") | .status' stop.out)" failed '... in the summary, too'
is "$(psqlq "select status, error from sync_logs order by id desc limit 1")" \
	'failure|stopped, and nothing was imported' '... and in the log'
stopped INT 75 '^C in the middle'
stopped KILL 137 'kill -9 in the middle'

# The server goes away.
fulfil-import <pipe >away.out 2>away.err &
pid=$!
{
	rows 25000 other
	pg_stop_immediate
	rows 25000 more
	wait_until 20 services_ended $pid
} >pipe 2>/dev/null
wait $pid
is $? 69 'PostgreSQL is killed in the middle'
like "$(cat away.err)" 'PostgreSQL' '... and it says what is away'
exit_is 69 'an import without a server' -- fulfil-import <up.csv
pg_start
is "$(psqlq 'select count(*), sum(hashtext(xmin::text)) from products')" "$before" '... leaves nothing'
exit_is 0 'and then again' -- fulfil-import <up.csv

# What it writes to is full; what it reads is not there.
exit_is 74 'a full disk under the rejected rows' -- sh -c 'printf "sku,name\n,x\nF,f\n" | fulfil-import --rejects /dev/full'
is "$(psqlq "select count(*) from products where sku = 'F'")" 0 '... imports nothing'
exit_is 74 'a full disk under the records' -- sh -c 'fulfil-import <up.csv >/dev/full'
exit_is 74 'a full disk under the summary' -- sh -c 'printf "sku,name\nIN,x\n" | fulfil-import >/dev/full'
like "$ERR" 'the products are in' '... does not undo what it tells of'
printf 'sku,name\n,x\nG,g\n' >mend.csv
exit_is 65 'the rejected rows in the place of the input' -- sh -c 'fulfil-import --rejects mend.csv <mend.csv'
is "$(sed 1d mend.csv)" '2,"missing_sku: sku is empty",,x' '... are there, and only they'
exit_is 69 'a run that comes to nothing' -- sh -c 'DATABASE_URL=postgresql:///x?host=/nowhere fulfil-import --rejects mend.csv <up.csv'
exit_is 65 '... another' -- sh -c 'echo a,b | fulfil-import --rejects mend.csv'
is "$(ls mend.csv*) $(wc -l <mend.csv)" 'mend.csv 2' '... leaves what is still to be mended'
exit_is 65 'too many rejected rows' -- sh -c 'printf "sku,name\n,x\n,y\n,z\nH,h\n" | fulfil-import --max-errors 1 --rejects mend.csv'
is "$(wc -l <mend.csv.new) $(psqlq "select count(*) from products where sku = 'H'")" '4 0' '... are all told, and nothing is imported'
is "$(wc -l <mend.csv)" 2 '... and what is still to be mended stays as it is'
rm mend.csv.new
exit_is 74 'a directory' -- fulfil-import <.
exit_is 74 'no input at all' -- sh -c 'fulfil-import <&-'
exit_is 65 'an empty one' -- fulfil-import </dev/null
like "$ERR" 'the input is empty' '... is said to be that'
(sh -c 'echo $$ >reader.pid; exec fulfil-import' <up.csv; echo $? >reader.status) 2>reader.err | true
wait_until 20 test -s reader.status
is "$(cat reader.status reader.err)" 141 'a reader that goes away ends it quietly'

run_ok 'the audit holds' fulfil-scan --audit
done_testing
