// SPDX-License-Identifier: MIT
// Lists of the API, with filters, order and page in the address.
import { el, number, announce } from './dom.js';
import { get, query } from './api.js';
import { notify } from './dialog.js';
import { asSentence } from './problem.js';
import { filterForm } from './filters.js';
import { focusOn, table } from './table.js';

const AGAIN_MS = 3000; // after the server was away
const PATIENCE_MS = 5000; // that a search goes back by itself
const SIZES = ['20', '50', '100', '200'];
const REACH = 10000; // rows that a page's number reaches in a filtered list

function pager(view, go) {
  const first = el('button', { type: 'button', click: () => go({ page: '', cursor: '' }) }, 'First');
  const before = el('button', { type: 'button', click: () => go({ page: at() - 1 > 1 ? at() - 1 : '', cursor: '' }) },
    'Previous');
  const after = el('button', { type: 'button' }, 'Next');
  const where = el('span', { class: 'quiet', 'aria-live': 'off' });
  const size = el('select', { 'aria-label': 'Rows a page',
    change: () => go({ page_size: size.value === '50' ? '' : size.value, page: '', cursor: '' }) },
    SIZES.map((s) => el('option', { value: s }, `${s} a page`)));
  const at = () => Number(view.query.get('page')) || 1;
  const node = el('nav', { class: 'pager', 'aria-label': 'Pages of the list', hidden: true }, first, before, where,
    after, el('span', { class: 'grow' }), size);
  let next = {};
  after.addEventListener('click', () => go(next));

  function show(answer, filtered) {
    const rows = answer.page_size;
    const numbered = answer.page !== null && (!filtered || (answer.page + 1) * rows <= REACH);
    const more = answer.page === null || answer.page >= answer.total_pages ? Boolean(answer.next_cursor) : true;
    next = numbered && answer.page < answer.total_pages ? { page: answer.page + 1, cursor: '' }
      : { page: '', cursor: answer.next_cursor };
    first.disabled = answer.page === 1;
    before.disabled = answer.page === null || answer.page <= 1;
    after.disabled = !more;
    node.hidden = false;
    for (const part of [first, before, where, after]) part.hidden = answer.page === 1 && !more;
    size.hidden = answer.total <= Number(SIZES[0]) && answer.page !== null;
    size.value = SIZES.includes(String(rows)) ? String(rows) : '50';
    where.textContent = answer.page === null ? 'Page ?'
      : `Page ${number(answer.page)} of ${number(Math.max(answer.total_pages, 1))}${answer.total_capped ? '+' : ''}`;
  }
  return { node, show };
}

// The rows before and after the one of this id in the list that was shown last, and that list's address.
let listed = { path: '', ids: [], address: '' };

export function neighbours(path, id) {
  const at = listed.path === path ? listed.ids.indexOf(String(id)) : -1;
  return at < 0 ? {} : { before: listed.ids[at - 1], after: listed.ids[at + 1], address: listed.address };
}

const BY_ITSELF = '-id'; // the order that lists have if none is asked for
const byId = (by) => by === '' || by.replace('-', '') === 'id';

// list({view, path, name, columns, filters, caption, empty, above, fixed}) shows a list of the API.
// `name` is the member with the rows; `above(answer, filters)` may give nodes that stand over the table
// (what can be done with all that match). `sorts` are [order, text], as the API has them beside its own;
// those that are not by id go without filters only. `first` stands there while there is nothing at all.
// `exact` is the filter whose text may name a row exactly: such rows come first, from any depth of the list.
// Returns {node, load, merge, change, halted}; change(work) shows that work is going on, then what it left;
// halted() tells that a search stopped before its end, which to load anew would begin again.
export function list({ view, path, name, columns, filters = [], sorts = [], caption, empty, first = empty, key, above,
  fixed = {}, exact = '' }) {
  const count = el('p', { class: 'quiet count' });
  const extra = el('div', { class: 'bulk' });
  const further = el('div', { class: 'bulk', hidden: true });
  const grid = table({ columns, caption, empty, key, onSort: (column) => {
    const ways = sorts.map(([by]) => by).filter((by) => by.replace('-', '') === column);
    go({ sort: ways[ways.indexOf(sort()) + 1] || '', page: '', cursor: '' });
  } });
  // On a phone there are no column heads to press.
  const sorter = el('select', { class: 'sorter', 'aria-label': 'Order',
    change: () => go({ sort: sorter.value, page: '', cursor: '' }) },
    [['', 'Newest first'], ...sorts].map(([by, text]) => el('option', { value: by }, text)));
  const pages = pager(view, go);
  const form = filterForm(view, filters, go, () => focusOn(grid.node.querySelector('tbody a')));
  let latest = 0;
  let rows = [];
  let changing = false;
  let halted = false; // a search before its end

  const sort = () => view.query.get('sort') || '';
  const wanted = () => Object.fromEntries(filters.map((f) => [f.name, view.query.get(f.name) || '']));
  const filtered = () => Object.values(wanted()).some(Boolean);

  function go(changes, replace = false) {
    const left = { ...wanted(), ...changes };
    if (!byId(sort()) && filters.some((f) => left[f.name])) changes = { ...changes, sort: '' };
    view.setQuery(changes, replace);
    return load();
  }

  async function load(sofar) {
    const mine = ++latest;
    form.show();
    grid.node.setAttribute('aria-busy', 'true');
    const paging = Object.fromEntries(['page', 'page_size', 'cursor', 'sort'].map((p) => [p, view.query.get(p)]));
    try {
      const answer = await gather(paging, mine, sofar?.stopped && { ...sofar, stopped: false });
      if (answer) show(answer);
    } catch (e) {
      if (mine !== latest || view.signal.aborted || e.status === 401) return;
      if (e.status === 400 && (paging.page || paging.cursor)) {
        notify('The list cannot be opened there; this is its beginning.');
        go({ page: '', cursor: '' }, true);
        return;
      }
      tellFault(asSentence(e));
      announce(count.textContent);
      if (e.status === 0 || e.status >= 500)
        setTimeout(() => { if (mine === latest && !view.signal.aborted) load(); }, AGAIN_MS);
    } finally {
      if (mine === latest && !changing) grid.node.removeAttribute('aria-busy');
    }
  }

  // What is called exactly as the search says, which comes first: {exact: name of the filter}.
  async function exactly(paging) {
    const text = exact && wanted()[exact];
    if (!text || paging.cursor || paging.page || paging.sort) return [];
    const only = { ...fixed, ...wanted(), [exact]: '', sku: '', exact: text, page_size: paging.page_size };
    return (await get(path + query(only), { signal: view.signal }))[name];
  }

  // A search looks at a part of the rows at a time: it goes on until a page is full or there are no more, and
  // shows what it has found so far. After a while it asks whether to go on from there: `sofar` is its answer then.
  async function gather(paging, mine, sofar) {
    const given = wanted();
    for (const { name: of, resolve } of filters)
      if (resolve && given[of]) given[of] = await resolve(given[of], view.signal);
    const ask = (more) =>
      get(path + query({ ...fixed, ...given, ...paging, ...more }), { signal: view.signal });
    let [answer, first] = sofar ? [sofar, []] : await Promise.all([ask({}), exactly(paging)]);
    let found = [...first, ...answer[name].filter((row) => !first.some((f) => f.id === row.id))];
    if (first.length) {
      const total = Math.max(answer.total, found.length);
      return mine === latest && { ...answer, [name]: found, total };
    }
    const end = performance.now() + PATIENCE_MS;
    while (mine === latest && answer.next_cursor && found.length < answer.page_size) {
      const { page, page_size: size } = answer;
      if (performance.now() > end) return { ...answer, [name]: found, total: found.length, stopped: true };
      show({ ...answer, [name]: found, total: found.length, searching: true });
      const next = await ask({ page: '', cursor: answer.next_cursor, page_size: size - found.length });
      found = [...found, ...next[name]];
      answer = { ...next, [name]: found, page, page_size: size, total: found.length, total_pages: page,
        total_capped: Boolean(next.next_cursor) || page !== 1 };
    }
    return mine === latest && answer;
  }

  async function change(work) {
    changing = true;
    grid.node.setAttribute('aria-busy', 'true');
    announce('At work…');
    try {
      await work();
    } finally {
      changing = false;
      const here = extra.contains(document.activeElement);
      extra.replaceChildren();
      await load();
      if (here && document.activeElement === document.body)
        focusOn(extra.querySelector('button') || document.querySelector('main h1'));
    }
  }

  function tellFault(text) {
    count.className = text ? 'error count' : 'quiet count';
    count.textContent = text;
  }

  function show(answer) {
    rows = answer[name];
    if (rows.length === 0 && answer.page > Math.max(answer.total_pages, 1)) {
      go({ page: answer.total_pages > 1 ? answer.total_pages : '', cursor: '' }, true);
      return;
    }
    tellFault('');
    listed = { path, ids: rows.map((r) => String(key ? key(r) : r.id)), address: location.hash };
    halted = Boolean(answer.stopped);
    grid.show(rows, answer.searching ? 'Searching…' : halted ? 'Nothing found so far.' : filtered() ? empty : first);
    grid.mark(sort() || BY_ITSELF, (by) => filtered() && !byId(by));
    sorter.value = sort();
    for (const o of sorter.options) o.disabled = filtered() && !byId(o.value);
    pages.show(answer, filtered() || !byId(sort()));
    const total = `${number(answer.total)}${answer.total_capped ? ' or more' : ''}`;
    count.textContent = answer.searching ? `${number(answer.total)} found so far; searching further back…`
      : halted ? `${number(answer.total)} found so far; what is older was not looked at.`
        : `${total} ${filtered() ? 'match' : 'in all'}`;
    announce(count.textContent);
    if (above && !extra.querySelector('[aria-busy]'))
      extra.replaceChildren(...[].concat(above(answer, wanted())).filter(Boolean));
    const asked = further.contains(document.activeElement);
    further.hidden = !halted;
    further.replaceChildren(...(halted
      ? [el('button', { type: 'button', click: () => load(answer) }, 'Search further back')] : []));
    if (asked) focusOn(further.firstChild || document.querySelector('main h1'));
  }

  // Takes in what became of a row, without asking for all of them; a new one goes on top of the first page.
  function merge(row) {
    const id = key ? key(row) : row.id;
    const at = rows.findIndex((r) => (key ? key(r) : r.id) === id);
    const plain = !['page', 'cursor', 'sort', ...filters.map((f) => f.name)].some((name) => view.query.get(name));
    if (at >= 0) rows[at] = { ...rows[at], ...row };
    else if (plain) rows = [row, ...rows].slice(0, Number(view.query.get('page_size')) || 50);
    else return;
    grid.show(rows);
  }

  // What happened while the server, or the reader, was away.
  view.live({ back: () => { if (!halted && !changing) load(); } });
  const node = el('div', { class: 'list' }, form.node,
    el('div', { class: 'toolbar' }, count, further, sorts.length > 0 && sorter, extra), grid.node, pages.node);
  return { node, load, merge, change, halted: () => halted };
}
