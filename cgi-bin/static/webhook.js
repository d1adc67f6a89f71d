// SPDX-License-Identifier: MIT
// One webhook: its form, a test that answers at once, and its deliveries, each with its attempts and a replay.
import { el, badge, duration, named, number, plural, time } from './dom.js';
import { LONG_MS, del, get, mayWrite, post, put, query } from './api.js';
import { Problem, asSentence } from './problem.js';
import { guard } from './unsaved.js';
import { list } from './list.js';
import { READ_ONLY, action, confirm, field, notify, showFaults, under, values } from './dialog.js';
import { since, until } from './orders.js';
import { EVENTS, state, trouble } from './webhooks.js';

// Headers are written a line each, as HTTP does.
function headersText(headers) {
  return Object.entries(headers || {}).map(([name, value]) => `${name}: ${value ?? '(not shown to readers)'}`)
    .join('\n');
}

const fault = (name, detail) => new Problem(400, detail, [{ pointer: `/${name}`, detail }]);

function readHeaders(input) {
  const headers = new Map();
  input.value.split('\n').forEach((line, i) => {
    const at = line.indexOf(':');
    const name = line.slice(0, Math.max(at, 0)).trim();
    if (!line.trim()) return;
    if (!name) throw fault('headers', `are written Name: value, which line ${i + 1} is not.`);
    if (headers.has(name)) throw fault('headers', `have ${name} twice.`);
    headers.set(name, line.slice(at + 1).trim());
  });
  return Object.fromEntries(headers);
}

// {"status": ["failed"]} is the line "status: failed"; a value with a comma stands in quotes. A number is looked for
// as a text too, for prices are texts.
function filterText(filter) {
  const spell = (v) => (/[,"]|^\s|\s$|^$/.test(v) ? `"${v}"` : v);
  return Object.entries(filter ?? {})
    .map(([name, values]) => `${name}: ${[...new Set(values.map(String))].map(spell).join(', ')}`).join('\n');
}

function readFilter(input) {
  const both = (text) => (/^".*"$/.test(text) ? [text.slice(1, -1)]
    : /^(-?(0|[1-9]\d*)(\.\d+)?|true|false|null)$/.test(text) ? [text, JSON.parse(text)] : [text]);
  const filter = {};
  for (const line of input.value.split('\n').filter((l) => l.trim())) {
    const [name, ...rest] = line.split(':');
    const values = (rest.join(':').match(/\s*"[^"]*"|[^,]+/g) ?? []).map((v) => v.trim()).filter(Boolean).flatMap(both);
    filter[name.trim()] = [...filter[name.trim()] ?? [], ...values];
  }
  return filter;
}

// A box a type, and for all of a kind; what the webhook has beside these is kept. A type that a ticked one
// stands for already is closed.
function eventsField(chosen) {
  const types = [...Object.keys(EVENTS), ...chosen.filter((type) => !Object.hasOwn(EVENTS, type))];
  const boxes = types.map((type) => el('input',
    { type: 'checkbox', value: type, checked: chosen.includes(type), change: () => update() }));
  const stands = (wide, type) => wide !== type && wide.endsWith('*') && type.startsWith(wide.slice(0, -1));
  const covered = (box) => boxes.some((b) => b.checked && stands(b.value, box.value));
  const update = () => { for (const b of boxes) b.disabled = covered(b); };
  const said = el('span', { class: 'error' });
  update();
  return {
    name: 'event_types', input: boxes[0], fault: (text) => { said.textContent = under('Events', text); },
    node: el('fieldset', {}, el('legend', {}, 'Events'),
      el('div', { class: 'checks' },
        boxes.map((b) => el('label', { title: EVENTS[b.value] }, b, b.value.endsWith('*') && EVENTS[b.value]
        ? EVENTS[b.value] : b.value))), said),
    read: () => {
      const ticked = boxes.filter((b) => b.checked && !covered(b)).map((b) => b.value);
      if (ticked.length === 0) throw fault('event_types', ': tick at least one');
      return ticked;
    },
  };
}

// What a receiver checks an Ed25519 signature with; it may be known to all.
function publicKey(key) {
  const text = el('input', { value: key, readonly: true, id: 'public-key', spellcheck: 'false',
    'aria-describedby': 'public-key-help' });
  const copy = el('button', { type: 'button', click: async () => {
    text.select();
    const done = navigator.clipboard ? await navigator.clipboard.writeText(key).then(() => true, () => false)
      : document.execCommand('copy');
    notify(done ? 'The public key is copied.' : 'The public key is selected; copy it by hand.');
  } }, 'Copy');
  return el('section', { class: 'card field', 'aria-label': 'Public key' },
    el('label', { for: 'public-key' }, 'Public key'),
    el('div', { class: 'key' }, text, copy),
      el('span', { class: 'help', id: 'public-key-help' },
      'The receiver checks the signature (v1a, Ed25519) with it.'));
}

function fieldsOf(w) {
  const whole = (input) => (input.value === '' ? null : input.valueAsNumber);
  return [
    field({ name: 'url', label: 'Address', type: 'url', value: w.url, required: true,
      placeholder: 'https://example.com/hooks', spellcheck: 'false' }),
    eventsField(w.event_types || []),
    field({ name: 'secret', label: 'Secret', type: 'password', autocomplete: 'new-password',
      help: (w.has_secret
        ? `There is one${w.secret_hint ? ` that ends in ${w.secret_hint}` : ''}. `
          + 'Write another to replace it; both sign for a while.'
        : 'Signs what is sent. It is never shown again.')
        + ' Any text or whsec_… makes an HMAC signature (v1), whsk_… an Ed25519 one (v1a).', read: (i) => i.value
          || undefined }),
    field({ name: 'headers', label: 'Headers', type: 'textarea', value: headersText(w.headers), spellcheck: 'false',
      placeholder: 'X-Team: warehouse', help: 'Of your own, one a line, Name: value.', read: readHeaders }),
    field({ name: 'timeout', label: 'Timeout', type: 'number', min: 1, max: 300,
      value: w.timeout ?? 30, required: true,
      help: 'Seconds for one attempt, from the look-up to the last byte.', read: whole }),
    field({ name: 'retry_count', label: 'Retries', type: 'number', min: 0, max: 10,
      value: w.retry_count ?? 3, required: true, help: 'Attempts after the first one that failed.',
      read: (i) => (i.valueAsNumber === (w.retry_count ?? 3) ? undefined : whole(i)) }),
    field({ name: 'rate', label: 'Rate', type: 'number', min: 0, max: 1000, value: w.rate ?? 0, required: true,
      help: 'Deliveries a second at most; 0: any number.', read: whole }),
    field({ name: 'in_order', label: 'In order', type: 'checkbox', value: w.in_order ?? false,
      help: 'Of one order or product the next event waits for the one before.' }),
    field({ name: 'form', label: 'Form', type: 'select', value: w.form ?? 'plain',
      options: [['plain', 'Plain'], ['cloudevents', 'CloudEvents']],
      help: 'CloudEvents: their attributes are headers.' }),
    field({ name: 'filter', label: 'Only events with', type: 'textarea', value: filterText(w.filter),
      spellcheck: 'false', placeholder: 'status: failed',
      help: 'A member of the data a line, and the values that pass: category: Mugs, Cups.',
      read: (i) => (i.value === filterText(w.filter) ? undefined : readFilter(i)) }),
    field({ name: 'enabled', label: 'Enabled', type: 'checkbox', value: w.enabled ?? true }),
  ];
}

function hookForm(w, done) {
  const fields = fieldsOf(w);
  const error = el('p', { class: 'error', role: 'alert' });
  const save = el('button', { class: 'primary', disabled: !mayWrite(), title: mayWrite() ? null : READ_ONLY }, w.id
    ? 'Save' : 'Create');
  const [url, events, secret, headers, timeout, retries, rate, inOrder, how, filter, enabled]
    = fields.map((f) => f.node);
  const form = el('form', {
    class: 'card stack', 'aria-label': 'Webhook', submit: async (event) => {
      event.preventDefault();
      save.disabled = true;
      error.textContent = '';
      try {
        await done(values(fields), saved);
        saved();
      } catch (e) {
        error.textContent = showFaults(fields, e);
      }
      save.disabled = !mayWrite();
    },
  }, url, events, el('div', { class: 'two' }, secret, timeout, retries, rate),
    el('div', { class: 'two' }, headers, filter), how, inOrder, enabled, error,
    el('div', { class: 'row' }, save, !w.id && el('a', { class: 'button', href: '#/webhooks' }, 'Cancel')));
  const saved = guard(form);
  return form;
}

// How it does: its state first, and what is wrong.
function facts(w) {
  return [
    el('p', { class: 'lead' }, state(w), el('span', { class: w.failures || !w.enabled ? 'error' : '' }, trouble(w))),
    el('dl', { class: 'parts' }, [
      ['Waiting', number(w.waiting)], ['Events', w.event_types.map((type) => EVENTS[type] || type).join(', ')],
      ['Created', time(w.created_at)], ['Changed', time(w.updated_at)],
    ].map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value || '–')))),
  ];
}

// What the test said: status line, times, headers, start of the answer, and what was sent.
function testResult(r, written) {
  const leads = r.headers?.find((h) => h.name.toLowerCase() === 'location')?.value;
  return el('div', { class: 'card', role: 'status' }, el('h2', {}, 'Test'),
    el('p', {}, badge(r.success ? 'delivered' : 'failed'), ' ', el('b', {}, r.status_line || 'no answer'),
      ` in ${duration(r.duration_ms)}`),
    r.request && r.request.url !== written && el('p', { class: 'warning' },
      `The saved address ${r.request.url} was tested; the one that is written below is not saved.`),
    r.error && el('p', { class: 'error' }, r.error),
    /^\S+ 3\d\d|^3\d\d/.test(r.status_line || '')
      && el('p', {}, 'A redirect is not followed. Write the address itself that it leads to', leads
      ? [': ', el('code', {}, leads)] : '', '.'),
    r.headers?.length > 0 && el('details', {}, el('summary', {}, 'Headers of the answer'),
      el('pre', {}, r.headers.map((h) => `${h.name}: ${h.value}`).join('\n'))),
    r.body && el('details', { open: true }, el('summary', {}, 'Start of the answer'), el('pre', {}, r.body)),
    r.request && el('details', {}, el('summary', {}, `What was sent: ${r.event}`), sentText(r.request)));
}

// A request as HTTP spells it.
function sentText({ url, headers, body }) {
  const { pathname, search, host } = new URL(url);
  return el('pre', {}, [`POST ${pathname}${search} HTTP/1.1`, `Host: ${host}`,
    ...headers.map((h) => `${h.name}: ${h.value}`), '', body].join('\n'));
}

// What the last attempt sent, asked for when it is opened.
function sentOf(d) {
  const what = el('div', {}, 'Loading…');
  return el('details', { toggle: async (event) => {
    if (!event.target.open) return;
    try {
      const sent = await get(`/api/deliveries/${d.id}/request`);
      what.replaceChildren(
        ...[!sent.sent_at && 'Nothing yet; this would be sent now.',
          sent.changed_since && 'The webhook was changed since: its address, headers and signatures are those of now.',
          !sent.complete && 'Its own headers and the signatures are not shown to readers.',
        ].filter(Boolean).map((text) => el('p', { class: 'quiet' }, text)), sentText(sent.request));
    } catch (e) {
      what.replaceChildren(el('p', { class: 'error' }, asSentence(e)));
    }
  } }, el('summary', {}, d.tries > 1 ? `What was sent, attempt ${d.tries}` : 'What was sent'), what);
}

function attempts(d) {
  const due = d.next_attempt_at && new Date(d.next_attempt_at) <= new Date();
  const next = d.next_attempt_at ? [due ? ' next attempt due since ' : ' next attempt ', time(d.next_attempt_at)] : [];
  if (d.attempts.length === 0) return [d.error_message || '', ...next];
  return [ el('details', {}, el('summary', {}, d.error_message || plural(d.attempts.length, 'attempt')),
    el('ol', {}, d.attempts.map((a) => el('li', { value: a.number },
    time(a.started_at), `: ${a.http_status ?? 'no answer'} in ${duration(a.duration_ms)} `, a.error_message || '',
      a.answer ? el('pre', {}, a.answer) : ''))), sentOf(d)), ...next];
}

const REPLAYED = ['given_up', 'skipped'];

function deliveries(view, w) {
  const replayFailed = (answer, { since: from }) => answer.deliveries.some((d) => REPLAYED.includes(d.status))
    && action('Replay all that failed…', async () => {
    if (!await confirm({ title: 'Send all again that failed?', yes: 'Send again',
      text: `What was given up or skipped ${from ? 'in this time ' : ''}is sent to ${w.url} again.` }))
      return;
    await all.change(async () => {
      const { replayed } = await post(`/api/webhooks/${w.id}/replay${query({ since: from })}`, {},
        { patience: LONG_MS });
      notify(`${plural(replayed, 'delivery', 'deliveries')} sent again.`);
    });
  });
  const all = list({
    view, path: `/api/webhooks/${w.id}/deliveries`, name: 'deliveries', caption: 'Deliveries',
    empty: 'Nothing was sent.', above: replayFailed,
    filters: [{ name: 'status', label: 'State',
      options: [['', 'All'], ['waiting', 'waiting'], ['delivered', 'delivered'], ['given_up', 'given up'],
      ['skipped', 'skipped']] }, since, until],
    columns: [
      { name: 'at', text: 'When', cell: (d) => time(d.created_at) },
      { name: 'event', text: 'Event', cell: (d) => d.event },
      { name: 'of', text: 'Object', cell: (d) => (d.event.startsWith('order')
        ? el('a', { href: `#/orders/${d.subject}` }, `order ${named(d.subject_name, `id ${d.subject}`)}`)
        : el('a', { href: `#/products/${d.subject}` }, named(d.subject_name, `product id ${d.subject}`))) },
      { name: 'state', text: 'State', cell: (d) => badge(d.status) },
      { name: 'code', text: 'Code', class: 'number',
        cell: (d) => (d.http_status === null ? '–' : String(d.http_status)) },
      { name: 'tries', text: 'Attempts', class: 'number', cell: (d) => number(d.tries) },
      { name: 'why', text: 'Detail', class: 'text', cell: attempts },
      { name: 'do', text: 'Actions', hidden: true, class: 'keep',
        cell: (d) => (d.status === 'waiting' ? '' : action('Replay', async () => {
        await post(`/api/deliveries/${d.id}/replay`);
        notify('It is sent again.');
        all.load();
      }, { class: 'small', 'aria-label': `Replay delivery ${d.id}` })) },
    ],
  });
  return all;
}

export async function show(view) {
  if (view.id === 'new') {
    view.title('New webhook');
    view.main.append(hookForm({}, async (v, saved) => {
      const made = await post('/api/webhooks',
        Object.fromEntries(Object.entries(v).filter(([, value]) => value !== undefined)));
      notify('The webhook is created.');
      saved();
      location.hash = `#/webhooks/${made.id}`;
    }));
    return;
  }
  const path = `/api/webhooks/${view.id}`;
  let w = await get(path, { signal: view.signal });
  const result = el('div', {});
  const key = el('div', {});
  const how = el('section', { class: 'card', 'aria-label': 'State' });
  const form = el('div', {});
  const sent = deliveries(view, w);
  // How it is now, which may be later than what the form was filled with.
  const showAll = (now = w) => {
    how.replaceChildren(...facts(now));
    key.replaceChildren(now.public_key ? publicKey(now.public_key) : '');
  };
  view.title(w.url,
    action('Send a test', async () => {
      try {
        result.replaceChildren(testResult(await post(`${path}/test`), form.querySelector('input[name=url]').value));
      } catch (e) {
        if (e.status !== 429) throw e;
        result.replaceChildren(el('p', { class: 'error card', role: 'alert' }, e.message));
      }
    }, { class: 'primary' }),
    action('Settings', () => form.querySelector('input').focus()),
    action('Delete…', async () => {
      if (!await confirm({ title: 'Delete this webhook?', text: `Nothing more is delivered to ${w.url}.`, yes: 'Delete',
        danger: true }))
        return;
      await del(path);
      notify('The webhook is deleted.');
      location.hash = '#/webhooks';
    }));
  form.append(hookForm(w, async (v) => {
    try {
      w = await put(path, v, { seen: w });
    } catch (e) {
      if (!e.current) throw e;
      const others = Object.keys(v).filter((name) => v[name] !== undefined
        && JSON.stringify(e.current[name]) !== JSON.stringify(w[name])).map((name) => name.replace(/_/g, ' '));
      w = e.current;
      throw new Problem(412, `Somebody else saved this webhook meanwhile${others.length
        ? `: ${others.join(', ')}` : ''}. What you wrote is still here: save again to put it in the place of `
        + 'theirs, or reload to see theirs.');
    }
    showAll();
    notify('The webhook is saved.');
  }));
  view.main.append(how, result, el('h2', {}, 'Deliveries'), sent.node, el('h2', { id: 'settings' }, 'Settings'),
    form, key);
  showAll();
  await sent.load();
  const refresh = async () => {
    await sent.load();
    showAll(await get(path, { signal: view.signal }));
  };
  const quietly = () => refresh().catch(() => {});
  view.live({ delivery: (d) => { if (String(d.webhook_id) === view.id) quietly(); }, back: quietly });
}
