// SPDX-License-Identifier: MIT
// Feeds: files that come again and again under a name, as they were the last time.
import { el, named, number, time } from './dom.js';
import { get } from './api.js';
import { table } from './table.js';

const LABELS = { like: 'as', location: 'location', columns: 'columns', encoding: 'encoding', decimal: 'decimal mark',
  delimiter: 'delimiter', header_line: 'header in line', spreadsheet: 'of a spreadsheet', no_details: 'without details',
  map: 'map' };

const said = ([name, value]) => (value === true ? LABELS[name] ?? name
  : `${LABELS[name] ?? name} ${[].concat(value).map((v) => (v === '\t' ? 'tab' : v)).join(', ')}`);

const optionsOf = (f) => Object.entries(f.options).map(said).join('; ') || 'as it is found';

const lastOf = (f) => (f.refused ? ['Refused ', time(f.refused_at), `: ${f.refused}`] : 'Imported');

// A section with what is kept of each feed: {node, load}.
export function feeds(view) {
  const more = el('p', { class: 'quiet', hidden: true });
  const grid = table({
    caption: 'Feeds', key: (f) => f.name,
    empty: 'No file has a name yet. One that comes again and again may have one: it is written above, under '
      + '“More about the file”, or given with fulfil-import --feed.',
    columns: [
      { text: 'Name', class: 'text', cell: (f) => named(f.name) },
      { text: 'Rows', class: 'number', cell: (f) => number(f.rows) },
      { text: 'Columns', class: 'text', cell: (f) => f.columns.join(', ') },
      { text: 'Read', class: 'text', cell: optionsOf },
      { text: 'Imported', cell: (f) => time(f.imported_at) },
      { text: 'Newest file', class: 'text', cell: lastOf },
    ],
  });
  const load = async () => {
    const { feeds: found, total } = await get('/api/feeds', { signal: view.signal });
    grid.show(found);
    more.hidden = total <= found.length;
    more.textContent = `${number(total - found.length)} more; fulfil feeds list shows them.`;
  };
  return { node: el('section', { class: 'stack' }, el('h2', {}, 'Feeds'), grid.node, more), load };
}
