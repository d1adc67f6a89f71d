// SPDX-License-Identifier: MIT
// What happens, as it happens: /api/events/stream, shared by the tabs of a browser. One of the tabs that
// are looked at holds a lock and reads the stream; it tells the others over a BroadcastChannel. A tab
// that is not looked at does nothing, and catches up from the last id when it is seen again.
import { get, health, isDemo, query, signedOut } from './api.js';

const AGAIN_MS = 3000;      // after a refusal, which ends an EventSource for good
const CHOICES = [2, 5, 15, 60];
const listeners = new Set();
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('fulfil') : null;
let source = null;
let release = null;         // gives up the lock
let timer = 0;
let lastId = '';
let figures = null;         // the newest, for pages that are opened after they came
let heard = 0;              // when the server was last known to be there
let lost = false;
let away = '';              // what the server itself says is away: database
let open = false;           // the answer that is being read
let seconds = CHOICES.includes(Number(localStorage.getItem('interval'))) ? Number(localStorage.getItem('interval')) : 2;
let paused = localStorage.getItem('paused') === 'yes';

export const choices = CHOICES;
export const interval = () => seconds;

const late = () => heard > 0 && Date.now() - heard > Math.max(seconds * 3, 8) * 1000;

// {stale, since: when it last was up to date, or null, paused, away: database where the server says so}
export function state() {
  return { stale: !paused && !document.hidden && (lost || late()), since: heard ? new Date(heard) : null, paused,
    away };
}

// handlers: {order, task, stock, import, delivery, figures, gap, state, back}: fn(data). Returns how to stop.
export function listen(handlers) {
  listeners.add(handlers);
  if (figures) handlers.figures?.(figures);
  return () => listeners.delete(handlers);
}

// The processes of the server count each for itself: figures older than those that are shown are left out.
function newest(data) {
  if (!data.metrics_time || !figures?.metrics_time || data.metrics_time >= figures.metrics_time) return data;
  const { metrics_time, metrics, ...rest } = data;
  return rest;
}

function tell(kind, fresh) {
  const data = kind === 'figures' ? newest(fresh) : fresh;
  if (kind === 'figures') figures = { ...figures, ...data };
  for (const handlers of [...listeners]) handlers[kind]?.(data);
}

function alive() {
  const was = lost || late();
  heard = Date.now();
  lost = false;
  away = '';
  if (was) tell('back');
  tell('state');
}

function pass(kind, data, id) {
  if (id) lastId = id;
  alive();
  tell(kind, data);
}

const KINDS = ['order', 'task', 'stock', 'import', 'delivery', 'figures', 'gap'];

function share(message) {
  channel?.postMessage(message);
}

function openSource() {
  closeSource();
  if (isDemo()) {
    timer = setInterval(() => isDemo().events((kind, data) => pass(kind, data)), seconds * 1000);
    isDemo().events((kind, data) => pass(kind, data));
    return;
  }
  source = new EventSource('/api/events/stream' + query({ retry: seconds * 1000, last_event_id: lastId }));
  open = false;
  source.onopen = () => {
    open = true;
    alive();
    share({ kind: 'alive' });
  };
  for (const kind of KINDS)
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      pass(kind, data, event.lastEventId);
      share({ kind, data, id: event.lastEventId });
    });
  // Each answer ends, and the browser comes back by itself; it found nobody where none began since. CLOSED
  // means that it was refused.
  source.onerror = async () => {
    if (source?.readyState === EventSource.CONNECTING) {
      if (!open) loseAll(null);
      open = false;
    }
    if (source?.readyState !== EventSource.CLOSED) return;
    closeSource();
    timer = setTimeout(openSource, AGAIN_MS);
    loseAll();
    if (await get('/session').catch((e) => e.status === 401 && 'out') === 'out') signedOut();
    const known = await health().catch(() => null); // which of the servers it is
    if (lost) loseAll(known);
  };
}

// known: what the server says of its health; null where it says nothing, undefined while it is being asked.
function lose(known) {
  lost = true;
  if (known !== undefined) away = known?.database?.status === 'down' ? 'database' : '';
  if (known?.database) tell('figures', { health: known });
  tell('state');
}

function loseAll(known) {
  lose(known);
  share({ kind: 'lost', data: known });
}

function closeSource() {
  clearTimeout(timer);
  clearInterval(timer);
  timer = 0;
  source?.close();
  source = null;
}

// Web Locks need a secure context; without them every tab reads for itself.
function join() {
  if (release || source) return;
  if (!navigator.locks || !channel || isDemo()) {
    openSource();
    return;
  }
  const controller = new AbortController();
  release = () => controller.abort();
  navigator.locks.request('fulfil-stream', { signal: controller.signal }, () => new Promise((resolve) => {
    release = resolve;
    openSource();
  })).catch(() => {});
}

function leave() {
  closeSource();
  release?.();
  release = null;
}

function decide() {
  if (paused || document.hidden) leave();
  else join();
  tell('state');
}

export function changeInterval(s) {
  seconds = s;
  localStorage.setItem('interval', String(s));
  if (source || timer) openSource();
}

export function setPaused(p) {
  paused = p;
  localStorage.setItem('paused', p ? 'yes' : 'no');
  if (!p) tell('back');
  decide();
}

export function start() {
  if (channel)
    channel.onmessage = ({ data: { kind, data, id } }) => {
      if (paused || document.hidden || source) return;
      if (kind === 'alive') alive();
      else if (kind === 'lost') lose(data);
      else pass(kind, data, id);
    };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) tell('back');
    decide();
  });
  setInterval(() => tell('state'), 1000); // what is late becomes so without a word
  decide();
}
