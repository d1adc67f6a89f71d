// SPDX-License-Identifier: MIT
// The task log: every execution of a task, with its reason where it failed.
import { el, badge, time, duration } from './dom.js';
import { get, query } from './api.js';
import { list } from './list.js';
import { action } from './dialog.js';
import { since, until } from './orders.js';
import { orderOf, retryOrder, subject } from './names.js';

// Details and error of a run, closed until asked for.
function reason(log) {
  const details = log.details ? JSON.stringify(log.details, null, 1) : '';
  if (!details) return log.error_message || '';
  return el('details', {}, el('summary', {}, log.error_message || 'Details'), el('pre', {}, details));
}

const NOBODY = '9223372036854775807'; // the last id that there can be

// The id of the newest order of that number, or of what else people call it; where nothing is called so, the id itself.
async function idOf(text, signal) {
  const { orders } = await get(`/api/orders${query({ exact: text, page_size: 1 })}`, { signal });
  return orders[0]?.id ?? (/^[1-9]\d{0,17}$/.test(text) ? text : NOBODY);
}

export async function show(view) {
  view.title('Task log');
  const logs = list({
    view, path: '/api/sync-logs', name: 'sync_logs', caption: 'Executions of tasks', empty: 'No run matches.',
    filters: [
      { name: 'status', label: 'Result',
        options: [['', 'All'], ['success', 'success'], ['failure', 'failure'], ['retry', 'retry']] },
      { name: 'task', label: 'Task', options: [['', 'All'], ['process_order', 'process_order'],
        ['import_products', 'import_products'], ['sync_inventory', 'sync_inventory']] },
      { name: 'order_id', label: 'Order', placeholder: '#1008', resolve: idOf },
      since, until,
    ],
    columns: [
      { name: 'at', text: 'When', cell: (l) => time(l.created_at) },
      { name: 'task', text: 'Task', class: 'keep', cell: (l) => el('span', {}, l.task_name, el('br'), subject(l)) },
      { name: 'attempt', text: 'Attempt', class: 'number', cell: (l) => String(l.attempt) },
      { name: 'status', text: 'Result', cell: (l) => badge(l.status) },
      { name: 'reason', text: 'Reason', class: 'text', cell: reason },
      { name: 'took', text: 'Took', class: 'number', cell: (l) => duration(l.duration_ms) },
      { name: 'worker', text: 'Worker', cell: (l) => el('span', { title: l.worker },
        l.worker.replace(/^fulfil-/, '')) },
      { name: 'do', text: 'Actions', hidden: true, class: 'keep', cell: (l) => (l.can_retry
        ? action('Retry', async () => {
          await retryOrder(l.order_id, orderOf(l));
          logs.load();
        }, { class: 'small', 'aria-label': `Retry order ${orderOf(l)}` }) : '') },
    ],
  });
  view.main.append(logs.node);
  await logs.load();
}
