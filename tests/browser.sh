# shellcheck shell=sh
# A headless Chromium for tests, by W3C WebDriver over curl: source it in place of tap.sh and services.sh.
#   screen_start              the servers of services.sh, the pages behind lighttpd, and a browser with a
#                             profile of its own; all of it ends with the test's shell
#   background COMMAND…       runs it until then, as $BACKGROUND
#   visit ADDRESS             goes there, below $FULFIL_URL
#   js SCRIPT                 runs it in the page and prints what it returns, text as it is
#   see SCRIPT                whether the script returns something true, now
#   see_in SECONDS SCRIPT     whether it does within that time
#   shows NAME SCRIPT         a test: it does within 10 s
#   click CSS · fill CSS TEXT · press KEY…   as a person would; press takes Tab, Enter, Escape or a letter
#   attach CSS FILE           chooses a file
#   screen WIDTH light|dark   the size of the window, and the system's colours
#   shot NAME                 a picture in the directory $SHOTS; none unless that is set: SHOTS=/tmp/shots make test
#   sign_in TOKEN

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

screen_start() {
	command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
	command -v chromedriver >/dev/null || skip_all 'chromium-driver is not installed'
	command -v chromium >/dev/null || skip_all 'chromium is not installed'
	services_start
	web_start fastcgi
	browser_start
}

background() {
	setpriv --pdeathsig=TERM "$@" >background.out 2>background.log </dev/null &
	BACKGROUND=$!
	at_exit "kill $BACKGROUND 2>/dev/null"
}

wd() { # METHOD PATH [JSON]: prints the value of the answer; fails where that is an error
	if [ "$1" = GET ] || [ "$1" = DELETE ]; then set -- "$1" "$2"; else set -- "$1" "$2" "${3:-"{}"}"; fi
	printf '%s' "${3-}" | curl -s -m 60 -X "$1" ${3+-H 'Content-Type: application/json' --data-binary @-} \
		"http://127.0.0.1:$BROWSER_PORT$2" >"$SCRATCH/.wd" || return 1
	jq -r -e '.value | if type == "object" and has("error") then error(.error + ": " + .message) else . end | tojson' \
		<"$SCRATCH/.wd" 2>"$SCRATCH/.wd-error"
}

browser_start() {
	[ -z "${SHOTS-}" ] || mkdir -p "$SHOTS"
	(HOME=$SCRATCH TMPDIR=$SCRATCH exec setpriv --pdeathsig=TERM chromedriver --port=0) >"$SCRATCH/chromedriver.log" 2>&1 </dev/null &
	# shellcheck disable=SC2034 # for at_exit
	BROWSER_PID=$!
	wait_until 20 grep -q 'started successfully on port' "$SCRATCH/chromedriver.log" || exit 69
	BROWSER_PORT=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$SCRATCH/chromedriver.log")
	BROWSER=$(wd POST /session '{"capabilities":{"alwaysMatch":{"browserName":"chrome","goog:loggingPrefs":{"browser":"ALL"},
		"goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu","--disable-dev-shm-usage","--lang=en-GB"]}}}}' |
		jq -r .sessionId)
	[ -n "$BROWSER" ] || {
		diag "$(tail -n 5 "$SCRATCH/chromedriver.log" "$SCRATCH/.wd-error")"
		exit 69
	}
	# shellcheck disable=SC2016 # for at_exit
	at_exit 'wd DELETE "/session/$BROWSER" >/dev/null; services_stop TERM "$BROWSER_PID"'
}

visit() { # ADDRESS: and the page of before is gone, whose buttons have the same names
	js 'window.arrived = false; addEventListener("popstate", () => { window.arrived = true; }, { once: true })' >/dev/null
	wd POST "/session/$BROWSER/url" "$(jq -n --arg u "$FULFIL_URL$1" '{url: $u}')" >/dev/null
	see_in 10 'return window.arrived !== false && !document.querySelector("main[aria-busy]")' || :
}

js() {
	wd POST "/session/$BROWSER/execute/sync" "$(jq -n --arg s "$1" '{script: $s, args: []}')" |
		jq -r 'if type == "string" then . else tojson end'
}

see() {
	wd POST "/session/$BROWSER/execute/sync" "$(jq -n --arg s "return Boolean((() => { $1 })())" '{script: $s, args: []}')" | grep -q '^true$'
}

# see_in SECONDS SCRIPT: whether it does so within that time. The page looks, since a look from here takes
# four programs; a page that is left meanwhile is asked anew.
see_in() {
	see_end=$(($(date +%s) + $1))
	# shellcheck disable=SC2016 # jq's variables
	see_body=$(jq -n --arg s "$2" --argjson ms "$(($1 * 1000))" '{args: [], script: ("const done = arguments[0], end = Date.now() + \($ms);
		const holds = () => { try { return Boolean((() => { " + $s + " })()); } catch { return false; } };
		(function look() { const seen = holds(); if (seen || Date.now() > end) done(seen); else setTimeout(look, 25); })()")}')
	until [ "$(wd POST "/session/$BROWSER/execute/async" "$see_body")" = true ]; do
		[ "$(date +%s)" -lt "$see_end" ] || return 1
		sleep 0.05
	done
}

shows() {
	ok "$1" see_in 10 "$2"
	[ "$tap_got" = 0 ] || diag "in the page: $(js 'return document.querySelector("main")?.innerText.slice(0, 600).replace(/\n+/g, " | ")')"
}

element() { # CSS: prints the element's reference, once it is there
	see_in 10 "const e = document.querySelector($(jq -n --arg s "$1" '$s')); return e && !e.disabled" || :
	wd POST "/session/$BROWSER/element" "$(jq -n --arg s "$1" '{using: "css selector", value: $s}')" | jq -r '.[]?'
}

click() {
	wd POST "/session/$BROWSER/element/$(element "$1")/click" >/dev/null || diag "no click on $1: $(cat "$SCRATCH/.wd-error")"
}

fill() {
	fill_element=$(element "$1")
	wd POST "/session/$BROWSER/element/$fill_element/clear" >/dev/null
	wd POST "/session/$BROWSER/element/$fill_element/value" "$(jq -n --arg t "$2" '{text: $t}')" >/dev/null ||
		diag "nothing written to $1: $(cat "$SCRATCH/.wd-error")"
}

attach() {
	wd POST "/session/$BROWSER/element/$(element "$1")/value" "$(jq -n --arg t "$2" '{text: $t}')" >/dev/null
}

press() {
	for press_key; do
		case $press_key in
		Tab) press_key='\uE004' ;;
		Enter) press_key='\uE007' ;;
		Escape) press_key='\uE00C' ;;
		Space) press_key=' ' ;;
		esac
		wd POST "/session/$BROWSER/actions" "{\"actions\":[{\"type\":\"key\",\"id\":\"k\",\"actions\":[
			{\"type\":\"keyDown\",\"value\":\"$press_key\"},{\"type\":\"keyUp\",\"value\":\"$press_key\"}]}]}" >/dev/null
	done
}

cdp() { # COMMAND PARAMS
	wd POST "/session/$BROWSER/goog/cdp/execute" "{\"cmd\":\"$1\",\"params\":$2}"
}

screen() {
	cdp Emulation.setDeviceMetricsOverride "{\"width\":$1,\"height\":${3:-900},\"deviceScaleFactor\":1,\"mobile\":false}" >/dev/null
	cdp Emulation.setEmulatedMedia "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"$2\"}]}" >/dev/null
}

shot() {
	[ -z "${SHOTS-}" ] || cdp Page.captureScreenshot '{"captureBeyondViewport":true}' | jq -r .data | base64 -d >"$SHOTS/$1.png"
}

sign_in() {
	# shellcheck disable=SC2016 # it is a script
	browser_as=$(API_TOKENS_WRITE=$1 fulfil-token link | jq -r .code)
	visit "/sign-in.html#$browser_as"
	see_in 10 'return location.pathname === "/" && document.querySelector("h1")'
}

complaints() { # what the console has said since the last call
	wd POST "/session/$BROWSER/se/log" '{"type":"browser"}' | jq -r '.[] | select(.level == "SEVERE" or .level == "WARNING") | .message'
}
