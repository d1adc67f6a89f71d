// SPDX-License-Identifier: MIT
// Orders: search, status, retry of all that failed and match.
import { el, badge, time, money, plural } from './dom.js';
import { LONG_MS, post, query } from './api.js';
import { list } from './list.js';
import { action, confirm, notify } from './dialog.js';
import { causes } from './causes.js';
import { canRetry, customer, orderName, retryOrder } from './names.js';

export const columns = [
  { name: 'id', text: 'Order', cell: (o) => el('a', { href: `#/orders/${o.id}` }, orderName(o)) },
  { name: 'customer', text: 'Customer', class: 'parted', cell: customer },
  { name: 'total', text: 'Total', class: 'number', cell: (o) => money(o.total_amount, o.currency) },
  { name: 'status', text: 'Status', cell: (o) => badge(o.status) },
  { name: 'reason', text: 'Reason', class: 'text', cell: (o) => o.error_message
    || (o.status === 'pending' && o.retry_count ? 'waits for its retry' : '') },
  { name: 'created', text: 'Received', cell: (o) => time(o.created_at), sort: 'id' },
];

const CAUSES = 5;
const SETTLE_MS = 10000;
const STATUSES = ['pending', 'processing', 'completed', 'failed', 'cancelled'];

// datetime-local has the reader's time; the API wants UTC.
const moment = {
  type: 'datetime-local',
  toQuery: (text) => (text ? new Date(text).toISOString() : ''),
  fromQuery: (text) => {
    const at = new Date(text);
    if (!text || Number.isNaN(at.getTime())) return '';
    return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  },
};

export const since = { name: 'since', label: 'Since', ...moment };
export const until = { name: 'until', label: 'Until', ...moment };

export async function show(view) {
  view.title('Orders');
  let orders = null;
  let explained = false; // why those that are shown do not go through
  const why = causes(view, CAUSES, () => orders.load());
  const top = el('div', {});

  // Of those that are pending, the ones that wait after a failure; how many these are the answer tells.
  const retryAll = (answer, filters) => {
    const failed = filters.status === 'failed';
    if (!failed && !(filters.status === 'pending' && answer.orders.some(canRetry))) return null;
    if (answer.total === 0) return null;
    const many = failed ? `${plural(answer.total, 'order')}${answer.total_capped ? ' or more' : ''}`
      : 'that wait after a failure';
    return action(failed ? `Retry all ${many}` : `Retry all ${many}…`, async () => {
      const yes = await confirm({
        title: failed ? `Retry ${many}?` : `Retry all ${many} now?`, yes: failed ? `Retry ${many}` : 'Retry them',
        text: `All ${failed ? 'failed orders that' : 'orders that wait for their next attempt and'} match the filters `
          + 'are retried, those on other pages too.',
      });
      if (!yes) return;
      await orders.change(async () => {
        const { retried } = await post('/api/orders/retry' + query(filters), {}, { patience: LONG_MS });
        notify(`${plural(retried, 'order')} retried.`);
      });
    });
  };

  orders = list({
    view, path: '/api/orders', name: 'orders', caption: 'Orders', empty: 'No order matches.',
    first: 'No orders yet. They come by webhook from Shopify to /webhooks/shopify, or by fulfil-recv.',
    filters: [
      { name: 'q', label: 'Search', placeholder: 'Number, email, SKU, name, total' },
      { name: 'status', label: 'Status', options: [['', 'All'], ...STATUSES.map((s) => [s, s])] },
      { name: 'sku', label: 'SKU', placeholder: 'All of it' },
      since, until,
    ],
    exact: 'q',
    sorts: [['id', 'Oldest first']],
    columns: [...columns, {
      name: 'do', text: 'Actions', hidden: true, class: 'keep',
      cell: (o) => (canRetry(o) ? action('Retry', async () => {
        await retryOrder(o.id, orderName(o));
        orders.load();
      }, { class: 'small', 'aria-label': `Retry order ${orderName(o)}` }) : ''),
    }],
    above: (answer, filters) => {
      const now = ['failed', 'pending'].includes(filters.status);
      if (now && !explained) why.load().catch(() => {});
      explained = now;
      top.replaceChildren(now ? why.node : '');
      return retryAll(answer, filters);
    },
  });
  view.main.append(top, orders.node);
  await orders.load();

  // Rows follow what happens at once, totals and filters a little later; further pages stay as they are.
  let timer = 0;
  const later = () => {
    if (view.query.get('cursor') || view.query.get('page') || timer) return;
    timer = setTimeout(() => { timer = 0; if (!view.signal.aborted && !orders.halted()) orders.load(); }, SETTLE_MS);
  };
  view.live({
    order: (o) => { orders.merge(o); later(); },
    gap: later,
  });
}
