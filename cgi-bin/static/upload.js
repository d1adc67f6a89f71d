// SPDX-License-Identifier: MIT
// A file on its way to the server. It belongs to the application rather than to a page: it goes on while
// other pages are looked at, and a notice tells how far it is.
import { el, announce, bytes, isolate } from './dom.js';
import { signedOut } from './api.js';
import { notify } from './dialog.js';
import { Problem, sentence } from './problem.js';

let sending = null; // the file

export const isSending = () => sending !== null;

function ask(event) {
  event.preventDefault();
}

// fetch would not tell how much of it has gone.
function send(request, file, options, onProgress) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    for (const [name, value] of options) body.append(name, value);
    body.append('file', file, file.name);
    request.open('POST', '/api/upload');
    request.responseType = 'json';
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded, e.total);
    request.onerror = () => reject(new Problem(0, 'The file did not reach the server.'));
    request.onabort = () =>
      reject(Object.assign(new Problem(0, 'The upload was stopped; nothing was imported.'), { stopped: true }));
    request.onload = () => {
      if (request.status === 202) resolve(request.response);
      else reject(new Problem(request.status, sentence(request.response || {}, request.status)));
    };
    request.send(body);
  });
}

function noticeOf(name, request) {
  const bar = el('progress', { max: 1, value: 0, 'aria-label': 'Sent' });
  const far = el('span', {});
  const stop = el('button', { type: 'button', class: 'small', click: () => request.abort() }, 'Cancel the upload');
  const node = el('div', { class: 'notice sending' }, el('div', { class: 'stack' },
    el('span', {}, `Sending ${name}. You may go to other pages meanwhile. `, far), bar, stop));
  return { node, show(done, all) {
    bar.max = all;
    bar.value = done;
    far.textContent = `${bytes(done)} of ${bytes(all)}`;
  } };
}

// Sends one file; the import's task comes back. The page that is shown then decides where to go.
export async function upload(file, options) {
  const request = new XMLHttpRequest();
  const name = isolate(file.name);
  const notice = noticeOf(name, request);
  sending = file;
  window.addEventListener('beforeunload', ask);
  document.getElementById('notices').append(notice.node);
  announce(`Sending ${name}`);
  try {
    return (await send(request, file, options, notice.show)).task_id;
  } catch (e) {
    if (e.status === 401) notify(`${name} was not sent: you are signed out.`, 'bad');
    throw e;
  } finally {
    sending = null;
    window.removeEventListener('beforeunload', ask);
    notice.node.remove();
  }
}

// What to do with the end of it once its page is left.
export function tellEnd(file, task) {
  notify([`${isolate(file.name)} has arrived and is imported. `, el('a', { href: `#/imports/${task}` }, 'Watch it')]);
}

export function tellFailure(file, e) {
  if (e.status === 401) signedOut();
  else notify(`${isolate(file.name)}: ${e.message}`, e.stopped ? 'good' : 'bad');
}
