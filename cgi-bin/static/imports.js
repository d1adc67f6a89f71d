// SPDX-License-Identifier: MIT
// Imports: a CSV file chosen, dropped or pasted; a first look at it; its way to the server; past uploads.
import { el, badge, bytes, isolate, named, number, plural, time } from './dom.js';
import { mayWrite, session } from './api.js';
import { list } from './list.js';
import { feeds } from './feeds.js';
import { COLUMNS, look } from './csvhead.js';
import { READ_ONLY, confirm, fail, field } from './dialog.js';
import { isSending, tellEnd, tellFailure, upload } from './upload.js';
import { guard } from './unsaved.js';
import { asSentence } from './problem.js';

const EXAMPLE =
  'sku,name,description,price,active\n'
  + 'TEE-RED-M,"T-shirt, red, M","Organic cotton",19.90,yes\n'
  + 'MUG-GRN,"Mug, green",,9.90,no\n';
const CELL = 300; // letters of a field that are shown
const HEAD = 40;  // ... of a column's name
const DELIMITER_NAMES = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

const brief = (name) => (name.length > HEAD ? `${name.slice(0, HEAD - 1)}…` : name);

function sampleTable(seen, onMap) {
  const pick = (name, i) => el('select',
    { 'aria-label': `Column for ${brief(name) || `field ${i + 1}`}`, change: (e) => onMap(name, e.target.value) },
    el('option', { value: '' }, seen.columns[i] || seen.mapped.includes(name) ? 'leave out' : 'as it is'),
      COLUMNS.map((c) => el('option', { value: c, selected: seen.columns[i] === c }, c)));
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'First rows of the file' },
    el('table', { class: 'sample' },
    el('thead', {}, el('tr', {}, seen.header.map((name) =>
      el('th', { scope: 'col', title: name.length > HEAD ? name.slice(0, CELL) : null },
        brief(name) || '(no name)'))),
      el('tr', {}, seen.header.map((name, i) => el('td', {}, pick(name, i))))),
    el('tbody', {},
      seen.rows.map((row) => el('tr', {},
      seen.header.map((_, i) => el('td', {}, el('div', { class: 'clamp' }, (row[i] ?? '').slice(0, CELL)))))))));
}

function verdict(file, seen, stock) {
  const rows = seen.complete ? plural(seen.total, 'row') : `about ${plural(seen.estimate, 'row')}`;
  const between = DELIMITER_NAMES[seen.delimiter] || seen.delimiter;
  const lines = [`${isolate(file.name)}, ${bytes(file.size)}: ${rows}, fields between ${between}, `
    + `${seen.encoding || 'not UTF-8'}.`];
  const faults = [];
  if (!seen.encoding) faults.push('This is not UTF-8. Say which encoding it has, or save it as UTF-8.');
  if (file.size === 0 || (seen.complete && seen.header.length === 0))
    return { lines: [], faults: [`${isolate(file.name)} is empty.`] };
  if (seen.missing.length)
    faults.push(`No column is ${seen.missing.join(' and none is ')}. `
      + 'Choose below which it is, or another delimiter or encoding.');
  else if (seen.complete && seen.rows.length === 0) faults.push('There is a header, and no row below it.');
  if (seen.twice.length) faults.push(`${seen.twice.join(' and ')} is there twice; leave one out.`);
  if (seen.unknown.length && !seen.missing.length)
    lines.push(`Kept as they are: ${seen.unknown.map(brief).map(isolate).join(', ')}.`);
  const warnings = [];
  if (seen.columns.includes('quantity') && !stock)
    warnings.push('The column quantity is not taken: tick “Take the column quantity as stock” if it should be.');
  if (seen.commas)
    warnings.push('There are prices with a decimal comma; 9,90 is read as 9.90.');
  return { lines, faults, warnings };
}

function uploadForm(view) {
  const input = el('input', { type: 'file', class: 'hidden', accept: '.csv,.txt,.tsv,text/csv', id: 'file',
    'aria-describedby': 'format' });
  const seenAt = el('div', { class: 'stack', 'aria-live': 'polite' });
  const options = [
    field({ name: 'active', label: 'New products without an active column', type: 'select',
      options: [['yes', 'Active, all of them'], ['no', 'Inactive, all of them'],
      ['random', 'Active or not, at random']], value: 'yes' }),
    field({ name: 'delimiter', label: 'Delimiter', type: 'select',
      options: [['', 'Found in the file'], [',', 'Comma'], [';', 'Semicolon'], ['tab', 'Tab'], ['|', 'Bar']] }),
    field({ name: 'encoding', label: 'Encoding', type: 'select',
      options: [['', 'UTF-8, or as its mark says'], ['ISO-8859-1', 'ISO-8859-1'], ['WINDOWS-1252', 'Windows-1252'],
      ['UTF-16', 'UTF-16']] }),
    field({ name: 'stock', label: 'Take the column quantity as stock', type: 'checkbox' }),
    field({ name: 'dry_run', label: 'Only try it: say what would happen, change nothing', type: 'checkbox' }),
  ];
  const named = field({ name: 'feed', label: 'Name, if it comes again and again', maxlength: 80,
    help: 'it is read as the last one was, and refused if it shrank' });
  const more = [
    field({ name: 'decimal', label: 'Decimal mark', type: 'select',
      options: [['', 'Found in the file'], ['.', 'Point'], [',', 'Comma']] }),
    field({ name: 'header_line', label: 'Line of the header', type: 'number', min: 1, max: 1000000,
      help: 'where others come before it' }),
    field({ name: 'only', label: 'Rows may', type: 'select',
      options: [['', 'Create and change products'], ['update', 'Only change those that are there'],
        ['create', 'Only create new ones']] }),
    field({ name: 'missing', label: 'Products that are not in the file', type: 'select',
      options: [['', 'Stay as they are'], ['deactivate', 'Are made inactive'], ['zero', 'Lose their stock'],
        ['delete', 'Are deleted']] }),
    field({ name: 'max_shrink', label: 'Percent of the products that the file may lack', type: 'number', min: 0,
      max: 100, help: 'import nothing if there are more; 20 unless you say it' }),
    field({ name: 'min_rows', label: 'Rows that the file has at least', type: 'number', min: 1, max: 2147483647,
      help: 'import nothing if there are fewer' }),
    named,
  ];
  const start = el('button', { type: 'submit', class: 'primary', disabled: true }, 'Upload');
  const error = el('p', { class: 'error', role: 'alert' });
  let file = null;
  let map = new Map();

  const delimiter = () => ({ tab: '\t' })[options[1].read()] || options[1].read();
  async function show() {
    if (!file) return;
    const [, , encoding, stock] = options;
    const seen = await look(file, { delimiter: delimiter(), encoding: encoding.read(), map,
      headerLine: Number(more[1].read()) });
    const { lines, faults, warnings = [] } = verdict(file, seen, stock.read());
    seenAt.replaceChildren(lines.length ? el('p', {}, lines.join(' ')) : '',
      ...faults.map((f) => el('p', { class: 'error' }, f)),
      ...warnings.map((w) => el('p', { class: 'warning' }, w)),
      seen.header.length ? sampleTable(seen, (name, column) => { map.set(name, column); show(); }) : '');
    start.disabled = (faults.length > 0 && !named.read()) || !mayWrite() || session.demo;
  }
  function take(taken) {
    if (!taken) return;
    file = taken;
    chosen.textContent = `${isolate(file.name)}, ${bytes(file.size)}`;
    map = new Map();
    error.textContent = '';
    show().catch(fail);
  }
  async function go(event) {
    event.preventDefault();
    if (!file) return;
    if (isSending()) {
      error.textContent = 'Another file is on its way; this one can be sent when it has arrived.';
      return;
    }
    const sent = file;
    const lacking = more.find((o) => o.name === 'missing').read();
    if (lacking === 'delete' && !options.find((o) => o.name === 'dry_run').read()
      && !await confirm({ title: 'Delete products that are not in the file?', yes: 'Upload', no: 'Not yet',
        danger: true, text: 'The import deletes every product that the file does not have, up to the percentage that '
          + 'is said. “Only try it” shows which these are; an import can be taken back.' }))
      return;
    saved();
    start.disabled = true;
    error.textContent = '';
    const fields = [...options, ...more].map((o) => [o.name, o.read()]).filter(([, v]) => v)
      .map(([n, v]) => [n, v === true ? 'true' : n === 'delimiter' ? delimiter() : v]);
    for (const [name, column] of map) fields.push(['map', `${name}=${column}`]);
    try {
      const task = await upload(sent, fields);
      if (view.signal.aborted) tellEnd(sent, task);
      else location.hash = `#/imports/${task}`;
    } catch (e) {
      if (view.signal.aborted || e.status === 401) tellFailure(sent, e);
      if (e.stopped) chosen.textContent = e.message;
      else error.textContent = asSentence(e);
      start.disabled = false;
    }
  }

  const pasted = el('textarea', { rows: 5, 'aria-label': 'Rows to import', spellcheck: 'false', placeholder: EXAMPLE,
    input: () => {
    if (pasted.value.trim()) take(new File([pasted.value], 'pasted.csv', { type: 'text/csv' }));
  } });
  const saved = guard(pasted);
  const chosen = el('span', { class: 'quiet' }, 'No file is chosen yet.');
  const drop = el('div', { class: 'drop' },
    el('label', { class: 'target' }, el('span', {}, 'Drop a CSV file here, paste one, or choose it.'),
      el('span', { class: 'button' }, 'Choose a file'), chosen, input),
    el('details', {}, el('summary', {}, 'Write or paste rows instead'), pasted));
  input.addEventListener('change', () => take(input.files[0]));
  drop.addEventListener('dragover', (e) => { e.preventDefault(); drop.classList.add('dragged'); });
  drop.addEventListener('dragleave', (e) => {
    if (!drop.contains(e.relatedTarget)) drop.classList.remove('dragged');
  });
  drop.addEventListener('drop', (e) => {
    e.preventDefault();
    drop.classList.remove('dragged');
    take(e.dataTransfer.files[0]);
  });
  document.addEventListener('paste', (e) => {
    if (/^(INPUT|TEXTAREA)$/.test(e.target.tagName)) return;
    const text = e.clipboardData.getData('text');
    take(e.clipboardData.files[0] || (text.includes('\n') ? new File([text], 'pasted.csv', { type: 'text/csv' })
      : null));
  }, { signal: view.signal });
  const read = [...options.slice(1, 4), more[1], named];
  for (const o of read) o.input.addEventListener('change', () => show().catch(fail));

  return el('form', { class: 'card stack', submit: go, 'aria-label': 'Upload' }, drop,
    el('details', { id: 'format' }, el('summary', {}, 'What the file looks like'),
      el('p', {}, 'The first line names the columns: sku and name are needed; description, price, category, active, '
        + 'reorder_level and quantity are optional, others are left out. A product that is there already, whatever '
        + 'the case of its SKU, is changed; a column that is not in the file is left as it is.'),
      el('pre', {}, EXAMPLE), el('p', {},
        el('a', { href: `data:text/csv;charset=utf-8,${encodeURIComponent(EXAMPLE)}`, download: 'example.csv' },
        'Download this example'))),
    seenAt, el('div', { class: 'two' }, options.slice(0, 3).map((o) => o.node)), options.slice(3).map((o) => o.node),
    el('details', {}, el('summary', {}, 'More about the file'), el('div', { class: 'two' }, more.map((o) => o.node))),
    error,
    el('div', { class: 'row' }, start, (session.demo || !mayWrite())
      && el('span', { class: 'quiet' }, session.demo ? 'The demo reads no files.' : READ_ONLY)));
}

// How an upload does, with what an end that looks good hides: rows that were rejected.
export function stateOf(u) {
  if (u.status !== 'completed' || !u.rejected) return badge(u.status);
  return badge('partial', null, `completed, ${number(u.rejected)} of ${number(u.processed)} rejected`);
}

// Of one that was taken back, what was read of it is not what became of it.
export const counts = (u) => [['created', u.created], ['updated', u.updated], ['unchanged', u.unchanged],
  ['superseded', u.superseded], ['rejected', u.rejected]];

export async function show(view) {
  view.title('Imports');
  const past = list({
    view, path: '/api/upload', name: 'uploads', caption: 'Past uploads', key: (u) => u.task_id,
    empty: 'Nothing was uploaded yet.',
    filters: [{ name: 'status', label: 'Status',
      options: [['', 'All'], ...['receiving', 'queued', 'running', 'completed', 'failed',
      'cancelled'].map((s) => [s, s])] }],
    columns: [
      { name: 'file', text: 'File', class: 'text',
        cell: (u) => el('a', { href: `#/imports/${u.task_id}` }, named(u.filename, 'a file without a name')) },
      { name: 'status', text: 'Status', cell: (u) => [stateOf(u), u.status === 'running' ? ` ${u.percent} %` : ''] },
      { name: 'rows', text: 'Rows', class: 'number', cell: (u) => number(u.processed) },
      { name: 'created', text: 'Created', class: 'number', cell: (u) => number(u.created) },
      { name: 'updated', text: 'Updated', class: 'number', cell: (u) => number(u.updated) },
      { name: 'rejected', text: 'Rejected', class: 'number', cell: (u) => number(u.rejected) },
      { name: 'size', text: 'Size', class: 'number', cell: (u) => (u.bytes === undefined ? '–' : bytes(u.bytes)) },
      { name: 'at', text: 'Uploaded', cell: (u) => time(u.created_at) },
    ],
  });
  const again = feeds(view);
  view.main.append(uploadForm(view), el('h2', {}, 'Past uploads'), past.node, again.node);
  await Promise.all([past.load(), again.load()]);
  view.live({ import: () => Promise.all([past.load(), again.load()]) });
}
