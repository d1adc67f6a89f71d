// SPDX-License-Identifier: MIT
// What people call an order, and what a run was about, wherever one of them is shown.
import { el, breakable, isolate, named } from './dom.js';
import { post } from './api.js';
import { notify } from './dialog.js';

export const orderName = (o) => named(o.name, o.external_order_id, `id ${o.id}`);
export const customer = (o) => named(o.customer_name) || (o.customer_email ? breakable(o.customer_email) : '');

export async function retryOrder(id, name) {
  await post(`/api/orders/${id}/retry`);
  notify(`Order ${isolate(name)} is retried.`);
}

// Whether a new run can be started now.
export const canRetry = (o) => o.can_retry;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const orderOf = (log) => named(log.order_name, `id ${log.order_id}`);

export function subject(log) {
  if (log.order_id) return el('a', { href: `#/orders/${log.order_id}` }, `order ${orderOf(log)}`);
  if (log.task_name === 'import_products' && UUID.test(log.task_id))
    return el('a', { href: `#/imports/${log.task_id}`, title: log.task_id }, `import ${log.task_id.slice(0, 8)}`);
  return log.task_id ? el('span', { title: log.task_id }, log.task_id.slice(0, 8)) : '–';
}
