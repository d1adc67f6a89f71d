// SPDX-License-Identifier: MIT
// What the server said was wrong: one sentence, and which field each fault is of.
export class Problem extends Error {
  constructor(status, message, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

// The sentence of an answer that is application/problem+json, its faults each behind the name of its field.
export function sentence(body, status) {
  const named = (body.errors || [])
    .map((f) => `${f.parameter || f.header || (f.pointer || '').slice(1)} ${f.detail}`.trim());
  return named.length ? named.join('; ') : body.detail || body.title || `The server answers ${status}.`;
}
