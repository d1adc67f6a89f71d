// SPDX-License-Identifier: MIT
// One order, and its whole story: what came in, each attempt, what it took off the shelf, who was told.
import { el, badge, breakable, isolate, named, time, money, duration, number, plural } from './dom.js';
import { get, post, query } from './api.js';
import { neighbours } from './list.js';
import { table } from './table.js';
import { action, confirm, notify } from './dialog.js';
import { canRetry, orderName, retryOrder } from './names.js';
import { edit } from './products.js';
import { adjust } from './stock.js';

const SKUS_AT_ONCE = 100;

const SKIPPED = {
  bad_quantity: 'no usable quantity', test_order: 'a test order', gift_card: 'a gift card', tip: 'a tip',
  no_sku: 'no SKU', custom: 'a custom line', other_service: 'another service ships it',
};

// What is off the shelf, and what ought to be where that is more or less.
function shelf({ taken, target }) {
  return taken === undefined || taken === target ? number(target) : `${number(taken)} of ${number(target)}`;
}

// The stock of the products of the lines, by their SKUs in lower case.
async function productsOf(order, signal) {
  const skus = [...new Set(order.items.map((i) => i.sku).filter((sku) => sku && !sku.includes(',')))];
  const found = new Map();
  for (let at = 0; at < skus.length; at += SKUS_AT_ONCE) {
    const some = skus.slice(at, at + SKUS_AT_ONCE).join(',');
    const { inventory } = await get('/api/inventory' + query({ sku: some, page_size: 200 }), { signal });
    for (const s of inventory) found.set(s.product_sku.toLowerCase(), s);
  }
  return found;
}

const short = (i, s) => Math.max((i.target ?? 0) - (i.taken ?? 0) - Math.max(s.quantity, 0), 0);

// What a line lacks, and the way to mend it; what was mended is retried.
function mend(order, i, s, mended) {
  if (!i.sku || i.skip || !['pending', 'failed'].includes(order.status) || i.sku.includes(',')) return '';
  const restock = (stock, units) => adjust(stock, { units, reason: `Order ${orderName(order)} waited for it` });
  if (!s)
    return action('Create…', async () => {
      const made = await edit(null, { sku: i.sku, name: named(i.name, i.sku), price: i.unit_price });
      if (!made) return;
      await restock({ product_id: made.id, product_sku: made.sku, quantity: 0 }, i.target);
      await mended();
    }, { class: 'small primary', 'aria-label': `Create ${i.sku}` });
  if (short(i, s) === 0) return '';
  return action('Restock…', async () => { if (await restock(s, short(i, s))) await mended(); },
    { class: 'small primary', 'aria-label': `Restock ${i.sku}` });
}

function itemTable(order, products, mended) {
  const of = (i) => i.sku && products.get(i.sku.toLowerCase());
  const grid = table({
    caption: 'Lines of the order', key: (i) => i.line_no, empty: 'No lines.',
    columns: [
      { text: 'SKU', cell: (i) => (of(i) ? el('a', { href: `#/stock/${of(i).product_id}` }, i.sku) : i.sku || '–') },
      { text: 'Name', class: 'text', cell: (i) => i.name },
      { text: 'Ordered', class: 'number', cell: (i) => (i.shipped > 0
        ? [number(i.quantity), el('div', { class: 'quiet' }, `${number(i.shipped)} shipped`)] : number(i.quantity)) },
      { text: 'From the shelf', class: 'number',
        cell: (i) => (i.skip ? `none: ${SKIPPED[i.skip] || i.skip}` : shelf(i)) },
      { text: 'On hand', class: 'number', cell: (i) => (of(i) ? number(of(i).quantity)
        : i.sku && !i.skip ? badge('out', null, 'no such product') : '–') },
      { text: 'Price', class: 'number', cell: (i) => money(i.unit_price, order.currency) },
      { text: 'Total', class: 'number', cell: (i) => money(i.line_total, order.currency) },
      { text: 'Actions', hidden: true, class: 'keep', cell: (i) => mend(order, i, of(i), mended) },
    ],
  });
  grid.show(order.items);
  return grid.node;
}

// A cancelled fulfillment, or one that failed, is told and not counted.
function shipmentTable(order) {
  const parcel = (t) => el('div', {},
    t.url ? el('a', { href: t.url, rel: 'noreferrer' }, t.number || t.url) : t.number);
  const grid = table({
    caption: 'Shipments of the order', key: (h) => h.id, empty: 'Nothing was shipped.',
    columns: [
      { text: 'Shipped', cell: (h) => time(h.shipped_at) },
      { text: 'Status', cell: (h) => h.status || 'success' },
      { text: 'Carrier', class: 'text', cell: (h) => h.company || '–' },
      { text: 'Tracking', class: 'text', cell: (h) => (h.tracking.length ? h.tracking.map(parcel) : '–') },
      { text: 'Lines', class: 'text',
        cell: (h) => h.lines.map((l) => `${l.quantity} × ${l.sku || `line ${l.line_no}`}`).join(', ') || '–' },
    ],
  });
  grid.show(order.shipments);
  return grid.node;
}

const REASONS = { order: 'taken for this run', change: 'changed with the order', cancel: 'put back, cancelled',
  release: 'put back' };

// Everything that was recorded, oldest first: {at, kind, line, more}.
function story(order) {
  const told = [];
  for (const p of order.payloads)
    told.push({ at: p.received_at, kind: '', line: ['Received ', el('b', {}, p.topic || 'a payload'), ' ',
      el('a', { href: `/api/payloads/${p.id}`, download: '' }, 'as it came')],
    more: [p.webhook_id && `webhook ${p.webhook_id}`, p.note].filter(Boolean).join('; ') });
  const runOf = (l) => Number(/-(\d+)$/.exec(l.task_id)?.[1] || 1);
  const again = order.sync_logs.some((l) => runOf(l) > 1);
  for (const l of order.sync_logs)
    told.push({ at: l.created_at, kind: l.status,
      line: [again ? `Run ${runOf(l)}, attempt ${l.attempt} ` : `Attempt ${l.attempt} `, badge(l.status),
      ` in ${duration(l.duration_ms)}`],
      more: [l.error_message, l.worker && `by ${l.worker}`].filter(Boolean).join('; ') });
  for (const l of order.ledger)
    told.push({ at: l.created_at, kind: '',
      line: ['Stock of ', el('a', { href: `#/stock/${l.product_id}` }, l.product_sku || `product ${l.product_id}`),
      ` ${l.delta > 0 ? '+' : '−'}${number(Math.abs(l.delta))}, balance ${number(l.balance)}`], more: REASONS[l.reason]
        || l.reason });
  for (const e of order.events)
    told.push({ at: e.created_at, kind: '', line: ['Event ', el('b', {}, e.event)],
      more: 'for those who subscribed to it' });
  for (const d of order.deliveries)
    told.push({ at: d.ended_at || d.created_at, kind: { delivered: 'success', waiting: 'retry' }[d.status] || 'failure',
      line: [{ delivered: 'Delivered to ', waiting: 'To be delivered to ' }[d.status] || 'Not delivered to ',
        el('a', { href: `#/webhooks/${d.webhook_id}` }, d.url)],
      more: [plural(d.tries, 'attempt'), d.http_status && !d.error_message?.includes(String(d.http_status))
        && `answered ${d.http_status}`, d.error_message].filter(Boolean).join('; ') });
  return told.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function storyList(order) {
  return el('ol', { class: 'story' }, story(order).map((s) => el('li', { class: s.kind },
    el('div', {}, s.line), el('div', { class: 'quiet' }, time(s.at), s.more ? ` · ${s.more}` : ''))));
}

function facts(order) {
  const rows = [
    ['Customer', named(order.customer_name)], ['Email', breakable(order.customer_email)],
    ['Received', time(order.created_at)], ['Processed', time(order.processed_at)],
    ['Retries', number(order.retry_count)],
    ['Next attempt', order.next_attempt_at ? time(order.next_attempt_at) : 'none'],
    ['Shop', breakable(order.shop)], ['Shopify id', order.external_order_id], ['Id here', String(order.id)],
    order.test && ['Test', 'a test order'], order.notes && ['Notes', order.notes],
  ].filter(Boolean);
  return [
    el('p', { class: 'lead' }, badge(order.status), el('b', {}, money(order.total_amount, order.currency))),
    el('dl', { class: 'parts' }, rows.map(([name, value]) =>
      el('div', {}, el('dt', {}, name), el('dd', {}, value?.length === 0 || !value ? '–' : value)))),
  ];
}

// The orders before and after this one in the list one came from.
function walk(id) {
  const { before, after, address } = neighbours('/api/orders', id);
  if (!address) return [];
  const link = (to, text) => to && el('a', { class: 'button', href: `#/orders/${to}` }, text);
  return [el('nav', { class: 'row', 'aria-label': 'Orders of the list' }, link(before, '‹ Previous'),
    link(after, 'Next ›'), el('a', { class: 'button', href: address }, 'Back to the list'))];
}

export async function show(view) {
  const path = `/api/orders/${view.id}`;

  async function cancel(order) {
    const yes = await confirm({
      title: `Cancel order ${isolate(orderName(order))}?`, danger: true, yes: 'Cancel the order', no: 'Keep it',
      text: 'What it took goes back on the shelf. A cancelled order cannot be retried. Shopify is not told.',
    });
    if (!yes) return;
    await post(`${path}/cancel`);
    notify(`Order ${isolate(orderName(order))} is cancelled.`);
    await load();
  }

  async function load() {
    const [order, told] = await Promise.all([path, `${path}/story`].map((p) => get(p, { signal: view.signal })));
    const products = await productsOf(order, view.signal);
    const mended = async () => {
      const now = await get(path, { signal: view.signal });
      if (canRetry(now)) await retryOrder(now.id, orderName(now));
      await load();
    };
    const focused = document.activeElement?.textContent;
    const h1 = view.title(`Order ${orderName(order)}`,
      canRetry(order) && action('Retry', async () => {
        await retryOrder(order.id, orderName(order));
        await load();
      }, { class: 'primary' }),
      order.status !== 'cancelled' && action('Cancel order…', () => cancel(order)));
    view.main.append(
      ...walk(view.id),
      order.error_message ? el('p', { class: 'error card' }, order.error_message) : '',
      el('section', { class: 'card', 'aria-label': 'Facts' }, facts(order)),
      el('section', { class: 'card', 'aria-labelledby': 'items' }, el('h2', { id: 'items' }, 'Lines'),
        itemTable(order, products, mended)),
      order.shipments.length === 0 ? '' : el('section', { class: 'card', 'aria-labelledby': 'shipments' },
        el('h2', { id: 'shipments' }, 'Shipments'), shipmentTable(order)),
      el('section', { class: 'card', 'aria-labelledby': 'story' }, el('h2', { id: 'story' }, 'What happened'),
        storyList({ ...order, ...told })));
    if (focused && document.activeElement === document.body)
      ([...view.main.querySelectorAll('button')].find((b) => b.textContent === focused) || h1).focus();
  }
  await load();
  const mine = (o) => { if (String(o.id ?? o.order_id) === view.id) load().catch(() => {}); };
  view.live({ order: mine, back: () => load().catch(() => {}) });
}
