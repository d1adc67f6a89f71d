#!/bin/sh
# What the pages say when something is away: once, in words, and no longer than it is so. No exception is shown.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"
screen 1440 light
sign_in "$API_TOKENS_WRITE"
notices() { js 'return [...document.querySelectorAll(".notice")].map((n) => n.textContent).join("; ")'; }

shows 'all is there' 'return /healthy|degraded/.test(document.querySelector(".head .badge")?.textContent)'
like "$(js 'return document.getElementById("updated").textContent')" 'as of' 'the figures say of when they are'
api() { # away|back: the pools that answer for lists and figures
	for pool in api figures search; do
		case $1 in
		away) mv "$FULFIL_SOCKETS/$pool.sock" "$FULFIL_SOCKETS/$pool.away" ;;
		back) mv "$FULFIL_SOCKETS/$pool.away" "$FULFIL_SOCKETS/$pool.sock" ;;
		esac
	done
}
api away
shows 'without the API the overview says so' 'return !document.querySelector("main p[role=alert]").hidden && document.querySelector(".stale")'
js 'window.losses = 0; new MutationObserver((all) => { window.losses += all.reduce((n, m) => n + m.addedNodes.length, 0); }).observe(document.getElementById("notices"), { childList: true })' >/dev/null
tries() { [ "$(js 'return performance.getEntriesByType("resource").filter((r) => r.name.includes("/api/health")).length')" -ge 3 ]; }
ok 'it is asked for again and again' wait_until 30 tries
is "$(js 'return window.losses') $(notices)" '0 ' '... and no notice is made of it'
js 'location.hash = "#/orders/1"' >/dev/null
shows 'a page that cannot be shown says so in words' 'return /The program|does not answer/.test(document.querySelector("main .error")?.textContent) && [...document.querySelectorAll("main a.button, main button")].length >= 2'
api back
js 'location.hash = "#/"' >/dev/null
shows 'once it is back, all is told again' 'return document.querySelector(".figure b")?.textContent !== "–" && !document.querySelector(".stale")'

is "$(js 'return import(document.querySelector("script[src]").src.replace("app.js", "dialog.js")).then((d) => {
	d.fail(new TypeError("Cannot read properties of undefined")); d.notify("Saved."); d.notify("Saved."); d.notify("Saved.");
	return [...document.querySelectorAll(".notice")].map((n) => n.textContent).join("; "); })')" \
	'Something in this page went wrong. Reload it and try again.×; Saved.3 times×' 'an exception is not shown, and what is said again is counted'
js 'Promise.reject(new TypeError("x is undefined"))' >/dev/null
is "$(js 'return /undefined/.test(document.getElementById("notices").textContent)')" false '... wherever it is thrown'
js 'location.hash = "#/products"' >/dev/null
shows 'what was wrong on a page goes with it' 'return document.querySelector("h1").textContent === "Products" && !document.querySelector(".notice.bad")'

# --- dead ends

visit '/#/orders/999'
shows 'what is not found leads on' 'return /^There is no order 999\.$/.test(document.querySelector("main .error")?.textContent) && document.querySelector("main a.button[href=\"#/orders\"]")'
visit '/#/imports/00000000-0000-0000-0000-000000000000'
shows '... everywhere' 'return document.querySelector("main a.button[href=\"#/imports\"]") && /^[A-Z].*\.$/.test(document.querySelector("main .error").textContent)'
like "$(curl -s "$FULFIL_URL/nope")" '<a href="/">Show the overview</a>' 'a page that is none leads to the overview'
js 'location.hash = "#/quarantine"' >/dev/null
shows 'a page' 'return document.querySelector("h1").textContent === "Quarantine"'
services_stop TERM "$WEB_PID"
js 'location.hash = "#/stock"' >/dev/null
shows 'a script that does not arrive is no exception either' 'return /^The server does not answer\.$/.test(document.querySelector("main .error")?.textContent)'
(exec setpriv --pdeathsig=TERM lighttpd -D -f "$SCRATCH/web/lighttpd.conf") >>"$SCRATCH/lighttpd.log" 2>&1 </dev/null &
WEB_PID=$!
shows '... and is there by itself once it can be' 'return document.querySelector("h1")?.textContent === "Stock" && document.querySelector("tbody tr a")'
done_testing
