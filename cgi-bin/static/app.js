// SPDX-License-Identifier: MIT
// The shell: who is signed in, which page the address names, and the keys that work everywhere. An
// address is #/orders/7?since=…: what stands in ROUTES, then a query that belongs to the page.
import { el, announce, clockTime } from './dom.js';
import { session, openSession, mayWrite } from './api.js';
import { fail, notify } from './dialog.js';
import { QUESTION, isUnsaved } from './unsaved.js';
import * as stream from './stream.js';

const ROUTES = [
  { path: /^\/?$/, file: './monitor.js', nav: '/' },
  { path: /^\/orders$/, file: './orders.js', nav: '/orders' },
  { path: /^\/orders\/(\d+)$/, file: './order.js', nav: '/orders' },
  { path: /^\/products$/, file: './products.js', nav: '/products' },
  { path: /^\/stock$/, file: './stock.js', nav: '/stock' },
  { path: /^\/stock\/(\d+)$/, file: './product.js', nav: '/stock' },
  { path: /^\/products\/(\d+)$/, file: './product.js', nav: '/products' },
  { path: /^\/imports$/, file: './imports.js', nav: '/imports' },
  { path: /^\/imports\/([\w-]+)$/, file: './import.js', nav: '/imports' },
  { path: /^\/webhooks$/, file: './webhooks.js', nav: '/webhooks' },
  { path: /^\/webhooks\/(new|\d+)$/, file: './webhook.js', nav: '/webhooks' },
  { path: /^\/logs$/, file: './logs.js', nav: '/logs' },
  { path: /^\/quarantine$/, file: './quarantine.js', nav: '/quarantine' },
];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const menu = document.getElementById('menu');
let leave = null; // ends what the page that is shown has started
let current = '';
let here = '';   // the address of the page that is shown

function address() {
  const text = location.hash.replace(/^#/, '') || '/';
  const at = text.indexOf('?');
  return { path: at < 0 ? text : text.slice(0, at), query: new URLSearchParams(at < 0 ? '' : text.slice(at + 1)) };
}

// What a page gets: where it is, where to put itself, and how to end.
function viewOf(match, query, controller) {
  const view = {
    main, query, id: match[1], signal: controller.signal,
    title(text, ...actions) {
      document.title = `${text} · Fulfil`;
      const h1 = el('h1', { tabindex: '-1' }, text);
      main.replaceChildren(el('div', { class: 'title' }, h1, el('div', { class: 'actions' }, actions)));
      return h1;
    },
    setQuery(changes, replace) {
      if (controller.signal.aborted) return;
      for (const [name, value] of Object.entries(changes))
        if (value === '' || value === null || value === undefined) view.query.delete(name);
        else view.query.set(name, value);
      const text = view.query.toString();
      const url = `#${current}${text ? `?${text}` : ''}`;
      history[replace ? 'replaceState' : 'pushState'](null, '', url);
      here = location.hash;
    },
    // fn is called at each interval and at what comes by the stream, until the page is left.
    live(handlers) {
      controller.signal.addEventListener('abort', stream.listen(handlers));
    },
  };
  return view;
}

function closeMenu() {
  nav.classList.remove('open');
  menu.setAttribute('aria-expanded', 'false');
}

// Links and the history alike; an address cannot be held back, only be put there again.
function move() {
  if (isUnsaved() && !window.confirm(QUESTION)) {
    history.pushState(null, '', here);
    searching = false;
    return;
  }
  showPage();
}

async function showPage() {
  here = location.hash;
  const { path, query } = address();
  const route = ROUTES.find((r) => r.path.test(path));
  if (leave) leave.abort();
  document.querySelector('dialog[open]')?.close(); // it was of the page that is left
  const controller = new AbortController();
  leave = controller;
  current = path;
  for (const a of nav.querySelectorAll('a'))
    if (a.getAttribute('href') === `#${route?.nav}`) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  closeMenu();
  const view = viewOf(route ? route.path.exec(path) : [], query, controller);
  if (!route) {
    view.title('No such page');
    main.append(el('p', {}, `There is no page at ${path}. `, el('a', { href: '#/' }, 'Go to the overview')));
    return;
  }
  main.setAttribute('aria-busy', 'true');
  try {
    const page = await import(route.file);
    if (controller.signal.aborted) return;
    await page.show(view);
  } catch (e) {
    if (controller.signal.aborted || e.status === 401) return;
    view.title(e.status === 404 ? 'Not found' : 'That did not work');
    main.append(el('p', { class: 'error' }, e.message),
      el('p', {}, el('button', { type: 'button', click: showPage }, 'Try again')));
  } finally {
    if (!controller.signal.aborted) main.removeAttribute('aria-busy');
  }
  if (controller.signal.aborted) return;
  announce(document.title);
  if (!(searching && focusSearch()) && arrived) main.querySelector('h1')?.focus({ preventScroll: false });
  searching = false;
  arrived = true;
}
let arrived = false;

let searching = false; // / was pressed where there is nothing to search in

function focusSearch() {
  const search = main.querySelector('[data-search]');
  search?.focus();
  search?.select?.();
  return search;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.key === 'Escape' && nav.classList.contains('open')) {
    closeMenu();
    menu.focus();
  }
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === '/' && !typing) {
    event.preventDefault();
    if (focusSearch() || current === '/orders') return;
    searching = true;
    location.hash = '#/orders';
  }
}

function showState() {
  const at = document.getElementById('state');
  const { stale, since, paused } = stream.state();
  at.className = stale ? 'bad' : 'quiet';
  main.classList.toggle('stale', stale);
  at.textContent = stale ? (since ? `Stale since ${clockTime(since)}` : 'The server does not answer') : paused
    ? 'Paused' : since ? `Updated ${clockTime(since)}` : 'Connecting…';
}

function setUpShell() {
  document.getElementById('scope').textContent = session.demo ? 'Demo, read only' : mayWrite() ? 'Read and write'
    : 'Read only';
  document.getElementById('demo').hidden = !session.demo;
  document.getElementById('sign-out').hidden = session.demo;
  document.getElementById('sign-out').addEventListener('click', async () => {
    if (isUnsaved() && !window.confirm(QUESTION)) return;
    await fetch('/session', { method: 'DELETE' }).catch(() => {});
    location.replace('/sign-in.html');
  });
  document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault();
    (main.querySelector('h1') || main).focus();
    main.scrollIntoView();
  });
  menu.addEventListener('click', () => menu.setAttribute('aria-expanded', String(nav.classList.toggle('open'))));
  document.addEventListener('keydown', onKey);
  window.addEventListener('popstate', move);
  window.addEventListener('unhandledrejection', (event) => { event.preventDefault(); fail(event.reason); });
  stream.listen({ state: showState });
}

async function start() {
  try {
    await openSession();
  } catch (e) {
    if (e.status === 401) return;
    notify(e.message, 'bad');
    setTimeout(start, 3000);
    return;
  }
  document.getElementById('notices').replaceChildren();
  setUpShell();
  stream.start();
  showPage();
}
start();
