// The menu as it is on this page: its buttons, and which one is open, by its path: [1] or [1, 0].
// Events: "change" (something to save), "open" (another button), "order" (added, moved, removed).
export const page = JSON.parse(document.getElementById("menu-editor-data").textContent);

export const say = (name, values = {}) => page.words[name].replace(/\{(\w+)\}/g, (_match, key) => values[key] ?? "");

export const byId = (id) => document.getElementById(id);

export const size = (text) => new TextEncoder().encode(text).length;

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

const KINDS = page.groups.flatMap((group) => group.kinds);
export const kindOf = (button) => KINDS.find((kind) => kind.value === button.type);

// As phones show it: at the bottom four Chinese characters, in a list eight.
export function asShown(name, path) {
  let room = page.limits.shown[path.length - 1];
  let shown = "";
  for (const char of name) {
    room -= char.codePointAt(0) < 0x2e80 ? 1 : 2;
    if (room < 0) return `${shown}…`;
    shown += char;
  }
  return shown;
}

export const placeOf = (path) => path.map((index) => index + 1).join("-");

let keys = 0;
// A button keeps what was entered for its other kinds, as long as the page is open.
const keyed = (button) => ({ ...button, id: ++keys, below: (button.sub_button ?? []).map(keyed), sub_button: undefined });

function stored(button) {
  if (button.below.length) return { name: button.name ?? "", sub_button: button.below.map(stored) };
  const kept = { name: button.name ?? "" };
  if (!button.type) return kept;
  kept.type = button.type;
  for (const field of kindOf(button)?.fields ?? []) if (button[field]) kept[field] = button[field];
  return kept;
}

class State extends EventTarget {
  buttons = page.buttons.map(keyed);
  path = page.buttons.length ? [0] : [];

  get button() { return this.path.length ? this.at(this.path) : null; }

  at([top, sub]) { return sub === undefined ? this.buttons[top] : this.buttons[top]?.below[sub]; }

  list(path) { return path.length > 1 ? this.buttons[path[0]].below : this.buttons; }

  hasRoom(path) { return this.list(path).length < (path.length > 1 ? page.limits.sub : page.limits.top); }

  content() { return this.buttons.map(stored); }

  set(field, value, button = this.button) {
    if (button[field] === value) return;
    button[field] = value;
    this.#tell("change");
  }

  open(path) {
    this.path = path;
    this.#tell("open");
  }

  add(path, button = {}) {
    this.list(path).splice(path.at(-1), 0, "below" in button ? button : keyed(button));
    this.path = path;
    this.#tell("order", "change", "open");
  }

  remove(path) {
    const list = this.list(path);
    const [removed] = list.splice(path.at(-1), 1);
    const beside = Math.min(path.at(-1), list.length - 1);
    this.path = beside >= 0 ? [...path.slice(0, -1), beside] : path.slice(0, -1);
    this.#tell("order", "change", "open");
    return removed;
  }

  // Puts a button in front of what is at `to`, or behind the last one. Answers why not, or "".
  move(from, to) {
    const button = this.at(from);
    const parent = to.length > 1 ? this.buttons[to[0]] : null;
    const isSameList = from.length === to.length && (from.length < 2 || from[0] === to[0]);
    if (!isSameList) {
      if (parent === button || (parent && button.below.length)) return say("full", page.limits);
      if (parent && !parent.below.length && parent.type) return say("hasAction", { name: parent.name });
      if (!this.hasRoom(to)) return say("full", page.limits);
    }
    const target = this.list(to);
    this.list(from).splice(from.at(-1), 1);
    target.splice(Math.min(to.at(-1), target.length), 0, button);
    this.path = this.pathOf(button);
    this.#tell("order", "change", "open");
    return "";
  }

  pathOf(button) {
    const top = this.buttons.findIndex((one) => one === button || one.below.includes(button));
    const sub = this.buttons[top].below.indexOf(button);
    return sub < 0 ? [top] : [top, sub];
  }

  #tell(...names) { for (const name of names) this.dispatchEvent(new Event(name)); }
}

export const state = new State();
