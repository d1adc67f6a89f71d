// SPDX-License-Identifier: MIT
// Elements and how values are spelled. Whatever comes from outside reaches the page as a text node
// or as the value of an attribute, never as HTML.

// el('a', {href: '#/orders', class: 'quiet'}, 'Orders', child…): null and false children are left out.
// A property that is a function listens: {click: fn}; `value`, `checked` and the like are set as such.
const AS_PROPERTY = new Set(['value', 'checked', 'disabled', 'hidden', 'open', 'selected', 'indeterminate',
  'multiple']);

export function el(tag, props, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') e.addEventListener(name, value);
    else if (AS_PROPERTY.has(name)) e[name] = value;
    else e.setAttribute(name, value === true ? '' : String(value));
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

export function svg(tag, props, ...children) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

const counts = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const year = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function number(n) {
  return n === null || n === undefined ? '–' : counts.format(n);
}

export function clockTime(date) {
  return clock.format(date).replace(/\s/g, '\u00a0'); // in one line
}

// A moment in the reader's time zone; in UTC when pointed at.
export function time(text) {
  if (!text) return '–';
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  const now = new Date();
  const form = at.toDateString() === now.toDateString() ? clock : at.getFullYear() === now.getFullYear() ? day : year;
  return el('time', { datetime: text, title: text }, form.format(at));
}

export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 10) return `${Number(ms).toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60000)} min ${Math.round((ms % 60000) / 1000)} s`;
}

const WHOLE = new Set(['CLP', 'ISK', 'JPY', 'KRW', 'PYG', 'VND', 'XAF', 'XOF']); // there are no hundredths of these

// Money is decimal text and stays so, with hundredths at least.
export function money(amount, currency) {
  if (amount === null || amount === undefined || amount === '') return '–';
  let text = String(amount);
  if (/^-?\d+(\.\d)?$/.test(text) && !WHOLE.has(currency)) text += text.includes('.') ? '0' : '.00';
  return currency ? `${text} ${currency}` : text;
}

export function bytes(n) {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = n;
  let i = -1;
  while (value >= 1000 && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[i]}`;
}

export function plural(n, one, many = `${one}s`) {
  return `${number(n)} ${n === 1 ? one : many}`;
}

// A word with a mark in front, so that the colour is not all that tells.
const MARKS = {
  completed: '✓', success: '✓', delivered: '✓', up: '✓', healthy: '✓', active: '✓', enabled: '✓',
  ok: '✓',
  waiting: '○', 'given up': '✕', skipped: '–', queued: '○', receiving: '◐',
  failed: '✕', failure: '✕', down: '✕', degraded: '✕', out: '✕', rejected: '✕',
  pending: '○', processing: '◐', running: '◐', retry: '↻', low: '!', overdue: '!', partial: '!',
  cancelled: '–', inactive: '–', disabled: '–', idle: '–', unknown: '?',
};

export function badge(word, title, text = String(word).replace('_', ' ')) {
  const mark = String(word).replace('_', ' ');
  const known = Object.hasOwn(MARKS, mark);
  return el('span', { class: `badge ${known ? word : ''}`, title },
    el('span', { 'aria-hidden': 'true' }, known ? MARKS[mark] : '·'), ' ', text);
}

// A name inside a sentence: marks of direction in it must not turn the words around it.
const DIRECTED = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

export function isolate(name) {
  const text = String(name);
  return DIRECTED.test(text) ? `\u2068${text.replace(/[\u2066-\u2069]/g, '')}\u2069` : text;
}

let last = 0;
export function freshId(prefix) {
  return `${prefix}-${++last}`;
}

// Says something to those who listen to the page rather than look at it.
export function announce(text) {
  const at = document.getElementById('announcer');
  if (at && at.textContent !== text) at.textContent = text;
}
