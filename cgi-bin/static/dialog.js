// SPDX-License-Identifier: MIT
// Questions, short forms and notices. A <dialog> keeps the focus inside, ends with Escape and gives the
// focus back to where it was.
import { el, announce, freshId } from './dom.js';
import { mayWrite } from './api.js';
import { Problem, asSentence } from './problem.js';
import { guard } from './unsaved.js';

export const READ_ONLY = 'Your token may read, not change.';
const NOTICE_MS = 8000;
const BAD_MS = 30000; // of something wrong, which takes longer to read

// A notice at the edge of the page. It goes by itself, later while it is pointed at or has the focus; one that
// says the same again is counted.
export function notify(text, kind = 'good') {
  const spelled = el('span', {}, text);
  const same = [...document.querySelectorAll(`#notices > .notice.${kind}`)]
    .find((n) => n.dataset.text === spelled.textContent);
  if (same) {
    const times = Number(same.dataset.times || 1) + 1;
    same.dataset.times = times;
    same.querySelector('.times').textContent = `${times} times`;
    same.keep();
    return;
  }
  const close = el('button', { type: 'button', class: 'plain', 'aria-label': 'Dismiss',
    click: () => note.remove() }, '×');
  const note = el('div', { class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'status' },
    spelled, el('span', { class: 'times' }), close);
  note.dataset.text = spelled.textContent;
  note.keep = () => {
    clearTimeout(note.timer);
    note.timer = setTimeout(() => (note.matches(':hover, :focus-within') ? note.keep() : note.remove()),
      kind === 'bad' ? BAD_MS : NOTICE_MS);
  };
  note.keep();
  document.getElementById('notices').append(note);
}

// What was wrong on the page that is left.
export function sweep() {
  for (const note of document.querySelectorAll('#notices > .notice.bad')) note.remove();
}

export function fail(e) {
  if (e.name === 'AbortError' || e.status === 401) return;
  notify(asSentence(e), 'bad');
}

// A button that changes something: closed, with the reason, to those who may not; closed while it works.
export function action(text, work, props = {}) {
  const may = mayWrite();
  const button = el('button', {
    type: 'button', ...props, disabled: !may || props.disabled,
    title: may ? props.title : READ_ONLY,
    click: async () => {
      if (button.hasAttribute('aria-busy')) return;
      button.setAttribute('aria-busy', 'true'); // not disabled, which would take its focus
      try {
        await work(button);
      } catch (e) {
        fail(e);
      } finally {
        button.removeAttribute('aria-busy');
      }
    },
  }, text);
  return button;
}

function openDialog(title, content, cancel, ok) {
  const id = freshId('dialog');
  const dialog = el('dialog', { 'aria-labelledby': id },
    el('form', { method: 'dialog', class: 'stack' }, el('h2', { id }, title), content,
      el('div', { class: 'foot' }, cancel, ok)));
  cancel.addEventListener('click', () => dialog.close('no'));
  document.body.append(dialog);
  document.body.classList.add('asked'); // what waits for an answer is not at work yet
  dialog.addEventListener('close', () => {
    document.body.classList.remove('asked');
    dialog.remove();
  });
  dialog.showModal();
  return dialog;
}

// confirm({title, text, yes, no, danger, typed}) -> true or false. `typed` is a word to be written first,
// for what cannot be undone.
export function confirm({ title, text, yes, no: keep = 'Cancel', danger = false, typed = '' }) {
  return new Promise((resolve) => {
    const word = typed && el('input', { autocomplete: 'off', spellcheck: 'false', input: () => {
      ok.disabled = word.value.trim() !== typed;
    } });
    const ok = el('button', { value: 'yes', class: danger ? 'danger' : 'primary', disabled: Boolean(typed) }, yes);
    const no = el('button', { type: 'button', autofocus: !typed }, keep);
    const dialog = openDialog(title, [
      ...[].concat(text).map((line) => el('p', {}, line)),
      typed && el('label', { class: 'field' }, `Write ${typed} to go on`, word),
    ].filter(Boolean), no, ok);
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
  });
}

// form({title, fields, yes, send}): fields are made by field(); send(values) may throw a Problem, whose
// faults are shown at their fields while the dialog stays open.
export function form({ title, fields, yes, send, intro }) {
  return new Promise((resolve) => {
    const error = el('p', { class: 'error', role: 'alert' });
    const ok = el('button', { value: 'yes', class: 'primary' }, yes);
    const no = el('button', { type: 'button' }, 'Cancel');
    const dialog = openDialog(title, [intro && el('p', {}, intro), ...fields.map((f) => f.node), error].filter(Boolean),
      no, ok);
    const saved = guard(dialog.firstChild);
    dialog.firstChild.addEventListener('submit', async (event) => {
      event.preventDefault();
      ok.disabled = true;
      error.textContent = '';
      try {
        resolve(await send(values(fields)) ?? true);
        saved();
        dialog.close('yes');
      } catch (e) {
        error.textContent = showFaults(fields, e);
      }
      ok.disabled = false;
    });
    dialog.addEventListener('close', () => resolve(null));
  });
}

export function values(fields) {
  return Object.fromEntries(fields.filter((f) => f.name).map((f) => [f.name, f.read()]));
}

// What is wrong with a field, after its name; what begins with the value itself stands alone.
export function under(label, text) {
  if (!text || text.startsWith('"')) return text;
  return text.startsWith(':') ? label + text : `${label} ${text}`;
}

// Marks the fields that a Problem names; what is left to say of the whole is returned.
export function showFaults(fields, problem) {
  if (!(problem instanceof Problem)) return asSentence(problem);
  const rest = [];
  for (const f of fields) if (f.fault) f.fault('');
  let first = null;
  for (const { pointer = '', parameter, detail } of problem.errors || []) {
    const name = parameter || pointer.split('/')[1];
    const at = fields.find((f) => f.name === name && f.fault);
    if (at) at.fault(detail);
    else rest.push(`${name || 'The request'} ${detail}`);
    first = first || at;
  }
  if (first) first.input.focus();
  const text = rest.join('; ') || (first && problem.status !== 412 ? '' : asSentence(problem));
  announce(text || 'Some fields need another value.');
  return text;
}

// What to say where somebody else saved meanwhile: `now` is what there is, `was` what the form was filled with.
// Fields that were not touched take what there is now; of the others each says what somebody else made of it.
export function meanwhile(fields, was, now) {
  const errors = [];
  for (const f of fields.filter((x) => now[x.name] !== was[x.name])) {
    if (f.read() !== was[f.name])
      errors.push({ pointer: `/${f.name}`, detail: `: somebody else saved ${now[f.name] === null || now[f.name] === ''
        ? 'it empty' : `“${f.input.type === 'checkbox' ? (now[f.name] ? 'yes' : 'no') : now[f.name]}”`}` });
    else if (f.input.type === 'checkbox') f.input.checked = now[f.name];
    else f.input.value = now[f.name] ?? '';
  }
  return new Problem(412, 'Somebody else saved this meanwhile; what you had not touched is theirs now. '
    + 'Save again to keep the rest as you have it.', errors);
}

// field({name, label, type, value, help, read, …attributes}): a labelled control with room for help and a
// fault. type: an input's, or textarea, select (options: [value, text]), checkbox.
export function field({ name, label, type = 'text', value = '', help, options, read, ...rest }) {
  const helpId = help && freshId('help');
  const faultId = freshId('fault');
  const common = { name, 'aria-describedby': [helpId, faultId].filter(Boolean).join(' '), ...rest };
  const input = type === 'textarea' ? el('textarea', { rows: 4, ...common })
    : type === 'select' ? el('select', common, options.map(([v, text]) => el('option', { value: v }, text)))
      : el('input', { type, ...common });
  if (type === 'checkbox') input.checked = Boolean(value);
  else input.value = value ?? '';
  const fault = el('span', { class: 'error', id: faultId });
  const node = el('div', { class: type === 'checkbox' ? 'field check' : 'field' },
    el('label', {}, type === 'checkbox' ? [input, label] : [label, input]),
    help && el('span', { class: 'help', id: helpId }, help), fault);
  return {
    name, node, input,
    read: read ? () => read(input) : () => (type === 'checkbox' ? input.checked : input.value),
    fault: (text) => {
      fault.textContent = under(label.split(',')[0], text);
      input.toggleAttribute('aria-invalid', Boolean(text));
      if (text) input.setAttribute('aria-invalid', 'true');
    },
  };
}
