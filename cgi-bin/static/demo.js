// SPDX-License-Identifier: MIT
// The API of the demo: what the server would answer, read from the world that demo-world.js simulates. Each
// figure is the length of the list that it leads to. There is no server behind it, so downloads are made here;
// what is changed is changed in this world alone.
import { Problem } from './problem.js';
import { causes, shortages, timeline } from './demo-time.js';
import { CHANGES } from './demo-changes.js';
import { advance, deliveries, EPOCH, happened, ledger, logs, orders, payloads, products, quarantine, uploads,
  webhooks } from './demo-world.js';

const HOUR = 3600000;
const SHOP = 'demo.myshopify.com';
const iso = (ms) => (ms === null ? null : new Date(ms).toISOString());
const cents = (n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`;
const sum = (list, of) => list.reduce((total, x) => total + of(x), 0);
const lowStock = (p) => p.quantity <= p.level;
const kept = (list) => list.filter((x) => !x.deleted);

// --- rows, as the API has them

const canRetry = (o) => o.status === 'failed' || (o.status === 'pending' && o.tried > 0 && o.next > Date.now());
const externalId = (o) => 582000000000000 + o.id;

function orderOf(o) {
  return {
    id: o.id, external_order_id: String(externalId(o)), status: o.status, name: nameOf(o),
    customer_name: o.customer,
    customer_email: `${o.customer.toLowerCase().replace(' ', '.')}@example.com`,
    total_amount: cents(sum(o.items, (i) => i.price * i.quantity)), currency: 'EUR',
    source: 'shopify', shop: SHOP, test: false, retry_count: Math.max(0, o.tried - 1), next_attempt_at: iso(o.next),
    can_retry: canRetry(o), error_message: o.error, notes: null,
    processed_at: iso(o.processed), created_at: iso(o.at), updated_at: iso(o.updated),
    items: o.items.map((i, at) => ({ line_no: at + 1, sku: i.sku, name: i.name, quantity: i.quantity,
      unit_price: cents(i.price), line_total: cents(i.price * i.quantity) })),
  };
}

const nameOf = (o) => (o ? `#${1000 + o.id}` : null);
const subjectName = (e) => (e.type.startsWith('order.') ? nameOf(orders[e.subject - 1]) : products[e.subject - 1].sku);

const attemptOf = (l) => ({ id: l.id, task_id: l.task_id, task_name: l.task, attempt: l.attempt, status: l.status,
  details: l.details,
  error_message: l.error, duration_ms: l.ms, worker: l.worker, created_at: iso(l.at) });
const logOf = (l) => ({ ...attemptOf(l), order_id: l.order?.id ?? null,
  order_name: nameOf(l.order), order_status: l.order?.status ?? null,
  can_retry: Boolean(l.order && canRetry(l.order)) });

const ledgerOf = (r) => ({ id: r.id, product_id: r.product.id, product_sku: r.product.sku,
  order_id: r.order?.id ?? null, order_name: nameOf(r.order), run: r.run, delta: r.delta, balance: r.balance,
  reason: r.reason, note: r.note, actor: r.actor, created_at: iso(r.at) });

function detailOf(o) {
  const row = orderOf(o);
  return { ...row, sync_logs: logs.filter((l) => l.order === o).map(attemptOf),
    ledger: ledger.filter((r) => r.order === o).map(ledgerOf),
    items: row.items.map((i, at) => ({ ...i, current: i.quantity, target: o.status === 'cancelled' ? 0 : i.quantity,
      taken: o.items[at].taken, shipped: 0, skip: null })), shipments: [] };
}

const payloadOf = (p) => ({ id: p.id, topic: p.topic, webhook_id: `b1946ac9-${p.id}`, note: null,
  received_at: iso(p.at) });

function storyOf(o) {
  const events = happened.filter((e) => e.subject === o.id && e.type.startsWith('order.'));
  const told = deliveries.filter((d) => events.includes(d.event)).map(deliveryOf);
  return { id: o.id, payloads: payloads.filter((p) => p.order === o).map(payloadOf),
    events: events.map((e) => ({ id: e.id, event: e.type, created_at: iso(e.at) })),
    deliveries: told.map((d) => ({ id: d.id, webhook_id: d.webhook_id, url: webhooks[d.webhook_id - 1].url,
      status: d.status, tries: d.tries, http_status: d.http_status,
      error_message: d.error_message, created_at: d.created_at, ended_at: d.ended_at })) };
}

const productOf = (p) => ({ id: p.id, sku: p.sku, name: p.name, description: p.description, category: p.category,
  price: cents(p.price), active: p.active, reorder_level: p.level,
  details: p.details ?? null, quantity: p.quantity, is_low_stock: lowStock(p), stock_updated_at: iso(p.counted),
  created_at: iso(p.created), updated_at: iso(p.updated) });

const stockOf = (p) => ({ product_id: p.id, product_sku: p.sku, product_name: p.name, category: p.category,
  quantity: p.quantity, reserved: 0, available: p.quantity, reorder_level: p.level,
  is_low_stock: lowStock(p), updated_at: iso(p.counted) });

function uploadOf(u) {
  const n = { created: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, ...u.counts };
  return { task_id: u.task_id, upload_job_id: u.id, filename: u.filename, status: u.error ? 'failed' : 'completed',
    phase: null, percent: u.error ? 0 : 100, processed: u.rows,
    total: u.error ? null : u.rows, rows_per_second: u.rows * 9, read: u.rows, ...n, error_message: u.error,
    passed_over: 0, missing: 0, reject_counts: n.rejected ? [{ code: 'bad_price', count: n.rejected }] : [],
    warning_counts: n.superseded ? [{ code: 'superseded', count: n.superseded }] : [], warnings: null,
    change_counts: {}, changes: null, import_id: null, undone_at: null,
    cancelling: false, options: {}, bytes: 40 + u.rows * 96, sha256: null,
    created_at: iso(u.at), started_at: iso(u.at + 700), finished_at: iso(u.at + 900), change: u.id };
}

// The file with the prices comes each day under a name.
function feedList() {
  const last = uploads.filter((u) => u.filename === 'prices.csv').at(-1);
  const feeds = last ? [{ name: 'prices', rows: last.rows, columns: ['sku', 'price'],
    options: { decimal: ',', delimiter: ';' }, imported_at: iso(last.at + 900), refused: null, refused_at: null }] : [];
  return { feeds, total: feeds.length };
}

function deliveryOf(d) {
  const last = d.tries.at(-1);
  const error = (t) => (!t || t.good ? null : 'answered 503 Service Unavailable');
  return {
    id: d.id, webhook_id: d.webhook, event_id: `msg_${d.event.id}`, event: d.event.type, subject: d.event.subject,
    subject_name: subjectName(d.event),
    sequence: d.event.id, status: d.status, tries: d.tries.length,
    http_status: last ? (last.good ? 200 : 503) : null, error_message: error(last), next_attempt_at: iso(d.next),
    created_at: iso(d.at), ended_at: iso(d.ended),
    attempts: d.tries.map((t, i) => ({ number: i + 1, http_status: t.good ? 200 : 503, error_message: error(t),
      answer: t.good ? 'ok' : 'try again later', connect_ms: 4,
      first_byte_ms: t.ms - 2, duration_ms: t.ms, started_at: iso(t.at), worker: 'fulfil-notify shop1 4720' })),
  };
}

function sentOf(d) {
  const last = d.tries.at(-1);
  const row = d.event.type.startsWith('order.') ? orderOf(orders[d.event.subject - 1])
    : productOf(products[d.event.subject - 1]);
  return { delivery_id: d.id, attempt: d.tries.length || 1, sent_at: iso(last?.at ?? null), changed_since: false,
    complete: true, request: { url: webhooks[d.webhook - 1].url, headers: [
      { name: 'Content-Type', value: 'application/json' }, { name: 'webhook-id', value: `msg_${d.event.id}` },
      { name: 'webhook-timestamp', value: String(Math.floor((last?.at ?? Date.now()) / 1000)) }],
    body: JSON.stringify({ data: row, event: d.event.type, timestamp: iso(d.event.at) }) } };
}

const waiting = (w) => deliveries.filter((d) => d.webhook === w.id && d.status === 'waiting');
const hookOf = (w) => ({
  id: w.id, url: w.url, event_types: w.types, enabled: !w.gone, has_secret: Boolean(w.hint), secret_hint: w.hint,
  public_key: null, previous_secret_until: null, headers: {},
  timeout: 30, retry_count: 3, retry_for: 28800, rate: 0, in_order: false, form: 'plain', filter: {}, paused: false,
  disabled_reason: w.gone ? 'answered 410 Gone' : null, paused_until: null, failures: 0,
  failing_since: null, waiting: waiting(w).length,
  created_at: iso(EPOCH), updated_at: iso(EPOCH),
});

// --- figures

function metrics() {
  const now = Date.now();
  const of = (status) => orders.filter((o) => o.status === status).length;
  const [pending, completed, failed, cancelled] = ['pending', 'completed', 'failed', 'cancelled'].map(of);
  const within = (list, at, span) => list.filter((x) => at(x) > now - span).length;
  const runs = logs.filter((l) => l.task === 'process_order' && l.at > now - HOUR);
  const due = orders.filter((o) => o.next !== null && o.next <= now).length;
  const out = kept(products).filter((p) => p.quantity === 0).length;
  const low = kept(products).filter(lowStock).length;
  const retrying = orders.filter((o) => o.status === 'pending' && canRetry(o)).length;
  const enabled = webhooks.filter((w) => !w.gone);
  const ended = (status) => deliveries.filter((d) => d.status === status && d.ended > now - HOUR).length;
  return {
    time: iso(now), total_orders: orders.length, completed_orders: completed, failed_orders: failed,
    pending_orders: pending, cancelled_orders: cancelled, retrying_orders: retrying,
    success_rate: Math.round((completed / (completed + failed)) * 1000) / 10,
    avg_processing_time_ms: Math.round(10 * sum(runs, (l) => l.ms) / runs.length) / 10,
    orders_last_hour: within(orders, (o) => o.at, HOUR), low_stock_alerts: low, quarantined: kept(quarantine).length,
    intake_alarms: 1, last_payload_seconds: 4, last_payload_lag_seconds: 1, total_sync_logs: logs.length,
    orders: { pending, completed, failed, cancelled, per_second: within(orders, (o) => o.processed, 60000) / 60 },
    queue: { due, oldest_due_seconds: 0, waiting: retrying, length: due },
    workers: { count: 2, busy: 0, 
      workers: [4711, 4712].map((pid) => ({ name: `fulfil-work shop1 ${pid}`, state: 'idle', seconds: 0 })) },
    products: { total: kept(products).length, low: low - out, out },
    deliveries: {
      webhooks_enabled: enabled.length, webhooks_paused: 0, webhooks_disabled: kept(webhooks).length - enabled.length,
      senders: 1, outbox: 0, outbox_events: 0, due: 0, oldest_due_seconds: 0,
      sending: 0, waiting: sum(enabled, (w) => waiting(w).length), delivered_last_hour: ended('delivered'),
      given_up_last_hour: ended('given_up'),
      per_second: deliveries.filter((d) => d.ended > now - 60000).length / 60,
      webhooks: enabled.map((w) => ({ id: w.id, state: 'up', queued: waiting(w).length, oldest_due_seconds: 0,
        failures: 0 })),
    },
  };
}

function health() {
  const due = orders.filter((o) => o.next !== null && o.next <= Date.now()).length;
  return {
    status: 'healthy', database: { status: 'up', ms: 0.4 }, redis: { status: 'up', ms: 0.1, queue_length: due },
    workers: { status: 'up', count: 2 },
    queue: { status: 'up', due, oldest_due_seconds: 0 },
    deliveries: { status: 'up', senders: 1, oldest_due_seconds: 0 },
    importing: { status: 'up', importers: 1, queued: 0, oldest_queued_seconds: 0 },
  };
}

// What happened since the last call.
export function events(tell) {
  const rows = { order: orderOf, task: logOf, stock: stockOf, delivery: deliveryOf };
  for (const [kind, what] of advance(true)) tell(kind, rows[kind](what));
  tell('figures', { time: iso(Date.now()), metrics: metrics(), health: health() });
}

// --- lists

// The newest first, those that pass, a page of them.
function page(name, list, q, row, pass = () => true) {
  const rows = kept(list).filter(pass).reverse();
  const size = Number(q.get('page_size')) || 50;
  const at = Number(q.get('page')) || 1;
  return { [name]: rows.slice((at - 1) * size, at * size).map(row), total: rows.length, total_capped: false, page: at,
    page_size: size, total_pages: Math.ceil(rows.length / size), next_cursor: null };
}

const has = (text, part) => !part || String(text ?? '').toLowerCase().includes(part.toLowerCase());
const same = (value, wanted) => !wanted || String(value ?? '').toLowerCase() === wanted.toLowerCase();
const when = (at, q) => (!q.get('since') || at >= Date.parse(q.get('since')))
  && (!q.get('until') || at < Date.parse(q.get('until')));

function asked(q) {
  const text = (o) =>
    [`#${1000 + o.id}`, externalId(o), o.customer, `${o.customer.replace(' ', '.')}@example.com`,
      ...o.items.map((i) => i.sku)].join(' ');
  const amount = /^[\d,]+(\.\d+)?( [A-Z]{3})?$/.test(q.get('q')) ? parseFloat(q.get('q').replaceAll(',', '')) : NaN;
  const called = (o) => [nameOf(o), nameOf(o).slice(1), String(externalId(o)), orderOf(o).customer_email, o.customer,
    ...o.items.map((i) => i.sku)];
  return (o) => same(o.status, q.get('status')) && when(o.at, q)
    && (!q.get('q') || has(text(o), q.get('q')) || Number(orderOf(o).total_amount) === amount)
    && (!q.get('exact') || called(o).some((v) => same(v, q.get('exact'))))
    && (!q.get('sku') || o.items.some((i) => same(i.sku, q.get('sku'))));
}

const orderList = (q) => page('orders', q.get('sort') === 'id' ? [...orders].reverse() : orders, q, orderOf, asked(q));

const matches = (q) => (p) => has(p.sku, q.get('sku')) && has(p.name, q.get('name'))
  && has(p.description, q.get('description')) && same(p.active, q.get('active')) && same(p.category, q.get('category'))
  && (has(p.sku, q.get('q')) || has(p.name, q.get('q')));

function productList(q) {
  const way = { sku: -1, '-sku': 1 }[q.get('sort')];
  return page('products', way ? [...products].sort((a, b) => (a.sku < b.sku ? -way : way)) : products, q, productOf,
    matches(q));
}

function stockList(q) {
  const skus = q.get('sku')?.toLowerCase().split(',');
  return page('inventory', products, q, stockOf, (p) => (q.get('low') !== 'true' || lowStock(p))
    && same(p.category, q.get('category')) && (has(p.sku, q.get('q')) || has(p.name, q.get('q')))
    && (!skus || skus.includes(p.sku.toLowerCase())));
}

const logList = (q) => page('sync_logs', logs, q, logOf, (l) => same(l.status, q.get('status'))
  && same(l.task, q.get('task')) && same(l.order?.id, q.get('order_id')) && when(l.at, q));
const one = (list, id, row) => (list[id - 1] && !list[id - 1].deleted ? row(list[id - 1]) : null);
const heldOf = ({ body, at, ...row }) => ({ ...row, bytes: body.length, received_at: iso(at) });

const ROUTES = [
  [/^\/api\/orders$/, orderList],
  [/^\/api\/orders\/causes$/, causes],
  [/^\/api\/timeline$/, timeline],
  [/^\/api\/inventory\/shortages$/, shortages],
  [/^\/api\/orders\/(\d+)$/, (q, id) => one(orders, id, detailOf)],
  [/^\/api\/orders\/(\d+)\/story$/, (q, id) => one(orders, id, storyOf)],
  [/^\/api\/products$/, productList],
  [/^\/api\/products\/count$/, (q) => ({ total: kept(products).filter(matches(q)).length })],
  [/^\/api\/products\/(\d+)$/, (q, id) => one(products, id, productOf)],
  [/^\/api\/inventory$/, stockList],
  [/^\/api\/inventory\/alerts$/, (q) => page('alerts', products, q, stockOf, lowStock)],
  [/^\/api\/inventory\/(\d+)$/, (q, id) => one(products, id, stockOf)],
  [/^\/api\/inventory\/(\d+)\/ledger$/, (q, id) => products[id - 1]
    && page('ledger', ledger, q, ledgerOf, (r) => r.product.id === Number(id))],
  [/^\/api\/ledger$/, (q) => page('ledger', ledger, q, ledgerOf, (r) => same(r.product.id, q.get('product_id'))
    && same(r.order?.id, q.get('order_id')))],
  [/^\/api\/sync-logs$/, logList],
  [/^\/api\/privacy-requests$/, (q) => page('privacy_requests', [], q, heldOf)],
  [/^\/api\/quarantine$/, (q) => page('quarantine', quarantine, q, heldOf)],
  [/^\/api\/upload$/, (q) => page('uploads', uploads, q, uploadOf,
    (u) => same(u.error ? 'failed' : 'completed', q.get('status')))],
  [/^\/api\/upload\/([\w-]+)\/progress$/, (q, task) => uploads.filter((u) => u.task_id === task).map(uploadOf)[0]],
  [/^\/api\/feeds$/, feedList],
  [/^\/api\/webhooks$/, (q) => page('webhooks', webhooks, q, hookOf)],
  [/^\/api\/webhooks\/(\d+)$/, (q, id) => one(webhooks, id, hookOf)],
  [/^\/api\/webhooks\/(\d+)\/deliveries$/,
    (q, id) => page('deliveries', deliveries, q, deliveryOf, (d) => d.webhook === Number(id)
    && same(d.status, q.get('status')) && when(d.at, q))],
  [/^\/api\/deliveries\/(\d+)\/request$/, (q, id) => one(deliveries, id, sentOf)],
  [/^\/api\/metrics$/, metrics],
  [/^\/api\/health$/, health],
];

function route(routes, path) {
  const url = new URL(path, 'http://demo');
  advance();
  for (const [pattern, make] of routes) {
    const match = pattern.exec(url.pathname);
    const found = match && make(url.searchParams, match[1]);
    if (found) return found;
  }
  throw new Problem(404, 'There is no such thing in the demo.');
}

const rows = { asked, canRetry, matches, hook: hookOf, order: orderOf, product: productOf, stock: stockOf };

export async function answer(method, path, body = {}) {
  if (method === 'GET') return route(ROUTES, path);
  const url = new URL(path, 'http://demo');
  advance();
  for (const [verb, pattern, work] of CHANGES) {
    const match = verb === method && pattern.exec(url.pathname);
    if (match) return work(url.searchParams, match[1], body, rows);
  }
  throw new Problem(403, 'The demo does not do this.');
}

// --- downloads: [name, type, text]

const csv = (rows) => rows.map((row) =>
  `${row.map((v) => (/[",\r\n]/.test(v ?? '') ? `"${v.replaceAll('"', '""')}"` : v ?? '')).join(',')}\n`).join('');

function exported(q) {
  const more = ['stock', 'reorder_level'].filter((name) => q.get(name) === 'true')
    .flatMap((name) => (name === 'stock' ? ['quantity', 'quantity_was'] : name));
  const columns = ['name', 'sku', 'description', 'active', 'price', 'category', ...more];
  return ['products.csv', 'text/csv',
    csv([columns, ...kept(products).filter(matches(q)).map(productOf)
    .map((p) => columns
    .map((c) => p[c === 'quantity_was' ? 'quantity' : c]).map((v) => (v === null ? null : String(v))))])];
}

function payload(p) {
  const o = orderOf(p.order);
  return [`payload-${p.id}.json`, 'application/json',
    JSON.stringify({ id: externalId(p.order), name: o.name, email: o.customer_email, currency: o.currency,
    total_price: o.total_amount,
    line_items: o.items.map((i) => ({ id: i.line_no, sku: i.sku, title: i.name, quantity: i.quantity,
      price: i.unit_price })) })];
}

const FILES = [
  [/^\/api\/products\/export\.csv$/, exported],
  [/^\/api\/payloads\/(\d+)$/, (q, id) => one(payloads, id, payload)],
  [/^\/api\/quarantine\/(\d+)$/, (q, id) => one(quarantine, id,
    (k) => [`quarantine-${id}.json`, 'application/json', k.body])],
  [/^\/api\/upload\/[\w-]+\/rejects$/,
    () => ['prices-rejects.csv', 'text/csv',
    csv([['sku', 'name', 'price', 'line', 'reason'], ['', 'Mug', '9.90', '12', 'empty_sku'],
    ['TEE-RED', 'T-shirt', 'abc', '31', 'bad_price']])]],
];

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[download][href^="/api/"]');
  if (!link) return;
  event.preventDefault();
  const [name, type, text] = route(FILES, link.getAttribute('href'));
  Object.assign(document.createElement('a'),
    { download: name, href: `data:${type};charset=utf-8,${encodeURIComponent(text)}` }).click();
});
