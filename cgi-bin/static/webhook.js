// SPDX-License-Identifier: MIT
// One webhook: its form, a test that answers at once, and its deliveries, each with its tries and a replay.
import { el, badge, duration, number, time } from './dom.js';
import { del, get, mayWrite, post, put } from './api.js';
import { list } from './table.js';
import { READ_ONLY, action, confirm, field, notify, showFaults, values } from './dialog.js';
import { EVENTS } from './webhooks.js';

// Headers are written a line each, as HTTP does.
function headersText(headers) {
  return Object.entries(headers || {}).map(([name, value]) => `${name}: ${value}`).join('\n');
}

function readHeaders(input) {
  const headers = {};
  for (const line of input.value.split('\n')) {
    const at = line.indexOf(':');
    if (line.trim()) headers[(at < 0 ? line : line.slice(0, at)).trim()] = at < 0 ? '' : line.slice(at + 1).trim();
  }
  return headers;
}

function eventsField(chosen) {
  const boxes = Object.entries(EVENTS).map(([type, text]) => {
    const box = el('input', { type: 'checkbox', value: type, checked: chosen.includes(type) || chosen.includes('*') || chosen.includes(`${type.split('.')[0]}.*`) });
    return { box, node: el('label', { title: text }, box, type) };
  });
  const fault = el('span', { class: 'error' });
  return {
    name: 'event_types', input: boxes[0].box, fault: (text) => { fault.textContent = text; },
    node: el('fieldset', {}, el('legend', {}, 'Events'), el('div', { class: 'checks' }, boxes.map((b) => b.node)), fault),
    read: () => boxes.filter((b) => b.box.checked).map((b) => b.box.value),
  };
}

function fieldsOf(w) {
  const last = w.secret_last_four || w.secret_last4 || w.secret_hint;
  const whole = (input) => (input.value === '' ? null : input.valueAsNumber);
  return [
    field({ name: 'url', label: 'Address', type: 'url', value: w.url, required: true, placeholder: 'https://example.com/hooks/fulfil', spellcheck: 'false' }),
    eventsField(w.event_types || []),
    field({ name: 'secret', label: 'Secret', type: 'password', autocomplete: 'new-password',
      help: last ? `There is one that ends in ${last}. Write another to replace it; it is never shown again.` : 'Signs what is sent. It is never shown again.', read: (i) => i.value || undefined }),
    field({ name: 'headers', label: 'Headers of your own', type: 'textarea', value: headersText(w.headers), spellcheck: 'false', placeholder: 'X-Team: warehouse', help: 'One a line, Name: value.', read: readHeaders }),
    field({ name: 'timeout', label: 'Seconds for a try, all in all', type: 'number', min: 1, max: 300, value: w.timeout ?? 30, required: true, read: whole }),
    field({ name: 'retry_count', label: 'More tries after a failure', type: 'number', min: 0, max: 10, value: w.retry_count ?? 3, required: true, read: whole }),
    field({ name: 'enabled', label: 'Enabled', type: 'checkbox', value: w.enabled ?? true }),
  ];
}

function hookForm(w, done) {
  const fields = fieldsOf(w);
  const error = el('p', { class: 'error', role: 'alert' });
  const save = el('button', { class: 'primary', disabled: !mayWrite(), title: mayWrite() ? null : READ_ONLY }, w.id ? 'Save' : 'Create');
  const [url, events, secret, headers, timeout, retries, enabled] = fields.map((f) => f.node);
  return el('form', {
    class: 'card stack', 'aria-label': 'Webhook', submit: async (event) => {
      event.preventDefault();
      save.disabled = true;
      error.textContent = '';
      try {
        await done(values(fields));
      } catch (e) {
        error.textContent = showFaults(fields, e);
      }
      save.disabled = !mayWrite();
    },
  }, url, events, el('div', { class: 'two' }, secret, timeout, retries), headers, enabled, error, el('div', { class: 'row' }, save));
}

// What the test said: status line, time, headers, start of the body.
function testResult(r) {
  const status = r.status_code ?? r.response_status ?? r.http_status ?? r.status;
  const good = r.success ?? (Number(status) >= 200 && Number(status) < 300);
  const line = r.status_line || (status ? `HTTP ${status}` : '');
  const headers = r.headers || r.response_headers;
  return el('div', { class: 'card', role: 'status' }, el('h2', {}, 'Test'),
    el('p', {}, badge(good ? 'delivered' : 'failed'), ' ', el('b', {}, line || 'no answer'), ` in ${duration(r.duration_ms ?? r.milliseconds ?? r.response_time_ms ?? r.ms)}`),
    r.error && el('p', { class: 'error' }, r.error),
    headers && el('details', {}, el('summary', {}, 'Headers'), el('pre', {}, typeof headers === 'string' ? headers : headersText(headers))),
    (r.body ?? r.answer ?? r.response_body) && el('details', { open: true }, el('summary', {}, 'Start of the answer'), el('pre', {}, String(r.body ?? r.answer ?? r.response_body))));
}

function attempts(d) {
  const tries = d.attempts || [];
  if (tries.length === 0) return d.error || '';
  return el('details', {}, el('summary', {}, d.error || `${number(tries.length)} tried`), el('ol', {}, tries.map((a) => el('li', {},
    time(a.started_at), ` ${a.http_status ?? 'no answer'} in ${duration(a.duration_ms)} `, a.error || '', a.answer ? el('pre', {}, a.answer) : ''))));
}

const stateOf = (d) => ({ waiting: 'pending', given_up: 'gave_up' })[d.state || d.status] || d.state || d.status;

function deliveries(view, id) {
  const all = list({
    view, path: `/api/webhooks/${id}/deliveries`, name: 'deliveries', caption: 'Deliveries', empty: 'Nothing was sent yet.',
    columns: [
      { name: 'at', text: 'When', cell: (d) => time(d.created_at), sort: (d) => d.created_at },
      { name: 'event', text: 'Event', cell: (d) => d.event_type || d.event || d.type, sort: (d) => d.event_type },
      { name: 'state', text: 'State', cell: (d) => badge(stateOf(d)), sort: stateOf },
      { name: 'code', text: 'Answer', class: 'number', cell: (d) => String(d.http_status ?? d.response_status ?? '–'), sort: (d) => d.http_status },
      { name: 'tries', text: 'Tries', class: 'number', cell: (d) => number(d.tries ?? d.attempt_count), sort: (d) => d.tries },
      { name: 'why', text: 'Detail', class: 'text', cell: attempts },
      { name: 'next', text: 'Next try', cell: (d) => time(d.due_at || d.next_attempt_at) },
      { name: 'do', text: 'Actions', hidden: true, class: 'keep', cell: (d) => action('Replay', async () => {
        await post(`/api/deliveries/${d.id}/replay`);
        notify('It is sent again.');
        all.load();
      }, { class: 'small', 'aria-label': `Send delivery ${d.id} again` }) },
    ],
  });
  return all;
}

export async function show(view) {
  if (view.id === 'new') {
    view.title('New webhook');
    view.main.append(hookForm({}, async (v) => {
      const made = await post('/api/webhooks', Object.fromEntries(Object.entries(v).filter(([, value]) => value !== undefined)));
      notify('The webhook is created.');
      location.hash = `#/webhooks/${made.id}`;
    }));
    return;
  }
  const path = `/api/webhooks/${view.id}`;
  const w = await get(path, { signal: view.signal });
  const result = el('div', {});
  const sent = deliveries(view, view.id);
  view.title('Webhook',
    action('Send a test', async () => {
      result.replaceChildren(testResult(await post(`${path}/test`)));
      sent.load();
    }, { class: 'primary' }),
    action('Delete…', async () => {
      if (!await confirm({ title: 'Delete this webhook?', text: `${w.url} is told nothing more.`, yes: 'Delete', danger: true })) return;
      await del(path);
      notify('The webhook is deleted.');
      location.hash = '#/webhooks';
    }));
  view.main.append(!w.enabled && w.disabled_reason ? el('p', { class: 'error card' }, `Disabled: ${w.disabled_reason}`) : '', result,
    hookForm(w, async (v) => {
      await put(path, v);
      notify('The webhook is saved.');
    }), el('h2', {}, 'Deliveries'), sent.node);
  await sent.load();
  const mine = (d) => { if (String(d.webhook_id) === view.id) sent.load(); };
  view.live({ delivery: mine, back: () => sent.load() });
}
