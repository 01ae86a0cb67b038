// The last campaigns: the funnel of one, and all side by side.
import { ask } from "dashboard/ask";
import { ago, el, links, number, rate, row, t } from "dashboard/page";
import { nothing, Panel } from "dashboard/panel";
import { may, nameOf, showsAccounts, state } from "dashboard/state";

const LIMIT = 6;
let chosen = null;

const STEPS = [
  ["heads", (one) => one.heads],
  ["reached", (one) => (one.total === null || one.filtered === null ? null : one.total - one.filtered)],
  ["sent", (one) => one.sent],
  ["readers", (one) => one.readers],
  ["shares", (one) => one.shares],
];
// Of whom: who got it can read it.
const whole = (name, one) => (["readers", "shares"].includes(name) ? one.sent : one.heads);

function whose(one) {
  return el("span", { class: "quiet meta" }, showsAccounts() && el("span", { text: nameOf(one.account), title: nameOf(one.account) }), el("time", { datetime: one.finished_at, text: ago(one.finished_at) }));
}

function funnel(one) {
  const isArticle = one.msgtype === "mpnews";
  const steps = STEPS.filter(([name]) => isArticle || !["readers", "shares"].includes(name)).map(([name, read]) => [name, read(one)]);
  const widest = Math.max(1, one.heads, ...steps.map(([, value]) => value ?? 0));
  return el("figure", { class: "funnel" },
    el("figcaption", {}, el("a", { href: row("campaign", one.id), text: one.name }), whose(one)),
    el("ol", { "aria-label": t("funnel_of", { name: one.name }) }, ...steps.map(([name, value], index) => el("li", { class: `step step-${index}` },
      el("span", { class: "step-name", text: t(`step_${name}`) }),
      el("span", { class: "step-bar", "aria-hidden": "true" }, el("i", { style: { width: `${value === null ? 0 : Math.max(1, (100 * value) / widest)}%` } })),
      el("span", { class: "step-number" }, el("b", { text: value === null ? t("not_told") : number(value) }), value !== null && index > 0 && whole(name, one) ? el("span", { class: "quiet", text: rate(value / whole(name, one)) }) : null)))));
}

function share(label, value, tone, most) {
  return el("td", { class: "number", "data-label": label }, el("span", { class: "rate" }, el("span", { text: rate(value) }),
    el("span", { class: "bar is-thin", "aria-hidden": "true" }, el("span", { class: tone, style: { width: `${Math.min(100, (100 * (value ?? 0)) / most)}%` } }))));
}

function comparison(campaigns, pick) {
  const best = Math.max(0.01, ...campaigns.map((one) => one.read_rate ?? 0));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "h-results" }, el("table", { class: "table compare" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col", text: t("campaign") }), ...["step_sent", "delivered_rate", "read_rate", "shares"].map((name) => el("th", { scope: "col", class: "number", text: t(name) })))),
    el("tbody", {}, ...campaigns.map((one) => el("tr", { "data-id": one.id, class: one.id === chosen ? "is-chosen" : "" },
      el("th", { scope: "row" }, el("button", { type: "button", class: "pick", "aria-pressed": String(one.id === chosen), on: { click: () => pick(one.id) } }, el("span", { text: one.name })),
        whose(one)),
      el("td", { class: "number", "data-label": t("step_sent"), text: number(one.sent) }), share(t("delivered_rate"), one.delivered_rate, "", 1),
      share(t("read_rate"), one.read_rate, "is-second", best), el("td", { class: "number", "data-label": t("shares"), text: number(one.shares) }))))));
}

function draw({ campaigns }) {
  if (!campaigns.length) return nothing(t("no_results"), t("no_results_fix"), may("campaigns.view_campaign") && links.places.campaigns, t("campaign"));
  if (!campaigns.some((one) => one.id === chosen)) chosen = campaigns[0].id;
  const pick = (id) => {
    chosen = id;
    results.redraw();
    results.body.querySelector('.pick[aria-pressed="true"]').focus();
  };
  return el("div", { class: "halves" }, funnel(campaigns.find((one) => one.id === chosen)), comparison(campaigns, pick));
}

export const results = new Panel("results", {
  needs: ["campaigns.view_campaign"], draw, bones: 6, load: () => ask("statistics/campaigns/", { account: state.account, limit: LIMIT }),
});
