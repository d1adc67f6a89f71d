#!/bin/sh
# What systemd is told: ready, that work gets on, and nothing once it does not.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start

socat -u UNIX-RECV:notify.sock OPEN:said,creat,append &
listener=$!
at_exit "kill $listener 2>/dev/null"
wait_until 10 test -S notify.sock
export NOTIFY_SOCKET="$SCRATCH/notify.sock" WATCHDOG_USEC=800000

# says TEXT N: at least N times since the file was emptied.
says() {
	[ "$(grep -c "^$1\$" said)" -ge "$2" ]
}
# gets_on: two more signs come. stands: none does for longer than systemd would wait.
gets_on() {
	: >said
	wait_until 20 says WATCHDOG=1 2
}
stands() {
	wait_until 2 says NOTHING 1
	: >said
	! wait_until 3 says WATCHDOG=1 1
}

for command in 'fulfil-work -j 2' fulfil-notify 'fulfil-import --work'; do
	: >said
	$command >out 2>err &
	pid=$!
	ok "$command is ready" wait_until 20 says READY=1 1
	ok '... and gets on' gets_on
	is "$(grep -c READY said)" 0 '... ready once'
	postgres=$(psqlq "select pid from pg_stat_activity where application_name ~ '^${command%% *} '")
	# shellcheck disable=SC2086 # several
	kill -STOP $postgres
	ok '... a server that hangs is noticed' stands
	# shellcheck disable=SC2086
	kill -CONT $postgres
	ok '... and gets on when that continues' gets_on
	kill "$pid"
	wait "$pid"
	is $? 0 '... ends'
	is "$(grep -c STOPPING=1 said)" 1 '... and says so'
done

# One worker of several that hangs.
fulfil-work -j 2 >out 2>err &
pid=$!
gets_on
worker=$(pgrep -P $pid | head -n 1)
kill -STOP "$worker"
ok 'one worker that hangs is enough' stands
kill -CONT "$worker"
pg_stop
ok 'a database that is away is waited for' gets_on
pg_start
ok '... and found again' gets_on
kill $pid
wait $pid

# A busy worker that never finds an empty queue gets on, too; a supervisor that is gone harms nobody.
kill $listener
exit_is 0 'nobody listens' -- timeout 20 fulfil-work --drain
exit_is 0 'an abstract name' -- env NOTIFY_SOCKET=@fulfil-test-none timeout 20 fulfil-work --drain
exit_is 0 'a name that is none' -- env NOTIFY_SOCKET=none timeout 20 fulfil-work --drain
done_testing
