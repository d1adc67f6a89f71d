// SPDX-License-Identifier: MIT
// One product: what it is, its stock, and everything that changed the stock.
import { el, badge, money, named, number, plural, time } from './dom.js';
import { get, query } from './api.js';
import { list } from './list.js';
import { action } from './dialog.js';
import { edit, remove } from './products.js';
import { adjust, level, setLevel } from './stock.js';

const REASONS = { order: 'an order', change: 'an order that changed', cancel: 'a cancelled order',
  refund: 'a refund', return: 'a return', edit: 'an edit of an order', release: 'an order that failed',
  set: 'counted', count: 'counted, as of a time', add: 'by hand', import: 'an import' };

const DETAILS = [['barcode', 'Barcode'], ['vendor', 'Vendor'], ['cost', 'Cost'], ['compare_at_price', 'Compare at'],
  ['tags', 'Tags'], ['weight', 'Weight'], ['options', 'Options'], ['group_title', 'Variant of'], ['group', 'Group'],
  ['image_url', 'Image']];
const EXTRA = 'extra: ';

function value(name, text) {
  if (name === 'group') return el('a', { href: `#/products${query({ group: text })}` }, text);
  return name === 'image_url' && /^https?:\/\/[^\s,]+$/.test(text)
    ? el('a', { href: text, rel: 'noreferrer noopener', target: '_blank' }, text) : text;
}

// What it has besides its columns: those that are known, then other columns of the file it came from.
function details(p) {
  const all = p.details || {};
  const known = DETAILS.filter(([name]) => all[name]).map(([name, text]) => [text, value(name, all[name])]);
  const extra = Object.keys(all).filter((name) => name.startsWith(EXTRA)).sort()
    .map((name) => [name.slice(EXTRA.length), all[name]]);
  const parts = (rows) => el('dl', { class: 'parts' },
    rows.map(([name, text]) => el('div', {}, el('dt', {}, name), el('dd', {}, text))));
  return [known.length ? parts(known) : '',
    extra.length ? el('details', {}, el('summary', {}, `${plural(extra.length, 'other column')} of its file`),
      parts(extra)) : ''];
}

function facts(p, s) {
  const rows = [
    ['In stock', s.updated_at === null ? level(s) : [number(s.quantity), ' ', level(s)]],
    ['Reorder level', number(s.reorder_level)], ['Price', money(p.price)],
    ['Category', p.category && el('a', { href: `#/products${query({ category: p.category })}` }, p.category)],
    ['State', badge(p.active ? 'active' : 'inactive')], ['Created', time(p.created_at)],
    ['Changed', time(p.updated_at)], ['Id', String(p.id)],
  ];
  return el('dl', { class: 'parts' },
    rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value || '–'))));
}

export async function show(view) {
  const top = el('div', {});
  const history = list({
    view, path: `/api/inventory/${view.id}/ledger`, name: 'ledger', caption: 'Changes of the stock',
    empty: 'The stock never changed.',
    columns: [
      { name: 'at', text: 'When', cell: (l) => time(l.created_at) },
      { name: 'delta', text: 'Change', class: 'number',
        cell: (l) => `${l.delta > 0 ? '+' : '−'}${number(Math.abs(l.delta))}` },
      { name: 'balance', text: 'Balance', class: 'number', cell: (l) => number(l.balance) },
      { name: 'why', text: 'By', cell: (l) => (l.order_id
        ? el('a', { href: `#/orders/${l.order_id}` },
          `${REASONS[l.reason] || l.reason}, ${named(l.order_name, `id ${l.order_id}`)}`)
        : REASONS[l.reason] || l.reason) },
      { name: 'note', text: 'Reason', class: 'text', cell: (l) => l.note },
      { name: 'who', text: 'Who', cell: (l) => l.actor },
    ],
  });

  async function load() {
    const [p, s] = await Promise.all([get(`/api/products/${view.id}`, { signal: view.signal }),
      get(`/api/inventory/${view.id}`, { signal: view.signal })]);
    if (view.signal.aborted) return;
    const then = (work) => async () => {
      if (!await work()) return;
      await load();
      history.load();
    };
    view.title(p.sku,
      action('Adjust stock…', then(() => adjust(s)), { class: 'primary' }),
      action('Reorder level…', then(() => setLevel(s))),
      action('Edit…', then(() => edit(p))),
      action('Delete…', async () => { if (await remove(p)) location.hash = '#/products'; }));
    top.replaceChildren(el('section', { class: 'card', 'aria-label': 'Product' }, el('h2', {}, p.name), facts(p, s),
      details(p),
      p.description && el('details', { open: p.description.length < 2000 }, el('summary', {}, 'Description'),
        el('p', { class: 'prose' }, p.description))));
    view.main.append(top, el('h2', {}, 'History of the stock'), history.node);
  }
  await load();
  await history.load();
  view.live({ back: () => load().catch(() => {}), stock: (l) => {
    if (String(l.product_id) === view.id) { load().catch(() => {}); history.load(); }
  } });
}
