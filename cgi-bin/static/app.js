// SPDX-License-Identifier: MIT
// The shell: who is signed in, which page the address names, and the keys that work everywhere. An
// address is #/orders/7?since=…: what stands in ROUTES, then a query that belongs to the page.
import { el, announce, clockTime, fullTime, retime, visible } from './dom.js';
import { session, openSession, mayWrite } from './api.js';
import { fail, notify, sweep } from './dialog.js';
import { Problem, asSentence } from './problem.js';
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
  { path: /^\/shortages$/, file: './shortages.js', nav: '/stock' },
  { path: /^\/privacy$/, file: './privacy.js', nav: '/quarantine' },
  { path: /^\/quarantine$/, file: './quarantine.js', nav: '/quarantine' },
];

const AGAIN_MS = 3000;
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
      document.title = `${visible(String(text))} · Fulfil`;
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
      history[replace ? 'replaceState' : 'pushState'](replace ? history.state : null, '', url);
      here = location.hash;
    },
    // fn is called at each interval and at what comes by the stream, until the page is left.
    live(handlers) {
      controller.signal.addEventListener('abort', stream.listen(handlers));
    },
  };
  return view;
}

// --- where one was: the place in the page, and the link that was followed, kept with the entry of the history

history.scrollRestoration = 'manual';

function keepPlace(link = document.activeElement?.closest?.('main a[href]')) {
  if (main.hasAttribute('aria-busy')) return;
  const from = link && { href: link.getAttribute('href'), top: link.getBoundingClientRect().top };
  history.replaceState({ y: window.scrollY, from }, '');
}

function findPlace({ y, from }) {
  const link = from && [...main.querySelectorAll('a[href]')].find((a) => a.getAttribute('href') === from.href);
  link?.focus({ preventScroll: true });
  window.scrollTo(0, link ? window.scrollY + link.getBoundingClientRect().top - from.top : y);
  return Boolean(link);
}

let settling = 0;
window.addEventListener('scroll', () => {
  clearTimeout(settling);
  settling = setTimeout(keepPlace, 150);
}, { passive: true });

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
  clearTimeout(settling);
  const place = history.state;
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
  sweep();
  const view = viewOf(route ? route.path.exec(path) : [], query, controller);
  if (!route) {
    view.title('No such page');
    main.append(el('p', {}, `There is no page at ${path}. `, el('a', { href: '#/' }, 'Show the overview')));
    main.removeAttribute('aria-busy');
    return;
  }
  main.setAttribute('aria-busy', 'true');
  try {
    const page = await import(route.file).catch(() => { throw new Problem(0, 'The server does not answer.'); });
    if (controller.signal.aborted) return;
    await page.show(view);
  } catch (e) {
    if (controller.signal.aborted || e.status === 401) return;
    showFault(view, e);
  } finally {
    if (!controller.signal.aborted) main.removeAttribute('aria-busy');
  }
  if (controller.signal.aborted) return;
  announce(document.title);
  if (place && 'y' in place) {
    if (!findPlace(place)) main.querySelector('h1')?.focus({ preventScroll: true });
  } else {
    window.scrollTo(0, 0);
    if (!(searching && focusSearch()) && arrived) main.querySelector('h1')?.focus({ preventScroll: false });
  }
  searching = false;
  arrived = true;
}
let arrived = false;

// Asks at the address now and then, and goes on once it is answered.
function whenBack(view, path, again) {
  setTimeout(async () => {
    if (view.signal.aborted) return;
    const status = await fetch(path).then((answer) => answer.status, () => 0);
    if (view.signal.aborted) return;
    if (status > 0 && status < 500) again();
    else whenBack(view, path, again);
  }, AGAIN_MS);
}

// What could not be shown: what is wrong, and where to go from there.
function showFault(view, e) {
  const section = nav.querySelector('a[aria-current]');
  view.title(e.status === 404 ? 'Not found' : 'This page cannot be shown');
  const list = section && section.getAttribute('href') !== location.hash
    && el('a', { class: 'button', href: section.getAttribute('href') }, 
      `Show all: ${section.textContent.toLowerCase()}`);
  // A script that did not arrive is asked for again only by a new page.
  const again = () => (e.status === 0 ? location.reload() : showPage());
  main.append(el('p', { class: 'error' }, asSentence(e)), el('p', { class: 'row' }, list,
    e.status !== 404 && el('button', { type: 'button', click: again }, 'Try again')));
  if (e.status === 0 || e.status >= 500) whenBack(view, e.status ? '/api/orders?page_size=1' : '/session', again);
}

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

let today = new Date().toDateString();

function showState() {
  if (today !== new Date().toDateString()) {
    today = new Date().toDateString();
    retime();
  }
  const at = document.getElementById('state');
  const { stale, since, paused } = stream.state();
  at.className = stale ? 'bad' : 'quiet';
  main.classList.toggle('stale', stale);
  at.textContent = stale ? (since ? `Stale since ${clockTime(since)}` : 'The server does not answer') : paused
    ? 'Paused' : since ? `Updated ${clockTime(since)}` : 'Connecting…';
}

function setUpShell() {
  document.getElementById('scope').textContent = session.demo ? 'Demo' : mayWrite() ? 'Read and write'
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
  // What a request met is for the reader; a fault of the code is for the console, which has it already.
  window.addEventListener('unhandledrejection', (event) => {
    if (!(event.reason instanceof Problem)) return;
    event.preventDefault();
    fail(event.reason);
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="#/"]');
    if (link) keepPlace(main.contains(link) ? link : null);
  }, { capture: true });
  window.addEventListener('beforeprint', () => retime(fullTime));
  window.addEventListener('afterprint', () => retime());
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
