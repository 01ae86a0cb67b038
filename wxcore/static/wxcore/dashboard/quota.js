// What WeChat still allows: of each account, today and this month.
import { ask } from "dashboard/ask";
import { el, number, t, tn } from "dashboard/page";
import { nothing, Panel } from "dashboard/panel";
import { accounts } from "dashboard/state";

const SHOWN = 6;

function gauge(label, used, planned, limit, name) {
  const left = Math.max(0, limit - used - planned);
  const share = (count) => `${Math.min(100, (100 * count) / Math.max(1, limit))}%`;
  return el("div", { class: "gauge", "data-gauge": name },
    el("div", { class: "gauge-head" }, el("span", { text: label }), el("strong", { class: left ? "" : "is-out", text: tn("left", left) })),
    el("div", { class: "bar", "aria-hidden": "true" }, el("span", { class: left ? "" : "is-out", style: { width: share(used) } }), planned && el("span", { class: "is-planned", style: { width: share(planned) } })),
    el("p", { class: "quiet", text: [t("used_of", { used: number(used), limit: number(limit) }), planned && t("planned_count", { count: number(planned) })].filter(Boolean).join(" · ") }));
}

// How many followers have had 0, 1, ... of this month's messages.
function received({ limit, histogram }) {
  const title = el("div", { class: "gauge-head" }, el("span", { text: t("received_title") }));
  if (!histogram) return el("div", { class: "gauge" }, title, el("p", { class: "quiet", text: t("not_counted") }));
  const most = Math.max(1, ...histogram);
  const full = histogram.slice(limit).reduce((sum, count) => sum + count, 0);
  return el("div", { class: "gauge" }, title,
    el("ol", { class: "columns" }, ...histogram.map((count, had) => el("li", { title: number(count) },
      el("span", { class: "unseen", text: `${had === 1 ? t("received_one", { count: had }) : t("received_n", { count: had })}: ${number(count)}` }),
      el("i", { "aria-hidden": "true", class: had >= limit ? "is-out" : "", style: { height: `${Math.max(count ? 4 : 0, (44 * count) / most)}px` } }),
      el("b", { "aria-hidden": "true", text: had })))),
    full ? el("p", { class: "quiet", text: t("received_full", { count: number(full) }) }) : null);
}

function draw(found) {
  if (!found.length) return nothing(t("no_quota"));
  return found.map(([account, quota]) => el("div", { class: "quota" },
    found.length > 1 && el("h3", { text: account.name }),
    quota.jobs && gauge(t("jobs_today"), quota.jobs.used, quota.jobs.planned, quota.jobs.limit, "jobs"),
    quota.jobs_to_all && gauge(t("jobs_month"), quota.jobs_to_all.used, quota.jobs_to_all.planned, quota.jobs_to_all.limit, "jobs_to_all"),
    gauge(t("calls_today"), quota.calls.made, 0, quota.calls.limit, "calls"),
    quota.per_follower && found.length === 1 && received(quota.per_follower)));
}

async function load() {
  const own = accounts().filter((account) => account.is_active && account.permissions.includes("campaigns.view_monthreceived")).slice(0, SHOWN);
  return Promise.all(own.map(async (account) => [account, await ask(`accounts/${account.id}/quota/`)]));
}

export const quota = new Panel("quota", { needs: ["campaigns.view_monthreceived"], load, draw, bones: 4 });
