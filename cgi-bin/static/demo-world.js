// SPDX-License-Identifier: MIT
// The world of the demo: a shop that does well, simulated event by event from the start of yesterday until
// now, and on as the clock moves. All of it follows from numbers that only look like chance, so that it is
// there again after a reload; all that the pages show is read from what is recorded here. Times are in ms.
const HOUR = 3600000;
const DAY = 24 * HOUR;
const GAP = [5000, 5000];   // from order to order: at least, and less than that much more
const RETRIES = [60000, 120000, 240000];
export const EPOCH = Math.floor(Date.now() / DAY) * DAY - DAY;

const FIRST = ['Ada', 'Grace', 'Alan', 'Katherine', 'Edsger', 'Barbara', 'Ken', 'Margaret', 'Dennis', 'Radia', 'Donald',
  'Frances', 'Niklaus', 'Hedy', 'Tony', 'Karen'];
const LAST = ['Okafor', 'Silva', 'Novak', 'Jansen', 'Rossi', 'Tanaka', 'Meyer', 'Dubois', 'Larsen', 'Kowalski',
  'Haddad', 'Murphy', 'Costa', 'Singh', 'Peeters', 'Moreau'];
const COLOURS = ['BLK:black', 'WHT:white', 'BLU:blue', 'GRN:green'];
const SIZES = COLOURS.flatMap((c) => ['S', 'M', 'L'].map((s) => `${c.replace(':', `-${s}:`)}, ${s}`));
const GOODS = [
  ['TEE', 'T-shirt', 1990, 'Clothing', SIZES, 'Organic cotton, cut to last.'],
  ['HOODIE', 'Hoodie', 4900, 'Clothing', SIZES, 'Brushed inside.'],
  ['SOCK', 'Wool socks', 1250, 'Clothing', COLOURS, null],
  ['CAP', 'Cap', 1700, 'Clothing', COLOURS, 'One size, with a buckle.'],
  ['BAG', 'Tote bag', 1500, 'Bags', COLOURS, 'Carries 10 kg.'],
  ['MUG', 'Mug', 990, 'Kitchen', COLOURS, 'Stoneware, 0.3 l.'],
  ['TEA', 'Sencha', 1420, 'Kitchen', ['LOOSE:100 g, loose', 'BAGS:20 bags'], null],
  ['COFFEE', 'Espresso', 2200, 'Kitchen', ['BEAN:beans, 500 g', 'GRND:ground, 500 g'], 'Roasted on Mondays.'],
  ['NOTE', 'Notebook', 1100, 'Stationery', COLOURS, '192 pages, dotted.'],
  ['LAMP', 'Desk lamp', 6400, 'Home', COLOURS, null],
  ['CANDLE', 'Beeswax candle', 1390, 'Home', ['HONEY:honey', 'PLAIN:plain'], null],
  ['PLANT', 'Potted plant', 2900, 'Home', ['MON:monstera', 'FIC:fig', 'ALO:aloe'], 'Wants water once a week.'],
];

// A number that looks like chance, the same for the same n and use.
export function chance(n, use, below) {
  let h = Math.imul(n ^ Math.imul(use + 1, 0x9E3779B1), 0x85EBCA6B);
  h = Math.imul(h ^ (h >>> 13), 0xC2B2AE35);
  return ((h ^ (h >>> 16)) >>> 0) % below;
}

export const products = GOODS.flatMap(([code, name, price, category, variants, description]) => variants.map((v) => {
  const [suffix, what] = v.split(':');
  return { sku: `${code}-${suffix}`, name: `${name}, ${what}`, description, category, price };
})).map((p, i) => ({ ...p, id: i + 1, active: i % 19 !== 18, level: 10 + chance(i, 1, 4) * 5, quantity: 0,
  reordered: false, created: EPOCH, updated: EPOCH, counted: EPOCH }));
const SOLD = products.filter((p) => p.active);

export const webhooks = [
  { id: 1, url: 'https://wms.example.com/fulfil', types: ['order.completed', 'order.cancelled'], hint: 'x7Qd',
    gone: false },
  { id: 2, url: 'https://ops.example.com/hooks/stock', types: ['inventory.low', 'inventory.out'], hint: '9fKa',
    gone: false },
  { id: 3, url: 'https://old-shop.example.com/told', types: ['order.failed'], hint: null, gone: true },
];

export const quarantine = [
  { id: 1, shop: 'demo.myshopify.com', topic: 'orders/create', webhook_id: 'd3b07384-1', remote_addr: '203.0.113.7',
    reason: 'it has no usable id', body: '{"id": null, "line_items": []}', at: EPOCH + 2 * HOUR },
  { id: 2, shop: 'demo.myshopify.com', topic: 'orders/updated', webhook_id: 'd3b07384-2', remote_addr: '203.0.113.7',
    reason: 'it is no JSON: end of file', body: '{"id": 58200', at: EPOCH + 7 * HOUR },
];

// What happened, oldest first; the id of each is its place, from 1 on.
export const orders = [];
export const payloads = [];
export const logs = [];
export const ledger = [];
export const happened = [];
export const deliveries = [];
export const uploads = [];

let news = null; // what to tell, once somebody listens
const tell = (kind, what) => news?.push([kind, what]);

export function record(list, row) {
  row.id = list.push(row);
  return row;
}

// What is going to happen, the next last.
const agenda = [];
export function later(at, work) {
  let i = agenda.length;
  while (i > 0 && agenda[i - 1].at <= at) i--;
  agenda.splice(i, 0, { at, work });
}

// --- webhooks

export function deliver(d, at) {
  const w = webhooks[d.webhook - 1];
  const refuses = w.id === 2 && chance(d.id, 21, 20) === 0;
  const good = !refuses && (d.tries.length > 0 || chance(d.id, 22, 120) > 0);
  d.tries.push({ at, good, ms: 18 + chance(d.id + d.tries.length, 23, 70) });
  const over = good || d.tries.length > RETRIES.length;
  d.status = good ? 'delivered' : over ? 'given_up' : 'waiting';
  d.next = over ? null : at + 1000 * 2 ** (d.tries.length - 1);
  if (over) d.ended = at;
  else later(d.next, deliver.bind(null, d));
  tell('delivery', d);
}

function emit(type, subject, at) {
  const told = webhooks.filter((w) => !w.gone && w.types.includes(type));
  if (told.length === 0) return;
  const event = record(happened, { type, subject, at });
  for (const w of told) {
    const d = record(deliveries, { webhook: w.id, event, at, tries: [], status: 'waiting', next: at, ended: null });
    later(at + 15 + chance(d.id, 24, 60), deliver.bind(null, d));
  }
}

// --- stock

export function move(p, delta, at, reason, more = {}) {
  const before = p.quantity;
  p.quantity += delta;
  p.counted = at;
  record(ledger, { product: p, delta, balance: p.quantity, at, reason, order: null, run: null, note: null, actor: null,
    ...more });
  tell('stock', p);
  if (before > 0 && p.quantity === 0) emit('inventory.out', p.id, at);
  else if (before > p.level && p.quantity <= p.level) emit('inventory.low', p.id, at);
  if (p.quantity > p.level || p.reordered || !p.active || p.deleted) return; // no more is ordered of what is not sold
  p.reordered = true;
  later(at + (6 + chance(ledger.length, 2, 42)) * 60000, (now) => {
    p.reordered = false;
    move(p, 60 + 5 * chance(ledger.length, 3, 20), now, 'add', { note: 'delivery', actor: 'Ann' });
  });
}

// --- orders

function log(task, task_id, order, at, status, more) {
  tell('task', record(logs, { task, task_id, order, at, status, attempt: 1, details: null, error: null,
    ms: 2 + chance(logs.length, 4, 9) + (chance(logs.length, 5, 14) ? 0 : 35),
    worker: `fulfil-work shop${1 + chance(logs.length, 6, 2)} ${4711 + chance(logs.length, 7, 2)}`, ...more }));
}

function refusal(o) {
  return o.items.map((i) => (!i.product || i.product.deleted ? `unknown SKU "${i.sku}"`
    : i.product.quantity < i.quantity
      ? `insufficient stock of "${i.sku}": wants ${i.quantity}, has ${i.product.quantity}` : ''))
    .filter(Boolean).join('; ') || null;
}

export function attempt(o, at) {
  if (o.status !== 'pending') return;
  const attemptNo = ++o.tried;
  o.error = refusal(o);
  o.updated = at;
  o.next = null;
  if (!o.error) {
    o.status = 'completed';
    o.processed = at;
    for (const i of o.items) move(i.product, -i.quantity, at, 'order', { order: o, run: 1 });
    for (const i of o.items) i.taken = i.quantity;
    emit('order.completed', o.id, at);
  } else if (attemptNo > RETRIES.length) {
    o.status = 'failed';
    emit('order.failed', o.id, at);
  } else {
    o.next = at + RETRIES[attemptNo - 1];
    later(o.next, attempt.bind(null, o));
  }
  log('process_order', `order-${o.id}-1`, o, at, !o.error ? 'success' : o.next ? 'retry' : 'failure',
    { attempt: attemptNo, error: o.error });
  tell('order', o);
}

export function cancel(o, at) {
  record(payloads, { order: o, topic: 'orders/cancelled', at });
  for (const i of o.items.filter((j) => j.taken > 0)) {
    move(i.product, i.taken, at, 'cancel', { order: o, run: 2 });
    i.taken = 0;
  }
  Object.assign(o, { status: 'cancelled', error: null, next: null, updated: at });
  log('process_order', `order-${o.id}-2`, o, at, 'success');
  emit('order.cancelled', o.id, at);
  tell('order', o);
}

function arrive(at) {
  const n = orders.length + 1;
  const chosen = new Set(Array.from({ length: 1 + chance(n, 8, 3) },
    (_, i) => SOLD[Math.min(chance(n * 4 + i, 9, SOLD.length), chance(n * 4 + i, 10, SOLD.length))]));
  const items = [...chosen].map((product, i) => ({
    product, sku: product.sku, name: product.name, price: product.price,
    quantity: 1 + (chance(n + i, 11, 4) ? 0 : chance(n + i, 12, 3)), taken: 0 }));
  if (chance(n, 13, 400) === 0)
    Object.assign(items[0], { product: null, sku: 'GIFT-BOX', name: 'Gift box', price: 3500 });
  const o = record(orders, { at, status: 'pending', tried: 0, next: at, error: null, processed: null, updated: at,
    items,
    customer: `${FIRST[chance(n, 14, FIRST.length)]} ${LAST[chance(n, 15, LAST.length)]}` });
  record(payloads, { order: o, topic: 'orders/create', at });
  tell('order', o);
  later(at + 300 + chance(n, 16, 700), attempt.bind(null, o));
  if (chance(n, 17, 50) === 0) later(at + 30000 + chance(n, 18, 1200000), cancel.bind(null, o));
  later(at + GAP[0] + chance(n, 19, GAP[1]), arrive);
}

// --- imports and scans

function upload(filename, counts, error, at) {
  const rows = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const u = record(uploads, { task_id: `5f0c3a1e-77d2-4a1b-9c3e-00000000000${uploads.length + 1}`, filename, at, rows,
    error, counts });
  log('import_products', u.task_id, null, at + 900, error ? 'failure' : 'success',
    { error, ms: 40 + rows, worker: 'fulfil-import shop1 4714', details: error ? null : { read: rows, ...counts } });
}

function scan(at) {
  log('sync_inventory', `scan-${1 + (at - EPOCH) / (HOUR / 4)}`, null, at, 'success',
    { worker: 'fulfil-scan shop1 5120', details: { low: products.filter((p) => p.quantity <= p.level).length } });
  later(at + HOUR / 4, scan);
}

function reprice(at) {
  const changed = products.filter((p) => p.category === 'Kitchen');
  for (const p of changed) p.updated = at;
  upload('prices.csv', { updated: changed.length, unchanged: products.length - changed.length, rejected: 2 }, null, at);
}

upload('catalogue.csv', { created: products.length }, null, EPOCH);
for (const p of products)
  move(p, p.active ? 80 + 5 * chance(p.id, 20, 25) : 3, EPOCH, 'import', { actor: 'fulfil-import' });
later(EPOCH + 60000, arrive);
later(EPOCH + HOUR / 4, scan);
for (const day of [0, DAY]) {
  later(EPOCH + day + 9 * HOUR, (at) => upload('prices-draft.csv', {}, 'missing_column: no column is sku', at));
  later(EPOCH + day + 9 * HOUR + 240000, reprice);
}

// Lets happen what has until now. Returns what did since the last call that wanted to hear it: [kind, row].
export function advance(listening = false) {
  const now = Date.now();
  while (agenda.at(-1).at <= now) {
    const { at, work } = agenda.pop();
    work(at);
  }
  if (!listening) return [];
  const heard = news || [];
  news = [];
  return heard;
}
advance();
