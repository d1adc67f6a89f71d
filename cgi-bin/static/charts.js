// SPDX-License-Identifier: MIT
// Charts by Chart.js 3, each with the same figures as a table: for those who do not see the picture, and
// for a server where Chart.js is not installed.
import { el, number } from './dom.js';

let library = null;

function load() {
  library = library || new Promise((resolve) => {
    if (window.Chart) return resolve(window.Chart);
    const script = el('script', { src: new URL('chart.js', import.meta.url).href });
    script.addEventListener('load', () => resolve(window.Chart || null));
    script.addEventListener('error', () => resolve(null));
    document.head.append(script);
  });
  return library;
}

const BRIEF = 18; // letters
const dark = window.matchMedia('(prefers-color-scheme: dark)');

// The colours of the sheet, by name.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Where a bar or a point leads.
const linkOf = (data, hits) => hits.length > 0 && data.sets[hits[0].datasetIndex].links?.[hits[0].index];

function options(kind, horizontal, legend, form, at) {
  const brief = function (value) { // a long name would be cut at its beginning
    const text = this.getLabelForValue(value);
    return text.length > BRIEF ? `${text.slice(0, BRIEF - 1)}…` : text;
  };
  const axis = { grid: { color: colour('line') }, beginAtZero: true,
    ticks: { color: colour('quiet'), precision: 0, ...(form && { callback: (v) => form(v) }) } };
  const plain = { ...axis, grid: { display: false }, ticks: { color: colour('quiet'), maxRotation: 0,
    autoSkipPadding: 12 } };
  return {
    // a chart that is drawn again every other second must be calm
    responsive: true, maintainAspectRatio: false, animation: false,
    indexAxis: horizontal ? 'y' : 'x',
    interaction: kind === 'line' ? { mode: 'index', intersect: false } : undefined,
    onClick: (event, hits, { scales }) => {
      const near = kind === 'line' ? hits.filter((h) => h.element.y !== undefined).sort((a, b) =>
        Math.abs(a.element.y - event.y) - Math.abs(b.element.y - event.y)) : hits;
      const to = linkOf(at(), near.length || !scales.y ? near : []);
      if (to) location.hash = to;
    },
    onHover: (event, hits) => { event.native.target.style.cursor = linkOf(at(), hits) ? 'pointer' : ''; },
    plugins: { tooltip: { callbacks: form && { label: (c) => `${c.dataset.label}: ${form(c.parsed.y)}` } },
      legend: { display: legend, position: 'bottom', labels: { color: colour('ink'), boxWidth: 12 } } },
    scales: { x: horizontal ? axis : plain, y: horizontal
      ? { ...plain, ticks: { ...plain.ticks, autoSkip: false, callback: brief } } : axis },
  };
}

function dataOf(kind, { labels, sets }) {
  const fill = (name) => colour(`fill-${name}`);
  return {
    labels,
    datasets: sets.map((s) => {
      const colours = Array.isArray(s.colour) ? s.colour.map(fill) : fill(s.colour);
      const set = { label: s.label, data: s.values, backgroundColor: colours };
      if (kind === 'line' && !s.bars)
        return { ...set, type: 'line', borderColor: colours, borderWidth: 2, pointRadius: 1.5, pointHitRadius: 10,
          cubicInterpolationMode: 'monotone' };
      return { ...set, type: 'bar', maxBarThickness: 26, skipNull: true };
    }),
  };
}

function tableOf(title, { labels, sets }, form) {
  const value = (s, i) => (s.values[i] === null || s.values[i] === undefined ? '–' : form(s.values[i]));
  return el('table', {}, el('caption', { class: 'hidden' }, title),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'hidden' }, 'What')),
      sets.map((s) => el('th', { scope: 'col', class: 'number' }, s.label)))),
    el('tbody', {}, labels.map((label, i) => el('tr', {}, el('th', { scope: 'row' }, label),
      sets.map((s) => el('td', { class: 'number' },
        s.links && s.values[i] ? el('a', { href: s.links[i] }, value(s, i)) : value(s, i)))))));
}

// chart({title, kind: bar|line, horizontal, form}) -> {node, show({labels, sets: [{label, values,
// colour, links, bars}]})}: colour is a name of the sheet, or one a value; links are where values lead; `form`
// spells a value; `bars` is a set of bars among lines. Where all is nothing, it says so instead.
export function chart({ title, kind, horizontal = false, signal, form }) {
  const canvas = el('canvas', { role: 'img', 'aria-label': `${title}, as a chart; the table below has the figures` });
  const box = el('div', { class: horizontal ? 'chart tall' : 'chart' }, canvas);
  const figures = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, as a table` });
  const more = el('details', {}, el('summary', { class: 'quiet' }, 'As a table'), figures);
  const none = el('p', { class: 'quiet', hidden: true }, 'Nothing to draw yet.');
  let drawn = null;
  let data = null;

  async function draw() {
    const Chart = await load();
    if (signal.aborted || !data) return;
    none.hidden = data.sets.some((s) => s.values.some(Boolean));
    more.hidden = !none.hidden;
    box.hidden = !Chart || more.hidden;
    if (more.hidden) return;
    if (!Chart) {
      more.open = true;
    } else if (drawn) {
      drawn.data.labels = data.labels;
      dataOf(kind, data).datasets.forEach((set, i) => { Object.assign(drawn.data.datasets[i], set); });
      drawn.update();
    } else {
      drawn = new Chart(canvas, { type: 'bar', data: dataOf(kind, data),
        options: options(kind, horizontal, data.sets.length > 1, form, () => data) });
    }
  }

  function repaint() {
    drawn?.destroy();
    drawn = null;
    draw();
  }
  dark.addEventListener('change', repaint, { signal });
  signal.addEventListener('abort', () => drawn?.destroy());
  return {
    node: el('div', {}, none, box, more),
    show(fresh) {
      const text = JSON.stringify(fresh);
      if (data && text === JSON.stringify(data)) return;
      data = fresh;
      figures.replaceChildren(tableOf(title, fresh, form || number));
      draw();
    },
  };
}
