// Who came, who left, and how many follow.
import { ask } from "dashboard/ask";
import { AMBER, chart, GREEN, GREY } from "dashboard/chart";
import { dayOf, daysBefore, el, links, number, signed, t, today } from "dashboard/page";
import { nothing, numbersBehind, Panel } from "dashboard/panel";
import { may, state } from "dashboard/state";

function draw({ days }) {
  if (!days.length) return nothing(t("no_growth"), t("no_growth_fix"), may("followers.add_sync") && links.places.sync_start, t("sync_now"));
  const sum = (name) => days.reduce((total, day) => total + day[name], 0);
  const words = t("growth_summary", { new: number(sum("new")), left: number(sum("left")), net: signed(sum("net")) });
  return [
    el("p", { class: "summary", text: words }),
    chart(words, days.map(({ day }) => dayOf(day)), [
      { label: t("total_followers"), data: days.map(({ total }) => total), color: GREEN, kind: "line", axis: "y2", fill: false },
      { label: t("new_followers"), data: days.map((day) => day.new), color: GREY, kind: "bar" },
      { label: t("left_followers"), data: days.map((day) => -day.left), color: AMBER, kind: "bar" },
    ], { stacked: true }),
    numbersBehind(words, [t("day"), t("new_followers"), t("left_followers"), t("net"), t("total_followers")],
      days.map((day) => [dayOf(day.day), number(day.new), number(day.left), signed(day.net), number(day.total)])),
  ];
}

export const growth = new Panel("growth", {
  needs: ["followers.view_followerday"], draw, bones: 6,
  load: () => ask("statistics/growth/", { account: state.account, until: today(), since: daysBefore(today(), state.days - 1) }),
});
