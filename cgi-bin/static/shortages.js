// SPDX-License-Identifier: MIT
// What orders wait for, by SKU: how much, how much there is, how many orders and since when; restocked or
// made from here.
import { el, badge, number, plural, time } from './dom.js';
import { get } from './api.js';
import { table } from './table.js';
import { mend, ordersOf } from './causes.js';

const MOST = 1000;

export async function show(view) {
  view.title('What orders wait for', el('a', { class: 'button', href: '#/stock' }, 'All stock'));
  const count = el('p', { class: 'quiet count' });
  const load = async () => {
    const { shortages, total } = await get(`/api/inventory/shortages?limit=${MOST}`, { signal: view.signal });
    grid.show(shortages);
    count.textContent = plural(total, 'SKU')
      + (total > shortages.length ? `, the first ${number(shortages.length)}` : '');
  };
  const grid = table({
    caption: 'What orders wait for', key: (s) => s.product_id ?? s.sku, empty: 'No order waits for stock.',
    columns: [
      { name: 'sku', text: 'SKU', cell: (s) => (s.product_id ? el('a', { href: `#/stock/${s.product_id}` }, s.sku)
        : el('b', {}, s.sku)) },
      { name: 'name', text: 'Product', class: 'text', cell: (s) => s.product_name
        || badge('out', null, 'no such product') },
      { name: 'wanted', text: 'Wanted', class: 'number', cell: (s) => number(s.wanted) },
      { name: 'hand', text: 'On hand', class: 'number', cell: (s) => (s.product_id ? number(s.on_hand) : '–') },
      { name: 'orders', text: 'Orders', class: 'keep', cell: (s) => ordersOf({ ...s, failed: 0 }) },
      { name: 'oldest', text: 'Waiting since', cell: (s) => time(s.oldest) },
      { name: 'do', text: 'Actions', hidden: true, class: 'keep', cell: (s) => mend(s, load) },
    ],
  });
  view.main.append(el('div', { class: 'toolbar' }, count), grid.node);
  await load();
  let timer = 0;
  const soon = () => {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; if (!view.signal.aborted) load().catch(() => {}); }, 2000);
  };
  view.live({ stock: soon, order: soon, back: soon, gap: soon });
}
