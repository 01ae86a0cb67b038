// Light, dark, or as the system has it; kept where the admin keeps it.
import { el, icon, t } from "dashboard/page";

const KEY = "adminTheme";
const NEXT = { light: "dark", dark: "auto", auto: "light" };
const ICONS = { light: "sun", dark: "moon", auto: "screen" };
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];
let chosen = "auto";

function read() {
  try { chosen = JSON.parse(localStorage.getItem(KEY)) || "auto"; } catch { chosen = "auto"; }
  if (!(chosen in NEXT)) chosen = "auto";
}

function apply() {
  document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen === "auto" && system.matches));
  const button = document.getElementById("theme");
  const words = t("theme_is", { name: t(`theme_${chosen}`) });
  button.replaceChildren(icon(ICONS[chosen]), el("span", { class: "unseen", text: words }));
  button.title = words;
  for (const listener of listeners) listener();
}

export function onTheme(listener) {
  listeners.push(listener);
}

export function startTheme() {
  read();
  apply();
  document.getElementById("theme").addEventListener("click", () => {
    chosen = NEXT[chosen];
    try { localStorage.setItem(KEY, JSON.stringify(chosen)); } catch { /* private mode */ }
    apply();
  });
  system.addEventListener("change", apply);
  addEventListener("storage", (event) => { if (event.key === KEY) { read(); apply(); } });
}
