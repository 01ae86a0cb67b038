// The key figures.
import { ask } from "dashboard/ask";
import { known } from "dashboard/live";
import { el, icon, links, number, signed, t } from "dashboard/page";
import { Panel } from "dashboard/panel";
import { accounts, may, state } from "dashboard/state";

function tile({ name, label, value, note, tone, href }) {
  return el(href ? "a" : "div", { class: `figure${tone ? ` is-${tone}` : ""}`, href, "data-figure": name },
    el("span", { class: "figure-label" }, icon(ICONS[name]), el("span", { text: label })),
    el("strong", { class: "figure-value", text: value }), el("span", { class: "figure-note", text: note }));
}

const ICONS = { followers: "users", delivered: "send", readers: "read", shares: "share", waiting: "chat" };

// The stream knows better than the minute-old overview.
function waiting(overview) {
  const own = new Set(accounts().map((account) => account.id));
  const live = [...known.conversation.values()].filter((one) => own.has(one.account));
  return live.length ? live.reduce((sum, one) => sum + one.waiting, 0) : overview.open_conversations;
}

function draw(told) {
  const days = state.days === 7 ? 7 : 30;
  const open = waiting(told);
  return [
    told.followers && tile({
      name: "followers", label: t("followers"), value: number(told.followers.total), href: links.places.followers,
      note: told.followers.total === null ? t("not_counted") : t("net_days", { number: signed(told.followers[`net_${days}`] ?? 0), days }),
      tone: told.followers[`net_${days}`] > 0 ? "good" : told.followers[`net_${days}`] < 0 ? "bad" : "",
    }),
    told.messages && tile({ name: "delivered", label: t("delivered_month"), value: number(told.messages.delivered), note: t("of_addressed", { number: number(told.messages.sent) }) }),
    told.articles && tile({
      name: "readers", label: t("readers_days", { days }), value: number(told.articles[`readers_${days}`]),
      note: days === 30 ? t("last_week", { number: number(told.articles.readers_7) }) : "",
    }),
    told.articles && tile({
      name: "shares", label: t("shares_days", { days }), value: number(told.articles[`shares_${days}`]),
      note: days === 30 ? t("last_week", { number: number(told.articles.shares_7) }) : "",
    }),
    open !== null && open !== undefined && tile({
      name: "waiting", label: t("waiting_answers"), value: number(open), note: open ? t("answer_now") : t("nobody_waits"), tone: open ? "warn" : "",
      href: may("callbacks.view_conversation") ? links.places.conversations : undefined,
    }),
  ].filter(Boolean);
}

export const overview = new Panel("overview", {
  needs: ["wxcore.view_officialaccount"], bones: 5, draw, load: () => ask("statistics/overview/", { account: state.account }),
});
