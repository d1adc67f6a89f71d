// SPDX-License-Identifier: MIT
// Trades a token for the session cookie. A link may carry the token behind '#',
// which browsers keep to themselves; it is taken off the address at once.
'use strict';
const form = document.getElementById('sign-in');
const message = document.getElementById('message');

async function signIn(token) {
  message.textContent = '';
  try {
    const answer = await fetch('/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) {
      const after = sessionStorage.getItem('after-sign-in') || '';
      sessionStorage.removeItem('after-sign-in');
      location.replace('/' + (after.startsWith('#/') ? after : ''));
      return;
    }
    const isJson = (answer.headers.get('Content-Type') || '').includes('json');
    message.textContent = answer.status === 401 ? 'There is no such token.'
      : isJson ? (await answer.json()).detail : `The server answers ${answer.status}.`;
  } catch (e) {
    message.textContent = 'The server does not answer.';
  }
  form.elements.token.select();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  signIn(form.elements.token.value.trim()); // a copy often brings blanks along
});
function followLink() {
  if (location.hash.length < 2) return;
  const token = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
  signIn(token.trim());
}
window.addEventListener('hashchange', followLink);
followLink();
