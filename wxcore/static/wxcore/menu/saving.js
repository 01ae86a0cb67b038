// Saves a moment after a change, and says on the page how things stand. The server answers what is wrong.
import { byId, page, say, state } from "menu/state";

const PAUSE = 700;
const AGAIN = 8000;

let { version } = page;
let stored = JSON.stringify(state.content());
let timer = null;
let running = null;
let isStuck = false;
const listeners = [];

export const onSaved = (listener) => listeners.push(listener);
const isDirty = () => JSON.stringify(state.content()) !== stored;

class Refused extends Error {
  constructor({ code, message, fix = "" }, status = 0) {
    super(fix ? `${message} ${fix}` : message);
    Object.assign(this, { code, status });
  }
}

export async function ask(url, data, options = {}) {
  const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1]
    ?? document.querySelector("#menu_form [name=csrfmiddlewaretoken]").value;
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(data),
      redirect: "manual", // to the login
      ...options,
    });
  } catch {
    throw new Refused({ code: "offline", message: say("offline") });
  }
  if (response.type === "opaqueredirect") throw new Refused({ code: "signed_out", message: say("signedOut") }, 401);
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw new Refused(answer?.message ? answer : { code: "unexpected", message: say("unexpected", { status: response.status }) }, response.status);
}

function show(name, text, action) {
  byId("m-state").dataset.state = name;
  byId("m-state-text").textContent = text;
  const button = byId("m-state-action");
  button.hidden = !action;
  if (action) Object.assign(button, { textContent: action.label, onclick: action.run });
}

function plan() {
  if (isStuck) return;
  clearTimeout(timer);
  if (!isDirty()) {
    if (!running) show("saved", say("saved", { at: page.saved_at }));
    return;
  }
  show("dirty", say("dirty"));
  timer = setTimeout(save, PAUSE);
}

export async function save() {
  clearTimeout(timer);
  if (running) await running;
  if (isStuck || !isDirty()) return;
  running = send();
  await running;
  running = null;
  if (!isStuck && isDirty() && byId("m-state").dataset.state !== "failed") plan();
}

async function send() {
  const sent = JSON.stringify(state.content());
  show("saving", say("saving"));
  try {
    const answer = await ask(page.urls.save, { version, buttons: JSON.parse(sent) });
    ({ version } = answer);
    page.saved_at = answer.saved_at;
    stored = sent;
    show("saved", say("saved", { at: answer.saved_at }));
    listeners.forEach((listener) => listener(answer));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused(error);
  }
}

function refused(error) {
  if (error.code === "menu_changed") {
    isStuck = true;
    show("failed", error.message, { label: say("reload"), run: () => { stored = JSON.stringify(state.content()); location.reload(); } });
    return;
  }
  show("failed", say("failed", { why: error.message }), { label: say("retry"), run: save });
  if (error.code === "offline" || error.status >= 500) timer = setTimeout(save, AGAIN);
}

export function startSaving() {
  show("saved", page.version ? say("saved", { at: page.saved_at }) : say("unchanged"));
  if (!page.may_edit) return;
  state.addEventListener("change", plan);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
  // Publishing shows what is saved: wait for it.
  for (const link of document.querySelectorAll(`a[href^="${page.urls.publish}"]`)) {
    link.addEventListener("click", async (event) => {
      if (!isDirty() && !running) return;
      event.preventDefault();
      await save();
      if (!isDirty()) location.assign(link.href);
    });
  }
  addEventListener("pagehide", () => {
    if (!isDirty() || isStuck || running) return;
    ask(page.urls.save, { version, buttons: state.content() }, { keepalive: true }).catch(() => {});
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("beforeunload", (event) => { if (isDirty() && !isStuck) event.preventDefault(); });
}
