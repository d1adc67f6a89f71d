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
      location.replace('/');
      return;
    }
    message.textContent = (await answer.json()).detail;
  } catch (e) {
    message.textContent = 'The server does not answer.';
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  signIn(form.elements.token.value);
});
if (location.hash.length > 1) {
  const token = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
  signIn(token);
}
