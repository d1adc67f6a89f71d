#!/bin/sh
# The demo: the pages without a server. Its figures, lists, filters, ledger and stories are of one
# world; its answers are those that openapi.json describes; every page is there.
# shellcheck disable=SC2016 # JavaScript's and jq's variables
# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"

command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
command -v chromedriver >/dev/null || skip_all 'chromium-driver is not installed'
command -v chromium >/dev/null || skip_all 'chromium is not installed'
doc=$TOP/cgi-bin/openapi.json
(exec env -i PATH="$PATH" PORT="$(web_port 32000 2000)" setpriv --pdeathsig=TERM "$TOP/cron/start/demo") >demo.log 2>&1 </dev/null &
demo=$!
at_exit "kill $demo 2>/dev/null"
wait_until 10 grep -q 'http://' demo.log || diag "$(cat demo.log)"
FULFIL_URL=$(sed -n 's/^ *\(http:[^ ]*\).*/\1/p' demo.log)
browser_start
screen 1280 light

visit /
shows 'the demo says that it is one' 'return !document.getElementById("demo").hidden && /DEMO/.test(document.getElementById("demo").textContent)'
shows '... has figures and orders' 'return document.querySelectorAll(".figure").length >= 7 && document.querySelectorAll("main tbody tr").length >= 12'
newest=$(js 'return document.querySelector("[aria-label$=orders] td a").textContent')
shows '... that move' "return document.querySelector('[aria-label$=orders] td a').textContent !== '$newest'"
shot demo

# What the demo answers to paths: JavaScript after `const get = …`, run at a moment when nothing moves.
world() { # SCRIPT
	js "return import('/demo.js').then(async (demo) => {
		const get = (path) => demo.answer('GET', path);
		const all = async (path) => {
			const first = await get(path + (path.includes('?') ? '&' : '?') + 'page_size=100000');
			return Object.values(first)[0];
		};
		for (;;) {
			const before = await get('/api/metrics');
			const result = await (async (m) => { $1 })(before);
			const after = await get('/api/metrics');
			if (['total_orders', 'total_sync_logs', 'pending_orders'].every((n) => before[n] === after[n])) return result;
		}
	})"
}

# --- one world

is "$(world '
	const since = new Date(Date.parse(m.time) - 3600000).toISOString();
	const lists = {
		total_orders: "/api/orders", completed_orders: "/api/orders?status=completed", failed_orders: "/api/orders?status=failed",
		pending_orders: "/api/orders?status=pending", cancelled_orders: "/api/orders?status=cancelled", orders_last_hour: `/api/orders?since=${since}`,
		low_stock_alerts: "/api/inventory?low=true", total_sync_logs: "/api/sync-logs" };
	const wrong = [];
	for (const [name, path] of Object.entries(lists)) {
		const { total } = await get(path);
		const { length } = await all(path);
		if (total !== m[name] || length !== total) wrong.push(`${name} ${m[name]}, ${path} ${total}, rows ${length}`);
	}
	return wrong.join("; ");')" '' 'each figure is the length of the list it leads to'
ok '... and none is empty that should not be' test "$(world 'return m.failed_orders > 0 && m.cancelled_orders > 0 && m.low_stock_alerts > 0 && m.success_rate > 90')" = true
is "$(world '
	const sums = new Map();
	for (const r of await all("/api/ledger")) sums.set(r.product_id, (sums.get(r.product_id) || 0) + r.delta);
	return (await all("/api/inventory")).filter((s) => sums.get(s.product_id) !== s.quantity || s.quantity < 0).map((s) => s.product_sku).join();')" '' 'the ledger sums to the stock, which is never negative'
is "$(world '
	const took = new Map();
	for (const r of await all("/api/ledger")) if (r.order_id) took.set(r.order_id, (took.get(r.order_id) || 0) - r.delta);
	return (await all("/api/orders")).filter((o) => (took.get(o.id) || 0) !== (o.status === "completed" ? o.items.reduce((n, i) => n + i.quantity, 0) : 0)).map((o) => o.id).join();')" '' 'a completed order took its units, any other none'
is "$(world '
	const bad = [];
	const hold = async (path, test) => { const rows = await all(path); if (!rows.length || !rows.every(test)) bad.push(path); };
	for (const s of ["completed", "failed", "cancelled"]) await hold(`/api/orders?status=${s}`, (o) => o.status === s);
	await hold("/api/orders?sku=MUG-BLU", (o) => o.items.some((i) => i.sku === "MUG-BLU"));
	await hold("/api/orders?q=hedy", (o) => /hedy/i.test(o.customer_name));
	for (const s of ["success", "retry", "failure"]) await hold(`/api/sync-logs?status=${s}`, (l) => l.status === s);
	for (const t of ["process_order", "import_products", "sync_inventory"]) await hold(`/api/sync-logs?task=${t}`, (l) => l.task_name === t);
	await hold("/api/sync-logs?order_id=7", (l) => l.order_id === 7);
	await hold("/api/products?name=mug", (p) => /mug/i.test(p.name) && p.category === "Kitchen");
	await hold("/api/products?active=false", (p) => !p.active);
	await hold("/api/inventory?low=true", (s) => s.is_low_stock && s.quantity <= s.reorder_level);
	await hold("/api/inventory?sku=MUG-BLU,CAP-BLK", (s) => ["MUG-BLU", "CAP-BLK"].includes(s.product_sku));
	for (const s of ["completed", "failed"]) await hold(`/api/upload?status=${s}`, (u) => u.status === s && u.read === u.created + u.updated + u.unchanged + u.superseded + u.rejected);
	await hold("/api/webhooks/2/deliveries?status=given_up", (d) => d.status === "given_up" && d.webhook_id === 2 && d.tries === d.attempts.length);
	return bad.join("; ");')" '' 'each filter keeps what it should'
is "$(world '
	const o = (await all("/api/orders?status=completed"))[0];
	const story = await get(`/api/orders/${o.id}/story`);
	const told = (await all("/api/webhooks/1/deliveries")).filter((d) => d.subject === o.id && d.event === "order.completed");
	return [story.payloads.length, story.events.length, story.deliveries.length, told.length, story.deliveries[0].id === told[0].id].join();')" '1,1,1,1,true' 'an order has its story, deliveries too'

# --- what openapi.json describes, for every GET that the pages can call

jq -r '.paths | to_entries[] | select(.value.get.responses["200"].content["application/json"]) | .key as $p
	| "\($p) \(.value.get.responses["200"].content["application/json"].schema["$ref"] // "" | split("/")[-1])"' "$doc" | grep -v '^/openapi' >gets
task=$(world 'return (await all("/api/upload"))[0].task_id')
while read -r path schema; do
	path=$(printf %s "$path" | sed "s/{id}/1/; s/{task_id}/$task/")
	world "return get('$path')" >body
	[ -z "$schema" ] || is "$(jq -r --arg s "$schema" --slurpfile ref "$doc" -f "$TOP/tests/described.jq" body 2>&1)" '' "GET $path answers what is described"
done <gets
ok 'there are such' test "$(wc -l <gets)" -ge 18

# --- the pages

for page in '' orders 'orders?status=failed' orders/7 products products/3 'stock?low=true' stock/3 imports "imports/$task" webhooks webhooks/1 webhooks/new logs quarantine; do
	visit "/#/$page"
	shows "/$page" 'return document.querySelector("h1") && !document.querySelector("main[aria-busy]") && !/Not found|did not work/.test(document.querySelector("h1").textContent) && !document.querySelector("#notices .bad")'
done
# --- what a reader changes is changed, until the page is loaded again

is "$(js 'return import("/demo.js").then(async ({ answer }) => {
	const said = [];
	const fault = (promise) => promise.then(() => "none", (e) => `${e.status} ${e.errors[0]?.pointer ?? ""}`);
	const { total } = await answer("GET", "/api/products/count");
	const p = await answer("POST", "/api/products", { sku: "NEW-1", name: "New", price: "2.50" });
	said.push(p.price, p.quantity, (await answer("GET", "/api/products?sku=new-1")).total);
	said.push(await fault(answer("POST", "/api/products", { sku: "new-1", name: "Another" })));
	said.push((await answer("POST", `/api/inventory/${p.id}`, { add: 5, reason: "delivery" })).quantity);
	said.push((await answer("PUT", `/api/inventory/${p.id}`, { quantity: 2, reason: "count" })).quantity);
	said.push(await fault(answer("POST", `/api/inventory/${p.id}`, { add: -3, reason: "breakage" })));
	said.push((await answer("GET", `/api/inventory/${p.id}/ledger`)).ledger.map((r) => r.delta).join(" "));
	await answer("DELETE", `/api/products/${p.id}`);
	said.push(await fault(answer("GET", `/api/products/${p.id}`)), (await answer("GET", "/api/products/count")).total - total);
	const w = await answer("POST", "/api/webhooks", { url: "https://new.example.com/", event_types: ["order.completed"] });
	said.push((await answer("POST", `/api/webhooks/${w.id}/test`)).success, (await answer("PUT", `/api/webhooks/${w.id}`, { enabled: false })).enabled);
	const [o] = (await answer("GET", "/api/orders?status=failed")).orders;
	said.push((await answer("POST", `/api/orders/${o.id}/retry`)).status, (await answer("POST", `/api/orders/${o.id}/cancel`)).status);
	return said.join(", ");
})')" '2.50, 0, 1, 409 /sku, 5, 2, 409 /add, -3 5, 404 , 0, true, false, pending, cancelled' 'products, stock, webhooks and orders can be changed'
visit '/#/products'
click '.actions button.primary'
fill 'dialog input[name=sku]' TRIED-IT
fill 'dialog input[name=name]' 'Tried on the page'
press Enter
shows '... on the pages too' 'return [...document.querySelectorAll("tbody a")].some((a) => a.textContent === "TRIED-IT")'
visit '/#/products?name=mug'
shows 'products can be taken out' 'return document.querySelectorAll("a[download][href*=\"export.csv\"]").length === 4'
is "$(js 'return new Promise((resolve) => {
	const made = document.createElement.bind(document);
	document.createElement = (tag) => { const e = made(tag); e.click = () => resolve(decodeURIComponent(e.href.split(",").slice(1).join(",")).split("\n").slice(0, 2).join(" | ")); return e; };
	document.querySelector("a[download][href*=\"stock=true\"]").click();
})' | sed 's/[0-9]*,[0-9]*,[0-9]*$/N,N,N/')" 'name,sku,description,active,price,category,quantity,quantity_was,reorder_level | "Mug, black",MUG-BLK,"Stoneware, 0.3 l.",true,9.90,Kitchen,N,N,N' '... as the server would spell it'
for at in /docs /redoc; do
	visit "$at"
	shows "$at" 'return /API/.test(document.querySelector("h1").textContent) && document.querySelectorAll("section").length > 30'
done
is "$(complaints)" '' 'the browser has nothing to complain of'
kill "$demo"
wait "$demo"
is $? 0 'it is stopped'
done_testing
