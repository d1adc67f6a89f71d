#!/bin/sh
# Every page in a browser, phone and desktop, light and dark: what can be operated has a name, text can be
# read against its ground, nothing sticks out sideways, the keyboard gets everywhere and is seen.
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

screen_start
"$TOP/cron/start/sample"
fulfil-work --drain >/dev/null 2>&1
long=$(printf '%0120d' 0 | tr 0 W)
psqlq "UPDATE products SET sku = '$long', name = '$long' WHERE id = 3; UPDATE orders SET customer_name = '$long', error_message = '$long' WHERE id = 8"
psqlq "INSERT INTO uploads (filename, status, percent, rejected, error_message) VALUES ('$long.csv', 'failed', 40, 3, '$long')"
psqlq "INSERT INTO webhooks (url, event_types, enabled, disabled_reason) VALUES ('https://x.example/$long', '{product.*}', false, '$long')"
task=$(psqlq 'SELECT task_id FROM uploads')

# What is wrong with the page that is shown, a line each.
rules='
const wrong = [];
const show = (e) => e.outerHTML.slice(0, 100);
const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && e.getClientRects().length > 0;
const all = (css) => [...document.querySelectorAll(css)].filter(seen);
const named = (e) => (e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") || "").split(" ").map((i) => document.getElementById(i)?.textContent || "").join("")
	|| [...(e.labels || [])].map((l) => l.textContent).join("") || e.textContent || e.title || "").trim();
for (const e of all("button, a, input, select, textarea, summary, progress, dialog, canvas, section, [role=region]"))
	if (e.tagName === "SECTION" && !e.hasAttribute("aria-label") && !e.hasAttribute("aria-labelledby")) continue;
	else if (!named(e)) wrong.push("no name: " + show(e));
for (const e of document.querySelectorAll("[id]"))
	if (document.querySelectorAll("#" + CSS.escape(e.id)).length > 1) wrong.push("id twice: " + e.id);
for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls], label[for]"))
	for (const a of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
		for (const id of (e.getAttribute(a) || "").split(" ").filter(Boolean))
			if (!document.getElementById(id)) wrong.push(a + " leads nowhere: " + show(e));
for (const e of all("img")) if (!e.hasAttribute("alt")) wrong.push("no alt: " + show(e));
if (document.querySelectorAll("h1").length !== 1) wrong.push("h1: " + document.querySelectorAll("h1").length);
if (document.querySelectorAll("main").length !== 1 || !document.documentElement.lang || !document.title) wrong.push("no main, language or title");
const levels = all("h1, h2, h3, h4").map((h) => Number(h.tagName[1]));
levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) wrong.push("a heading skips to h" + l); });
if (document.documentElement.scrollWidth > document.documentElement.clientWidth) wrong.push("sticks out: " + document.documentElement.scrollWidth + " of " + document.documentElement.clientWidth
	+ " " + all("main *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, pre, .card")).map(show)[0]);
const part = (c) => { const m = c.match(/[\d.]+/g).map(Number); if (c.startsWith("color(")) m.splice(0, 3, ...m.slice(0, 3).map((v) => v * 255)); return m.length > 3 ? m : [...m, 1]; };
const ground = (e) => { for (; e; e = e.parentElement) { const c = part(getComputedStyle(e).backgroundColor); if (c[3] > 0.99) return c; } return [255, 255, 255, 1]; };
const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
for (const e of all("body *")) {
	if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || e.closest(":disabled, .hidden, svg, option, .skip")) continue;
	const s = getComputedStyle(e), a = light(part(s.color)), b = light(ground(e)), r = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	if (r < (parseFloat(s.fontSize) >= 24 ? 3 : 4.5)) wrong.push("contrast " + r.toFixed(2) + ": " + show(e));
}
if (innerWidth < 500) for (const e of all("button, .button, select, input:not([type=checkbox])"))
	if (e.getBoundingClientRect().height < 28) wrong.push("too small for a finger: " + show(e));
return [...new Set(wrong)].slice(0, 5).join("\n");'

visit /sign-in.html
for look in '390 light' '390 dark' '1280 light' '1280 dark'; do
	# shellcheck disable=SC2086 # two words
	screen $look
	is "$(js "$rules")" '' "$look: sign-in"
done
sign_in "$API_TOKENS_WRITE"
for page in '' orders 'orders?status=failed' orders/8 products products/3 stock stock/3 imports "imports/$task" webhooks webhooks/1 \
	webhooks/new logs quarantine nothing; do
	visit "/#/$page"
	see_in 10 'return document.querySelector("h1") && !document.querySelector("[aria-busy]")'
	name=$(printf %s "${page:-overview}" | tr -c 'a-z0-9' - | cut -c1-20)
	for look in '390 light' '390 dark' '1280 light' '1280 dark'; do
		# shellcheck disable=SC2086
		screen $look
		is "$(js "$rules")" '' "$look: /$page"
		shot "$name-$(echo "$look" | tr ' ' -)"
	done
done
visit /docs
for look in '390 light' '1280 dark'; do
	# shellcheck disable=SC2086
	screen $look
	is "$(js "$rules")" '' "$look: /docs"
	shot "docs-$(echo "$look" | tr ' ' -)"
done

# The keyboard gets to every control of a page, in the order of the page, and what has the focus is seen.
screen 1280 light
visit '/#/stock'
shows 'a page to go through' 'return document.querySelectorAll("tbody button").length > 10'
js 'document.activeElement.blur(); window.stops = []; document.addEventListener("focusin", (e) => { const s = getComputedStyle(e.target); window.stops.push([e.target, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1]); })' >/dev/null
# shellcheck disable=SC2046
press $(yes Tab | head -n 120)
is "$(js 'const all = [...document.querySelectorAll("a, button, input, select, summary, [tabindex=\"0\"]")].filter((e) => e.checkVisibility() && !e.disabled && e.getClientRects().length);
	const got = window.stops.map((s) => s[0]);
	return all.filter((e) => !got.includes(e)).map((e) => e.outerHTML.slice(0, 80)).join("\n")')" '' 'Tab gets to all there is'
is "$(js 'return window.stops.filter((s) => !s[1]).map((s) => s[0].outerHTML.slice(0, 80)).slice(0, 3).join("\n")')" '' '... and is seen where it is'
done_testing
