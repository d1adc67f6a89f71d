#!/bin/sh
# fulfil top at a terminal of 80 by 24: what it shows, what its keys do, and that it leaves the terminal as it was.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

psqlq "INSERT INTO products (sku, name, reorder_level) VALUES ('A-1', E'A\\x1b[31m teapot', 2)"
for i in 1 2 3; do
	printf '{"id":%s,"name":"#100%s","line_items":[{"id":1,"sku":"A-1","quantity":2}]}\n' $i $i
done | fulfil-recv | fulfil-work - >/dev/null
psqlq 'SELECT stock_adjust(1, 1, true, NULL, NULL, 10)' >/dev/null
psqlq "UPDATE orders SET status = 'failed', next_attempt_at = NULL WHERE id = 2"
exit_is 64 'in a pipe' -- fulfil top
like "$ERR" 'fulfil stat --watch' '... it says what is for one'

mkfifo keys
(exec script -qefc 'stty rows 24 cols 80; fulfil top --seconds 1; echo "ended $?"; stty -a' /dev/null <keys >screen 2>&1) &
shown=$!
exec 3>keys
press() { printf '%s' "$1" >&3; }
# plain: what was written since the last screen began, without what moves and colours.
plain() {
	awk -v RS='\033\\[H' '{ last = $0 } END { print last }' screen | tr -d '\r' | sed 's/\x1b\[[0-9;?]*[A-Za-z]/\n/g'
}
sees() { plain | grep -Eq -e "$1"; }
ok 'it starts' wait_until 20 sees 'orders pending 2'
ok '... with the failed one' sees 'failed 1'
ok '... and a list' wait_until 20 sees '^ *3 +#1003 +pending'
is "$(sed 's/\x1b\[[0-9;?]*[A-Za-z]//g' screen | tr -d '\r' | awk 'length > 90')" '' '... in lines that fit'
press 4
ok '4 shows what is out' wait_until 20 sees '^ *1 +A-1 +A.\[31m tea'
press r
ok '... where no order can be started again' wait_until 20 sees 'only orders can'
press 2
ok '2 shows what failed' wait_until 20 sh -c "tail -c 3000 screen | grep -q '#1002.*failed'"
press r
ok 'r starts it again' wait_until 20 sees 'order 2: retry'
is "$(psqlq 'SELECT status FROM orders WHERE id = 2')" pending '... it does'
press 1
press j
press c
ok 'c asks' wait_until 20 sees 'cancel order 2\? y does it'
press n
is "$(psqlq 'SELECT status FROM orders WHERE id = 2')" pending '... and another key than y is no'
press cy
ok 'cy cancels' wait_until 20 sees 'order 2: cancel'
is "$(psqlq 'SELECT status FROM orders WHERE id = 2')" cancelled '... it does'
pg_stop_immediate
ok 'PostgreSQL away: it says so' wait_until 30 sees 'PostgreSQL'
pg_start
ok '... and is there again by itself' wait_until 30 sees 'cancelled 1'
press q
ok 'q ends it' wait_until 20 grep -q 'ended 0' screen
like "$(cat screen)" '1049l' '... and gives the screen back'
like "$(tail -n 8 screen)" '(^|[ ;])icanon' '... and the terminal as it was'
exec 3>&-
wait $shown
done_testing
