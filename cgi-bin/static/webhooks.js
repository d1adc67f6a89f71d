// SPDX-License-Identifier: MIT
// Webhooks: who is told what, and whether they listen.
import { el, badge, breakable, number, plural, time } from './dom.js';
import { put } from './api.js';
import { list } from './list.js';
import { action, notify } from './dialog.js';

// What a webhook can be told of; those with a star stand for all that begin so.
export const EVENTS = {
  '*': 'All events', 'product.*': 'All product events', 'order.*': 'All order events',
  'inventory.*': 'All stock events',
  'product.created': 'A product was made', 'product.updated': 'A product was changed',
  'product.deleted': 'A product was deleted',
  'order.completed': 'An order was done', 'order.failed': 'An order was given up',
  'order.cancelled': 'An order was cancelled', 'order.waiting': 'An order waits for stock',
  'order.shipped': 'An order was shipped, or a part of it',
  'inventory.low': 'Stock ran low', 'inventory.out': 'Stock ran out',
  'inventory.changed': 'Stock changed: told to those that name it',
  'webhook.disabled': 'Another webhook was disabled', 'webhook.recovered': 'Another webhook answers again',
  'delivery.given_up': 'A delivery to another webhook was given up',
};

// Whether it listens, as far as its last deliveries tell.
export function state(w) {
  if (!w.enabled) return badge('disabled', w.disabled_reason);
  if (w.failures) return badge('failing');
  return w.paused_until ? badge('paused') : badge('enabled');
}

export function trouble(w) {
  if (!w.enabled) return w.disabled_reason || 'disabled by hand';
  const since = w.failing_since ? [', since ', time(w.failing_since)] : [];
  if (w.failures) return [plural(w.failures, 'failure'), ' in a row', ...since];
  return w.paused_until ? ['asked for no deliveries until ', time(w.paused_until)] : '';
}

export async function show(view) {
  view.title('Webhooks', action('New webhook', () => { location.hash = '#/webhooks/new'; }, { class: 'primary' }));
  const hooks = list({
    view, path: '/api/webhooks', name: 'webhooks', caption: 'Webhooks',
    empty: ['Nobody is told anything yet. ',
    el('a', { href: '#/webhooks/new' }, 'Tell another system of every change')],
    columns: [
      { name: 'url', text: 'Address', class: 'address',
        cell: (w) => el('a', { href: `#/webhooks/${w.id}` }, breakable(w.url)) },
      { name: 'events', text: 'Events', class: 'text parted',
        cell: (w) => breakable((w.event_types || []).map((type) => (type === '*' ? EVENTS[type] : type)).join(', ')) },
      { name: 'state', text: 'State', cell: state },
      { name: 'why', text: 'Trouble', class: 'text', cell: trouble },
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
