// SPDX-License-Identifier: MIT
// Tables whose rows stay in place while what they show is the same.
import { el } from './dom.js';

// Columns are {name, text, cell(row) -> node or text, class, sort: an order of the API}. On a phone each row
// becomes a card, so every cell carries its column's name, and the roles that the layout would take away.
// What is short stays in one line; of what is long four are shown, and all when pointed at.
const SHORT = 20; // letters
const LONG = 60;
const WORD = 24; // letters in a row; where one is longer it is broken anywhere
const TIGHT = 13; // ... in a small window, but for names and addresses

const longest = (text) => Math.max(...text.split(/[^\p{L}\p{N}]+/u).map((word) => word.length));

function cellOf(column, row) {
  const content = column.cell(row) ?? '';
  const none = content === '' || content === '–';
  const td = el('td', { role: 'cell', class: column.class, 'data-label': column.text }, none
    ? (column.hidden ? '' : '–') : Array.isArray(content) ? el('span', {}, content) : content);
  if (none) td.classList.add('none');
  if (td.textContent.length > LONG && !td.querySelector('details'))
    td.replaceChildren(el('div', { class: 'clamp', title: td.textContent }, [...td.childNodes]));
  if (column.hidden) td.classList.add('do');
  if (td.textContent.length <= SHORT) td.classList.add('keep');
  const run = longest(td.textContent);
  if (run > WORD) td.classList.add('split');
  else if (run > TIGHT && !/parted|address/.test(column.class)) td.classList.add('tight');
  return td;
}

function rowOf(columns, row) {
  return el('tr', { role: 'row' }, columns.map((c) => cellOf(c, row)));
}

// A table whose rows stay the same nodes while what they show is the same, so that what has the focus or
// is selected is not taken away by a refresh.
export function table({ columns, caption, key = (row) => row.id, empty = 'Nothing here.', onSort }) {
  const body = el('tbody', { role: 'rowgroup' });
  const heads = columns.map((c) => el('th', { scope: 'col', role: 'columnheader', class: c.class },
    c.hidden ? el('span', { class: 'hidden' }, c.text)
      : c.sort && onSort ? el('button', { type: 'button', class: 'sort', click: () => onSort(c.sort) }, c.text)
        : c.text));
  const node = el('div', { class: 'scroll cards', tabindex: '0', role: 'region', 'aria-label': caption },
    el('table', { role: 'table' }, el('caption', { class: 'hidden' }, caption),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, heads)), body));
  let shown = new Map();

  function show(rows, none = empty) {
    const next = new Map();
    const place = placeIn(body);
    const nodes = rows.map((row) => {
      const text = JSON.stringify(row);
      const old = shown.get(key(row));
      const tr = old && old.text === text ? old.tr : rowOf(columns, row);
      if (old && place?.tr === old.tr) place.now = tr;
      next.set(key(row), { text, tr });
      return tr;
    });
    shown = next;
    if (nodes.length === 0)
      nodes.push(el('tr', { role: 'row', class: 'empty' }, el('td', { role: 'cell', colspan: columns.length }, none)));
    // Nodes that are in place already are not moved, which would take their focus.
    const stay = new Set(nodes);
    for (const tr of [...body.children]) if (!stay.has(tr)) tr.remove();
    nodes.forEach((n, i) => { if (body.children[i] !== n) body.insertBefore(n, body.children[i] || null); });
    if (place && !body.contains(document.activeElement)) focusNear(place, nodes);
  }

  // Which column the rows are ordered by, and whether another can be chosen.
  function mark(by, closed) {
    columns.forEach((c, i) => {
      if (!c.sort) return;
      heads[i].toggleAttribute('aria-sort', c.sort === by.replace('-', ''));
      if (heads[i].hasAttribute('aria-sort'))
        heads[i].setAttribute('aria-sort', by.startsWith('-') ? 'descending' : 'ascending');
      heads[i].firstChild.disabled = closed(c.sort);
      heads[i].firstChild.title = closed(c.sort) ? 'Without filters only' : '';
    });
  }
  return { node, show, mark };
}

const controls = (part) => [...part.querySelectorAll('a, button, input, select, summary')];

// Where the keyboard is among the rows: the row, and which control of which cell; null elsewhere.
function placeIn(body) {
  const td = body.contains(document.activeElement) && document.activeElement.closest('td');
  const tr = td && td.closest('tr');
  return tr && { tr, now: null, row: [...body.children].indexOf(tr), cell: [...tr.children].indexOf(td),
    at: controls(td).indexOf(document.activeElement) };
}

// Puts it into what took the row's place; where that is gone, to the same control of the next row, of the
// one before, or else to the heading. A row that is still there is not left, lest another's button is pressed.
function focusNear({ now, row, cell, at }, rows) {
  const same = (tr) => tr?.children[cell] && controls(tr.children[cell])[at];
  const to = now ? same(now) || controls(now)[0] : same(rows[row]) || same(rows[row - 1]);
  focusOn(to || document.querySelector('main h1'));
}

// Without moving the page, where it can be seen already.
export function focusOn(control) {
  control?.focus({ preventScroll: control.tagName === 'H1' });
}
