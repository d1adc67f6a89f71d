// SPDX-License-Identifier: MIT
// Trades a name and a password, or a token, for the session cookie. A link may carry a code that
// signs in once, after '#', which browsers keep to themselves; it is taken off the address at once.
'use strict';
const form = document.getElementById('sign-in');
const message = document.getElementById('message');

async function signIn(credentials, refused) {
  message.textContent = '';
  try {
    const answer = await fetch('/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(credentials),
    });
    if (answer.ok) {
      const after = sessionStorage.getItem('after-sign-in') || '';
      sessionStorage.removeItem('after-sign-in');
      location.replace('/' + (after.startsWith('#/') ? after : ''));
      return;
    }
    const isJson = (answer.headers.get('Content-Type') || '').includes('json');
    message.textContent = answer.status === 401 ? refused
      : isJson ? (await answer.json()).detail : `The server answers ${answer.status}.`;
  } catch (e) {
    message.textContent = 'The server does not answer.';
  }
  form.elements.token.select();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const user = form.elements.user.value.trim();
  const secret = form.elements.token.value;
  if (user) signIn({ user, password: secret }, 'Nobody of that name has that password.');
  else signIn({ token: secret.trim() }, 'There is no such token.'); // a copy often brings blanks along
});

// A token that is pasted where the page begins is no name: it goes where it is not shown.
const TOKEN = /^[^\s@]{16,}$/;
form.elements.user.addEventListener('paste', (event) => {
  const text = event.clipboardData.getData('text').trim();
  if (form.elements.user.value || !TOKEN.test(text)) return;
  event.preventDefault();
  form.elements.token.value = text;
  form.elements.token.focus();
});

function followLink() {
  if (location.hash.length < 2) return;
  const code = location.hash.slice(1).trim();
  history.replaceState(null, '', location.pathname);
  signIn({ code }, 'This link was used already, or is too old. fulfil-token link makes another.');
}
window.addEventListener('hashchange', followLink);
followLink();
