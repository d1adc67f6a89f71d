#!/bin/sh
# cron/start/run from start to stop: it answers, mends what is killed, keeps its data, leaves nothing.
# shellcheck disable=SC2016,SC2317 # text for another shell; functions called by ok
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

[ -x "$TOP/build/cgi-bin/api" ] || skip_all 'the programs are not built'
chmod 711 "$SCRATCH" # what root starts is served by another user

# start NAME [VARIABLE=VALUE…]: a run in the home NAME; its process is in $RUN, its output in NAME.out.
start() {
	start_name=$1
	shift
	rm -f "$start_name.out"
	env -i PATH="$PATH" FULFIL_CONFIG=/dev/null LEAK=yes FULFIL_HOME="$SCRATCH/$start_name" "$@" \
		setpriv --pdeathsig=TERM env --default-signal=INT,QUIT "$TOP/cron/start/run" \
		>"$start_name.out" 2>&1 </dev/null &
	RUN=$!
	wait_until 60 ready "$start_name" "$RUN" && grep -q Ctrl-C "$start_name.out" && return
	cat "$start_name.out" "$start_name/log/s6" "$start_name"/log/*/current
	return 1
}
ready() {
	grep -q Ctrl-C "$1.out" || ! kill -0 "$2"
}
# Every process of a home works in a directory of it.
processes() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/cwd") in "$SCRATCH/$1"/*) echo "${process#/proc/}" ;; esac
	done
}
nothing_left() {
	for process in $(processes "$1"); do
		echo "left: $process $(tr '\0' ' ' <"/proc/$process/cmdline") in $(readlink "/proc/$process/cwd")"
	done
	[ -z "$(processes "$1")" ]
}
healthy() {
	[ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$1/api/health")" = 200 ]
}
url() {
	sed -n "s/^export FULFIL_URL='\(.*\)'/\1/p" "$1/run.env"
}
pid_of() {
	s6-svstat -o pid "one/service/$1"
}
# killed NAME PID: what the service NAME runs after PID was killed is another and answers.
killed() {
	kill -9 "$2"
	wait_until 20 restarted "$1" "$2" && wait_until 20 healthy "$(url one)"
}
restarted() {
	[ "$(pid_of "$1")" -gt 0 ] && [ "$(pid_of "$1")" -ne "$2" ]
}
in_one() { # COMMAND: in a shell that sourced run.env
	env -i PATH="$PATH" sh -c ". ./one/run.env; $1"
}

ok 'it starts' start one WEBHOOK_RETRY_CAP=77
one=$RUN
ok '... and answers' healthy "$(url one)"
is "$(stat -c %a one/run.env one/secrets.env one/services.env | sort -u)" 600 'what holds secrets is closed'
is "$(in_one 'psql -X -A -t -d "$DATABASE_URL" -c "SELECT count(*) > 0 FROM schema_migrations"')" t 'run.env: PostgreSQL'
is "$(in_one 'redis-cli -s "${REDIS_URL#unix://}" ping')" PONG 'run.env: Redis'
is "$(in_one 'command -v fulfil-work')" "$TOP/build/cmd/fulfil-work" 'run.env: the commands'
like "$(in_one 'echo $FULFIL_TOKEN:$SHOPIFY_WEBHOOK_SECRET')" '^[0-9a-f]{64}:[0-9a-f]{64}$' 'run.env: secrets'
is "$(in_one 'FULFIL_CONFIG=/dev/null fulfil-stat --settings cgi')" \
	"$(env -i sh -c '. ./one/services.env; "$0" --settings cgi' "$TOP/build/cmd/fulfil-stat")" 'run.env: every setting of the services'
like "$(in_one 'echo $WEBHOOK_ALLOW_PRIVATE:$WEBHOOK_RETRY_CAP')" '^yes:77$' '... those of webhooks too'
unlike "$(tr '\0' '\n' <"/proc/$(pid_of work)/environ")" '^LEAK=' "services do not see the caller's environment"
in_one 'psql -X -q -d "$DATABASE_URL" -c "CREATE TABLE kept AS SELECT 7 AS n"'

exit_is 75 'a second run in the same home' -- env -i PATH="$PATH" FULFIL_HOME="$SCRATCH/one" "$TOP/cron/start/run"
like "$ERR" 'already running' '... says so'
port=$(url one)
port=${port##*:}
exit_is 69 'a port that is taken' -- env -i PATH="$PATH" FULFIL_HOME="$SCRATCH/taken" PORT="$port" "$TOP/cron/start/run"
like "$ERR" "port $port" '... is named'
ok '... and nothing of that is left' nothing_left taken

for service in pool-api pool-intake work lighttpd postgres redis; do
	ok "kill -9 of $service" killed "$service" "$(pid_of "$service")"
done
ok 'kill -9 of a process of the pool' kill -9 "$(pgrep -P "$(pid_of pool-api)" | head -n 1)"
ok '... which is full again' wait_until 10 sh -c "[ \$(pgrep -c -P $(pid_of pool-api)) = 4 ]"
supervisor=$(ps -o ppid= -p "$(pid_of work)" | tr -d ' ')
ok 'kill -9 of a supervisor' killed work "$(pid_of work; kill -9 "$supervisor")"

ok 'a second home beside it' start two
two=$RUN
ok '... has a port of its own' test "$(url one)" != "$(url two)"
kill -TERM "$two"
wait "$two"
is $? 0 'SIGTERM stops it'
ok '... and all of it' nothing_left two
ok '... and nothing else' healthy "$(url one)"

kill -INT "$one"
wait "$one"
is $? 0 'Ctrl-C stops it'
ok '... and all of it' nothing_left one

ok 'it starts again' start one
is "$(in_one 'psql -X -A -t -d "$DATABASE_URL" -c "SELECT n FROM kept"')" 7 '... with its data'
kill -9 "$RUN"
ok 'kill -9 of itself stops the rest' wait_until 30 nothing_left one

ok 'it starts after that' start one
is "$(in_one 'psql -X -A -t -d "$DATABASE_URL" -c "SELECT count(*) FROM products"')" 20 '... with the samples of the first start'
s6-svc -wD -T 20000 -d one/service/work
exit_is 65 'its tables are not dropped' -- in_one "'$TOP/sql/migrate' down 99"
exit_is 0 '... unless that is meant' -- in_one "'$TOP/sql/migrate' down --yes 99"
# Some die with those before them.
# shellcheck disable=SC2046 # one number a word
kill -9 "$RUN" $(processes one) 2>/dev/null
ok 'kill -9 of everything' wait_until 10 nothing_left one
ok '... and it starts after that' start one
is "$(in_one 'psql -X -A -t -d "$DATABASE_URL" -c "SELECT n FROM kept"')" 7 '... with its data'
is "$(in_one 'psql -X -A -t -d "$DATABASE_URL" -c "SELECT count(*) FROM products"')" 20 '... and the samples again'
kill -TERM "$RUN"
wait "$RUN"

# Names that no socket and no URL can have.
odd="a name with blanks & more, much longer than the hundred and seven bytes that the path of a socket can have"
ok 'an awkward home' start "$odd"
ok '... answers' healthy "$(url "$odd")"
kill -TERM "$RUN"
wait "$RUN"
rm -rf "$(readlink -f "$odd/sock")"

done_testing
