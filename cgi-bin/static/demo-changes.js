// SPDX-License-Identifier: MIT
// What a reader of the demo changes: in this page's world, until it is loaded again. Each is
// [method, path, work(parameters, id, body, demo)]; `demo` has the rows as the API spells them.
import { Problem } from './problem.js';
import { attempt, cancel, deliver, deliveries, later, move, orders, products, quarantine, record,
  webhooks } from './demo-world.js';

const WHO = 'you, in the demo';

function there(list, id) {
  const found = list[id - 1];
  if (!found || found.deleted) throw new Problem(404, 'There is no such thing in the demo.');
  return found;
}

function refuse(name, detail, status = 400) {
  throw new Problem(status, `${name} ${detail}`, [{ pointer: `/${name}`, detail }]);
}

// --- orders

function again(o) {
  const now = Date.now();
  Object.assign(o, { status: 'pending', tried: 0, next: now + 400, error: null, updated: now });
  later(o.next, attempt.bind(null, o));
}

function retry(q, id, body, demo) {
  const o = there(orders, id);
  if (!demo.canRetry(o)) throw new Problem(409, `The order is ${o.status}, and is not retried.`);
  again(o);
  return demo.order(o);
}

function retryAll(q, id, body, demo) {
  const some = orders.filter((o) => demo.canRetry(o) && demo.asked(q)(o));
  some.forEach(again);
  return { retried: some.length };
}

function stop(q, id, body, demo) {
  const o = there(orders, id);
  if (o.status === 'cancelled') throw new Problem(409, 'The order is cancelled already.');
  cancel(o, Date.now());
  return demo.order(o);
}

// --- products and stock

function assign(p, body) {
  const { sku, name, price } = body;
  if (sku !== undefined && !sku) refuse('sku', 'is blank');
  if (name !== undefined && !name) refuse('name', 'is blank');
  if (sku && products.some((other) => other !== p && !other.deleted && other.sku.toLowerCase() === sku.toLowerCase()))
    refuse('sku', 'is taken', 409);
  if (price && !/^\d{1,10}(\.\d{1,2})?$/.test(price)) refuse('price', 'is no price, such as 19.90');
  for (const key of ['sku', 'name', 'description', 'category', 'active']) if (key in body) p[key] = body[key];
  if ('price' in body) p.price = Math.round(Number(price ?? 0) * 100);
  if ('reorder_level' in body) p.level = body.reorder_level ?? 10;
  p.updated = Date.now();
  return p;
}

function create(q, id, body, demo) {
  const now = Date.now();
  const p = assign({ description: null, category: null, price: 0, active: true, level: 10, quantity: 0,
    reordered: false, created: now, counted: now }, { sku: '', name: '', ...body });
  return demo.product(record(products, p));
}

function change(q, id, body, demo) {
  return demo.product(assign(there(products, id), body));
}

function remove(q, id) {
  there(products, id).deleted = true;
  return null;
}

function removeAll(q, id, body, demo) {
  const some = products.filter((p) => !p.deleted && demo.matches(q)(p));
  for (const p of some) p.deleted = true;
  return { deleted: some.length };
}

// What comes to the shelf wakes the orders that wait for it, the oldest first.
function shelve(p, delta, reason, note) {
  const now = Date.now();
  if (p.quantity + delta < 0) refuse('add', `would leave ${p.quantity + delta}`, 409);
  if (delta !== 0) move(p, delta, now, reason, { note, actor: WHO });
  if (delta > 0)
    for (const o of orders)
      if (o.status === 'pending' && o.next > now && o.items.some((i) => i.product === p)) attempt(o, now);
  return p;
}

function count(q, id, body, demo) {
  const p = there(products, id);
  if ('reorder_level' in body) p.level = body.reorder_level ?? 10;
  return demo.stock('quantity' in body ? shelve(p, body.quantity - p.quantity, 'count', body.reason) : p);
}

const add = (q, id, body, demo) => demo.stock(shelve(there(products, id), body.add, 'add', body.reason));

// --- webhooks and what came

function told(w, body) {
  if ('url' in body && !/^https?:\/\/[^/]+/.test(body.url)) refuse('url', 'is no address of a receiver');
  if ('url' in body) w.url = body.url;
  if ('event_types' in body) w.types = body.event_types;
  if ('enabled' in body) w.gone = !body.enabled;
  return w;
}

const sendAgain = (d) => {
  Object.assign(d, { status: 'waiting', next: Date.now() + 200, ended: null });
  later(d.next, deliver.bind(null, d));
};

function sendAll(q, id) {
  const some = deliveries.filter((d) => d.webhook === Number(id) && d.status === 'given_up');
  some.forEach(sendAgain);
  return { replayed: some.length };
}

function dropHook(q, id) {
  Object.assign(there(webhooks, id), { deleted: true, gone: true });
  return null;
}

const trial = (q, id) => ({ success: true, status_line: 'HTTP/1.1 200 OK', duration_ms: 31, error: null,
  headers: [{ name: 'Content-Type', value: 'text/plain' }], body: 'ok, says the demo', event: 'webhook.test',
  request: { url: there(webhooks, id).url, headers: [{ name: 'Content-Type', value: 'application/json' }],
    body: '{"event":"webhook.test"}' } });

export const CHANGES = [
  ['POST', /^\/api\/orders\/(\d+)\/retry$/, retry],
  ['POST', /^\/api\/orders\/retry$/, retryAll],
  ['POST', /^\/api\/orders\/(\d+)\/cancel$/, stop],
  ['POST', /^\/api\/products$/, create],
  ['PUT', /^\/api\/products\/(\d+)$/, change],
  ['DELETE', /^\/api\/products\/(\d+)$/, remove],
  ['DELETE', /^\/api\/products\/bulk$/, removeAll],
  ['PUT', /^\/api\/inventory\/(\d+)$/, count],
  ['POST', /^\/api\/inventory\/(\d+)$/, add],
  ['POST', /^\/api\/webhooks$/, (q, id, body, demo) =>
    demo.hook(record(webhooks, told({ types: ['*'], hint: null, gone: false }, body)))],
  ['PUT', /^\/api\/webhooks\/(\d+)$/, (q, id, body, demo) => demo.hook(told(there(webhooks, id), body))],
  ['DELETE', /^\/api\/webhooks\/(\d+)$/, dropHook],
  ['POST', /^\/api\/webhooks\/(\d+)\/test$/, trial],
  ['POST', /^\/api\/webhooks\/(\d+)\/replay$/, sendAll],
  ['POST', /^\/api\/deliveries\/(\d+)\/replay$/, (q, id) => sendAgain(there(deliveries, id)) ?? {}],
  ['POST', /^\/api\/quarantine\/(\d+)\/retry$/, (q, id) => {
    throw new Problem(422, there(quarantine, id).reason);
  }],
  ['DELETE', /^\/api\/quarantine\/(\d+)$/, (q, id) => {
    there(quarantine, id).deleted = true;
    return null;
  }],
];
