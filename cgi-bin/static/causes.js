// SPDX-License-Identifier: MIT
// Why orders do not go through: each cause with how many orders it holds up, and the way to mend it.
import { el, number, plural, time } from './dom.js';
import { get, query } from './api.js';
import { action } from './dialog.js';
import { table } from './table.js';

// What is lacking is made, or counted in; the orders that wait for it go on by themselves.
async function restock(c) {
  const { adjust } = await import('./stock.js');
  return adjust({ product_id: c.product_id, product_sku: c.sku, quantity: c.on_hand },
    { units: Math.max(c.wanted - c.on_hand, 1), reason: `Wanted by ${plural(c.orders, 'order')}` });
}

async function create(c) {
  const { edit } = await import('./products.js');
  const made = await edit(null, { sku: c.sku, name: c.sku });
  if (!made) return false;
  await restock({ ...c, product_id: made.id, sku: made.sku, on_hand: 0 });
  return true;
}

// c is a cause or a shortage; done() is called once it was mended.
export function mend(c, done) {
  if (!c.sku) return '';
  const work = (how) => async () => { if (await how(c)) await done(); };
  return c.product_id
    ? action('Restock…', work(restock), { class: 'small', 'aria-label': `Restock ${c.sku}` })
    : el('div', { class: 'row' },
      action('Create…', work(create), { class: 'small', 'aria-label': `Create ${c.sku}` }),
      el('a', { class: 'button small', href: '#/imports', 'aria-label': `Import ${c.sku}` }, 'Import'));
}

// The orders of a cause, where the list can show them.
export function ordersOf(c) {
  const many = plural(c.orders, 'order');
  const status = c.failed > 0 ? 'failed' : 'pending';
  if (c.sku) return el('a', { href: `#/orders${query({ sku: c.sku, status })}` }, many);
  return [many, ' ', el('a', { class: 'quiet', href: `#/orders/${c.newest_order_id}` }, 'the newest')];
}

const what = (c) => (c.kind === 'short' ? ['Too little of ', el('a', { href: `#/stock/${c.product_id}` }, c.sku)]
  : c.kind === 'unknown_sku' ? ['No product ', el('b', {}, c.sku)] : c.reason || 'No reason was recorded.');

// A card with the causes of most orders, hidden while there are none: {node, load}.
export function causes(view, most, mended = () => {}) {
  const more = el('span', { class: 'quiet' });
  const load = async () => {
    const { causes: found, total } = await get(`/api/orders/causes${query({ limit: most })}`, { signal: view.signal });
    grid.show(found);
    node.hidden = total === 0;
    more.replaceChildren(total > found.length ? `${number(total - found.length)} more causes, ` : '',
      el('a', { href: '#/shortages' }, 'What orders wait for'));
  };
  const grid = table({
    caption: 'Causes', key: (c) => `${c.kind} ${c.sku ?? c.reason}`,
    columns: [
      { text: 'Cause', class: 'text', cell: what },
      { text: 'Orders', class: 'keep', cell: ordersOf },
      { text: 'Wanted', class: 'number', cell: (c) => number(c.wanted) },
      { text: 'On hand', class: 'number', cell: (c) => (c.kind === 'short' ? number(c.on_hand) : '–') },
      { text: 'Since', cell: (c) => time(c.oldest) },
      { text: 'Actions', name: 'do', hidden: true, class: 'keep', cell: (c) => mend(c, async () => {
        await load();
        await mended();
      }) },
    ],
  });
  const node = el('section', { class: 'card wide causes', 'aria-labelledby': 't-causes', hidden: true },
    el('div', { class: 'head' }, el('h2', { id: 't-causes' }, 'Why orders do not go through'), more), grid.node);
  return { node, load };
}
