// The phone: the server renders what WeChat would keep, and a frame without scripts shows it.
import { ask } from "draft/ask";
import { byId, state } from "draft/state";

const PAUSE = 400;
const AGAIN = 5000; // after the server did not answer
const frame = byId("d-frame");
let view = "article";
let dark = false;
let asked = 0;
let timer = null;
let url = "";
let learn = () => {};

async function show() {
  const mine = ++asked;
  const { index } = state;
  const articles = state.content().map((article, at) => (at === index ? article : { ...article, body: "" }));
  let answer;
  try {
    answer = await ask(url, { articles, index, view, dark });
  } catch {
    if (mine === asked) plan(AGAIN); // saving says what is wrong
    return;
  }
  if (mine !== asked) return;
  const key = `${view}:${state.article.key}`;
  const top = frame.dataset.shown === key ? frame.contentWindow.scrollY : 0;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
  frame.srcdoc = answer.html;
  frame.dataset.shown = key;
  learn(answer, index);
}

function plan(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(show, pause);
}

export function startPreview({ address, onFacts = () => {} }) {
  url = address;
  learn = onFacts;
  const tabs = document.querySelectorAll(".d-tabs [data-view]");
  tabs.forEach((tab) => tab.addEventListener("click", () => {
    ({ view } = tab.dataset);
    tabs.forEach((other) => other.setAttribute("aria-pressed", other === tab));
    byId("d-phone").classList.toggle("is-chat", view === "card");
    show();
  }));
  byId("d-dark").addEventListener("click", () => {
    dark = !dark;
    byId("d-dark").setAttribute("aria-pressed", dark);
    byId("d-phone").classList.toggle("is-dark", dark);
    show();
  });
  state.addEventListener("change", () => plan());
  state.addEventListener("open", show);
  show();
}
