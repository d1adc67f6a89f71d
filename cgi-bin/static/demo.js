// SPDX-License-Identifier: MIT
// Answers of a shop that does well, made up here: everything follows from a number and the time, so that
// what moves goes on after a reload, and every page agrees with every other. There is no server behind it.
import { Problem } from './api.js';

const DAY = 86400000;
const PACE = 3100;          // ms from order to order, on the average
const TRIES = [0, 60000, 180000, 420000]; // when an order that fails is tried
const SHOP = 'demo.myshopify.com';
const FIRST = ['Ada', 'Grace', 'Alan', 'Katherine', 'Edsger', 'Barbara', 'Ken', 'Margaret', 'Dennis', 'Radia', 'Donald', 'Frances', 'Niklaus', 'Hedy', 'Tony', 'Karen'];
const LAST = ['Okafor', 'Silva', 'Novak', 'Jansen', 'Rossi', 'Tanaka', 'Meyer', 'Dubois', 'Larsen', 'Kowalski', 'Haddad', 'Murphy', 'Costa', 'Singh', 'Peeters', 'Moreau'];
const GOODS = [['TEE', 'T-shirt', 1990], ['HOODIE', 'Hoodie', 4900], ['MUG', 'Mug', 990], ['SOCK', 'Wool socks', 1250], ['CAP', 'Cap', 1700], ['BAG', 'Tote bag', 1500],
  ['NOTE', 'Notebook', 1100], ['LAMP', 'Desk lamp', 6400], ['CANDLE', 'Beeswax candle', 1390], ['TEA', 'Sencha', 1420], ['COFFEE', 'Espresso beans', 2200], ['PLANT', 'Monstera', 2900]];
const KINDS = [['BLK', 'black'], ['WHT', 'white'], ['BLU', 'blue'], ['GRN', 'green']];

const epoch = () => Math.floor(Date.now() / DAY) * DAY - DAY;
const iso = (ms) => new Date(ms).toISOString();
const cents = (n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`;

// A number that looks like chance, the same for the same n and use.
function chance(n, use, below) {
  let h = Math.imul(n ^ Math.imul(use + 1, 0x9E3779B1), 0x85EBCA6B);
  h = Math.imul(h ^ (h >>> 13), 0xC2B2AE35);
  return ((h ^ (h >>> 16)) >>> 0) % below;
}

const arrival = (n) => epoch() + n * PACE + chance(n, 0, 2600);
function newest(now = Date.now()) {
  let n = Math.floor((now - epoch()) / PACE);
  while (n > 1 && arrival(n) > now) n--;
  return n;
}

// --- products and stock

const PRODUCTS = GOODS.flatMap(([code, name, price], g) => KINDS.map(([k, colour], i) => ({
  id: g * KINDS.length + i + 1, sku: `${code}-${k}`, name: `${name}, ${colour}`, description: i % 2 ? 'Made to last.' : null,
  category: g < 6 ? 'Clothing' : 'Home', price: cents(price), active: (g + i) % 11 !== 0, reorder_level: 10 + (g % 4) * 10,
})));

// Falls as orders come, and rises with a delivery.
function stockOf(p, now = Date.now()) {
  const most = 90 + chance(p.id, 1, 160);
  const round = 900000 + chance(p.id, 2, 2400000);
  const at = ((now + chance(p.id, 3, round)) % round) / round;
  const quantity = Math.max(0, Math.round(most * (1 - at * 1.06)));
  return {
    product_id: p.id, product_sku: p.sku, product_name: p.name, quantity, reserved: 0, available: quantity,
    reorder_level: p.reorder_level, is_low_stock: quantity <= p.reorder_level, updated_at: iso(now - chance(p.id, 4, 60000)),
  };
}

function productOf(p) {
  const s = stockOf(p);
  return { ...p, quantity: s.quantity, is_low_stock: s.is_low_stock, created_at: iso(epoch()), updated_at: s.updated_at };
}

function ledgerOf(p) {
  let balance = stockOf(p).quantity;
  return Array.from({ length: 40 }, (_, i) => {
    const delta = i % 13 === 12 ? 60 : -1 - chance(p.id + i, 5, 3);
    const row = { id: 4000 - i, product_id: p.id, product_sku: p.sku, order_id: delta < 0 ? newest() - i * 7 : null, run: 1, delta, balance,
      reason: delta < 0 ? 'order' : 'add', note: delta < 0 ? null : 'delivery', actor: delta < 0 ? 'fulfil-work' : 'Ann', created_at: iso(Date.now() - i * 61000) };
    balance = Math.max(0, balance - delta);
    return row;
  });
}

// --- orders and their attempts

function itemsOf(n) {
  return Array.from({ length: 1 + chance(n, 6, 3) }, (_, i) => {
    const p = PRODUCTS[chance(n * 4 + i, 7, PRODUCTS.length)];
    const quantity = 1 + chance(n + i, 8, 3);
    return { line_no: i + 1, sku: p.sku, name: p.name, quantity, unit_price: p.price, line_total: cents(Math.round(Number(p.price) * 100) * quantity), current: quantity, target: quantity, skip: null };
  });
}

const fate = (n) => { const f = chance(n, 9, 100); return f < 2 ? 'fails' : f < 3 ? 'recovers' : f < 5 ? 'cancelled' : 'completes'; };

// What was tried of order n until now, the first first.
function attempts(n, now) {
  const at = arrival(n) + 300 + chance(n, 10, 500);
  const how = fate(n);
  const times = how === 'fails' ? TRIES : how === 'recovers' ? TRIES.slice(0, 2) : TRIES.slice(0, 1);
  const short = itemsOf(n)[0];
  return times.map((after, i) => {
    const good = how === 'completes' || how === 'cancelled' || (how === 'recovers' && i === 1);
    const status = good ? 'success' : i === 3 ? 'failure' : 'retry';
    return {
      id: n * 4 + i, task_id: `order-${n}-1`, task_name: 'process_order', order_id: n, attempt: i + 1, status, details: null,
      error_message: good ? null : `short of ${short.sku}: ${short.quantity} wanted, 0 in stock`,
      duration_ms: 2 + chance(n + i, 11, 9) + (chance(n, 12, 12) === 0 ? 40 : 0), worker: `fulfil-work shop${1 + (n % 2)} ${4711 + (n % 4)}`, created_at: iso(at + after),
    };
  }).filter((l) => new Date(l.created_at) <= now);
}

function orderOf(n, now = Date.now()) {
  const tried = attempts(n, now);
  const last = tried.at(-1);
  const items = itemsOf(n);
  const cancelled = fate(n) === 'cancelled' && now - arrival(n) > 30000;
  const status = cancelled ? 'cancelled' : !last ? 'pending' : { success: 'completed', failure: 'failed', retry: 'pending' }[last.status];
  const name = `${FIRST[chance(n, 13, FIRST.length)]} ${LAST[chance(n, 14, LAST.length)]}`;
  return {
    id: n, external_order_id: String(582000000000000 + n), status, name: `#${n}`, customer_name: name,
    customer_email: `${name.toLowerCase().replace(' ', '.')}@example.com`,
    total_amount: cents(items.reduce((sum, i) => sum + Math.round(Number(i.line_total) * 100), 0)), currency: 'EUR', source: 'shopify', shop: SHOP, test: false,
    retry_count: Math.max(0, tried.length - 1), next_attempt_at: status === 'pending' && last ? iso(arrival(n) + 500 + TRIES[tried.length]) : null,
    error_message: status === 'completed' || cancelled ? null : last?.error_message ?? null, notes: null,
    processed_at: status === 'completed' ? last.created_at : null, created_at: iso(arrival(n)), items,
  };
}

function detailOf(n) {
  const order = orderOf(n);
  const tried = attempts(n, Date.now());
  const took = order.status === 'completed' ? order.items.map((i, k) => {
    const p = PRODUCTS.find((q) => q.sku === i.sku);
    return { id: n * 4 + k, product_id: p.id, product_sku: p.sku, run: 1, delta: -i.quantity, balance: stockOf(p).quantity, reason: 'order', note: null, actor: null, created_at: order.processed_at };
  }) : [];
  return { ...order, sync_logs: tried, ledger: took };
}

function storyOf(n) {
  return { id: n, events: [], deliveries: [], payloads: [{ id: n, topic: 'orders/create', webhook_id: `b1946ac9-${n}`, note: null, received_at: detailOf(n).created_at }] };
}

// The newest ones that pass, no more than `most` looked at.
function newestOrders(pass, most = 4000) {
  const now = Date.now();
  const found = [];
  for (let n = newest(now); n > 0 && n > newest(now) - most; n--) {
    const order = orderOf(n, now);
    if (pass(order)) found.push(order);
  }
  return found;
}

function logs(q) {
  const now = Date.now();
  const found = [];
  for (let n = newest(now); n > 0 && n > newest(now) - (q.get('status') ? 1500 : 400); n--)
    found.push(...attempts(n, now).filter((l) => (!q.get('status') || l.status === q.get('status')) && (!q.get('order_id') || String(n) === q.get('order_id'))));
  return found.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

// --- imports and webhooks

const UPLOADS = [['autumn.csv', 8, 48210, 1204, 46998, 0], ['prices-2.csv', 3, 1250, 0, 1247, 3], ['prices.csv', 3, 0, 0, 0, 0]].map(([filename, hours, rows, created, updated, rejected], i) => ({
  task_id: `0000000${3 - i}-demo`, upload_job_id: 3 - i, filename, status: i === 2 ? 'failed' : 'completed', phase: 'commit', percent: 100, processed: rows, total: rows,
  rows_per_second: 180000 + i * 9000, created, updated: i === 2 ? 0 : updated, unchanged: i === 2 ? 0 : rows - created - updated - rejected, superseded: 0, rejected,
  error_message: i === 2 ? 'missing_column: no column is name' : null, options: {}, bytes: rows * 96, ago: hours * 3600000,
}));

const uploadOf = (u) => ({ ...u, created_at: iso(Date.now() - u.ago), started_at: iso(Date.now() - u.ago + 400), finished_at: iso(Date.now() - u.ago + 1300) });

const hookOf = (id) => ({
  id, url: id === 1 ? 'https://wms.example.com/fulfil' : 'https://ops.example.com/hooks/stock', event_types: id === 1 ? ['order.completed', 'order.cancelled'] : ['inventory.low', 'inventory.out'],
  enabled: true, has_secret: true, secret_hint: id === 1 ? 'x7Qd' : '9fKa', headers: {}, timeout: 30, retry_count: 3, disabled_reason: null, paused_until: null, failures: 0, waiting: 0,
  created_at: iso(epoch()), updated_at: iso(epoch()),
});

function deliveriesOf(id) {
  if (id !== '1') return [];
  return newestOrders((o) => o.status === 'completed', 300).map((o) => ({
    id: o.id, webhook_id: 1, event: 'order.completed', subject: o.id, status: 'delivered', tries: 1, http_status: 200, error_message: null, next_attempt_at: null,
    created_at: o.processed_at, ended_at: o.processed_at,
    attempts: [{ number: 1, http_status: 200, error_message: null, answer: 'ok', duration_ms: 20 + chance(o.id, 17, 60), started_at: o.processed_at, worker: 'fulfil-notify shop1 4720' }],
  }));
}

// --- figures

function figures() {
  const now = Date.now();
  const n = newest(now);
  const recent = newestOrders(() => true, 400);
  const pending = recent.filter((o) => o.status === 'pending').length;
  const failed = Math.floor(n * 0.02);
  const cancelled = Math.floor(n * 0.02);
  const low = PRODUCTS.filter((p) => stockOf(p, now).is_low_stock).length;
  const completed = n - failed - cancelled - pending;
  const due = recent.filter((o) => o.status === 'pending' && !o.next_attempt_at).length;
  return {
    time: iso(now),
    metrics: {
      total_orders: n, completed_orders: completed, failed_orders: failed, pending_orders: pending, cancelled_orders: cancelled,
      success_rate: Math.round((completed / (completed + failed)) * 1000) / 10, avg_processing_time_ms: 6.2 + chance(Math.floor(now / 5000), 15, 20) / 10,
      orders_last_hour: n - newest(now - 3600000), low_stock_alerts: low, total_sync_logs: n + failed * 3,
    },
    health: {
      status: 'healthy', database: { status: 'up', ms: 0.3 + chance(Math.floor(now / 2000), 16, 30) / 100 }, redis: { status: 'up', ms: 0.1, queue_length: due },
      workers: { status: 'up', count: 4 }, queue: { status: 'up', due, oldest_due_seconds: 0 },
    },
  };
}

let told = Date.now();

// What happened since the last call.
export function events(tell) {
  const now = Date.now();
  for (let n = newest(now); n > 0 && n > newest(now) - 200; n--) {
    const fresh = attempts(n, now).filter((l) => new Date(l.created_at) > told);
    if (fresh.length || arrival(n) > told) tell('order', orderOf(n, now));
    for (const l of fresh) tell('task', l);
  }
  told = now;
  tell('figures', figures());
}

// --- the API

function page(name, rows, q, total = rows.length, slice = null) {
  const size = Number(q.get('page_size')) || 50;
  const at = Number(q.get('page')) || 1;
  return { [name]: slice ? slice((at - 1) * size, size) : rows.slice((at - 1) * size, at * size), total, total_capped: false, page: at, page_size: size, total_pages: Math.ceil(total / size), next_cursor: null };
}

const has = (text, part) => !part || String(text ?? '').toLowerCase().includes(part.toLowerCase());

function orders(q) {
  const [text, status, sku, since] = ['q', 'status', 'sku', 'since'].map((name) => q.get(name));
  const up = q.get('sort') === 'id';
  if (!text && !status && !sku && !since) {
    const n = newest();
    return page('orders', [], q, n, (skip, size) => Array.from({ length: Math.max(0, Math.min(size, n - skip)) }, (_, i) => orderOf(up ? 1 + skip + i : n - skip - i)));
  }
  const found = newestOrders((o) => (!status || o.status === status) && (!since || o.created_at >= since)
    && (has(`${o.name} ${o.external_order_id} ${o.customer_name} ${o.customer_email}`, text) || o.items.some((i) => has(i.sku, text)))
    && (!sku || o.items.some((i) => i.sku.toLowerCase() === sku.toLowerCase())));
  return page('orders', up ? found.reverse() : found, q);
}

function products(q) {
  const rows = PRODUCTS.filter((p) => has(p.sku, q.get('sku')) && has(p.name, q.get('name')) && has(p.description, q.get('description'))
    && (!q.get('active') || String(p.active) === q.get('active'))).reverse();
  const way = { sku: 1, '-sku': -1 }[q.get('sort')];
  return page('products', (way ? rows.sort((a, b) => (a.sku < b.sku ? -way : way)) : rows).map(productOf), q);
}

const ROUTES = [
  [/^\/api\/orders$/, (q) => orders(q)],
  [/^\/api\/orders\/(\d+)$/, (q, id) => (id >= 1 && id <= newest() ? detailOf(Number(id)) : null)],
  [/^\/api\/orders\/(\d+)\/story$/, (q, id) => (id >= 1 && id <= newest() ? storyOf(Number(id)) : null)],
  [/^\/api\/products$/, (q) => products(q)],
  [/^\/api\/products\/(\d+)$/, (q, id) => PRODUCTS[id - 1] && productOf(PRODUCTS[id - 1])],
  [/^\/api\/inventory$/, (q) => page('inventory', PRODUCTS.map((p) => stockOf(p)).filter((s) => (!q.get('low') || s.is_low_stock)
    && (!q.get('sku') || q.get('sku').toLowerCase().split(',').includes(s.product_sku.toLowerCase()))), q)],
  [/^\/api\/inventory\/alerts$/, (q) => page('alerts', PRODUCTS.map((p) => stockOf(p)).filter((s) => s.is_low_stock), q)],
  [/^\/api\/inventory\/(\d+)$/, (q, id) => PRODUCTS[id - 1] && stockOf(PRODUCTS[id - 1])],
  [/^\/api\/inventory\/(\d+)\/ledger$/, (q, id) => PRODUCTS[id - 1] && page('ledger', ledgerOf(PRODUCTS[id - 1]), q)],
  [/^\/api\/sync-logs$/, (q) => page('sync_logs', q.get('task') && q.get('task') !== 'process_order' ? [] : logs(q), q)],
  [/^\/api\/quarantine$/, (q) => page('quarantine', [], q)],
  [/^\/api\/upload$/, (q) => page('uploads', UPLOADS.map(uploadOf).filter((u) => !q.get('status') || u.status === q.get('status')), q)],
  [/^\/api\/upload\/([\w-]+)\/progress$/, (q, task) => UPLOADS.filter((u) => u.task_id === task).map(uploadOf)[0]],
  [/^\/api\/webhooks$/, (q) => page('webhooks', [hookOf(2), hookOf(1)], q)],
  [/^\/api\/webhooks\/([12])$/, (q, id) => hookOf(Number(id))],
  [/^\/api\/webhooks\/([12])\/deliveries$/, (q, id) => page('deliveries', deliveriesOf(id).filter((d) => !q.get('status') || d.status === q.get('status')), q)],
  [/^\/api\/metrics$/, () => figures().metrics],
  [/^\/api\/health$/, () => figures().health],
];

export async function answer(method, path) {
  if (method !== 'GET') throw new Problem(403, 'This is a demo; nothing can be changed.');
  const url = new URL(path, 'http://demo');
  for (const [pattern, make] of ROUTES) {
    const match = pattern.exec(url.pathname);
    const found = match && make(url.searchParams, match[1]);
    if (found) return found;
  }
  throw new Problem(404, 'There is no such thing in the demo.');
}
