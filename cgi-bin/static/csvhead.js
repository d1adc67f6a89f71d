// SPDX-License-Identifier: MIT
// A first look at a CSV file, before it is sent: its encoding, delimiter, header and first rows. What the
// importer does is what counts; this only tells early what would be refused.

import { LISTS, UNITS } from './guesses.js';

export const COLUMNS = ['sku', 'name', 'description', 'price', 'category', 'active', 'reorder_level', 'quantity',
  'quantity_was', 'id', 'counted_at'];
const ALIASES = new Map([
  ['title', 'name'], ['product_name', 'name'], ['product_title', 'name'], ['variant_sku', 'sku'],
  ['product_sku', 'sku'], ['fulfil_id', 'id'],
  ['body', 'description'], ['body_(html)', 'description'], ['body_html', 'description'],
  ['product_description', 'description'],
]);
const ENOUGH = ['name', 'price', 'quantity', 'category', 'active', 'reorder_level']; // besides a SKU
const LISTED = ['sku', 'name', 'description', 'price', 'quantity']; // columns that a guess is of use for
const DELIMITERS = [',', ';', '\t', '|'];
const LOOK = 65536; // bytes
const SHOWN = 5;    // rows
const QUIET = ['reject_line', 'reject_reason', 'spreadsheet', 'barcode', 'ean', 'gtin', 'upc', 'cost',
  'compare_at_price', 'vendor', 'brand', 'manufacturer', 'tags', 'weight', 'image_url', 'group', 'handle',
  'group_title', 'options', '']; // not told as kept as they are

const plain = (name) => name.trim().toLowerCase().replace(/[\s\uFEFF_-]+/g, '_');

export function columnOf(name) {
  const key = plain(name);
  return COLUMNS.includes(key) ? key : ALIASES.get(key) || '';
}

// The column that a name of other systems and suppliers most likely means, and its rank: see lib/catalogue/guess.h.
// The importer knows more of a format than its names; this only keeps the page from asking for what it finds.
function guessOf(name) {
  let folded = name.toLowerCase().replace(/[\s\uFEFF\-_.,:*#/()[\]]+/g, '');
  for (let tries = 0; tries < 4 && folded; tries++) {
    const key = `|${folded}|`;
    for (const { column, sure, weak } of LISTS) {
      if (tries > 0 && column !== 'price' && column !== 'quantity') continue;
      if (sure.includes(key)) return { column, rank: 0 };
      if (weak.includes(key)) return { column, rank: weak.slice(0, weak.indexOf(key) + 1).split('|').length };
    }
    const cut = folded;
    const unit = UNITS.find((u) => cut.length > u.length && cut.endsWith(u));
    if (!unit) return null;
    folded = folded.slice(0, -unit.length);
  }
  return null;
}

// Records of the text, quotes observed; `whole` says whether the last one is at its end.
export function records(text, delimiter, whole, most = SHOWN + 1) {
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === delimiter) { row.push(cell); cell = ''; } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      row.push(cell);
      if (row.some((v) => v !== '')) rows.push(row);
      if (rows.length === most) return rows;
      row = [];
      cell = '';
    } else cell += c;
  }
  if (whole && (cell !== '' || row.length)) rows.push([...row, cell]);
  return rows;
}

// A mark at the beginning counts for more than what was chosen, as it does with the importer.
async function textOf(file, chosen) {
  const bytes = new Uint8Array(await file.slice(0, LOOK).arrayBuffer());
  const as = (name, encoding) => ({ encoding,
    text: new TextDecoder(name).decode(bytes, { stream: file.size > LOOK }) });
  if (bytes[0] === 0xFF && bytes[1] === 0xFE) return as('utf-16le', 'UTF-16');
  if (bytes[0] === 0xFE && bytes[1] === 0xFF) return as('utf-16be', 'UTF-16');
  if (chosen && !(bytes[0] === 0xEF && bytes[1] === 0xBB && bytes[2] === 0xBF)) return as(chosen, chosen);
  try {
    return { encoding: 'UTF-8', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes,
      { stream: file.size > LOOK }) };
  } catch {
    return as('windows-1252', '');
  }
}

const COMMA = /^\s*\d+,\d{1,2}\s*$/;

// map: what was chosen for columns, by their names. {encoding ('' if it is not UTF-8 and none was chosen),
// delimiter, header, columns, missing, unknown, twice, commas (prices written so), complete, rows (the first), total,
// or the estimate of a file that is larger than the look at it}
export async function look(file, { delimiter = '', encoding: chosen = '', map = new Map(), headerLine = 0 } = {}) {
  const { encoding, text: whole } = await textOf(file, chosen);
  const said = /^\uFEFF?sep=(.)\r?\n/.exec(whole);
  const rest = said ? whole.slice(said[0].length) : whole.replace(/^\uFEFF/, '');
  const text = headerLine > 1 ? rest.split(/\r\n|\n|\r/).slice(headerLine - 1).join('\n') : rest;
  const complete = file.size <= LOOK;
  const score = (d) => {
    const [header = []] = records(text, d, complete, 1);
    return header.filter((name) => columnOf(name) || guessOf(name) || map.get(name.trim())).length;
  };
  const best = delimiter || said?.[1] || DELIMITERS.reduce((a, d) => (score(d) > score(a) ? d : a), ',');
  const [header = [], ...all] = records(text, best, complete, complete ? Infinity : undefined);
  const rows = all.slice(0, SHOWN);
  const columns = header.map((name) => (map.has(name.trim()) ? map.get(name.trim()) : columnOf(name)));
  const open = header.map((name, i) => (columns[i] || map.has(name.trim()) ? null : guessOf(name)));
  for (const column of LISTED.filter((c) => !columns.includes(c))) {
    const ranks = open.filter((guess) => guess?.column === column).map((guess) => guess.rank);
    const first = open.findIndex((guess) => guess?.column === column && guess.rank === Math.min(...ranks));
    if (first >= 0) columns[first] = column;
  }
  const found = columns.filter(Boolean);
  const mean = text.length / Math.max(text.split('\n').length - 1, 1);
  return {
    encoding, delimiter: best, header: header.map((name) => name.trim()), columns, rows,
    mapped: [...map.keys()],
    missing: ['sku', 'name'].filter((c) => !found.includes(c)
      && (c === 'sku' || !ENOUGH.some((d) => found.includes(d)))),
    unknown: header.filter((name, i) => !columns[i] && !map.has(name.trim()) && !QUIET.includes(plain(name))
      && !name.startsWith('extra: ')),
    twice: [...new Set(found.filter((c, i) => found.indexOf(c) !== i))],
    commas: rows.some((row) => COMMA.test(row[columns.indexOf('price')] ?? '')),
    complete, total: complete ? all.length : null, estimate: complete ? null : Math.round(file.size / mean),
  };
}
