#!/bin/sh
# Two who watch, in tabs that share one stream and in a browser of another; each server away for a while
# and back; a tab that nobody looks at; a pause.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"
background fulfil-work
screen 1280 light
sign_in "$API_TOKENS_WRITE"
windows() { wd GET "/session/$BROWSER/window/handles" | jq -r '.[]'; }
look_at() { wd POST "/session/$BROWSER/window" "{\"handle\":\"$1\"}" >/dev/null; }
order() { # ID: one arrives
	echo "{\"id\":$1,\"name\":\"#$1\",\"line_items\":[{\"id\":1,\"sku\":\"MUG-WHT\",\"quantity\":1,\"price\":\"9.90\"}]}" | fulfil-recv >/dev/null
}
has() { # ID
	echo "return [...document.querySelectorAll('main td a')].some((a) => a.textContent === '#$1')"
}
streams() { # how often this tab has asked for the stream
	js 'return performance.getEntriesByType("resource").filter((r) => r.name.includes("/events/stream")).length'
}

shows 'the first tab watches' 'return document.querySelectorAll(".figure").length === 7'
first=$(windows)
wd POST "/session/$BROWSER/window/new" '{"type":"window"}' >/dev/null
second=$(windows | grep -v "$first")
look_at "$second"
screen 1280 light
visit '/#/'
shows 'a second one too' 'return document.querySelectorAll(".figure").length === 7'
order 9001
shows 'what happens comes to the one that is looked at' "$(has 9001)"
look_at "$first"
shows '... and to the other when it is looked at' "$(has 9001)"
order 9002
shows '... which continues' "$(has 9002)"

# --- the intake's, the API's and the data's servers, one after the other

pg_stop
shows 'without PostgreSQL it says since when it is stale' 'return /^Stale since/.test(document.getElementById("state").textContent)'
shows '... and what is down' 'return [...document.querySelectorAll(".parts dd")].some((d) => /down/.test(d.textContent))'
shot stale
pg_start
shows 'with it, it continues by itself' 'return /^Updated/.test(document.getElementById("state").textContent)'
order 9003
shows '... and misses nothing' "$(has 9003)"
redis_stop
shows 'without Redis it says so' 'return [...document.querySelectorAll(".parts div")].some((d) => /Redis/.test(d.textContent) && /down/.test(d.textContent))'
order 9004
shows '... and orders come all the same' "$(has 9004)"
redis_start
shows 'with it, all is well' 'return [...document.querySelectorAll(".head .badge")].some((b) => /healthy/.test(b.textContent))'
url=$FULFIL_URL
services_stop TERM "$WEB_PID"
shows 'without the web server it is stale' 'return /^Stale since/.test(document.getElementById("state").textContent)'
order 9005
(exec setpriv --pdeathsig=TERM lighttpd -D -f "$SCRATCH/web/lighttpd.conf") >>"$SCRATCH/lighttpd.log" 2>&1 </dev/null &
WEB_PID=$!
shows 'with it, it continues' 'return /^Updated/.test(document.getElementById("state").textContent)'
shows '... and misses nothing' "$(has 9005)"
is "$url" "$FULFIL_URL" '... at its address'

# --- a pause

click '.actions button'
shows 'a pause' 'return document.getElementById("state").textContent === "Paused"'
before=$(streams)
order 9006
look_at "$second"
shows 'a pause is of the tab that has it' "$(has 9006)"
look_at "$first"
is "$(streams) $(js "$(has 9006)")" "$before false" '... which asks for nothing'
click '.actions button'
shows '... and catches up' "$(has 9006)"
look_at "$second"
wd DELETE "/session/$BROWSER/window" >/dev/null
look_at "$first"
done_testing
