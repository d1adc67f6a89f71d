// SPDX-License-Identifier: MIT
// Privacy requests: who asked to see or to be forgotten, and what was done about it.
import { el, badge, number, plural, time } from './dom.js';
import { list } from './list.js';

const KINDS = { data_request: 'wants to know what is held', customer_redact: 'wants to be forgotten',
  shop_redact: 'the shop wants to be forgotten' };

// What follows from it, in words.
function done(r) {
  if (!r.done_at) return 'The next scan does it.';
  const held = r.order_ids.length;
  if (r.kind === 'data_request')
    return [`${plural(held, 'order')} held. `, el('a', { href: `/api/privacy-requests/${r.id}`,
      download: `privacy-request-${r.id}.json`, 'aria-label': `All that is held, request ${r.id}` },
    'All that is held')];
  if (r.kind === 'shop_redact') return 'Every order of the shop was redacted.';
  return [`${plural(held, 'order')} redacted`, r.bodies > 0 && `, ${number(r.bodies)} in quarantine`,
    r.missing_external_order_ids.length > 0 && `; ${number(r.missing_external_order_ids.length)} not here yet`, '.'];
}

export async function show(view) {
  view.title('Privacy requests');
  const requests = list({
    view, path: '/api/privacy-requests', name: 'privacy_requests', caption: 'Privacy requests',
    empty: 'Nobody has asked.',
    columns: [
      { name: 'at', text: 'Received', cell: (r) => time(r.received_at) },
      { name: 'kind', text: 'Who', class: 'text', cell: (r) => [r.customer_id ? `Customer ${r.customer_id} ` : '',
        KINDS[r.kind]] },
      { name: 'shop', text: 'Shop', cell: (r) => r.shop },
      { name: 'orders', text: 'Orders', class: 'text', cell: (r) => r.order_ids.slice(0, 10).flatMap((id, i) =>
        [i ? ', ' : '', el('a', { href: `#/orders/${id}` }, String(id))])
        .concat(r.order_ids.length > 10 ? ` and ${number(r.order_ids.length - 10)} more` : []) },
      { name: 'state', text: 'State', cell: (r) => (r.done_at ? badge('completed', null, 'done') : badge('pending')) },
      { name: 'done', text: 'Done', cell: (r) => time(r.done_at) },
      { name: 'what', text: 'What was done', class: 'text', cell: done },
    ],
  });
  view.main.append(el('p', { class: 'quiet' },
    'They come from Shopify as customers/data_request, customers/redact and shop/redact; fulfil-scan does them.'),
  requests.node);
  await requests.load();
}
