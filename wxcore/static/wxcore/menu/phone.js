// The menu as a phone shows it. A button is chosen, added, moved and removed there.
import { asShown, byId, element, page, placeOf, say, state } from "menu/state";

let dragged = null;
let flagged = new Map();

const same = (a, b) => a.length === b.length && a.every((index, level) => index === b[level]);
const item = (path) => byId("m-top").querySelector(`[data-path="${path.join("-")}"]`);

function draw() {
  const focused = document.activeElement?.closest("#m-top") ? document.activeElement.dataset.path : null;
  const tops = state.buttons.map((button, top) => slot(button, [top]));
  if (page.may_edit && state.buttons.length < page.limits.top) tops.push(plus([state.buttons.length], say("add")));
  byId("m-top").replaceChildren(...tops);
  if (focused) byId("m-top").querySelector(`[data-path="${focused}"]`)?.focus();
}

function slot(button, path) {
  const entry = element("li");
  entry.append(control(button, path));
  if (path.length > 1) return entry;
  if (state.path[0] !== path[0]) return entry;
  const list = element("ol", "m-list");
  list.append(...button.below.map((leaf, sub) => slot(leaf, [path[0], sub])));
  const full = button.below.length >= page.limits.sub;
  if (page.may_edit && !full) {
    list.append(plus([path[0], button.below.length], say("addBelow", { name: button.name || say("unnamed") })));
  }
  if (list.children.length) entry.append(list);
  return entry;
}

function control(button, path) {
  const made = element("button", "m-item");
  made.type = "button";
  made.dataset.path = path.join("-");
  made.setAttribute("aria-pressed", String(same(path, state.path)));
  made.setAttribute("aria-label", `${say("button", { place: placeOf(path) })}: ${button.name || say("unnamed")}`);
  if (button.below.length) made.append(element("span", "m-bars", "≡"));
  made.append(element("span", button.name ? "" : "m-unnamed", button.name ? asShown(button.name, path) : say("unnamed")));
  const flag = flagged.get(path.join("-"));
  if (flag) made.classList.add(flag);
  made.addEventListener("click", () => state.open(path));
  made.addEventListener("keydown", (event) => onKey(event, path));
  if (page.may_edit) enableDrag(made, path);
  return made;
}

function plus(path, label) {
  const entry = element("li");
  const made = element("button", "m-item m-plus", "+");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => add(path));
  enableDrop(made, path);
  entry.append(made);
  return entry;
}

export function add(path) {
  if (!state.hasRoom(path)) return toast(say("full", page.limits));
  state.add(path);
  return state.dispatchEvent(new CustomEvent("focus", { detail: "name" }));
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event, path) {
  if (event.key === "Delete" && page.may_edit) {
    event.preventDefault();
    return remove(path);
  }
  const step = STEPS[event.key];
  if (!step) return undefined;
  event.preventDefault();
  const to = neighbour(path, step, event.altKey);
  if (!to) return undefined;
  if (event.altKey) {
    if (page.may_edit) moveTo(path, to);
  } else {
    state.open(to);
    item(to)?.focus();
  }
  return undefined;
}

// The path beside this one; a list stands above its button. Alt moves a button within its list only.
function neighbour([top, sub], [across, down], within) {
  if (across) {
    if (within && sub !== undefined) return null;
    return state.buttons[top + across] ? [top + across] : null;
  }
  const { below } = state.buttons[top];
  if (sub === undefined) return down < 0 && below.length && !within ? [top, below.length - 1] : null;
  if (below[sub + down]) return [top, sub + down];
  return down > 0 && !within ? [top] : null;
}

export function moveTo(from, to) {
  const { name } = state.at(from);
  const refusal = state.move(from, to);
  toast(refusal || say("moved", { name: name || say("unnamed"), place: placeOf(state.path) }));
  item(state.path)?.focus();
}

export function remove(path) {
  const button = state.remove(path);
  toast(say("removed", { name: button.name || say("unnamed") }), () => {
    const back = path.length > 1 && !state.buttons[path[0]] ? [state.buttons.length] : path;
    if (state.hasRoom(back)) state.add(back, button);
  });
  item(state.path)?.focus();
}

export function toast(text, undo) {
  const shown = byId("m-toast");
  shown.hidden = false;
  shown.textContent = text;
  if (!undo) return;
  const again = element("button", "q-link", say("undo"));
  again.type = "button";
  again.addEventListener("click", () => { shown.hidden = true; undo(); });
  shown.append(" ", again);
}

function enableDrag(made, path) {
  made.draggable = true;
  made.addEventListener("dragstart", (event) => {
    dragged = path;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", state.at(path).name ?? "");
    made.classList.add("is-dragged");
  });
  made.addEventListener("dragend", () => { dragged = null; draw(); });
  enableDrop(made, path);
}

function enableDrop(made, path) {
  made.addEventListener("dragover", (event) => {
    if (!dragged || same(dragged, path)) return;
    event.preventDefault();
    made.classList.add("is-target");
  });
  made.addEventListener("dragleave", () => made.classList.remove("is-target"));
  made.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const from = dragged;
    dragged = null;
    // A button of a list that is dropped on one of the bar goes into that one's list.
    const isIntoList = from.length > 1 && path.length === 1 && state.buttons[path[0]];
    moveTo(from, isIntoList ? [path[0], state.buttons[path[0]].below.length] : path);
  });
}

export function flag(problems) {
  flagged = new Map();
  for (const { path, hint } of problems) {
    const place = path.join("-");
    if (!hint || !flagged.has(place)) flagged.set(place, hint ? "has-hint" : "has-problem");
    // What stands in a closed list is seen on the button that opens it.
    if (path.length > 1 && !hint) flagged.set(String(path[0]), "has-problem");
  }
  draw();
}

export function startPhone() {
  for (const name of ["order", "open"]) state.addEventListener(name, draw);
  state.addEventListener("change", draw);
  draw();
}
