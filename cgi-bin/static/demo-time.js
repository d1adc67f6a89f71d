// SPDX-License-Identifier: MIT
// The demo's answers about time and causes, from the world that is simulated: nothing was before its beginning.
import { logs, orders } from './demo-world.js';

const CUTS = { '1h': [60, 60], '6h': [72, 300], '24h': [24, 3600], '7d': [168, 3600], '30d': [120, 21600] };
const iso = (ms) => new Date(ms).toISOString();

function part(times, of) {
  return times.length === 0 ? null : times[Math.min(times.length - 1, Math.floor(times.length * of))];
}

// The rows of a list from `since` on and before `until`, by their time.
const between = (list, since, until) => list.filter((row) => row.at >= since && row.at < until);

function counted(came, runs, since, until) {
  const ended = between(runs, since, until);
  const of = (status) => ended.filter((l) => l.status === status);
  const times = of('success').map((l) => l.at + l.ms - l.order.at).sort((a, b) => a - b);
  return { received: between(came, since, until).length, completed: of('success').length,
    failed: of('failure').length, retried: of('retry').length, p50_ms: part(times, 0.5), p95_ms: part(times, 0.95) };
}

export function timeline(q) {
  const range = q.get('range') || '24h';
  const [steps, seconds] = CUTS[range];
  const now = Date.now();
  const since = Math.floor(now / 1000 / seconds) * seconds * 1000 - (steps - 1) * seconds * 1000;
  const came = between(orders, since, now);
  const runs = between(logs, since, now).filter((l) => l.task === 'process_order');
  const points = Array.from({ length: steps }, (_, i) => since + i * seconds * 1000)
    .map((at) => ({ at: iso(at), ...counted(came, runs, at, at + seconds * 1000) }));
  return { range, step_seconds: seconds, time: iso(now), complete: true, points,
    total: counted(came, runs, since, now) };
}

// What the orders that failed or wait for their retry lack, by SKU.
function lacking() {
  const found = new Map();
  for (const o of orders) {
    if (!o.error || !['failed', 'pending'].includes(o.status)) continue;
    for (const i of o.items) {
      if (i.product && i.product.quantity >= i.quantity) continue;
      const c = found.get(i.sku) || { sku: i.sku, product: i.product, wanted: 0, orders: 0, failed: 0, oldest: o.at };
      c.wanted += i.quantity;
      c.orders += 1;
      c.failed += o.status === 'failed' ? 1 : 0;
      found.set(i.sku, c);
    }
  }
  return [...found.values()];
}

const rowOf = ({ sku, product, wanted, orders: many, oldest }) => ({ sku, product_id: product?.id ?? null,
  product_name: product?.name ?? null, wanted, on_hand: product?.quantity ?? 0, orders: many, oldest: iso(oldest) });

export function shortages() {
  const all = lacking().sort((a, b) => a.oldest - b.oldest);
  return { shortages: all.map(rowOf), total: all.length };
}

export function causes(q) {
  const all = lacking().sort((a, b) => b.orders - a.orders || a.oldest - b.oldest);
  return { total: all.length, causes: all.slice(0, Number(q.get('limit')) || 20).map((c) => ({ ...rowOf(c),
    kind: c.product ? 'short' : 'unknown_sku', failed: c.failed, newest_order_id: null,
    reason: c.product ? `insufficient stock of "${c.sku}"` : `unknown SKU "${c.sku}"` })) };
}

