// SPDX-License-Identifier: MIT
// The fields above a list, by which it is searched.
import { el } from './dom.js';

function suggesting(input, { name, suggest }) {
  const id = `${name}-known`;
  const known = el('datalist', { id });
  input.setAttribute('list', id);
  input.addEventListener('focus', async () => {
    input.after(known);
    const all = await suggest().catch(() => []);
    known.replaceChildren(...all.map((value) => el('option', { value })));
  }, { once: true });
}

// The filters of a list, kept in the address: {name, label, type: search|select|datetime, options}.
// `resolve(text, signal)` gives what the API is asked for in the place of what was written.
// `suggest` gives what can be chosen beside writing it, asked for when the field is first gone to.
// found() is called once what Enter in a search asked for is there.
export function filterForm(view, filters, go, found) {
  let timer = 0;
  const inputs = filters.map((f) => {
    const input = f.options ? el('select', { name: f.name },
      f.options.map(([v, text]) => el('option', { value: v }, text)))
      : el('input', { name: f.name, type: f.type || 'search', placeholder: f.placeholder, autocomplete: 'off',
        spellcheck: 'false' });
    if (f.suggest) suggesting(input, f);
    return input;
  });
  const clear = el('button', { type: 'button', class: 'plain', click: () => {
    go(Object.fromEntries(filters.map((f) => [f.name, ''])));
    inputs[0].focus();
  } }, 'Clear');
  const read = () =>
    Object.fromEntries(filters.map((f, i) =>
    [f.name, f.toQuery ? f.toQuery(inputs[i].value) : inputs[i].value.trim()]));
  const send = (replace) => {
    clearTimeout(timer);
    return go({ ...read(), page: '', cursor: '' }, replace);
  };
  const node = el('form', {
    role: 'search', class: 'filters', submit: (e) => e.preventDefault(),
    // a form of several fields without a button to send it is not sent by Enter
    keydown: async (e) => {
      if (e.isComposing || e.key !== 'Enter' || e.target.tagName !== 'INPUT') return;
      e.preventDefault();
      await send(false);
      if (e.target.type === 'search' && e.target === document.activeElement && e.target.value.trim()) found();
    },
    input: () => { clearTimeout(timer); timer = setTimeout(() => send(true), 250); },
  }, filters.map((f, i) => el('label', {}, el('span', {}, f.label), inputs[i])), clear);
  if (inputs.length) inputs[0].setAttribute('data-search', '');

  function show() {
    filters.forEach((f, i) => {
      const text = view.query.get(f.name) || '';
      const shown = f.fromQuery ? f.fromQuery(text) : text;
      if (inputs[i] !== document.activeElement || shown === '') inputs[i].value = shown;
    });
    clear.hidden = !filters.some((f) => view.query.get(f.name));
  }
  return { node, show };
}
