#!/bin/sh
# Uploads behind lighttpd: in constant memory, slow ones, cut ones, and what becomes of the rest.
# shellcheck disable=SC2317,SC2086,SC2154 # functions called by wait_until; lists of pids; what slow sets
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

command -v socat >/dev/null || skip_all 'socat is not installed'
services_start
export FULFIL_POOL_UPLOAD=2
printf 'sku,name\nA-1,Mug\n' >file.csv
auth="Authorization: Bearer $FULFIL_TOKEN"
post() {
	curl -s -m 60 -o body -w '%{http_code}' -H "$auth" "$@" "$FULFIL_URL/api/upload"
}
get() {
	curl -s -m 10 -o body -w '%{http_code}' -H "$auth" "$FULFIL_URL$1"
}
# head_of LENGTH: the head of an upload that is to come.
head_of() {
	printf 'POST /api/upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\nContent-Type: text/csv\r\nContent-Length: %s\r\n\r\n' \
		"$auth" "$1"
}
statuses() {
	psqlq "SELECT string_agg(status || ' ' || n, ',' ORDER BY status) FROM (SELECT status, count(*) AS n FROM uploads GROUP BY 1) s"
}

for mode in cgi bridge fastcgi; do
	web_start $mode
	is "$(post -F file=@file.csv -F stock=1)" 202 "$mode: a form"
	is "$(post -H 'Content-Type: text/csv' --data-binary @file.csv)" 202 "$mode: the bytes"
	is "$(post -F upload=@file.csv)" 400 "$mode: another field"
	is "$(get "/api/upload/$(psqlq 'SELECT task_id FROM uploads WHERE id = 1')/progress")" 200 "$mode: its progress"
	is "$(jq -r .bytes body)" 17 '... all of it'
	is "$(get '/api/upload?page_size=1')" 200 "$mode: past uploads"
	[ $mode = fastcgi ] || web_stop
done
port=${FULFIL_URL##*:}

# programs: the processes of our pools of the API.
programs() {
	pgrep -f cgi-bin/api -P "$(echo $WEB_PIDS | tr ' ' ,)"
}

# --- constant memory

psqlq 'TRUNCATE uploads, upload_pieces, upload_rejects'
mb=100
{
	head_of $((mb << 20))
	yes 'SKU-1,a name,"a description, which is the same in every line"' | head -c $((mb << 20))
} | socat -t 60 - "TCP:127.0.0.1:$port" >answer
like "$(head -n 1 answer)" '^HTTP/1.1 202 ' "$mb MB from a pipe"
is "$(psqlq 'SELECT bytes, pieces, (SELECT sum(length(body)) FROM upload_pieces) FROM uploads')" \
	"$((mb << 20))|$((mb * 4))|$((mb << 20))" '... all of them are stored'
peak=0
for pid in $WEB_PID $(programs); do
	now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0)
	[ "${now:-0}" -le $peak ] || peak=$now
done
case $BUILD in *address*) ;; *) ok "... by programs of at most 24 MB ($peak kB)" test "$peak" -lt 24576 ;; esac
is "$(find web/tmp -type f | wc -l)" 0 '... and nothing lies about'

# --- slow ones

psqlq 'TRUNCATE uploads, upload_pieces, upload_rejects'
piece=262144
slow() { # N: upload N begins, sends one piece of two, and waits; its sender's end is descriptor N
	mkfifo "pipe$1"
	socat -t 60 - "TCP:127.0.0.1:$port" <"pipe$1" >"answer$1" &
	eval "slow$1=$!; exec $1>pipe$1"
	{
		head_of $((2 * piece))
		yes | head -c $piece
	} >&"$1"
}
received() { # N: that many uploads have a piece
	[ "$(psqlq "SELECT count(*) FROM uploads WHERE status = 'receiving' AND pieces = 1")" = "$1" ]
}
slow 3
slow 4
ok 'two uploads that have stopped' wait_until 20 received 2
is "$(get '/api/upload')" 200 '... keep nobody else waiting'
is "$(jq -c '[.uploads[] | [.status, .bytes]]' body)" "[[\"receiving\",$piece],[\"receiving\",$piece]]" '... and are shown'
is "$(post -m 10 -F file=@file.csv)" 202 '... and a third is taken'
told() { # HOW-MANY ANSWER…: of these senders have been told
	want=$1
	shift
	[ "$(grep -l '^HTTP/1.1 408 ' "$@" | wc -l)" = "$want" ]
}
ok '... by a process that one of them had' wait_until 10 told 1 answer3 answer4
like "$(cat answer3 answer4)" 'the body comes too slowly while others wait' '... which is told why'
stays=3 goes=4
! told 1 answer3 || stays=4 goes=3
yes | head -c $piece >&$stays
eval "exec $stays>&- $goes>&-; wait \$slow$stays; kill \$slow$goes 2>/dev/null; wait \$slow$goes"
like "$(head -n 1 answer$stays)" '^HTTP/1.1 202 ' 'the other one continues'
trickle() { # N: a line each 0.2 s
	{
		head_of $((2 * piece))
		while echo A-1,Mug 2>/dev/null; do sleep 0.2; done
	} | socat -t 60 - "TCP:127.0.0.1:$port" >"trickle$1" 2>/dev/null
}
trickles=
for i in 1 2 3 4 5 6; do
	trickle $i &
	trickles="$trickles $!"
done
ok 'of six that trickle only two stay, while others wait' wait_until 20 told 4 trickle1 trickle2 trickle3 trickle4 trickle5 trickle6
is "$(post -m 5 -F file=@file.csv)" 202 '... and a good one is taken'
pkill -P "$(echo $trickles | tr ' ' ,)" socat
wait $trickles
psqlq 'TRUNCATE uploads, upload_pieces, upload_rejects'
is "$(post -F file=@file.csv)$(post -F file=@file.csv)" 202202 'two more'

# --- cut ones

slow 7
ok 'an upload begins' wait_until 20 received 1
kill "$slow7"
exec 7>&-
wait "$slow7" 2>/dev/null
cut() { [ "$(statuses)" = 'failed 1,queued 2' ]; }
ok 'a sender that goes away' wait_until 20 cut
like "$(psqlq "SELECT error_message FROM uploads WHERE status = 'failed'")" "^the body ends after $piece of $((2 * piece)) bytes$" \
	'... is told of'
slow 5
ok 'an upload that is cancelled' wait_until 20 received 1
is "$(curl -s -m 10 -o body -w '%{http_code}' -H "$auth" -d '' \
	"$FULFIL_URL/api/upload/$(psqlq "SELECT task_id FROM uploads WHERE status = 'receiving'")/cancel")" 202 '... while it comes'
yes 2>/dev/null | head -c $piece >&5
exec 5>&-
wait "$slow5"
like "$(head -n 1 answer5)" '^HTTP/1.1 409 ' '... and its sender is told'
slow 6
wait_until 20 received 1
# shellcheck disable=SC2046
kill -KILL $(programs)
gone() { [ "$(get /api/upload)" = 200 ]; }
ok 'the programs are killed: others take their place' wait_until 20 gone
exec 6>&-
wait "$slow6"
like "$(head -n 1 answer6)" '^HTTP/1.1 (500|503) ' '... and the sender is told'
fulfil-scan >/dev/null
is "$(statuses)" 'cancelled 1,failed 1,queued 2,receiving 1' '... it might still come'
psqlq "UPDATE uploads SET seen_at = now() - interval '1 hour' WHERE status = 'receiving'"
fulfil-scan >/dev/null
is "$(statuses)" 'cancelled 1,failed 2,queued 2' '... but not for ever'
is "$(psqlq "SELECT count(*) FROM upload_pieces p JOIN uploads u ON u.id = upload_id WHERE status <> 'queued'")" 0 \
	'the bytes of those that are over are deleted'
psqlq "UPDATE uploads SET finished_at = now() - interval '91 days' WHERE status = 'failed'"
fulfil-scan >/dev/null
is "$(statuses)" 'cancelled 1,queued 2' '... and old ones altogether'

done_testing
