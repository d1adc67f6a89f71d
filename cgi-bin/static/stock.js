// SPDX-License-Identifier: MIT
// Stock: what is on the shelf, what is low, and how it is set right.
import { el, badge, isolate, number, time } from './dom.js';
import { get, post, put, query } from './api.js';
import { list } from './list.js';
import { action, field, form, meanwhile, notify } from './dialog.js';

// Of a row of the stock or a product; the time is null where nobody has counted yet.
export function level(s) {
  if ((s.stock_updated_at === undefined ? s.updated_at : s.stock_updated_at) === null) return badge('never stocked');
  return badge(s.is_low_stock ? (s.quantity > 0 ? 'low' : 'out') : 'ok');
}

const whole = (input) => (input.value === '' ? null : input.valueAsNumber);

// Asks for a change of the stock of s; true once it is made. `given` is what is likely: units to add, and why.
export function adjust(s, given = {}) {
  const how = field({ name: 'how', label: 'Change', type: 'select', value: 'add',
    options: [['add', 'Add to it, or take away'], ['quantity', 'Set it to what was counted']] });
  const units = field({ name: 'units', label: 'Units', type: 'number', required: true, step: 1, inputmode: 'numeric',
    value: given.units, help: 'When adding, a number below 0 takes away.', read: whole });
  const reason = field({ name: 'reason', label: 'Reason', required: true, maxlength: 500, value: given.reason,
    help: 'Kept in the history: delivery, count, breakage.' });
  return form({
    title: `Stock of ${isolate(s.product_sku)}`, intro: `${number(s.quantity)} on the shelf now.`,
    yes: 'Change the stock',
    fields: [how, { ...units, name: 'units' }, reason],
    send: async (v) => {
      try {
        const send = v.how === 'add' ? post : put;
        const now = await send(`/api/inventory/${s.product_id}`, { [v.how]: v.units, reason: v.reason });
        notify(`${isolate(s.product_sku)}: ${number(now.quantity)} on the shelf.`);
      } catch (e) {
        for (const f of e.errors || []) if (f.pointer === `/${v.how}`) f.pointer = '/units';
        throw e;
      }
    },
  });
}

export async function setLevel(s) {
  const path = `/api/inventory/${s.product_id}`;
  let was = await get(path);
  const level = field({ name: 'reorder_level', label: 'Reorder level', type: 'number', min: 0, step: 1,
    value: was.reorder_level,
    inputmode: 'numeric', read: whole,
    help: 'At or below it the product is low. Empty takes that of the shop, LOW_STOCK_THRESHOLD.' });
  // The stock may move meanwhile; only another level is another's work.
  const save = async (v) => {
    try {
      return await put(path, v, { seen: was });
    } catch (e) {
      if (!e.current) throw e;
      const old = was;
      was = e.current;
      if (was.reorder_level === old.reorder_level) return save(v);
      throw meanwhile([level], old, was);
    }
  };
  return form({
    title: `Reorder level of ${isolate(s.product_sku)}`, yes: 'Set the level', fields: [level],
    send: async (v) => {
      const now = await save(v);
      notify(`${isolate(s.product_sku)} has the reorder level ${number(now.reorder_level)}.`);
    },
  });
}

export async function show(view) {
  view.title('Stock', el('a', { class: 'button', href: '#/shortages' }, 'What orders wait for'));
  let stock = null;
  const then = (work) => async (s) => { if (await work(s)) stock.load(); };
  stock = list({
    view, path: '/api/inventory', name: 'inventory', caption: 'Stock', key: (s) => s.product_id,
    empty: 'No product matches.',
    first: ['No products yet. ', el('a', { href: '#/imports' }, 'Import a CSV file'), ' with a column quantity.'],
    filters: [
      { name: 'q', label: 'Search', placeholder: 'A part of SKU or name' },
      { name: 'category', label: 'Category', suggest: async () => (await import('./products.js')).categories() },
      { name: 'low', label: 'Show', options: [['', 'All'], ['true', 'Low or out']] },
    ],
    sorts: [['quantity', 'Least in stock'], ['-quantity', 'Most in stock']],
    columns: [
      { name: 'sku', text: 'SKU', cell: (s) => el('a', { href: `#/stock/${s.product_id}` }, s.product_sku) },
      { name: 'name', text: 'Product', class: 'text', cell: (s) => s.product_name },
      { name: 'category', text: 'Category', cell: (s) => s.category
        && el('a', { href: `#/stock${query({ category: s.category })}` }, s.category) },
      { name: 'quantity', text: 'In stock', class: 'number', sort: 'quantity',
        cell: (s) => (s.updated_at === null ? '–' : number(s.quantity)) },
      { name: 'level', text: 'Reorder level', class: 'number', cell: (s) => number(s.reorder_level) },
      { name: 'state', text: 'State', cell: level },
      { name: 'updated', text: 'Changed', cell: (s) => time(s.updated_at) },
      { name: 'do', text: 'Actions', hidden: true, cell: (s) => el('div', { class: 'row' },
        action('Adjust…', () => then(adjust)(s),
          { class: 'small', 'aria-label': `Adjust the stock of ${s.product_sku}` }),
        action('Level…', () => then(setLevel)(s),
          { class: 'small', 'aria-label': `Set the reorder level of ${s.product_sku}` })) },
    ],
  });
  view.main.append(stock.node);
  await stock.load();
  let timer = 0;
  const soon = () => {
    if (timer || view.query.get('page') || view.query.get('cursor')) return;
    timer = setTimeout(() => { timer = 0; if (!view.signal.aborted) stock.load(); }, 2000);
  };
  view.live({ stock: soon, back: soon, gap: soon });
}
