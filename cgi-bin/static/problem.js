// SPDX-License-Identifier: MIT
// What the server said was wrong: one sentence, and which field each fault is of.
export class Problem extends Error {
  constructor(status, message, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.current = null; // of 412: what there is now
  }
}

// What to tell of whatever was thrown: the sentence of a Problem. A fault of the code goes to the console.
export function asSentence(e) {
  if (!(e instanceof Problem)) {
    console.error(e);
    return 'Something in this page went wrong. Reload it and try again.';
  }
  const text = e.message.trim();
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…:]$/.test(text) ? '' : '.');
}

// The sentence of an answer that is application/problem+json, its faults each behind the name of its field.
export function sentence(body, status) {
  const named = (body.errors || [])
    .map((f) => `${f.parameter || f.header || (f.pointer || '').slice(1)} ${f.detail}`.trim());
  return named.length ? named.join('; ') : body.detail || body.title || `The server answers ${status}.`;
}
