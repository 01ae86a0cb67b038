// What goes on, from the stream; from polling where the server has no place for one, or the browser no EventSource.
import { ask } from "dashboard/ask";

const STREAM = "stream/";
const POLL = 5000;
const AGAIN = 15000;
const HIDDEN = 30000;
const listeners = [];
const stateListeners = [];
let stream = null;
let polling = null;
let hiding = null;
let retry = null;

// By event and id, what is known of everything under way.
export const known = { campaign: new Map(), sync: new Map(), import: new Map(), conversation: new Map(), attention: new Map() };

export function onLive(listener) {
  listeners.push(listener);
}

export function onLiveState(listener) {
  stateListeners.push(listener);
}

const tell = (state) => stateListeners.forEach((listener) => listener(state));
const keyOf = (event, data) => (event === "attention" ? `${data.id}-${data.account}` : data.id);

function take(event, data) {
  const before = known[event].get(keyOf(event, data));
  known[event].set(keyOf(event, data), data);
  for (const listener of listeners) listener(event, data, before);
}

// The whole state: what is not in it any more has ended while nobody listened.
function takeAll(events) {
  const seen = new Set(events.map(({ event, data }) => `${event}-${keyOf(event, data)}`));
  for (const { event, data } of events) take(event, data);
  for (const event of ["campaign", "sync", "import"]) {
    for (const key of [...known[event].keys()]) if (!seen.has(`${event}-${key}`)) forget(event, key);
  }
}

function forget(event, key) {
  const before = known[event].get(key);
  known[event].delete(key);
  for (const listener of listeners) listener(event, null, before);
}

async function look() {
  takeAll((await ask(`${STREAM}state/`)).events);
}

function listen() {
  stop();
  if (typeof EventSource === "undefined") return poll();
  let first = [];
  stream = new EventSource(`/api/v1/${STREAM}`);
  for (const event of Object.keys(known)) {
    stream.addEventListener(event, (message) => {
      const data = JSON.parse(message.data);
      if (first) first.push({ event, data });
      else take(event, data);
    });
  }
  stream.addEventListener("ready", (message) => {
    const { resumed } = JSON.parse(message.data);
    if (resumed) first.forEach(({ event, data }) => take(event, data));
    else takeAll(first);
    first = null;
    tell("live");
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) poll();
    else first = []; // it comes back by itself
  });
}

// A page that is long out of sight gives its place to others.
function poll() {
  stop();
  tell("polling");
  const turn = async () => {
    try {
      await look();
      tell("polling");
    } catch (error) {
      if (error.status === undefined) throw error;
      tell(error.status === 401 || error.status === 403 ? "out" : "off");
    }
  };
  turn();
  polling = setInterval(turn, POLL);
  retry = setTimeout(listen, AGAIN);
}

function stop() {
  stream?.close();
  stream = null;
  clearInterval(polling);
  clearTimeout(retry);
}

export function startLive() {
  listen();
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(stop, HIDDEN);
    else if (!stream) listen();
  });
  addEventListener("pagehide", stop);
}
