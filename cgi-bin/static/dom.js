// SPDX-License-Identifier: MIT
// Elements and how values are spelled. Whatever comes from outside reaches the page as a text node
// or as the value of an attribute, never as HTML.

// Characters that nobody sees, or that turn the text around them, are spelled out, so that two names that
// look alike are alike. Those that letters and pictures are joined by stay where they join some, and a pair
// of isolates that holds text from right to left (see isolate).
const UNSEEN = new RegExp('\\u2068(?=[^\\u2069]*[\\u0590-\\u08ff\\ufb1d-\\ufefc])[^\\u2068\\u2069]*\\u2069'
  + '|[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f'
  + '\\u1160\\u17b4\\u17b5\\u180e'
  + '\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb]'
  + '|(?<=^|[\\p{ASCII}\\p{sc=Latin}\\p{sc=Greek}\\p{sc=Cyrillic}])(?:[\\u200c\\u200d]|[\\ufe00-\\ufe0f](?!\\u20e3))'
  + '|(?<![\\u{1f3f4}\\u{e0020}-\\u{e007e}])[\\u{e0000}-\\u{e007f}]', 'gu');

const sign = (c) => (c.length > 2 ? c
  : `\u2039U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u203a`);

export function visible(text) {
  return text.replace(UNSEEN, sign);
}

// The first of the texts in which there is something to see.
export function named(...texts) {
  return texts.find((text) => text && String(text).replace(UNSEEN, '').trim() !== '') ?? '';
}

// el('a', {href: '#/orders', class: 'quiet'}, 'Orders', child…): null and false children are left out.
// A property that is a function listens: {click: fn}; `value`, `checked` and the like are set as such.
// What is read or heard is spelled out by visible(); an address and the value of a field stay as they are.
const SPOKEN = new Set(['title', 'aria-label', 'data-label']);
const AS_PROPERTY = new Set(['value', 'checked', 'disabled', 'hidden', 'open', 'selected', 'indeterminate',
  'multiple']);

export function el(tag, props, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') e.addEventListener(name, value);
    else if (AS_PROPERTY.has(name)) e[name] = value;
    else e.setAttribute(name, value === true ? '' : SPOKEN.has(name) ? visible(String(value)) : String(value));
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false)
    .map((c) => (c instanceof Node ? c : visible(String(c)))));
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

// Broken, where it has to be, between date and time only.
function inOne(form, date) {
  return form.formatToParts(date).map(({ type, value }, i, all) => (
    type === 'literal' && all[i + 1]?.type !== 'hour' ? value.replace(/\s/g, '\u00a0') : value)).join('');
}

export const clockTime = (date) => inOne(clock, date);

const at = (text) => new Date(text);

function spell(date) {
  const now = new Date();
  const form = date.toDateString() === now.toDateString() ? clock
    : date.getFullYear() === now.getFullYear() ? day : year;
  return inOne(form, date);
}

// A moment in the reader's time zone; in UTC when pointed at.
export function time(text) {
  if (!text) return '–';
  if (Number.isNaN(at(text).getTime())) return text;
  return el('time', { datetime: text, title: text }, spell(at(text)));
}

// Spells the moments of the page again: those of today have no date, and it is another day now, or paper.
export function retime(form = spell) {
  for (const node of document.querySelectorAll('time')) node.textContent = form(at(node.dateTime));
}

export const fullTime = (date) => year.format(date);

export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 10) return `${Number(ms).toFixed(1)}\u00a0ms`;
  if (ms < 1000) return `${Math.round(ms)}\u00a0ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)}\u00a0s`;
  return `${Math.floor(ms / 60000)}\u00a0min ${Math.round((ms % 60000) / 1000)}\u00a0s`;
}

const WHOLE = new Set(['CLP', 'ISK', 'JPY', 'KRW', 'PYG', 'VND', 'XAF', 'XOF']); // there are no hundredths of these

// Money is decimal text and stays so, with hundredths at least.
const point = new Intl.NumberFormat().formatToParts(0.5).find((p) => p.type === 'decimal').value;

export function money(amount, currency) {
  if (amount === null || amount === undefined || amount === '') return '–';
  const [, minus, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount)) || [];
  const cents = WHOLE.has(currency) ? part : part.padEnd(2, '0');
  const text = whole === undefined ? String(amount)
    : `${minus}${counts.format(BigInt(whole))}${cents && point + cents}`;
  return currency ? `${text} ${currency}` : text;
}

// An address that is broken at its signs, where it has to be.
export function breakable(text) {
  return String(text ?? '').split(/(?<=[@./_-])/).flatMap((part, i) => (i ? [el('wbr'), part] : [part]));
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
  failed: '✕', failing: '✕', failure: '✕', down: '✕', degraded: '✕', out: '✕', rejected: '✕',
  pending: '○', processing: '◐', running: '◐', retry: '↻', low: '!', overdue: '!', partial: '!', paused: '!',
  cancelled: '–', inactive: '–', disabled: '–', idle: '–', unknown: '?',
};

export function badge(word, title, text = String(word).replace('_', ' ')) {
  const mark = String(word).replace('_', ' ');
  const known = Object.hasOwn(MARKS, mark);
  const [first, ...rest] = text.split(' '); // the mark is never alone in a line
  return el('span', { class: `badge ${known ? word : ''}`, title }, el('span', { class: 'whole' },
    el('span', { 'aria-hidden': 'true' }, known ? MARKS[mark] : '·'), `\u00a0${first}`), rest.map((w) => ` ${w}`));
}

// A name inside a sentence: what is written from right to left in it must not turn the words around it.
const TURNED = /[\u0590-\u08ff\ufb1d-\ufefc]/;

export function isolate(name) {
  const text = visible(String(name)).replace(/[\u2068\u2069]/g, '');
  return TURNED.test(text) ? `\u2068${text}\u2069` : text;
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

// Makes `old` look like `now` and leaves what is the same in its place, so that what has the focus, or is being
// pressed, stays. For what has no listeners of its own.
export function morph(old, now) {
  const before = [...old.childNodes];
  const after = [...now.childNodes];
  after.forEach((n, i) => {
    const o = before[i];
    if (!o) old.append(n);
    else if (o.nodeType !== Node.ELEMENT_NODE || o.nodeName !== n.nodeName) { if (!o.isEqualNode(n)) o.replaceWith(n); }
    else if (!o.isEqualNode(n)) {
      for (const { name } of [...o.attributes]) if (!n.hasAttribute(name)) o.removeAttribute(name);
      for (const { name, value } of n.attributes) o.setAttribute(name, value);
      morph(o, n);
    }
  });
  for (const o of before.slice(after.length)) o.remove();
}
