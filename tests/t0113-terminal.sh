#!/bin/sh
# Typed at a terminal, a command says what it waits for; in a pipe it says nothing.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

# typed COMMAND: its output on a terminal of its own, where nothing is typed but Ctrl-D, or Ctrl-C.
typed() { # COMMAND BYTES
	printf %b "$2" | timeout 20 script -qec "$1" /dev/null | tr -d '\r'
}
for command in fulfil-recv fulfil-enqueue 'fulfil-recv --hmac x' fulfil-import 'fulfil-work -' 'fulfil-notify -'; do
	like "$(typed "$command" '\004')" '^[a-z-]*: reading .* from the terminal; Ctrl-D ends' "$command"
	exit_is "$(case $command in *hmac* | *import) echo 65 ;; *) echo 0 ;; esac)" '... in a pipe' -- sh -c "$command </dev/null"
	unlike "$ERR" terminal '... says nothing of it'
done

# waits COMMAND TEXT: says so at once, and ends by SIGINT.
waits() {
	script -qefc "$1" /dev/null </dev/null >said 2>&1 &
	ok "$1" wait_until 20 grep -q "$2" said
	kill $!
	wait $!
}
waits 'fulfil-work -j 2' '^fulfil-work: 2 workers wait for orders; Ctrl-C ends'
waits fulfil-work '^fulfil-work: 1 worker waits for orders'
waits fulfil-notify '^fulfil-notify: waiting for events'

like "$(typed 'fulfil-stat orders' '')" '^  pending +0' 'fulfil-stat shows a table'
is "$(fulfil-stat orders | jq -r .type)" orders '... and records in a pipe'
is "$(fulfil-stat --format json orders | jq -r .type)" orders '... which may be called json'
script -qefc 'fulfil-stat --watch 1 orders' /dev/null </dev/null >watched 2>&1 &
drawn() {
	[ "$(grep -c '\[H.\[2J' watched)" -ge 2 ]
}
ok 'fulfil-stat --watch draws it anew' wait_until 20 drawn
kill $!
wait $!

# Progress: only where it is wanted.
seq 20000 | sed '1i sku,name' | sed '2,$s/.*/P-&,Name &/' >products.csv
is "$(fulfil-import <products.csv --no-progress | jq -r .type)" summary 'an import without progress'
exit_is 0 'the example of --help' -- sh -c "$(fulfil-import --help | sed -n 's/^  \(fulfil-import.*\)/\1/p')"
is "$(printf '%s\n' "$OUT" | jq -r .status)" ok '... shows how it ended'
done_testing
