// SPDX-License-Identifier: MIT
// How the shop and its servers do, at a glance: the cards with figures, and a line for each part.
import { el, badge, duration, number, plural } from './dom.js';

function figure(name, value, href, tone = '', note = '') {
  const content = [el('b', { class: tone }, value), el('span', {}, name), note && el('span', { class: 'note' }, note)];
  return href ? el('a', { class: 'figure', href }, content) : el('div', { class: 'figure' }, content);
}

// m without a member shows that it is not known yet.
export function figures(m) {
  const rate = m.success_rate ?? null;
  const waiting = m.retrying_orders || 0;
  return [
    figure('Orders', number(m.total_orders), '#/orders'),
    figure('Ended well', rate === null ? '–' : `${rate} %`, '#/orders?status=completed', rate !== null && rate < 90
      ? 'warn' : ''),
    figure('Failed', number(m.failed_orders), '#/orders?status=failed', m.failed_orders > 0 ? 'bad' : ''),
    figure('Pending', number(m.pending_orders), '#/orders?status=pending', waiting ? 'warn' : '', waiting > 0
      && `! ${number(waiting)} after a failure`),
    figure('Average time', duration(m.avg_processing_time_ms), '#/logs?status=success'),
    figure('Last hour', number(m.orders_last_hour),
      `#/orders?since=${encodeURIComponent(new Date(Date.now() - 3600000).toISOString())}`),
    ...(m.quarantined > 0 ? [figure('In quarantine', number(m.quarantined), '#/quarantine', 'warn')] : []),
    figure('Low stock', number(m.low_stock_alerts), '#/stock?low=true', m.low_stock_alerts > 0 ? 'warn' : ''),
  ];
}

const ago = (s) => (s < 120 ? `${s} s` : s < 7200 ? `${Math.floor(s / 60)} min` : `${number(Math.floor(s / 3600))} h`);

export const PARTS = ['PostgreSQL', 'Redis', 'Workers', 'Queue', 'Deliveries', 'Imports'];

// What each part says: its state and a few words; those that the server does not speak of are left out.
// `failing` webhooks are no fault of ours, so the state does not have them.
export function healthRows(h, failing = 0) {
  const many = (n, what) => (n === null || n === undefined ? '' : `${number(n)} ${what}`);
  const late = (part, what) => (part.oldest_due_seconds ? `${what} for ${ago(part.oldest_due_seconds)}` : '');
  const { queue, deliveries: sender, importing } = h;
  return [
    ['PostgreSQL', h.database.status, h.database.error || duration(h.database.ms)],
    ['Redis', h.redis.status, h.redis.error || duration(h.redis.ms)],
    ['Workers', h.workers.status, many(h.workers.count, 'connected')],
    ['Queue', queue.status, [many(queue.due, 'due'), late(queue, 'the first')].filter(Boolean).join(', ')],
    sender && ['Deliveries', sender.status,
      [many(sender.senders, 'sending'), late(sender, 'the first due')].filter(Boolean).join(', '),
      failing > 0 && el('a', { href: '#/webhooks' },
        badge('partial', null, `${plural(failing, 'webhook')} ${failing === 1 ? 'fails' : 'fail'}`))],
    importing && ['Imports', importing.status,
      [many(importing.importers, 'connected'), importing.queued ? many(importing.queued, 'queued') : ''].filter(Boolean)
      .join(', ')],
  ].filter(Boolean);
}

const BRIEF = 40; // letters; an error may name the path of a socket

export function healthParts(rows) {
  return rows.map(([name, state, more, trouble]) => el('div', {}, el('dt', {}, name),
    el('dd', {}, badge(state), ' ', el('span', more?.length > BRIEF ? { class: 'quiet brief', title: more }
      : { class: 'quiet' }, more), trouble && [' ', trouble])));
}
