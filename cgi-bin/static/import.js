// SPDX-License-Identifier: MIT
// One upload, from the queue to its end. The task is in the address, so a reload goes on watching.
import { el, announce, badge, bytes, number, time, duration } from './dom.js';
import { get, isDemo, post } from './api.js';
import { action, confirm, notify } from './dialog.js';
import { counts } from './imports.js';

const OPEN = ['receiving', 'queued', 'running'];
const AGAIN_MS = 2000;
const PHASES = { parse: 'reading the file', merge: 'writing products', commit: 'finishing' };

export async function show(view) {
  const path = `/api/upload/${view.id}`;
  const body = el('div', { class: 'stack' });
  let shown = null;

  function actions(u) {
    return [
      OPEN.includes(u.status) && action('Cancel…', async () => {
        if (!await confirm({ title: `Cancel ${u.filename}?`, yes: 'Cancel the import', danger: true, text: 'Nothing of the file is kept: all of it is taken back.' })) return;
        await post(`${path}/cancel`);
        notify('The import is being cancelled.');
      }),
      u.rejected > 0 && !OPEN.includes(u.status) && el('a', { class: 'button', href: `${path}/rejects`, download: '' }, `Download ${number(u.rejected)} rejected rows`),
    ];
  }

  function speed(u) {
    const rows = `${number(u.processed)}${u.total ? ` of ${number(u.total)}` : ''} rows`;
    return u.rows_per_second ? `${rows}, ${number(u.rows_per_second)} a second` : rows;
  }

  function facts(u) {
    const seconds = u.started_at && u.finished_at ? (new Date(u.finished_at) - new Date(u.started_at)) / 1000 : null;
    const rows = [...counts(u).map(([name, n]) => [name[0].toUpperCase() + name.slice(1), number(n)]),
      ['Size', u.bytes === undefined ? '–' : bytes(u.bytes)], ['Uploaded', time(u.created_at)], ['Ended', time(u.finished_at)],
      seconds === null ? null : ['Took', duration(seconds * 1000)]].filter(Boolean);
    return el('dl', { class: 'parts' }, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
  }

  // The heading is made again only where its buttons change, lest they lose the focus.
  function put(u) {
    const key = `${u.status} ${u.rejected > 0}`;
    if (shown !== key) {
      view.title(u.filename, ...actions(u));
      view.main.append(body);
      if (shown) announce(`${u.filename}: ${u.status}`);
      shown = key;
    }
    const trying = u.options?.dry_run;
    body.replaceChildren(el('section', { class: 'card stack', 'aria-label': 'Progress' },
      el('p', {}, badge(u.status), ' ', u.cancelling ? 'is being cancelled' : u.status === 'running' ? PHASES[u.phase] || u.phase : '', trying ? ' Only tried: nothing is changed.' : ''),
      OPEN.includes(u.status) && el('progress', { max: 100, value: u.percent, 'aria-label': 'Imported' }, `${u.percent} %`),
      el('p', {}, speed(u)),
      u.error_message && el('p', { class: 'error' }, u.error_message), facts(u)));
    if (u.status === 'completed' && u.rejected > 0)
      body.append(el('p', {}, 'The rejected rows are not imported. Download them, mend them, and upload that file.'));
  }

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
