// SPDX-License-Identifier: MIT
// Charts by Chart.js 3, each with the same figures as a table: for those who do not see the picture, and
// for a server where Chart.js is not installed.
import { el } from './dom.js';

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

function options(kind, horizontal, legend) {
  const brief = function (value) { // a long name would be cut at its beginning
    const text = this.getLabelForValue(value);
    return text.length > BRIEF ? `${text.slice(0, BRIEF - 1)}…` : text;
  };
  const axis = { grid: { color: colour('line') }, ticks: { color: colour('quiet'), precision: 0 }, beginAtZero: true };
  const plain = { ...axis, grid: { display: false } };
  return {
    // a chart that is drawn again every other second must be calm
    responsive: true, maintainAspectRatio: false, animation: false,
    indexAxis: horizontal ? 'y' : 'x',
    plugins: { legend: { display: legend, position: 'bottom', labels: { color: colour('ink'), boxWidth: 12 } } },
    scales: kind === 'doughnut' ? {} : { x: horizontal ? axis : plain, y: horizontal
      ? { ...plain, ticks: { ...plain.ticks, autoSkip: false, callback: brief } } : axis },
  };
}

function dataOf(kind, { labels, sets }) {
  return {
    labels,
    datasets: sets.map((s) => ({
      label: s.label, data: s.values, borderWidth: kind === 'doughnut' ? 2 : 0,
      borderColor: colour('card'), maxBarThickness: 26, skipNull: true,
      backgroundColor: Array.isArray(s.colour) ? s.colour.map((c) => colour(`fill-${c}`)) : colour(`fill-${s.colour}`),
    })),
  };
}

function tableOf(title, { labels, sets }) {
  return el('table', {}, el('caption', { class: 'hidden' }, title),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'hidden' }, 'What')),
      sets.map((s) => el('th', { scope: 'col', class: 'number' }, s.label)))),
    el('tbody', {}, labels.map((label, i) => el('tr', {}, el('th', { scope: 'row' }, label),
      sets.map((s) => el('td', { class: 'number' }, String(s.values[i] ?? '–')))))));
}

// chart({title, kind: bar|doughnut, horizontal}) -> {node, show({labels, sets: [{label, values, colour}]})}
// colour is a name of the sheet, or one a value.
export function chart({ title, kind, horizontal = false, signal }) {
  const canvas = el('canvas', { role: 'img', 'aria-label': `${title}, as a chart; the table below has the figures` });
  const box = el('div', { class: horizontal ? 'chart tall' : 'chart' }, canvas);
  const figures = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, as a table` });
  const more = el('details', {}, el('summary', { class: 'quiet' }, 'As a table'), figures);
  let drawn = null;
  let data = null;

  async function draw() {
    const Chart = await load();
    if (signal.aborted || !data) return;
    box.hidden = !Chart;
    if (!Chart) {
      more.open = true;
    } else if (drawn) {
      drawn.data.labels = data.labels;
      dataOf(kind, data).datasets.forEach((set, i) => { Object.assign(drawn.data.datasets[i], set); });
      drawn.update();
    } else {
      drawn = new Chart(canvas, { type: kind, data: dataOf(kind, data),
        options: options(kind, horizontal, kind === 'doughnut' || data.sets.length > 1) });
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
    node: el('div', {}, box, more),
    show(fresh) {
      const text = JSON.stringify(fresh);
      if (data && text === JSON.stringify(data)) return;
      data = fresh;
      figures.replaceChildren(tableOf(title, fresh));
      draw();
    },
  };
}
