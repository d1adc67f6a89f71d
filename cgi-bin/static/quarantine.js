// SPDX-License-Identifier: MIT
// Quarantine: signed webhooks that are no orders, kept as they came.
import { el, breakable, bytes, time, visible } from './dom.js';
import { del, isDemo, post } from './api.js';
import { action, confirm, notify } from './dialog.js';
import { list } from './list.js';

const MOST = 20000; // letters that are shown

const COLUMNS = 8;

// The body as text, in a row of its own, fetched when it is opened.
function bodyOf(q) {
  const text = el('pre', { tabindex: '0' }, '…');
  const row = el('tr', { role: 'row', class: 'opened' }, el('td', { role: 'cell', colspan: COLUMNS }, text));
  const open = async () => {
    const answer = await fetch(`/api/quarantine/${q.id}`);
    const all = answer.ok ? await answer.text() : `The server answers ${answer.status}.`;
    text.textContent = visible(all.length > MOST ? `${all.slice(0, MOST)}…` : all || '(empty)');
  };
  const look = el('button', { type: 'button', class: 'small', 'aria-expanded': 'false',
    'aria-label': `Preview body ${q.id}`, click: () => {
    if (row.isConnected) row.remove();
    else look.closest('tr').after(row);
    look.setAttribute('aria-expanded', String(row.isConnected));
    if (text.textContent === '…') open().catch(() => { text.textContent = 'The server does not answer.'; });
  } }, 'Preview');
  return look;
}

// Where it is kept, the reason of now is shown by the list.
async function tryAgain(q, load) {
  try {
    const { status, order_id: order } = await post(`/api/quarantine/${q.id}/retry`);
    notify(order ? `Taken in (${status}) as order ${order}.` : `Taken in (${status}).`);
  } finally {
    await load();
  }
}

async function drop(q, load) {
  if (!await confirm({ title: 'Delete this webhook?', yes: 'Delete', danger: true,
    text: ['What it says is lost: no order follows from it.', `${q.topic || 'No topic'} of ${q.shop}: ${q.reason}`] }))
    return;
  await del(`/api/quarantine/${q.id}`);
  notify('The webhook is deleted.');
  await load();
}

export async function show(view) {
  view.title('Quarantine', el('a', { class: 'button', href: '#/privacy' }, 'Privacy requests'));
  const kept = list({
    view, path: '/api/quarantine', name: 'quarantine', caption: 'Webhooks in quarantine', empty: 'Nothing was refused.',
    columns: [
      { name: 'at', text: 'Received', cell: (q) => time(q.received_at) },
      { name: 'shop', text: 'Shop', cell: (q) => q.shop && breakable(q.shop) },
      { name: 'topic', text: 'Topic', cell: (q) => q.topic },
      { name: 'reason', text: 'Why', class: 'text', cell: (q) => q.reason },
      { name: 'from', text: 'From', cell: (q) => q.remote_addr },
      { name: 'bytes', text: 'Size', class: 'number', cell: (q) => bytes(q.bytes) },
      { name: 'body', text: 'Body', class: 'body',
        cell: (q) => el('div', { class: 'row' }, !isDemo() && bodyOf(q),
        el('a', { href: `/api/quarantine/${q.id}`, download: '', 'aria-label': `Download body ${q.id}` },
        'Download')) },
      { name: 'do', text: 'Actions', hidden: true, class: 'keep', cell: (q) => el('div', { class: 'row' },
        action('Try again', () => tryAgain(q, kept.load), { class: 'small', 'aria-label': `Try again: body ${q.id}` }),
        action('Delete', () => drop(q, kept.load), { class: 'small', 'aria-label': `Delete body ${q.id}` })) },
    ],
  });
  view.main.append(el('p', { class: 'quiet' },
    'These came with a good signature, but could not be taken in: each says why. Nothing of them is lost. '
      + 'Try one again once its reason is gone, or send it mended with fulfil-recv.'), kept.node);
  await kept.load();
}
