# a switchover, and one back
# shellcheck shell=sh
for time in once 'and back'; do
	new=$(standby)
	note "switchover to $new"
	switchover
	ok "$new is the primary, $time" promoted "$new"
	ok '... with a standby' wait_until 30 streaming "$new"
	sleep 2
done
