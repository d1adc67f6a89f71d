// The overview: figures, orders, low stock, read from the API every two seconds
// while the page is looked at. Text goes into the page as text, never as HTML.
'use strict';
const REFRESH_MS = 2000;
const byId = (id) => document.getElementById(id);
let paused = false;
let timer = 0;

class SignedOut extends Error {}

async function api(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 401) throw new SignedOut();
  const isJson = (answer.headers.get('Content-Type') || '').includes('json');
  if (!isJson) throw new Error(`The server answers ${answer.status} ${answer.statusText}.`);
  const body = await answer.json();
  if (!answer.ok && answer.status !== 503) throw new Error(body.detail);
  return body;
}

function element(tag, text, className) {
  const e = document.createElement(tag);
  if (text !== undefined && text !== null) e.textContent = text;
  if (className) e.className = className;
  return e;
}

function rows(id, list, cells, empty, columns) {
  const fresh = list.map((item) => {
    const tr = element('tr');
    tr.append(...cells(item));
    return tr;
  });
  if (fresh.length === 0) {
    const td = element('td', empty, 'quiet');
    td.colSpan = columns;
    const tr = element('tr');
    tr.append(td);
    fresh.push(tr);
  }
  byId(id).replaceChildren(...fresh);
}

function time(text) {
  const e = element('time', new Date(text).toLocaleString());
  e.dateTime = text;
  e.title = text;
  return e;
}

function showMetrics(m) {
  const cards = [
    ['Orders', m.total_orders], ['Success rate', m.success_rate === null ? '–' : m.success_rate + ' %'],
    ['Pending', m.pending_orders], ['Failed', m.failed_orders, m.failed_orders > 0 ? 'bad' : ''],
    ['Average time', m.avg_processing_time_ms === null ? '–' : m.avg_processing_time_ms + ' ms'],
    ['Last hour', m.orders_last_hour], ['Low stock', m.low_stock_alerts, m.low_stock_alerts > 0 ? 'warn' : ''],
  ].map(([name, value, className]) => {
    const card = element('div', undefined, 'card');
    card.append(element('b', value, className), element('span', name));
    return card;
  });
  byId('cards').replaceChildren(...cards);
}

function orderCells(o) {
  const action = element('td');
  if (o.status === 'failed') {
    const button = element('button', 'Retry');
    button.addEventListener('click', () => act(`/api/orders/${o.id}/retry`));
    action.append(button);
  }
  const received = element('td');
  received.append(time(o.created_at));
  return [
    element('td', o.name || o.external_order_id), element('td', o.customer_name || o.customer_email),
    element('td', o.total_amount ? `${o.total_amount} ${o.currency || ''}` : '', 'number'),
    element('td', o.status, o.status), element('td', o.error_message), received, action,
  ];
}

async function act(path) {
  try {
    await api(path, { method: 'POST' });
    refresh();
  } catch (e) {
    fail(e);
  }
}

function fail(e) {
  if (e instanceof SignedOut) {
    location.replace('/sign-in.html');
    return;
  }
  byId('health').textContent = e.message || 'The server does not answer.';
  byId('health').className = 'bad';
}

async function refresh() {
  clearTimeout(timer);
  const form = new FormData(byId('filter'));
  const query = new URLSearchParams([['page_size', '25'], ...[...form].filter(([, v]) => v !== '')]);
  try {
    const [metrics, health, orders, stock] = await Promise.all([
      api('/api/metrics'), api('/api/health'), api('/api/orders?' + query), api('/api/inventory/alerts'),
    ]);
    showMetrics(metrics);
    byId('health').textContent = health.status;
    byId('health').className = health.status === 'healthy' ? 'good' : 'bad';
    rows('orders', orders.orders, orderCells, 'No orders.', 7);
    byId('orders-total').textContent = `${orders.total}${orders.total_capped ? ' or more' : ''} in all`;
    rows('alerts', stock.alerts || stock.inventory, (s) => [
      element('td', s.product_sku), element('td', s.product_name),
      element('td', s.quantity, s.quantity > 0 ? 'number warn' : 'number bad'),
      element('td', s.reorder_level, 'number'),
    ], 'Nothing is low.', 4);
    byId('updated').textContent = 'updated ' + new Date().toLocaleTimeString();
  } catch (e) {
    fail(e);
  }
  if (!paused && !document.hidden) timer = setTimeout(refresh, REFRESH_MS);
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').textContent = paused ? 'Go on' : 'Pause';
  byId('pause').setAttribute('aria-pressed', String(paused));
  refresh();
});
byId('sign-out').addEventListener('click', async () => {
  await fetch('/session', { method: 'DELETE' });
  location.replace('/sign-in.html');
});
byId('filter').addEventListener('submit', (event) => event.preventDefault());
byId('filter').addEventListener('input', refresh);
document.addEventListener('visibilitychange', refresh);
refresh();
