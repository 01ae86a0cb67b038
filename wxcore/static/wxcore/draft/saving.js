// Saves by itself a few seconds after a change, and says on the page how things stand.
// Until the server has it, a copy lies in this browser: a dead session or a crash loses nothing.
import { Refused, ask } from "draft/ask";
import { byId, page, say, state } from "draft/state";

const PAUSE = 2000;
const LONGEST_PAUSE = 8000; // while somebody types without a break
const AGAIN = 10000; // after the server did not answer
const KEEPALIVE_BYTES = 60000; // what a browser sends after its page has gone
const LEFTOVER = `qunfa.draft.${page.id}.${page.user}`;

let { version } = page;
let stored = serialised();
let status = "saved";
let running = null;
let timer = null;
let dirtySince = 0;
let beforeSaving = () => {};
let isBusy = () => false;
const listeners = [];

function serialised() { return JSON.stringify(state.content()); }
const isDirty = () => serialised() !== stored;

export const onSaved = (listener) => listeners.push(listener);

function show(name, text, action) {
  status = name;
  byId("d-state").dataset.state = name;
  byId("d-state-text").textContent = text;
  const button = byId("d-state-action");
  button.hidden = !action;
  if (action) {
    button.textContent = action.label;
    button.onclick = action.run;
  }
}

function plan() {
  if (status === "conflict") return;
  if (!isDirty()) {
    clearTimeout(timer);
    if (!running) show("saved", say("saved", { at: page.saved_at }));
    forget();
    return;
  }
  dirtySince ||= Date.now();
  if (status !== "saving" && status !== "failed") show("dirty", say("dirty"));
  remember();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, dirtySince + LONGEST_PAUSE - Date.now())));
}

export async function save({ automatic = true } = {}) {
  clearTimeout(timer);
  beforeSaving();
  if (running) {
    await running;
    return isDirty() || !automatic ? save({ automatic }) : undefined;
  }
  if (status === "conflict" || (automatic && !isDirty())) return undefined;
  running = send(automatic);
  await running;
  return undefined;
}

async function send(automatic) {
  const sent = serialised();
  show("saving", say("saving"));
  dirtySince = 0;
  try {
    const answer = await ask(page.urls.save, { version, automatic, articles: JSON.parse(sent) });
    ({ version } = answer);
    page.saved_at = answer.saved_at;
    stored = sent;
    running = null;
    show("saved", say("saved", { at: answer.saved_at }));
    listeners.forEach((listener) => listener(answer));
    plan();
  } catch (error) {
    running = null;
    refused(error);
  }
}

function refused(error) {
  if (!(error instanceof Refused)) throw error;
  remember();
  if (error.code === "draft_changed") return conflict(error);
  const again = { label: say("retry"), run: () => save({ automatic: false }) };
  if (error.code === "signed_out") {
    const url = `/admin/login/?next=${encodeURIComponent(location.pathname)}`;
    return show("failed", error.message, { label: say("signIn"), run: () => window.open(url, "_blank") });
  }
  if (error.code === "offline" || error.status >= 500) timer = setTimeout(save, AGAIN);
  return show("failed", say("failed", { why: error.message }), again);
}

function conflict(error) {
  const dialog = byId("d-conflict");
  dialog.querySelector("h2").textContent = say("conflictTitle");
  dialog.querySelector("p").textContent = error.message;
  const choices = [["keepMine", keepMine], ["seeOther", seeOther], ["later", () => dialog.close()]];
  dialog.querySelector("div").replaceChildren(...choices.map(([name, run]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", onclick: run });
    button.className = "q-button";
    button.textContent = say(name);
    button.dataset.choice = name;
    return button;
  }));
  show("conflict", say("conflict"), { label: say("decide"), run: () => dialog.showModal() });
  if (!dialog.open) dialog.showModal();
}

async function keepMine() {
  try {
    const { url } = await ask(page.urls.keep_copy, { articles: state.content() });
    leave(url);
  } catch (error) {
    byId("d-conflict").querySelector("p").textContent = error.message;
  }
}

function seeOther() { window.open(location.pathname, "_blank"); }

function leave(url) {
  stored = serialised();
  forget();
  location.assign(url);
}

function remember() {
  try {
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    localStorage.setItem(LEFTOVER, JSON.stringify({ at, articles: state.copy() }));
  } catch { /* full, or forbidden: the server is still there */ }
}

function forget() { try { localStorage.removeItem(LEFTOVER); } catch { /* forbidden */ } }

function offerLeftover() {
  let left;
  try { left = JSON.parse(localStorage.getItem(LEFTOVER)); } catch { return; }
  if (!Array.isArray(left?.articles) || JSON.stringify(left.articles) === JSON.stringify(state.copy())) return forget();
  const note = document.createElement("div");
  note.className = "q-note q-note-warning d-leftover";
  note.append(say("leftover", { at: left.at }), " ");
  for (const [name, run] of [["leftoverUse", () => state.replace(left.articles)], ["leftoverDrop", forget]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "q-button";
    button.textContent = say(name);
    button.addEventListener("click", () => { note.remove(); run(); });
    note.append(button);
  }
  byId("d-notices").append(note);
}

function onLeaving() {
  beforeSaving();
  if (!isDirty() || status === "conflict" || running) return;
  const body = { version, automatic: true, articles: state.content() };
  if (new Blob([JSON.stringify(body)]).size > KEEPALIVE_BYTES) return;
  ask(page.urls.save, body, { keepalive: true }).then((answer) => {
    ({ version } = answer);
    stored = JSON.stringify(body.articles);
    forget();
  }).catch(() => {});
}

export function showStored() {
  show("saved", page.version ? say("saved", { at: page.saved_at }) : say("unchanged"));
}

export function startSaving({ before, busy }) {
  beforeSaving = before;
  isBusy = busy;
  offerLeftover();
  showStored();
  state.addEventListener("change", plan);
  byId("d-save").addEventListener("click", () => save({ automatic: false }));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save({ automatic: false });
    }
  });
  addEventListener("blur", () => save());
  addEventListener("focus", () => { if (status === "failed") save(); });
  addEventListener("pagehide", onLeaving);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("beforeunload", (event) => {
    beforeSaving();
    if (isDirty() || isBusy()) event.preventDefault();
  });
}
