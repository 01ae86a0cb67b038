// Who read and shared articles, and which.
import { ask } from "dashboard/ask";
import { AMBER, chart, GREEN } from "dashboard/chart";
import { dayOf, daysBefore, el, number, rate, row, t, today } from "dashboard/page";
import { nothing, numbersBehind, Panel } from "dashboard/panel";
import { state } from "dashboard/state";

const TOP = 5;

function draw({ days, top }) {
  if (!days.length) return nothing(t("no_reads"), t("no_reads_fix"));
  const sum = (name) => days.reduce((total, day) => total + (day[name] ?? 0), 0);
  const words = t("reads_summary", { readers: number(sum("readers")), shares: number(sum("shares")) });
  return [
    el("p", { class: "summary", text: words }),
    chart(words, days.map(({ day }) => dayOf(day)), [
      { label: t("readers"), data: days.map(({ readers }) => readers), color: GREEN, kind: "line", fill: true },
      { label: t("shares"), data: days.map(({ shares }) => shares), color: AMBER, kind: "bar", axis: "y2" },
    ], { compact: true }),
    numbersBehind(words, [t("day"), t("readers"), t("shares")], days.map((day) => [dayOf(day.day), number(day.readers), number(day.shares)])),
    el("h3", { text: t("top_articles") }),
    el("ol", { class: "places" }, ...top.slice(0, TOP).map((article) => el("li", {},
      el("a", { href: row("campaign", article.campaign), text: article.title || t("untitled") }),
      el("span", { class: "quiet", text: [`${t("readers")} ${number(article.readers)}`, `${t("shares")} ${number(article.shares)}`, article.read_rate !== null && `${t("read_rate")} ${rate(article.read_rate)}`].filter(Boolean).join(" · ") })))),
  ];
}

export const articles = new Panel("articles", {
  needs: ["campaigns.view_campaign"], draw, bones: 6,
  load: () => ask("statistics/articles/", { account: state.account, until: today(), since: daysBefore(today(), state.days - 1) }),
});
