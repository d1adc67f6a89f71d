#!/bin/sh
# axe-core over every page and dialog, on a desktop and a phone, by light and by dark: it finds nothing.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
# shellcheck source=tests/npm.sh
. "$TOP/tests/npm.sh"

npm_modules
screen_start
"$TOP/cron/start/sample"
fulfil-work --drain >/dev/null 2>&1
psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" <<'END'
UPDATE orders SET status = 'failed', next_attempt_at = NULL WHERE id = 8;
UPDATE sync_logs SET status = 'failure' WHERE order_id = 8;
INSERT INTO quarantine (reason, shop, topic, body) VALUES ('no usable id', 's.myshopify.com', 'orders/create', '{}');
INSERT INTO uploads (filename, status, percent, rejected, error_message) VALUES ('prices.csv', 'failed', 40, 3, 'missing_column');
INSERT INTO webhooks (url, event_types) VALUES ('https://x.example/hook', '{order.*}'), ('https://y.example/', '{*}');
UPDATE webhooks SET enabled = false, disabled_reason = 'answered 410 Gone' WHERE id = 2;
INSERT INTO events (sequence, type, subject, data, created_at) VALUES (1, 'order.failed', 8, '{}', now());
INSERT INTO deliveries (event_id, webhook_id, state, tries, http_status, error, ended_at)
	VALUES (1, 1, 'given_up', 4, 500, 'answered 500 Internal Server Error', now());
INSERT INTO attempts VALUES (1, 1, 500, 'answered 500', 'Oops', 3, 8, 12, now(), 'fulfil-notify host 1');
END
task=$(psqlq 'SELECT task_id FROM uploads')
psqlq "INSERT INTO feeds (name, rows, columns, reading, refused, refused_at)
	VALUES ('acme', 3, 3, '{\"map\": [\"Was=name\"]}', 'feed_shrank: it had 3 rows', now())"

jq -n --rawfile axe "$NODE_PATH/axe-core/axe.min.js" '{args: [], script: ("if (!window.axe) {" + $axe + "}
	const done = arguments[arguments.length - 1];
	axe.run(document, {resultTypes: [\"violations\"]}).then((r) => done(r.violations.map((v) =>
		`${v.impact} ${v.id}: ${v.nodes.slice(0, 4).map((n) => n.target.join(\" \")).join(\", \")}`).join(\"; \")), (e) => done(String(e)));")}' >axe.json

finds_nothing() { # NAME
	curl -s -m 120 -H 'Content-Type: application/json' --data-binary @axe.json \
		"http://127.0.0.1:$BROWSER_PORT/session/$BROWSER/execute/async" | jq -r .value >found
	is "$(cat found)" '' "$1"
}

at_rest() { # the page of the address is there, and what it asked for
	see_in 10 'return document.querySelector("h1") && !document.querySelector("[aria-busy]") && document.getElementById("state")?.textContent.startsWith("Updated")'
}

by_both() { # NAME: the page as it is, by light and by dark
	for colours in light dark; do
		screen "$width" "$colours"
		finds_nothing "$1, $width px, $colours"
	done
}

page() { # ADDRESS
	visit "/#/$1"
	at_rest || diag "/$1 does not come to rest"
	by_both "/$1"
}

dialog() { # NAME ADDRESS CSS-OF-ITS-BUTTON [CSS-OF-ITS-MENU]
	visit "/#/$2"
	at_rest
	[ -z "${4-}" ] || click "$4"
	click "$3"
	ok "$1 is open" see_in 10 'return document.querySelector("dialog[open]")'
	by_both "$1"
}

visit /sign-in.html
for width in 1280 360; do
	by_both 'signing in'
done
fill '#token' wrong
press Enter
see_in 10 'return document.getElementById("message").textContent'
by_both 'a wrong token'
sign_in "$API_TOKENS_WRITE"
wd POST "/session/$BROWSER/timeouts" '{"script": 120000}' >/dev/null
for width in 1280 360; do
	screen "$width" light
	for at in '' orders 'orders?status=failed' orders/1 orders/8 orders/999 products 'products?name=none' products/3 stock stock/3 \
		imports "imports/$task" webhooks webhooks/1 webhooks/2 webhooks/new logs quarantine shortages privacy nowhere; do
		page "$at"
	done
	dialog 'a new product' products '.actions button'
	dialog 'a changed product' products 'tbody tr button'
	dialog 'a deletion' products 'tbody tr button:last-child'
	dialog 'a deletion of many' products '.menu button' '.menu:has(button) summary'
	dialog 'a change of stock' stock 'tbody tr button'
	dialog 'a level' stock 'tbody tr button:last-child'
	dialog 'a retry of all' 'orders?status=failed' '.bulk button'
	dialog 'a cancellation' orders/2 '.actions button'
	dialog 'the end of a webhook' webhooks/1 '.actions button:last-child'
done
visit '/#/imports'
at_rest
click '.drop summary'
fill '.drop textarea' 'code;name
A;B'
see_in 10 'return document.querySelector(".sample")'
by_both 'a first look at a header that does not fit'
click '#menu'
by_both 'the menu of a phone'
visit /docs
for look in '1280 light' '360 dark'; do # it takes ten seconds each time
	# shellcheck disable=SC2086
	screen $look
	finds_nothing "the reference, $look"
done
screen 1280 light
visit '/#/'
at_rest
services_stop TERM "$WEB_PID"
see_in 20 'return document.querySelector(".stale")'
for width in 1280 360; do
	by_both 'an overview that hears nothing'
done
done_testing
