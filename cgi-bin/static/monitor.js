// SPDX-License-Identifier: MIT
// The overview: figures, health, why orders do not go through, what came and ended over time, orders as they
// come, stock against its threshold, and what failed. After the first look all of it comes by the one event stream.
import { el, badge, clockTime, duration, money, morph, number, time } from './dom.js';
import { get } from './api.js';
import { action } from './dialog.js';
import { table } from './table.js';
import { PARTS, figures, healthParts, healthRows } from './health.js';
import { causes } from './causes.js';
import { chart } from './charts.js';
import { timeline } from './timeline.js';
import { canRetry, customer, orderName, orderOf, retryOrder, subject } from './names.js';
import * as stream from './stream.js';

const FEED = 12;            // orders that are shown
const FAILURES = 8;
const LOOKED_AT = 50;       // ... of the newest runs that failed
const BARS = 10;            // products whose stock is drawn
const CAUSES = 5;
const STOCK_MS = 10000;     // between two looks at the stock, and at the causes
const OLD_MS = 10000;       // that figures are not shown as new any more
const HOOKS_MS = 30000;     // ... at the webhooks

function card(title, content, { wide = false, more } = {}) {
  const id = `t-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return el('section', { class: wide ? 'card wide' : 'card', 'aria-labelledby': id },
    el('div', { class: 'head' }, el('h2', { id }, title), el('span', { class: 'quiet' }, more)), content);
}

const feedColumns = [
  { text: 'Order', cell: (o) => el('a', { href: `#/orders/${o.id}` }, orderName(o)) },
  { text: 'Customer', class: 'parted', cell: customer },
  { text: 'Total', class: 'number', cell: (o) => money(o.total_amount, o.currency) },
  { text: 'Status', cell: (o) => badge(o.status, o.error_message) },
  { text: 'Received', cell: (o) => time(o.created_at) },
];

// One that failed and is not mended: its reason in sight, and how it ran when it is opened.
function failureItem(log, retried) {
  return el('details', {},
    el('summary', {}, badge(log.status), ' ', el('b', {}, log.order_id ? `order ${orderOf(log)}` : log.task_name), ' ',
      el('span', { class: 'quiet' }, time(log.created_at)),
      el('span', { class: 'reason' }, log.error_message || 'No reason was recorded.')),
    el('p', { class: 'row' }, subject(log),
      el('span', { class: 'quiet' }, `attempt ${log.attempt}, ${duration(log.duration_ms)}, ${log.worker}`),
      log.can_retry && action('Retry', async () => {
        await retryOrder(log.order_id, orderOf(log));
        retried();
      }, { class: 'small', 'aria-label': `Retry order ${orderOf(log)}` })));
}

const isOpen = (log) => !log.order_id || log.can_retry;

// What there is to do where there is nothing yet.
function firstSteps() {
  const step = (href, text, more) => el('li', {}, el('a', { href }, text), ` ${more}`);
  return el('section', { class: 'card', 'aria-labelledby': 'first' }, el('h2', { id: 'first' }, 'First steps'),
    el('ol', { class: 'steps' },
      step('#/imports', 'Import your products', 'from a CSV file, with their stock if it has a column quantity.'),
      el('li', {}, 'Connect Shopify: add a webhook for orders that posts to ',
        el('code', {}, `${location.origin}/webhooks/shopify/orders`),
        ', and set SHOPIFY_WEBHOOK_SECRET to its secret.'),
      step('#/webhooks/new', 'Tell another system', 'of what becomes of orders and stock.')));
}

// --- what the charts show

// What is out first, then what is furthest below its threshold. Beside what has plenty its bars could not be seen.
function worse(a, b) {
  const left = (s) => (s.quantity > 0 ? s.quantity / Math.max(s.reorder_level, 1) : 0);
  return left(a) - left(b) || b.reorder_level - a.reorder_level || b.product_id - a.product_id;
}

function stockData(rows) {
  return {
    labels: rows.map((s) => s.product_sku),
    sets: [
      { label: 'In stock', values: rows.map((s) => s.quantity),
        links: rows.map((s) => `#/stock/${s.product_id}`),
        colour: rows.map((s) => (s.quantity <= 0 ? 'bad' : s.is_low_stock ? 'warn' : 'accent')) },
      { label: 'Reorder level', values: rows.map((s) => s.reorder_level), colour: rows.map((s) => (s.quantity <= 0
        ? 'bad-level' : 'quiet')), links: rows.map((s) => `#/stock/${s.product_id}`) },
    ],
  };
}

function controls() {
  const every = el('select', { 'aria-label': 'Refresh', change: () => stream.changeInterval(Number(every.value)) },
    stream.choices.map((s) => el('option', { value: s }, `Every ${s} s`)));
  every.value = String(stream.interval());
  const pause = el('button', { type: 'button', click: () => {
    stream.setPaused(!stream.state().paused);
    show();
  } });
  const show = () => {
    const { paused } = stream.state();
    pause.textContent = paused ? 'Resume' : 'Pause';
    pause.setAttribute('aria-pressed', String(paused));
  };
  show();
  return [every, pause];
}

export async function show(view) {
  view.title('Overview', ...controls());
  const updated = el('span', { class: 'quiet', id: 'updated' });
  const overall = el('span', {});
  const cards = el('section', { class: 'figures', 'aria-label': 'Figures' });
  const parts = el('dl', { class: 'parts six' }, PARTS.map((p) => el('div', {}, el('dt', {}, p), el('dd', {}, '–'))));
  const silence = el('p', { class: 'error card', role: 'alert', hidden: true });
  const feed = table({ columns: feedColumns, caption: 'The newest orders', empty: 'No orders yet.' });
  const failed = el('div', { class: 'stack' });
  const failedRuns = card('Failed runs', failed,
    { wide: true, more: el('a', { href: '#/logs?status=failure' }, 'All that failed') });
  failedRuns.hidden = true;
  const stock = chart({ title: 'Stock against its threshold', kind: 'bar', horizontal: true, signal: view.signal });
  const time = timeline(view);
  const why = causes(view, CAUSES);
  cards.replaceChildren(...figures({}));
  const steps = el('div', {});
  view.main.append(silence, cards, steps,
    card('Health', parts, { more: [overall, updated] }),
    el('div', { class: 'grid' }, why.node, failedRuns,
      card('Orders over time', time.went, { wide: true, more: time.choice }),
      card('From intake to completed', time.took, { more: el('a', { href: '#/logs' }, 'Task log') }),
      card('Stock against its threshold', stock.node,
        { more: el('a', { href: '#/stock?low=true' }, 'All that is low') }),
      card('Newest orders', feed.node, { wide: true, more: el('a', { href: '#/orders' }, 'All orders') })));

  let orders = [];
  let failures = [];
  let lookedAt = 0;
  let askedWhy = 0;
  let toldAt = 0;

  const quietly = (work) => () => work().catch(() => {});
  let health = null;
  let failing = 0;
  let silent = '';
  let countedAt = null;

  // The time is that of the figures, not of their arrival.
  function showFigures({ time: asked, metrics_time: counted = asked, metrics, health: now }) {
    if (metrics) {
      morph(cards, el('div', {}, figures(metrics)));
      if (metrics.total_orders === 0 && !steps.firstChild) steps.replaceChildren(firstSteps());
      if (metrics.total_orders > 0) steps.replaceChildren();
    }
    if (now) {
      health = now;
      morph(parts, el('div', {}, healthParts(healthRows(health, failing))));
      overall.replaceChildren(badge(health.status));
    }
    if (metrics && counted) countedAt = new Date(counted);
    const old = countedAt && asked && new Date(asked) - countedAt > OLD_MS;
    cards.classList.toggle('old', Boolean(old));
    if (countedAt) updated.textContent = ` as of ${clockTime(countedAt)}${old ? ', which is old' : ''}`;
  }
  // Where nothing is heard, nothing is known to be well; what is told of the trouble itself comes after this.
  function showState() {
    const { stale, since, away } = stream.state();
    const now = stale ? away || 'all' : '';
    if (now === silent) return;
    silent = now;
    silence.hidden = !stale;
    if (!stale) {
      showFigures({ health });
      return;
    }
    if (away) {
      silence.textContent = `The ${away} is away${since ? `: the figures are of ${clockTime(since)}` : ''}.`;
      showFigures({ health });
      return;
    }
    const when = since ? ` since ${clockTime(since)}` : '';
    silence.textContent = `Nothing was heard from the server${when}: the figures are as they were then.`;
    overall.replaceChildren(badge('unknown', null, `unknown${when}`));
    if (health) parts.replaceChildren(...healthParts(healthRows(health).map(([name]) => [name, 'unknown', ''])));
    updated.textContent = '';
  }
  function showFeed() {
    orders = [...new Map(orders.map((o) => [o.id, o])).values()].sort((a, b) => b.id - a.id).slice(0, FEED);
    feed.show(orders);
  }
  function showFailures() {
    const open = new Set([...failed.querySelectorAll('details[open]')].map((d) => d.dataset.id));
    failures = [...new Map(failures.map((l) => [l.id, l])).values()].filter(isOpen).sort((a, b) => b.id - a.id)
      .slice(0, FAILURES);
    const known = new Map([...failed.children].map((d) => [d.dataset.id, d]));
    failed.replaceChildren(...failures.map((l) => {
      const id = `${l.id} ${l.can_retry}`;
      const item = known.get(id) || failureItem(l, quietly(loadFailures));
      item.dataset.id = id;
      item.open = open.has(`${l.id} true`) || open.has(`${l.id} false`);
      return item;
    }));
    failedRuns.hidden = failures.length === 0;
  }
  async function lookAtStock() {
    if (Date.now() - lookedAt < STOCK_MS) return;
    lookedAt = Date.now();
    const low = (await get('/api/inventory/alerts?page_size=200', { signal: view.signal })).alerts.sort(worse)
      .slice(0, BARS);
    const all = low.length > 0 ? low : (await get('/api/inventory?page_size=20', { signal: view.signal })).inventory
      .filter((s) => s.quantity > 0).slice(0, BARS);
    stock.show(stockData(all));
  }
  async function lookAtCauses() {
    if (Date.now() - askedWhy < STOCK_MS) return;
    askedWhy = Date.now();
    await why.load();
  }
  async function lookAtHooks() {
    if (Date.now() - toldAt < HOOKS_MS) return;
    toldAt = Date.now();
    const { deliveries } = await get('/api/metrics', { signal: view.signal });
    failing = (deliveries?.webhooks || []).filter((w) => w.state === 'failing').length;
    if (health && !silent) showFigures({ health });
  }
  async function loadFailures() {
    failures = (await get(`/api/sync-logs?status=failure&page_size=${LOOKED_AT}`, { signal: view.signal })).sync_logs;
    showFailures();
  }
  async function load() {
    const options = { signal: view.signal };
    lookedAt = toldAt = askedWhy = 0;
    lookAtHooks().catch(() => {}); // which nothing has to wait for
    await Promise.all([
      get(`/api/orders?page_size=${FEED}`, options).then((a) => { orders = a.orders; showFeed(); }),
      time.load(),
      lookAtCauses(),
      loadFailures(),
      lookAtStock(),
    ]);
  }
  await load();

  let waiting = false;
  const soon = (work) => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; work(); });
  };
  const redraw = () => { showFeed(); showFailures(); };
  const look = () => {
    time.load().catch(() => {});
    lookAtStock().catch(() => {});
    lookAtCauses().catch(() => {});
  };
  view.live({
    figures: (f) => { showFigures(f); look(); }, state: showState,
    order: (o) => {
      orders = [...orders, o];
      failures = failures.map((l) => (l.order_id === o.id ? { ...l, can_retry: canRetry(o) } : l));
      soon(redraw);
    },
    task: (l) => {
      if (l.status === 'failure') failures = [{ can_retry: Boolean(l.order_id), ...l }, ...failures];
      soon(redraw);
    },
    stock: look, delivery: quietly(lookAtHooks),
    gap: quietly(load), back: quietly(load),
  });
}
