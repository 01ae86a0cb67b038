// What is on its way, live: campaigns, syncs, imports. All from the stream.
import { known } from "dashboard/live";
import { ago, el, has, icon, links, number, row, say, t, time, tn } from "dashboard/page";
import { nothing } from "dashboard/panel";
import { accounts, may, nameOf, showsAccounts, zoneOf } from "dashboard/state";

const ICONS = { sending: "send", scheduled: "clock", paused: "pause", finished: "check", failed: "error", cancelled: "error", approved: "warning" };
const ORDER = ["sending", "paused", "scheduled"];
const GOING = new Set(["sending", "paused"]);
// What has ended stays in sight for a while.
const STAYS = 60000;
const section = document.querySelector('[data-panel="campaigns"]');
const body = section.querySelector(".body");
const rows = new Map();
const ended = new Map();
let isKnown = false;

function statusOf(data) {
  return has(`status_${data.status}`) ? t(`status_${data.status}`) : data.status;
}

function make(kind, data) {
  const parts = {
    icon: el("span", { class: "run-icon" }), name: el("a", { class: "run-name" }), label: el("span", { class: "label" }), meta: el("p", { class: "quiet meta" }),
    bar: el("div", { class: "bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, el("span")), percent: el("span", { class: "run-percent" }),
  };
  parts.progress = el("div", { class: "run-progress" }, parts.bar, parts.percent);
  parts.item = el("li", { class: "run" }, parts.icon, el("div", { class: "run-main" }, el("div", { class: "run-head" }, parts.name, parts.label), parts.meta, parts.progress));
  parts.name.href = row(kind, data.id);
  parts.item.dataset.kind = kind;
  parts.item.dataset.id = data.id;
  return parts;
}

// Only what changed is written, so that nothing jumps under a finger or a screen reader.
function fill(parts, kind, data) {
  const name = kind === "campaign" ? data.name : t(kind);
  if (parts.status !== data.status) {
    parts.icon.replaceChildren(icon(kind === "campaign" ? ICONS[data.status] || "info" : "sync"));
    parts.item.dataset.status = data.status;
    parts.label.textContent = kind === "campaign" ? statusOf(data) : "";
    parts.status = data.status;
  }
  parts.name.textContent = name;
  parts.meta.replaceChildren(...facts(kind, data).map((text) => el("span", { text })));
  const shows = kind !== "campaign" || GOING.has(data.status) || data.status === "finished";
  parts.progress.hidden = !shows;
  parts.bar.setAttribute("aria-label", t("progress", { name }));
  parts.bar.setAttribute("aria-valuenow", data.percent);
  parts.bar.firstChild.style.width = `${data.percent}%`;
  parts.percent.textContent = `${data.percent}%`;
}

function facts(kind, data) {
  const account = showsAccounts() ? [nameOf(data.account)] : [];
  if (kind !== "campaign") return [...account, t("fetched_of", { done: number(data.fetched ?? data.done), total: number(data.total) })];
  if (data.status === "scheduled") return [...account, time(data.scheduled_at, zoneOf(data.account)), t("starts", { when: ago(data.scheduled_at) })];
  const heads = data.recipients ? [tn("to_recipients", data.recipients)] : [];
  const sent = data.sent === null ? (data.status === "sending" ? [t("waits_for_report")] : []) : [t("sent_of", { sent: number(data.sent) })];
  return [...account, ...heads, ...sent, ...(data.error ? [t("failed_count", { count: number(data.error) })] : [])];
}

function listed() {
  const own = new Set(accounts().map((account) => account.id));
  const live = ["campaign", "sync", "import"].flatMap((kind) => [...known[kind].values()].map((data) => [kind, data]));
  const gone = [...ended.values()].filter(([kind, data]) => !known[kind].has(data.id));
  const place = (data) => (ORDER.indexOf(data.status) + 4) % 4;
  return [...live, ...gone].filter(([, data]) => own.has(data.account)).sort(([, a], [, b]) => place(a) - place(b) || String(a.scheduled_at || "").localeCompare(String(b.scheduled_at || "")));
}

export function drawCampaigns() {
  if (!isKnown) return;
  const found = listed();
  if (!found.length) {
    rows.clear();
    body.replaceChildren(nothing(t("no_campaigns"), t("no_campaigns_fix"), may("campaigns.add_campaign") && links.places.new_campaign, t("new_campaign")));
    return;
  }
  const list = body.querySelector("ul.runs") || el("ul", { class: "runs" });
  if (!list.isConnected) body.replaceChildren(list);
  const wanted = found.map(([kind, data]) => {
    const key = `${kind}-${data.id}`;
    if (!rows.has(key)) rows.set(key, make(kind, data));
    fill(rows.get(key), kind, data);
    return rows.get(key).item;
  });
  for (const [key, parts] of rows) if (!wanted.includes(parts.item)) { parts.item.remove(); rows.delete(key); }
  wanted.forEach((item, index) => { if (list.children[index] !== item) list.insertBefore(item, list.children[index] || null); });
}

const isOver = (data) => data.finished_at || ["finished", "failed", "cancelled"].includes(data.status);

// Answers whether something has ended, so that the results are worth a new look.
export function heardOf(kind, data, before) {
  const over = data ? isOver(data) : true;
  const last = data || before;
  if (!over || !last) {
    drawCampaigns();
    return false;
  }
  known[kind].delete(last.id);
  if (data && !(before && isOver(before))) {
    ended.set(`${kind}-${last.id}`, [kind, data]);
    setTimeout(() => { ended.delete(`${kind}-${last.id}`); drawCampaigns(); }, STAYS);
    if (kind === "campaign") say(t("ended", { name: data.name, status: statusOf(data) }));
  }
  drawCampaigns();
  return true;
}

export function nowKnown() {
  isKnown = true;
  drawCampaigns();
}

export function startCampaigns() {
  body.replaceChildren(el("div", { class: "bones", "aria-hidden": "true" }, el("span"), el("span"), el("span")));
  section.querySelector("header").append(el("a", { class: "more", href: links.places.calendar }, el("span", { text: t("calendar") }), icon("go")));
}
