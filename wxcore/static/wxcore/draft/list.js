// The articles as the message shows them: the first one large. Dragged, or moved with buttons and keys.
import { byId, page, say, state } from "draft/state";

const list = byId("d-list");
let dragged = null;
let flagged = {};
let seen = "";

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

function tool(icon, name, run, disabled) {
  const button = element("button", "d-tool");
  button.type = "button";
  button.title = say(name);
  button.setAttribute("aria-label", say(name));
  button.disabled = disabled;
  button.append(element("span", "material-symbols-outlined", icon));
  button.addEventListener("click", run);
  return button;
}

function card(article, index) {
  const item = element("li", "d-item");
  item.classList.toggle("is-open", index === state.index);
  item.classList.toggle("has-problems", Boolean(flagged[index + 1]));
  item.draggable = page.may_edit;
  const title = article.title || say("untitled");
  const open = element("button", "d-item-open");
  open.type = "button";
  open.setAttribute("aria-current", index === state.index);
  open.setAttribute("aria-label", say("article", { number: index + 1, title }));
  const cover = element("span", "d-item-cover");
  if (article.cover) {
    const image = element("img");
    image.src = article.cover.thumb;
    image.alt = "";
    image.draggable = false;
    cover.append(image);
  } else {
    cover.append(element("span", "material-symbols-outlined", "image"));
  }
  open.append(cover, element("span", article.title ? "d-item-title" : "d-item-title is-empty", title));
  open.addEventListener("click", () => state.open(index));
  open.addEventListener("keydown", (event) => onKey(event, index));
  item.append(open);
  if (page.may_edit) {
    const tools = element("span", "d-tools");
    tools.append(
      tool("arrow_upward", "up", () => move(index, index - 1), index === 0),
      tool("arrow_downward", "down", () => move(index, index + 1), index === state.articles.length - 1),
      tool("delete", "remove", () => remove(index), false),
    );
    item.append(tools);
    enableDrag(item, index);
  }
  return item;
}

function onKey(event, index) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  if (event.altKey) {
    if (page.may_edit) move(index, index + step, { focus: true });
  } else {
    list.querySelectorAll(".d-item-open")[index + step]?.focus();
  }
}

function move(from, to, { focus = false } = {}) {
  if (to < 0 || to >= state.articles.length) return;
  const title = state.articles[from].title || say("untitled");
  state.move(from, to);
  toast(say("moved", { title, number: to + 1 }));
  if (focus) list.querySelectorAll(".d-item-open")[to].focus();
}

function remove(index) {
  const removed = state.remove(index);
  toast(say("removed", { title: removed.title || say("untitled") }), () => {
    const { key, ...article } = removed;
    if (!state.isFull) state.add(article, Math.min(index, state.articles.length));
  });
}

function toast(text, undo) {
  const shown = byId("d-toast");
  shown.hidden = false;
  shown.textContent = text;
  if (!undo) return;
  const button = element("button", "q-link", say("undo"));
  button.type = "button";
  button.addEventListener("click", () => { shown.hidden = true; undo(); });
  shown.append(" ", button);
}

function enableDrag(item, index) {
  item.addEventListener("dragstart", (event) => {
    dragged = index;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", state.articles[index].title);
    item.classList.add("is-dragged");
  });
  item.addEventListener("dragend", () => { dragged = null; render(); });
  item.addEventListener("dragover", (event) => {
    if (dragged === null) return;
    event.preventDefault();
    item.classList.toggle("drops-above", index < dragged);
    item.classList.toggle("drops-below", index > dragged);
  });
  item.addEventListener("dragleave", () => item.classList.remove("drops-above", "drops-below"));
  item.addEventListener("drop", (event) => {
    if (dragged === null) return;
    event.preventDefault();
    const from = dragged;
    dragged = null;
    move(from, index);
  });
}

// Every key that is pressed is a change; the list shows only titles and covers.
function refresh() {
  const looks = JSON.stringify(state.articles.map(({ key, title, cover }) => [key, title, cover?.id]));
  if (looks === seen) return;
  seen = looks;
  render();
}

function render() {
  const focused = [...list.querySelectorAll(".d-item-open")].indexOf(document.activeElement);
  list.replaceChildren(...state.articles.map(card));
  if (focused >= 0) list.querySelectorAll(".d-item-open")[Math.min(focused, state.articles.length - 1)].focus();
  const add = byId("d-add");
  if (add) {
    add.disabled = state.isFull;
    add.title = state.isFull ? say("full", { most: page.limits.articles }) : "";
  }
}

export function showProblems(problems) {
  flagged = Object.fromEntries(problems.map((one) => [one.number, true]));
  const box = byId("d-problems");
  box.hidden = problems.length === 0;
  box.querySelector("summary").textContent = say("notYet", { count: problems.length });
  box.querySelector("ul").replaceChildren(...problems.map((one) => {
    const line = element("li");
    const button = element("button", "q-link", one.message);
    button.type = "button";
    button.addEventListener("click", () => {
      if (one.number <= state.articles.length) state.open(one.number - 1);
      box.open = false;
      state.dispatchEvent(new CustomEvent("focus", { detail: one.field }));
    });
    line.append(button, element("span", "q-quiet", one.fix));
    return line;
  }));
  render();
}

export function startList() {
  byId("d-add")?.addEventListener("click", () => {
    state.add({ author: state.article.author });
    state.dispatchEvent(new CustomEvent("focus", { detail: "title" }));
  });
  for (const name of ["order", "open"]) state.addEventListener(name, render);
  state.addEventListener("change", refresh);
  render();
}
