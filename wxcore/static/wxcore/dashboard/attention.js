// What needs somebody: what is broken first.
import { ask } from "dashboard/ask";
import { ago, el, icon, t } from "dashboard/page";
import { Panel } from "dashboard/panel";
import { nameOf, showsAccounts, state } from "dashboard/state";

const SHOWN = 3;

function line(item) {
  return el("li", { class: `alarm is-${item.level}` }, icon(item.level),
    el("div", {},
      el("a", { class: "alarm-what", href: item.url }, el("span", { class: "unseen", text: `${t(`level_${item.level}`)}: ` }), el("span", { text: item.message })),
      item.fix && el("p", { class: "quiet", text: item.fix }),
      el("p", { class: "quiet meta" }, showsAccounts() && el("span", { text: nameOf(item.account) }), item.since && el("time", { datetime: item.since, text: ago(item.since) }))));
}

function draw({ items }) {
  if (!items.length) return el("div", { class: "well" }, icon("check"), el("p", { text: t("all_well") }));
  const list = el("ul", { class: "alarms" }, ...items.slice(0, SHOWN).map(line));
  const rest = items.length - SHOWN;
  if (rest <= 0) return list;
  const more = el("button", { type: "button", class: "button is-wide", text: t("more_items", { count: rest }) });
  more.addEventListener("click", () => {
    list.append(...items.slice(SHOWN).map(line));
    list.children[SHOWN].querySelector("a").focus();
    more.remove();
  });
  return [list, more];
}

export const attention = new Panel("attention", { draw, load: () => ask("attention/", { account: state.account }) });
