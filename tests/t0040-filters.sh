#!/bin/sh
# What every command that reads and writes records has in common, on real servers: a broken record,
# a person at the other end, a reader that leaves, a full disk, an early end.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

# feed COMMAND FROM COUNT: that many records of the kind it reads.
feed() {
	case $1 in
	fulfil-notify) feed_line='{"event":"order.completed","data":{"id":%d}}' ;;
	fulfil-recv) feed_line='{"id":%d,"line_items":[{"id":1,"sku":"A-1","quantity":1}]}' ;;
	*) feed_line='{"v":1,"type":"order","order_id":%d}' ;;
	esac
	# shellcheck disable=SC2059 # a format of ours
	seq "$2" $(($2 + $3 - 1)) | while read -r n; do printf "$feed_line\n" "$n"; done
}

# Records on stdout, and their number.
records() {
	jq -c 'select(.v == 1 and (.type | type) == "string")' | wc -l
}

filters=
for source in "$TOP"/cmd/*.c; do
	name=${source##*/}
	name=${name%.c}
	"$name" --help | grep -Eq '^usage:.*(< (payloads|records)|\[?-\]?$)' && filters="$filters $name"
done
like "$filters" fulfil-recv 'there are filters'

services_start
for name in $filters; do
	operand=
	case $name in fulfil-work | fulfil-notify) operand=- ;; esac
	set -- "$name" ${operand:+"$operand"}
	diag "$name"

	exit_is 0 'no input' -- "$@" </dev/null
	is "$OUT$ERR" '' '... gives nothing'

	{
		feed "$name" 101 2
		echo '{"id":1,"order_id":1,'
		feed "$name" 103 2
	} >input
	exit_is 65 'a broken record in the middle' -- "$@" <input
	like "$ERR" '"?line 3: ' '... is named by its line'
	is "$(printf '%s\n' "$OUT" | grep -v rejected | records)" 4 '... and the good ones come out'
	printf 'nonsense\n[1]\n{}\n' >input
	feed "$name" 105 1 >>input
	exit_is 65 'other things that are no records' -- "$@" <input
	is "$(printf '%s\n' "$ERR" | grep -c 'line [123]: ')" 3 '... each with its line'
	is "$(printf '%s\n' "$OUT" | grep -v rejected | records)" 1 '... and the good one comes out'

	mkfifo in
	"$@" <in >out 2>err &
	pid=$!
	exec 8>in
	feed "$name" 111 1 >&8
	ok 'a record is answered while the input stays open' wait_until 5 test -s out
	feed "$name" 112 1 >&8
	ok '... and the next one within a second' wait_until 1 grep -c '112' out
	kill -TERM $pid
	wait $pid
	is $? 0 'SIGTERM while it waits for input ends it well'
	is "$(records <out)$(cat err)" 2 '... with nothing lost or said'
	exec 8>&-
	rm in

	feed "$name" 1000 3000 >input
	exit_is 74 'a full disk' -- sh -c '"$@" >/dev/full' sh "$@" <input
	like "$ERR" 'cannot write to standard output' '... is reported'
	"$@" <input 2>err | head -n 1 >out
	is "$(records <out)$(cat err)" 1 'a reader that goes away is no trouble'
	exit_is 74 'stdin closed' -- sh -c '"$@" <&-' sh "$@"
	exit_is 74 'stdout closed' -- sh -c '"$@" >&-' sh "$@" <input
	exit_is 74 'a directory for input' -- "$@" </
done
done_testing
