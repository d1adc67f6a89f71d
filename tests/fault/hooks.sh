# shellcheck shell=sh
# Webhooks and an endpoint for them: source it after services.sh.
#   sink_build            builds tests/fault/sink
#   sink_start            starts tests/fault/sink; its requests are lines of the file requests
#   hook MODE [COLUMNS VALUES]   a webhook for all events at that mode of the sink; prints its id
#   event [ID]            one change of an order, as the commands read events
#   told JQ…              jq -r of the requests, in the order they came
export WEBHOOK_ALLOW_PRIVATE=yes

# Of the plain build, whatever is tested: it is no part of that. Tests run side by side; the first one builds.
sink_build() {
	[ -x "$TOP/build/tests/fault/sink" ] || flock "$TOP/Makefile" make -s -C "$TOP" build/tests/fault/sink >/dev/null
}

sink_start() {
	sink_build
	: >requests
	(exec setpriv --pdeathsig=TERM "$TOP/build/tests/fault/sink" requests port) >sink.log 2>&1 &
	SINK_PID=$!
	wait_until 10 test -s port || exit 69
	# shellcheck disable=SC2034 # for the caller
	SINK=http://127.0.0.1:$(cat port)
	at_exit "kill $SINK_PID 2>/dev/null"
}

hook() {
	psqlq "insert into webhooks (url, event_types${2+, $2}) values ('$SINK/$1', '{*}'${3+, $3}) returning id"
}

event() {
	printf '{"event":"order.completed","data":{"id":%d}}\n' "${1:-1}"
}

told() {
	jq -r "$@" <requests
}
