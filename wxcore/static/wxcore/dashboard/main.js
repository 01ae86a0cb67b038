// The dashboard: asks who is looking, shows the panels that they may see, and keeps them fresh.
import { articles } from "dashboard/articles";
import { ask } from "dashboard/ask";
import { attention } from "dashboard/attention";
import { drawCampaigns, heardOf, nowKnown, startCampaigns } from "dashboard/campaigns";
import { startCharts } from "dashboard/chart";
import { conversations } from "dashboard/conversations";
import { growth } from "dashboard/growth";
import { onLive, onLiveState, startLive } from "dashboard/live";
import { overview } from "dashboard/overview";
import { el, links, now, t } from "dashboard/page";
import { nothing } from "dashboard/panel";
import { quota } from "dashboard/quota";
import { results } from "dashboard/results";
import { begin, choose, may, onChoice, state } from "dashboard/state";
import { startTheme } from "dashboard/theme";

const PANELS = [overview, attention, quota, growth, results, articles, conversations];
const BY_PERIOD = [overview, growth, articles];
const AFTER_SENDING = [overview, quota, results, articles];
// Bursts of news are one look.
const PATIENCE = 600;
const FRESH = 120000;
// Who polls may miss a campaign that is quick.
const POLLS = 3;
const waiting = new Map();
let isSettled = false; // what the stream begins with is no news
const welcome = document.getElementById("welcome");

function soon(panel) {
  if (waiting.has(panel) || panel.section.hidden) return;
  waiting.set(panel, setTimeout(() => { waiting.delete(panel); panel.refresh({ quietly: true }); }, PATIENCE));
}

function shown(panel) {
  panel.section.hidden = panel.needs.length > 0 && !panel.needs.some(may);
  return !panel.section.hidden;
}

function refresh(panels, options) {
  panels.filter(shown).forEach((panel) => panel.refresh(options));
  document.querySelector('[data-panel="campaigns"]').hidden = !may("campaigns.view_campaign");
}

function heard(event, data, before) {
  if (event === "conversation") {
    if (before && before.waiting === data.waiting && before.oldest === data.oldest) return;
    overview.redraw();
    if (before) soon(conversations);
  } else if (event === "attention") {
    if (isSettled) soon(attention);
  } else if (heardOf(event, data, before) && before) {
    (event === "campaign" ? AFTER_SENDING : [overview, growth]).forEach(soon);
  }
}

let polls = 0;

function pulse(name) {
  if (name === "polling" && ++polls % POLLS === 0) AFTER_SENDING.forEach(soon);
  if (name === "out") location.reload();
  const words = { live: "live", polling: "live_polling", off: "live_off" }[name];
  document.getElementById("pulse").dataset.state = name;
  document.getElementById("pulse-text").textContent = `${t(words)} · ${t("updated_at", { time: now() })}`;
  if (name !== "off") {
    isSettled = true;
    nowKnown();
  }
}

function startChoices() {
  const select = document.getElementById("account");
  select.append(...state.me.accounts.map((account) => el("option", { value: account.id, text: account.name })));
  select.value = state.account;
  select.addEventListener("change", () => choose({ account: select.value }));
  select.closest("label").hidden = state.me.accounts.length < 2;
  const buttons = [...document.querySelectorAll("#range button")];
  const mark = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.days) === state.days)));
  buttons.forEach((button) => button.addEventListener("click", () => choose({ days: Number(button.dataset.days) })));
  mark();
  onChoice((changed) => {
    mark();
    refresh(changed.includes("account") ? PANELS : BY_PERIOD);
    drawCampaigns();
    keepAddress();
  });
}

// The language switch leads back to what is looked at.
function keepAddress() {
  document.querySelector("[data-next]").value = location.pathname + location.search;
}

function greet() {
  const makes = state.me.is_superuser;
  welcome.replaceChildren(makes ? nothing(t("no_accounts"), t("no_accounts_fix"), links.places.new_account, t("add_account")) : nothing(t("no_rights"), t("no_rights_fix")));
  welcome.hidden = false;
  document.getElementById("panels").hidden = true;
  document.querySelector(".choices").hidden = true;
  document.getElementById("pulse").hidden = true;
}

async function start() {
  startTheme();
  let me;
  try {
    me = await ask("me/");
  } catch (error) {
    if (error.status === 401 || error.status === 403) return location.reload();
    if (error.status === undefined) throw error;
    welcome.replaceChildren(el("div", { class: "empty is-failure", role: "alert" }, el("p", {}, el("strong", { text: error.message })), error.fix && el("p", { text: error.fix }),
      el("button", { type: "button", class: "button", text: t("try_again"), on: { click: () => location.reload() } })));
    welcome.hidden = false;
    document.getElementById("panels").hidden = true;
    return undefined;
  }
  begin(me);
  document.getElementById("who").textContent = me.name;
  if (!me.accounts.length) return greet();
  startChoices();
  startCharts();
  startCampaigns();
  keepAddress();
  refresh(PANELS);
  onLive(heard);
  onLiveState(pulse);
  startLive();
  setInterval(() => { if (!document.hidden) refresh(PANELS, { quietly: true }); }, FRESH);
  return undefined;
}

start();
