// The followers who wait for an answer.
import { ask } from "dashboard/ask";
import { ago, el, icon, links, row, t } from "dashboard/page";
import { nothing, Panel } from "dashboard/panel";
import { nameOf, showsAccounts, state } from "dashboard/state";

const SHOWN = 6;
const FIELDS = "id,account,openid,preview,waiting_since";

function draw({ results }) {
  if (!results.length) return nothing(t("no_waiting"), t("no_waiting_fix"));
  return [
    el("ul", { class: "chats" }, ...results.map((one) => el("li", {}, el("a", { href: row("conversation", one.id) }, icon("chat"),
      el("span", { class: "chat-words" }, el("strong", { text: one.preview || t("no_text") }),
        el("span", { class: "quiet meta" }, one.waiting_since && el("time", { datetime: one.waiting_since, text: ago(one.waiting_since) }), el("span", { text: `#${one.openid.slice(-6)}` }), showsAccounts() && el("span", { text: nameOf(one.account) }))))))),
    el("a", { class: "more", href: links.places.conversations }, el("span", { text: t("all_conversations") }), icon("go")),
  ];
}

export const conversations = new Panel("conversations", {
  needs: ["callbacks.answer_conversation"], draw, bones: 4,
  load: () => ask("conversations/", { account: state.account, is_waiting: "true", is_done: "false", page_size: SHOWN, fields: FIELDS }),
});
