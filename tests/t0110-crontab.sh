#!/bin/sh
# cron/job: each line of a crontab becomes the same times for snooze.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# A snooze that only says what it was asked for.
mkdir bin
cat >bin/snooze <<'END'
#!/bin/sh
echo "$@"
END
chmod +x bin/snooze
PATH=$SCRATCH/bin:$PATH

# snoozed LINE: the options without those that mean "always".
snoozed() {
	printf '%s\n' "$1" >line
	"$TOP/cron/job" 2>&1 | sed "s/-M $(all 0 59)//; s/-H $(all 0 23)//; s/-d $(all 1 31)//; s/-m $(all 1 12)//
		s/-w $(all 0 7)//; s/  */ /g; s/^ //"
}
all() {
	seq -s , "$1" "$2"
}

is "$(snoozed '* * * * * one')" 'sh -c one' 'every minute'
is "$(snoozed '*/5 * * * *	two --flag')" '-M 0,5,10,15,20,25,30,35,40,45,50,55 sh -c two --flag' 'every five minutes'
is "$(snoozed '17 3 * * * a | b >c')" '-M 17 -H 3 sh -c a | b >c' 'once a day, a pipe'
is "$(snoozed '0 8-18/5,22 */10 1,12 1-5 x')" '-M 0 -H 8,13,18,22 -d 1,11,21,31 -m 1,12 -w 1,2,3,4,5 sh -c x' \
	'ranges, steps and lists'
is "$(snoozed '08 09 * * 7 x')" '-M 8 -H 9 -w 7 sh -c x' 'leading zeros are decimal'

grep -E '^[0-9*]' "$TOP/cron/crontab" >lines
while read -r line; do
	like "$(snoozed "$line")" 'sh -c fulfil-' "crontab: $line"
done <lines

done_testing
