// SPDX-License-Identifier: MIT
// Webhooks: who is told what, and whether they listen.
import { el, badge, number } from './dom.js';
import { put } from './api.js';
import { list } from './table.js';
import { action, notify } from './dialog.js';

// What a webhook can be told of; those with a star stand for all that begin so.
export const EVENTS = {
  '*': 'All events', 'product.*': 'All product events', 'order.*': 'All order events',
  'inventory.*': 'All stock events',
  'product.created': 'A product was made', 'product.updated': 'A product was changed',
  'product.deleted': 'A product was deleted',
  'order.completed': 'An order was done', 'order.failed': 'An order was given up',
  'order.cancelled': 'An order was cancelled',
  'inventory.low': 'Stock ran low', 'inventory.out': 'Stock ran out',
};

export async function show(view) {
  view.title('Webhooks', action('New webhook', () => { location.hash = '#/webhooks/new'; }, { class: 'primary' }));
  const hooks = list({
    view, path: '/api/webhooks', name: 'webhooks', caption: 'Webhooks',
    empty: ['Nobody is told anything yet. ',
    el('a', { href: '#/webhooks/new' }, 'Tell another system of every change')],
    columns: [
      { name: 'url', text: 'Address', class: 'address', cell: (w) => el('a', { href: `#/webhooks/${w.id}` }, w.url) },
      { name: 'events', text: 'Events', class: 'text',
        cell: (w) => (w.event_types || []).map((type) => (type === '*' ? EVENTS[type] : type)).join(', ') },
      { name: 'state', text: 'State', cell: (w) => badge(w.enabled ? 'enabled' : 'disabled', w.disabled_reason) },
      { name: 'why', text: 'Trouble', cell: (w) => (w.enabled
        ? (w.failures ? `${number(w.failures)} failures in a row` : '') : w.disabled_reason || 'disabled by hand') },
      { name: 'waiting', text: 'Waiting', class: 'number', cell: (w) => number(w.waiting) },
      { name: 'do', text: 'Actions', hidden: true, class: 'keep',
        cell: (w) => action(w.enabled ? 'Disable' : 'Enable', async () => {
        await put(`/api/webhooks/${w.id}`, { enabled: !w.enabled });
        notify(`${w.url} is ${w.enabled ? 'disabled' : 'enabled'}.`);
        hooks.load();
      }, { class: 'small', 'aria-label': `${w.enabled ? 'Disable' : 'Enable'} ${w.url}` }) },
    ],
  });
  view.main.append(hooks.node);
  await hooks.load();
}
