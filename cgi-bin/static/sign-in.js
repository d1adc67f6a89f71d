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

function ask(text) {
  message.textContent = text;
  (form.elements.user.value ? form.elements.token : form.elements.user).focus();
}

const TOKEN = /^\S{16,}$/;

// What looks like a token where names go, without a password, is one: the page begins there. A copy often
// brings blanks along.
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const user = form.elements.user.value.trim();
  const secret = form.elements.token.value;
  if (user && secret) signIn({ user, password: secret }, 'Nobody of that name has that password.');
  else if (user && !TOKEN.test(user)) ask('Write the password of that name, too.');
  else if (user) signIn({ token: user }, 'There is no such token; with a name, write its password, too.');
  else if (secret) signIn({ token: secret.trim() }, 'There is no such token.');
  else ask('Write your name and password, or a token.');
});

// One that shows by its beginning that it is a token goes where it is not shown; what else is pasted stays.
form.elements.user.addEventListener('paste', (event) => {
  const text = event.clipboardData.getData('text').trim();
  if (form.elements.user.value || !/^ful_\S+$/.test(text)) return;
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
