// SPDX-License-Identifier: MIT
// Forms in which something is written that nobody has saved yet. Leaving them is asked about, and the end of
// a session does not take them away.
const written = new Set();

export const QUESTION = 'What you have written here is not saved. Leave it?';
export const isUnsaved = () => [...written].some((form) => form.isConnected);

// Watches a form or a field; the answer says that its content is saved.
export function guard(form) {
  form.addEventListener('input', () => written.add(form));
  form.addEventListener('change', () => written.add(form));
  return () => written.delete(form);
}

window.addEventListener('beforeunload', (event) => {
  if (isUnsaved()) event.preventDefault();
});
