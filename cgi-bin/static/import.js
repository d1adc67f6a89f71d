// SPDX-License-Identifier: MIT
// One upload, from the queue to its end. The task is in the address, so a reload goes on watching.
import { el, announce, bytes, isolate, named, number, plural, time, duration } from './dom.js';
import { get, isDemo, post } from './api.js';
import { action, confirm, notify } from './dialog.js';
import { counts, stateOf } from './imports.js';
import { records } from './csvhead.js';

const OPEN = ['receiving', 'queued', 'running'];
const AGAIN_MS = 2000;
const REASONS = 10; // that are shown
const PHASES = { parse: 'reading the file', wait: 'waiting for another import',
  merge: 'writing products', commit: 'finishing' };

const LOOK = 131072; // bytes of the rejected rows that are looked at

async function beginning(path, signal) {
  const reader = (await fetch(path, { signal })).body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text, whole: true };
    text += decoder.decode(value, { stream: true });
    if (text.length > LOOK) {
      reader.cancel();
      return { text, whole: false };
    }
  }
}

// Counts the reasons that stand in front of the rejected rows, of the first ones where there are many.
async function showReasons(at, path, rejected, signal) {
  const { text, whole } = await beginning(path, signal);
  const delimiter = /^\uFEFF?reject_line(.)/.exec(text)?.[1];
  const rows = delimiter ? records(text, delimiter, whole, Infinity).slice(1) : [];
  const times = new Map(); // by the code a reason begins with; what follows names the value
  for (const [line, reason] of rows) {
    const code = reason.split(':')[0];
    const known = times.get(code) || { n: 0, first: `${reason} (line ${line})` };
    times.set(code, { ...known, n: known.n + 1 });
  }
  const most = [...times.values()].sort((a, b) => b.n - a.n).slice(0, REASONS);
  if (rows.length < rejected) at.append(el('p', { class: 'quiet' }, `Of the first ${number(rows.length)}:`));
  at.append(el('ul', {},
    most.map(({ n, first }) => el('li', {}, `${plural(n, 'row')}: ${n > 1 ? 'the first ' : ''}${first}`))));
  if (times.size > most.length)
    at.append(el('p', { class: 'quiet' }, `and ${plural(times.size - most.length, 'other reason')}.`));
}

const text = (v) => (v === null ? '–' : String(v));

// What was odd, and what changed: by column, then the first products, the largest moves of prices first.
function told(u) {
  const { units_up: up = 0, units_down: down = 0, ...columns } = u.change_counts || {};
  const changed = Object.entries(columns).filter(([, n]) => n > 0);
  const shown = u.changes || [];
  const what = [...changed.map(([name, n]) => `${name} of ${plural(n, 'product')}`),
    ...(u.missing > 0 ? [`${plural(u.missing, 'product')} not in the file`] : [])];
  return [
    u.undone_at && el('p', { class: 'warning' }, 'This import was taken back ', time(u.undone_at), '.'),
    u.warnings?.length > 0 && el('section', { class: 'card', 'aria-labelledby': 'odd' },
      el('h2', { id: 'odd' }, 'What was odd'),
      el('ul', {}, u.warnings.map((w) => el('li', {}, `${w.line ? `Line ${number(w.line)}: ` : ''}${w.detail}`)))),
    (changed.length > 0 || u.missing > 0) && el('section', { class: 'card', 'aria-labelledby': 'changes' },
      el('h2', { id: 'changes' }, u.options?.dry_run ? 'What would change' : 'What changed'),
      el('p', {}, `${what.join(', ')}`
        + `${up || down ? `; ${plural(up, 'unit')} more, ${number(down)} less` : ''}.`),
      shown.length > 0 && el('div', { class: 'scroll', tabindex: '0', role: 'region',
        'aria-label': 'The first changes' },
      el('table', {}, el('thead', {}, el('tr', {}, ['Line', 'SKU', 'Change'].map((h) =>
        el('th', { scope: 'col' }, h)))),
      el('tbody', {}, shown.map((c) => el('tr', {}, el('td', { class: 'number' }, c.line ? number(c.line) : '–'),
        el('td', { class: 'text' }, c.sku),
        el('td', { class: 'text' }, [...Object.entries(c.set).map(([name, [was, is]]) =>
          `${name}: ${text(was)} → ${text(is)}`), ...(c.stock ? [`stock: ${c.stock > 0 ? '+' : ''}${c.stock}`] : [])]
          .join('; ')))))))),
  ].filter(Boolean);
}

export async function show(view) {
  const path = `/api/upload/${view.id}`;
  const body = el('div', { class: 'stack' });
  const why = el('div', {});
  const waits = el('p', {}, 'It waits for an importer.');
  let shown = null;

  function actions(u) {
    return [
      OPEN.includes(u.status) && action('Cancel…', async () => {
        if (!await confirm({ title: `Cancel ${isolate(u.filename)}?`, yes: 'Cancel the import', no: 'Keep it',
          danger: true, text: 'Nothing of the file is kept: all of it is taken back.' }))
          return;
        await post(`${path}/cancel`);
        notify('The import is being cancelled.');
      }),
      u.import_id && !u.undone_at && u.status === 'completed' && action('Undo…', async () => {
        if (!await confirm({ title: `Take back ${isolate(u.filename)}?`, yes: 'Take it back', no: 'Keep it',
          danger: true, text: `${plural(u.created, 'product')} that it made will be deleted, and `
            + `${plural(u.updated, 'product')} that it changed `
            + 'get what they had before. What was changed or sold since stays as it is.' }))
          return;
        const done = await post(`${path}/undo`);
        const names = done.products_kept.slice(0, REASONS).map((k) => `${k.sku} (${k.why})`).join(', ');
        notify(`Taken back: ${number(done.restored)} changed and ${number(done.deleted)} made; `
          + (done.kept ? `${plural(done.kept, 'product')} touched since kept: ${names}` : 'none is kept.'));
        put(await get(`${path}/progress`, { signal: view.signal }));
      }),
      u.rejected > 0 && !OPEN.includes(u.status)
        && el('a', { class: 'button', href: `${path}/rejects`, download: '' },
        `Download ${number(u.rejected)} rejected rows`),
    ];
  }

  function speed(u) {
    const rows = `${number(u.processed)}${u.total ? ` of ${number(u.total)}` : ''} rows`;
    return u.rows_per_second ? `${rows}, ${number(u.rows_per_second)} a second` : rows;
  }

  function facts(u) {
    const seconds = u.started_at && u.finished_at ? (new Date(u.finished_at) - new Date(u.started_at)) / 1000 : null;
    const undone = ['cancelled', 'failed'].includes(u.status);
    const lacks = u.missing > 0 ? [['Not in the file', u.missing]] : [];
    const all = undone ? [] : [...counts(u), ...lacks];
    const rows = [...all.map(([name, n]) => [name[0].toUpperCase() + name.slice(1), number(n)]),
      ['Size', u.bytes === undefined ? '–' : bytes(u.bytes)], ['Uploaded', time(u.created_at)],
      ['Ended', time(u.finished_at)],
      seconds === null ? null : ['Took', duration(seconds * 1000)]].filter(Boolean);
    return el('dl', { class: 'parts' },
      rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
  }

  // Where to go from an import that is over.
  function next(u) {
    const undone = ['cancelled', 'failed'].includes(u.status);
    return [undone && el('p', {}, 'Nothing was changed: all that was read of the file is taken back.'),
      el('p', { class: 'row' },
        !undone && !u.options?.dry_run && el('a', { class: 'button', href: '#/products' }, 'Show the products'),
        el('a', { class: 'button', href: '#/imports' }, 'Import a file'))];
  }

  // The heading is made again only where its buttons change, lest they lose the focus.
  function put(u) {
    const key = `${u.status} ${u.rejected > 0} ${Boolean(u.undone_at)}`;
    if (shown !== key) {
      view.title(named(u.filename, 'A file without a name'), ...actions(u));
      view.main.append(body);
      if (shown) announce(`${u.filename}: ${u.status}`);
      shown = key;
    }
    const trying = u.options?.dry_run;
    body.replaceChildren(el('section', { class: 'card stack', 'aria-label': 'Progress' },
      el('p', {}, stateOf(u), ' ', u.cancelling ? 'is being cancelled' : u.status === 'running' ? PHASES[u.phase]
        || u.phase : '', trying ? ' Only tried: nothing is changed.' : ''),
      OPEN.includes(u.status) && el('progress', { max: 100, value: u.percent, 'aria-label': 'Imported' },
        `${u.percent} %`),
      u.status === 'queued' ? waits : el('p', {}, speed(u)),
      u.error_message && el('p', { class: 'error' }, u.error_message), facts(u),
      OPEN.includes(u.status) ? [] : next(u)));
    if (u.status === 'completed' && u.processed === 0)
      body.append(el('p', { class: 'warning' }, 'There was no row in it.'));
    if (!OPEN.includes(u.status)) body.append(...told(u));
    if (OPEN.includes(u.status) || u.rejected === 0) return;
    body.append(el('section', { class: 'card', 'aria-labelledby': 'why' },
      el('h2', { id: 'why' }, 'Why rows were rejected'), why,
      u.status === 'completed' && el('p', {},
        'The rejected rows are not imported. Download them, mend them, and upload that file.')));
    if (!why.firstChild && !isDemo()) showReasons(why, `${path}/rejects`, u.rejected, view.signal).catch(() => {});
  }

  view.live({ figures: ({ health }) => {
    const nobody = health?.importing?.status === 'down';
    waits.className = nobody ? 'warning' : '';
    waits.textContent = nobody ? 'No importer is at work: it is imported once fulfil-import --work runs.'
      : 'It waits for an importer.';
  } });
  put(await get(`${path}/progress`, { signal: view.signal }));
  if (isDemo() || (shown && !OPEN.includes(shown.split(' ')[0]))) return;
  watch();

  // Short answers again: the browser comes back by itself until it hears that the import is over.
  function watch() {
    const source = new EventSource(`${path}/stream`);
    const end = () => source.close();
    view.signal.addEventListener('abort', end);
    source.addEventListener('progress', (e) => put(JSON.parse(e.data)));
    source.addEventListener('done', (e) => {
      put(JSON.parse(e.data));
      end();
    });
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED || view.signal.aborted) return;
      setTimeout(async () => {
        if (view.signal.aborted) return;
        const u = await get(`${path}/progress`, { signal: view.signal }).catch(() => null);
        if (u) put(u);
        if (!u || OPEN.includes(u.status)) watch();
      }, AGAIN_MS);
    };
  }
}
