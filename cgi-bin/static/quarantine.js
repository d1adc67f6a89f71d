// SPDX-License-Identifier: MIT
// Quarantine: signed webhooks that are no orders, kept as they came.
import { el, bytes, time } from './dom.js';
import { list } from './table.js';

export async function show(view) {
  view.title('Quarantine');
  const kept = list({
    view, path: '/api/quarantine', name: 'quarantine', caption: 'Webhooks in quarantine', empty: 'Nothing was refused.',
    columns: [
      { name: 'at', text: 'Received', cell: (q) => time(q.received_at) },
      { name: 'shop', text: 'Shop', cell: (q) => q.shop },
      { name: 'topic', text: 'Topic', cell: (q) => q.topic },
      { name: 'reason', text: 'Why', class: 'text', cell: (q) => q.reason },
      { name: 'from', text: 'From', cell: (q) => q.remote_addr },
      { name: 'bytes', text: 'Size', class: 'number', cell: (q) => bytes(q.bytes) },
      { name: 'body', text: 'Body', cell: (q) => el('a', { href: `/api/quarantine/${q.id}`, download: '', 'aria-label': `Download body ${q.id}` }, 'Download') },
    ],
  });
  view.main.append(el('p', { class: 'quiet' },
    'These came with a good signature, but are not JSON or have no order id. Nothing of them is lost: send one again, mended, with fulfil-recv.'), kept.node);
  await kept.load();
}
