// SPDX-License-Identifier: MIT
// What came and how runs ended over the last hour to the last month, and how long orders took, on one time axis.
// Each point and bar leads to what it counts.
import { el, clockTime, duration, number } from './dom.js';
import { get, query } from './api.js';
import { chart } from './charts.js';

const RANGES = [['1h', '1 hour'], ['6h', '6 hours'], ['24h', '24 hours'], ['7d', '7 days'], ['30d', '30 days']];
const AGAIN_MS = 10000; // between two looks at most

const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

const STEPS = { 60: 'a minute', 300: 'in 5 minutes', 3600: 'an hour', 21600: 'in 6 hours' };

// What the API calls the list of a point: between its beginning and that of the next.
function linkTo(path, filters, { at }, seconds) {
  const until = new Date(new Date(at).getTime() + seconds * 1000).toISOString();
  return `#/${path}${query({ ...filters, since: at, until })}`;
}

export function timeline(view) {
  let range = RANGES.some(([r]) => r === localStorage.getItem('range')) ? localStorage.getItem('range') : '24h';
  const said = el('p', { class: 'lead' });
  const note = el('p', { class: 'quiet' });
  const slow = el('p', { class: 'lead' });
  const went = chart({ title: 'Orders over time', kind: 'line', signal: view.signal });
  const took = chart({ title: 'From intake to completed', kind: 'line', signal: view.signal, form: duration });
  const choose = (value, text) => {
    const short = value.replace(/(\D)$/, ' $1');
    return el('button', {
      type: 'button', class: 'small', 'aria-label': `${short}: the last ${text}`, 'data-range': value,
      click: () => {
        range = value;
        localStorage.setItem('range', value);
        lookedAt = 0;
        mark();
        load().catch(() => {});
      },
    }, short);
  };
  const choice = el('div', { class: 'choice', role: 'group', 'aria-label': 'Time shown' },
    RANGES.map(([value, text]) => choose(value, text)));
  let lookedAt = 0;

  function mark() {
    for (const b of choice.children) b.setAttribute('aria-pressed', String(b.dataset.range === range));
  }

  function show({ points, total, step_seconds: step, time, complete }) {
    const label = (p) => (step < 3600 || range === '24h' ? hour : day).format(new Date(p.at));
    const labels = points.map(label);
    const set = (name, text, colour, path, filters, more) => ({
      label: text, values: points.map((p) => p[name]), colour, links: points.map((p) => linkTo(path, filters, p, step)),
      ...more });
    went.show({ labels, sets: [
      set('failed', 'Failed', 'bad', 'logs', { task: 'process_order', status: 'failure' }, { bars: true }),
      set('received', 'Received', 'quiet', 'orders', {}),
      set('completed', 'Completed', 'good', 'logs', { task: 'process_order', status: 'success' }),
    ] });
    const of = (name, text, colour) =>
      set(name, text, colour, 'logs', { task: 'process_order', status: 'success' });
    took.show({ labels, sets: [of('p50_ms', 'Half within', 'accent'), of('p95_ms', '95 % within', 'warn')] });
    const ended = total.completed + total.failed;
    said.replaceChildren(complete ? '' : el('span', { class: 'quiet' }, 'at least'),
      el('span', {}, el('b', {}, number(total.received)), ' received'),
      el('span', {}, el('b', {}, number(total.completed)), ' completed'),
      el('span', { class: total.failed ? 'bad' : '' }, el('b', {}, number(total.failed)), ' failed',
        ended > 0 && total.failed > 0 && ` (${Math.max(0.1, Math.round(total.failed / ended * 1000) / 10)} %)`),
      el('span', { class: 'quiet' }, number(total.retried), ' tried again'));
    note.replaceChildren(`Each point is what came or ended ${STEPS[step]}, as of ${clockTime(new Date(time))}.`,
      complete ? '' : el('b', {}, ' Where the lines have a gap nothing is known: fulfil-scan has not run for long.'));
    slow.replaceChildren(
      el('span', {}, 'half within ', el('b', {}, duration(total.p50_ms))),
      el('span', {}, '95 % within ', el('b', {}, duration(total.p95_ms))));
  }

  async function load() {
    if (Date.now() - lookedAt < AGAIN_MS) return;
    lookedAt = Date.now();
    const asked = range;
    const answer = await get(`/api/timeline${query({ range })}`, { signal: view.signal });
    if (asked === range) show(answer);
  }
  mark();
  return { choice, went: [said, went.node, note], took: [slow, took.node], load };
}
