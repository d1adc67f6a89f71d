// SPDX-License-Identifier: MIT
// Products: filters in the address; made, changed and deleted, one or all that match; taken out as CSV.
import { el, badge, isolate, money, number, plural, time } from './dom.js';
import { LONG_MS, del, get, post, put, query } from './api.js';
import { list } from './list.js';
import { action, confirm, field, form, meanwhile, notify } from './dialog.js';
import { level } from './stock.js';

const TYPED_ABOVE = 20; // products that are deleted without a word being written first

// In the form there is no need to say more of a SKU that is taken.
async function saying(request) {
  try {
    return await request;
  } catch (e) {
    for (const f of e.errors || [])
      if (f.pointer === '/sku' && f.detail === 'is taken') f.detail = ': another product has it';
    throw e;
  }
}

// Asks for a product's fields: all of a new one, the changed ones of p. What was sent comes back.
// `given` is what a new one is likely to be.
export async function edit(p = null, given = {}) {
  let was = p ? await get(`/api/products/${p.id}`) : { sku: '', name: '', description: null, category: null,
    price: null, active: true, reorder_level: null, ...given };
  const text = (input) => (input.value.trim() === '' ? null : input.value.trim());
  const fields = [
    field({ name: 'sku', label: 'SKU', value: was.sku, required: true, maxlength: 255, spellcheck: 'false',
      autocomplete: 'off', help: 'Unique, whatever its case.', read: (i) => i.value.trim() }),
    field({ name: 'name', label: 'Name', value: was.name, required: true, maxlength: 1024,
      read: (i) => i.value.trim() }),
    field({ name: 'description', label: 'Description', type: 'textarea', value: was.description,
      read: (i) => (i.value === '' ? null : i.value) }),
    field({ name: 'price', label: 'Price', value: was.price, inputmode: 'decimal', placeholder: '19.90',
      read: (i) => text(i)?.replace(/^(\d+),(\d{1,2})$/, '$1.$2') ?? null }),
    field({ name: 'category', label: 'Category', value: was.category, maxlength: 255, read: text }),
    field({ name: 'reorder_level', label: 'Reorder level', type: 'number', min: 0, step: 1, value: was.reorder_level,
      help: 'At or below it the product is low. Empty takes that of the shop.',
      read: (i) => (i.value === '' ? null : i.valueAsNumber) }),
    field({ name: 'active', label: 'Active', type: 'checkbox', value: was.active }),
  ];
  return form({
    title: p ? `Change ${isolate(p.sku)}` : 'New product', yes: p ? 'Save' : 'Create', fields,
    send: async (now) => {
      if (!p) {
        const made = await saying(post('/api/products',
          Object.fromEntries(Object.entries(now).filter(([, v]) => v !== null))));
        notify(`${isolate(made.sku)} is created.`);
        return made;
      }
      const changed = Object.fromEntries(Object.entries(now).filter(([name, v]) => v !== was[name]));
      if (Object.keys(changed).length === 0) return true;
      try {
        const saved = await saying(put(`/api/products/${p.id}`, changed, { seen: was }));
        notify(`${isolate(saved.sku)} is saved.`);
        return saved;
      } catch (e) {
        if (!e.current) throw e;
        const said = meanwhile(fields, was, e.current);
        was = e.current;
        throw said;
      }
    },
  });
}

export async function remove(p) {
  const yes = await confirm({
    title: `Delete ${isolate(p.sku)}?`, yes: 'Delete', danger: true,
    text: 'The product is hidden and its SKU is free again. Its stock and its history are kept.',
  });
  if (!yes) return false;
  await del(`/api/products/${p.id}`);
  notify(`${isolate(p.sku)} is deleted.`);
  return true;
}

// Those of the newest products; any other can be written.
export async function categories() {
  const { products } = await get(`/api/products${query({ page_size: 200 })}`);
  return [...new Set(products.map((p) => p.category).filter(Boolean))].sort((a, b) => a.localeCompare(b));
}

// What is opened by a button and lies over what follows.
function menu(text, ...content) {
  const node = el('details', { class: 'menu' }, el('summary', { class: 'button' }, text), el('div', {}, content));
  node.addEventListener('focusout', (e) => { if (!node.contains(e.relatedTarget)) node.open = false; });
  node.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    node.open = false;
    node.firstChild.focus();
  });
  return node;
}

function exportLinks(filters) {
  const link = (text, more) => el('a', { class: 'button', download: '',
    href: `/api/products/export.csv${query({ ...filters, ...more })}` }, text);
  return menu('Export', link('CSV', {}), link('CSV with stock', { stock: true, reorder_level: true }),
    link('CSV with everything', { stock: true, reorder_level: true, details: true }),
    link('For a spreadsheet', { spreadsheet: true, stock: true, reorder_level: true }));
}

export async function show(view) {
  let products = null;
  view.title('Products', action('New product…', async () => {
    const made = await edit();
    if (made) products.load();
  }, { class: 'primary' }));

  async function removeAll(answer, filters) {
    const filtered = Object.values(filters).some(Boolean);
    const total = answer.total_capped ? (await get('/api/products/count' + query(filters))).total : answer.total;
    const many = plural(total, 'product');
    const yes = await confirm({
      title: filtered ? `Delete ${many} that ${total === 1 ? 'matches' : 'match'}?` : `Delete all ${many}?`,
      danger: true, yes: `Delete ${many}`,
      text: ['They are hidden and their SKUs are free again; their stock and history are kept. '
        + 'There is no way back from here.',
        filtered ? `Filters: ${Object.entries(filters).filter(([, v]) => v).map(([n, v]) => `${n} ${v}`).join(', ')}`
          : 'No filter is set: this is the whole catalogue.'],
      typed: total > TYPED_ABOVE ? 'delete' : '',
    });
    if (!yes) return;
    await products.change(async () => {
      const { deleted } = await del('/api/products/bulk' + query({ confirm: true, ...filters }), { patience: LONG_MS });
      notify(`${plural(deleted, 'product')} deleted.`);
    });
  }

  products = list({
    view, path: '/api/products', name: 'products', caption: 'Products', empty: 'No product matches.',
    first: ['No products yet. ', el('a', { href: '#/imports' }, 'Import a CSV file'), ', or create one.'],
    filters: [
      { name: 'sku', label: 'SKU', placeholder: 'A part of it' },
      { name: 'name', label: 'Name' },
      { name: 'description', label: 'Description' },
      { name: 'barcode', label: 'Barcode' },
      { name: 'category', label: 'Category', suggest: categories },
      { name: 'vendor', label: 'Vendor' },
      { name: 'group', label: 'Group' },
      { name: 'active', label: 'Show', options: [['', 'All'], ['true', 'Active'], ['false', 'Inactive']] },
    ],
    sorts: [['sku', 'SKU, A to Z'], ['-sku', 'SKU, Z to A']],
    columns: [
      { name: 'sku', text: 'SKU', cell: (p) => el('a', { href: `#/products/${p.id}` }, p.sku), sort: 'sku' },
      { name: 'name', text: 'Name', class: 'text', cell: (p) => p.name },
      { name: 'category', text: 'Category', cell: (p) => p.category
        && el('a', { href: `#/products${query({ category: p.category })}` }, p.category) },
      { name: 'price', text: 'Price', class: 'number', cell: (p) => money(p.price) },
      { name: 'quantity', text: 'Stock', class: 'number',
        cell: (p) => (p.quantity === undefined || p.stock_updated_at === null ? '–'
        : [p.is_low_stock ? [level(p), ' '] : '', number(p.quantity)].flat()) },
      { name: 'active', text: 'State', cell: (p) => badge(p.active ? 'active' : 'inactive') },
      { name: 'updated', text: 'Changed', cell: (p) => time(p.updated_at) },
      { name: 'do', text: 'Actions', hidden: true, cell: (p) => el('div', { class: 'row' },
        action('Edit…', async () => { if (await edit(p)) products.load(); },
          { class: 'small', 'aria-label': `Edit ${p.sku}` }),
        action('Delete…', async () => { if (await remove(p)) products.load(); },
          { class: 'small', 'aria-label': `Delete ${p.sku}` })) },
    ],
    above: (answer, filters) => (answer.total === 0 ? null : [exportLinks(filters),
      Object.values(filters).some(Boolean) ? action('Delete all that match…', () => removeAll(answer, filters))
        : menu('More', action('Delete all…', () => removeAll(answer, filters)))]),
  });
  view.main.append(products.node);
  await products.load();
  view.live({ import: () => products.load() });
}
