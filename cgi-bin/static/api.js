// SPDX-License-Identifier: MIT
// Requests to the API of this very server, and what can go wrong with them. In demo mode the answers
// come from demo.js instead of the network.

import { Problem, sentence } from './problem.js';
import { isUnsaved } from './unsaved.js';

export const session = { scope: 'read', demo: false };

const PATIENCE_MS = 30000;
export const LONG_MS = 600000; // for what changes all that match
let demo = null;

export function mayWrite() {
  return session.scope === 'write';
}

// Leads to where one signs in, but not away from what is written.
export function signedOut() {
  if (isUnsaved()) return;
  sessionStorage.setItem('after-sign-in', location.hash);
  location.replace('/sign-in.html');
}

// The version of what was read, as the server names it: a change of it that says which one the reader saw
// (`seen`) is refused with 412 if somebody else changed it meanwhile.
const tags = new WeakMap();

function tagged(value, answer) {
  const tag = answer.headers.get('ETag');
  if (tag && value !== null && typeof value === 'object') tags.set(value, tag);
  return value;
}

async function problemOf(answer) {
  const type = answer.headers.get('Content-Type') || '';
  if (type.includes('json')) {
    const body = await answer.json();
    const problem = new Problem(answer.status, sentence(body, answer.status), body.errors);
    problem.current = body.current ? tagged(body.current, answer) : null;
    return problem;
  }
  return new Problem(answer.status, answer.status === 503
    ? 'The programs behind this page are away; this page goes on when they are back.'
    : `The server answers ${answer.status} ${answer.statusText}.`);
}

// Both an ended page and an impatient reader end a request.
function endedBy(signal, patience) {
  const late = AbortSignal.timeout(patience);
  if (!signal) return late;
  return AbortSignal.any ? AbortSignal.any([signal, late]) : signal;
}

async function request(method, path, { body, signal, accept = [], patience = PATIENCE_MS, seen } = {}) {
  if (demo) return demo.answer(method, path, body);
  const options = { method, signal: endedBy(signal, patience), headers: { Accept: 'application/json' } };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  if (tags.has(seen)) options.headers['If-Match'] = tags.get(seen);
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (e) {
    if (signal && signal.aborted) throw e;
    throw new Problem(0, e.name === 'TimeoutError' ? `The server took longer than ${patience / 1000} s.`
      : 'The server does not answer.');
  }
  if (answer.status === 401) {
    signedOut();
    throw new Problem(401, 'You are signed out. Sign in in another tab, then come back here and save.');
  }
  if (!answer.ok && !accept.includes(answer.status)) throw await problemOf(answer);
  return answer.status === 204 ? null : tagged(await answer.json(), answer);
}

export const get = (path, options) => request('GET', path, options);
export const post = (path, body, options) =>
  request('POST', path, { body: body === undefined ? {} : body, ...options });
export const put = (path, body, options) => request('PUT', path, { body, ...options });
export const del = (path, options) => request('DELETE', path, options);
export const health = (options) => request('GET', '/api/health', { accept: [503], ...options });

export async function openSession() {
  Object.assign(session, await get('/session'));
  if (session.demo) {
    demo = await import('./demo.js');
    session.scope = 'write';
  }
}

export function isDemo() {
  return demo;
}

// A query string of what is set; '' for nothing.
export function query(values) {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== '' && value !== null && value !== undefined && value !== false) q.set(name, value);
  const text = q.toString();
  return text ? `?${text}` : '';
}
