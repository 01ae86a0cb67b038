// The page shows the world and asks nothing that /_sim/ does not offer. Text from the world becomes text nodes only.
"use strict";

const PAGE = 20;
const SHOWN = 100;
const REFRESH = 2000;

const language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh";
const t = (word) => WORDS[language][word] ?? word;
const $ = (id) => document.getElementById(id);
const view = { appid: "", tab: "jobs", offset: 0, openid: "", state: null, drawn: "" };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value !== "") made.setAttribute(key, value);
  }
  made.append(...children.map((child) => child ?? ""));
  return made;
}

async function ask(path, given) {
  const options = given ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) } : {};
  const answer = await fetch(`/_sim${path}`, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

async function act(work) {
  try {
    await work();
    $("trouble").hidden = true;
  } catch (error) {
    $("trouble").textContent = error instanceof TypeError ? t("trouble") : error.message;
    $("trouble").hidden = false;
  }
}

const shanghai = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", {
  timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});
const when = (seconds) => (seconds ? shanghai.format(seconds * 1000) : "");
const number = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en-US"));
const account = () => view.state?.accounts.find((found) => found.appid === view.appid);
const tagName = (id) => account()?.tags.find((tag) => tag.id === id)?.name ?? String(id);
const why = (error) => {
  const known = language === "zh" && error ? WHY.find(([pattern]) => pattern.test(error)) : null;
  return known ? error.match(known[0])[0].replace(known[0], known[1]) : error ?? "";
};
const badge = (word, tone) => element("span", { class: `state ${tone}` }, word);
const cell = (content, kind = "") => element("td", { class: kind }, content);

function drawChoice(accounts) {
  const key = JSON.stringify([view.appid, accounts.map((found) => [found.appid, found.name])]);
  if ($("account").dataset.key === key) return; // drawing it anew would close it under the reader's hand
  $("account").dataset.key = key;
  $("account").replaceChildren(...accounts.map((found) => {
    const option = element("option", { value: found.appid }, found.name ? `${found.name} · ${found.appid}` : found.appid);
    option.selected = found.appid === view.appid;
    return option;
  }));
}

function drawFrame() {
  const accounts = view.state.accounts;
  $("empty").hidden = accounts.length > 0;
  $("world").hidden = accounts.length === 0;
  if (!account()) {
    view.appid = accounts[0]?.appid ?? "";
    view.openid = "";
  }
  drawChoice(accounts);
  drawPushTools();
  $("clock").textContent = when(view.state.now);
  const hours = Math.floor(view.state.offset / 3600);
  const ahead = `${t("ahead")} ${hours >= 24 ? `${Math.floor(hours / 24)} ${t("day_short")} ` : ""}${hours % 24} ${t("hour_short")}`;
  $("offset").textContent = hours ? ahead : t("real");
  const found = account();
  if (!found) return;
  const figure = (label, value, kind = "") =>
    element("div", { class: `figure ${kind}`, title: String(value) }, element("span", { class: "quiet" }, t(label)), element("b", {}, value));
  $("figures").replaceChildren(
    figure("followersNow", number(found.followers)),
    figure("jobsCount", number(found.jobs)),
    figure("kind", `${t(found.kind)} · ${t(found.verified ? "verified" : "unverified")}`, "words"),
    figure("mode", `${t(found.mode)} · ${t(found.format)}`, "words"),
    figure("callback", found.callback_url || t("none"), "words wide"),
  );
}

function audience(job) {
  if (job.audience.is_to_all) return t("everyone");
  return job.audience.tag_id ? `${t("tag")} ${tagName(job.audience.tag_id)}` : `${t("list")} ${number(job.audience.openids)}`;
}

function summary(job) {
  if (job.msgtype === "text") return job.text;
  const count = job.msgtype === "image" ? job.text.split(",").length : job.titles.length;
  const words = job.msgtype === "wxcard" ? job.text : job.titles[0] ?? "";
  return element("span", {}, element("span", { class: "tag" }, count > 1 ? `${t(job.msgtype)} ${count}` : t(job.msgtype)), words);
}

function jobState(job) {
  if (job.state === "confirming") {
    const answer = (agree) => (event) => {
      event.stopPropagation();
      act(async () => { await ask(`/jobs/${job.msg_id}/confirm`, { agree }); await refresh(); });
    };
    return element("span", {}, badge(t("confirming"), "wait"), " ",
      element("button", { type: "button", onclick: answer(true) }, t("agree")), " ",
      element("button", { type: "button", onclick: answer(false) }, t("refuse")));
  }
  if (job.state === "sending") return badge(t("sending"), "wait");
  if (job.state === "deleted") return badge(t("deleted"), "");
  return badge(job.status, job.status.replace(" ", "") === "sendsuccess" ? "good" : "bad");
}

const TABS = {
  jobs: {
    head: ["time", "text", "audience", "#total", "#filter", "#sent", "#error", "status"],
    nothing: "noJobs",
    load: async () => (await ask(`/jobs?appid=${encodeURIComponent(view.appid)}&limit=${SHOWN}`)).jobs.reverse(),
    open: (job) => act(async () => {
      const { openids } = await ask(`/jobs/${job.msg_id}/recipients?offset=${Math.floor(Math.random() * Math.max(1, job.sent))}&limit=1`);
      if (openids.length) await choose(openids[0]);
    }),
    cells: (job) => [
      cell(when(job.created), "mono"), cell(summary(job), "words"),
      cell(audience(job)), cell(number(job.total), "number"), cell(number(job.filter), "number"),
      cell(number(job.sent), "number"), cell(number(job.error), "number"), cell(jobState(job)),
    ],
  },
  followers: {
    head: ["openid", "status", "tags", "#month"],
    nothing: "noFollowers",
    load: async () => {
      const query = new URLSearchParams({ appid: view.appid, offset: view.offset, limit: PAGE, q: $("search").value.trim() });
      const { total, followers } = await ask(`/followers?${query}`);
      $("range").textContent = `${number(Math.min(view.offset + 1, total))}–${number(Math.min(view.offset + PAGE, total))} ${t("of")} ${number(total)}`;
      $("back").disabled = view.offset === 0;
      $("next").disabled = view.offset + PAGE >= total;
      return followers;
    },
    open: (follower) => act(() => choose(follower.openid)),
    cells: (follower) => [
      cell(follower.openid, "mono"),
      cell(element("span", {}, badge(t(follower.subscribe ? "subscribed" : "left"), follower.subscribe ? "good" : ""), " ",
        follower.refusing ? badge(t("refusing"), "wait") : "", " ", follower.blacklisted ? badge(t("blacklisted"), "bad") : "")),
      cell(element("span", {}, ...follower.tagid_list.map((id) => element("span", { class: "tag" }, tagName(id))))),
      cell(number(follower.received_this_month), "number"),
    ],
  },
  media: {
    head: ["time", "kind", "name", "#size", "status"],
    nothing: "noMedia",
    load: async () => (await ask(`/media?appid=${encodeURIComponent(view.appid)}&limit=${SHOWN}`)).media.reverse(),
    cells: (item) => [
      cell(when(item.created), "mono"), cell(t(item.kind)),
      cell(element("span", { class: "named" }, item.width ? picture(item.path, "", "mini") : "", item.title || item.name || item.titles.join("、")), "words"),
      cell(item.size ? `${number(Math.ceil(item.size / 1024))} KB` : "", "number"),
      cell(badge(t(item.permanent ? "permanent" : "temporary"), item.permanent ? "good" : "")),
    ],
  },
  drafts: {
    head: ["changed", "title_", "#articles"],
    nothing: "noDrafts",
    load: async () => (await ask(`/drafts?appid=${encodeURIComponent(view.appid)}&content=0&limit=${SHOWN}`)).drafts,
    open: (draft) => openArticle(draft.articles[0]),
    cells: (draft) => [
      cell(when(draft.updated), "mono"),
      cell(element("span", { class: "named" }, draft.articles[0].thumb_url ? picture(draft.articles[0].thumb_url, "", "mini") : "", draft.articles[0].title), "words"),
      cell(draft.articles.length, "number"),
    ],
  },
  pushes: {
    head: ["time", "event", "status", "#attempts", "answer"],
    nothing: "noPushes",
    load: async () => (await ask(`/pushes?appid=${encodeURIComponent(view.appid)}&limit=${SHOWN}`)).pushes.reverse(),
    cells: (push) => [
      cell(when(push.created), "mono"), cell(push.event),
      cell(badge(t(push.state), { delivered: "good", failed: "bad", pending: "wait" }[push.state] ?? "")),
      cell(push.attempts.length, "number"), cell(push.error ? why(push.error) : push.attempts.at(-1)?.body ?? "", "words"),
    ],
  },
  calls: {
    head: ["time", "path", "answer", "#ms"],
    nothing: "noCalls",
    load: async () => (await ask("/calls")).recent.reverse().slice(0, SHOWN),
    cells: (call) => [
      cell(when(call.time), "mono"), cell(`${call.method} ${call.path}`, "mono"), cell(call.answer, "words mono"), cell(call.ms, "number"),
    ],
  },
};

async function drawTab() {
  const tab = TABS[view.tab];
  const rows = await tab.load();
  const drawn = JSON.stringify([view.tab, view.appid, view.openid, rows]);
  if (drawn === view.drawn) return;
  view.drawn = drawn;
  for (const button of document.querySelectorAll("[data-tab]")) button.setAttribute("aria-selected", button.dataset.tab === view.tab);
  $("followerTools").hidden = view.tab !== "followers";
  $("pushTools").hidden = view.tab !== "pushes";
  $("head").replaceChildren(...tab.head.map((word) => element("th", { class: word[0] === "#" ? "number" : "" }, t(word.replace("#", "")))));
  $("rows").replaceChildren(...rows.map((row) => {
    const kind = `${tab.open ? "open" : ""} ${row.openid && row.openid === view.openid && tab.open ? "chosen" : ""}`.trim();
    const line = element("tr", { class: kind }, ...tab.cells(row));
    if (tab.open) line.addEventListener("click", () => tab.open(row));
    return line;
  }));
  $("nothing").textContent = t(tab.nothing);
  $("nothing").hidden = rows.length > 0;
}

async function drawPhone() {
  if (!view.openid) await pickSomebody();
  $("toggle").disabled = !view.openid;
  if (!view.openid) {
    $("chatTitle").textContent = t("nobody");
    $("who").textContent = $("windows").textContent = $("toggle").textContent = "";
    $("chat").replaceChildren();
    await drawHand(null);
    return;
  }
  const { follower, messages } = await ask(`/followers/${view.openid}/chat`);
  const name = account().name || account().original_id;
  $("chatTitle").textContent = follower.typing ? t("typing") : name;
  $("windows").textContent = windowsOf(follower);
  $("who").textContent = view.openid;
  $("toggle").textContent = t(follower.subscribe ? "unfollow" : "follow");
  $("toggle").dataset.follows = follower.subscribe;
  await drawHand(follower);
  const lines = messages.flatMap((message, at) => {
    const fresh = at === 0 || message.time - messages[at - 1].time > 300;
    const gap = fresh ? [element("div", { class: "when" }, when(message.time))] : [];
    const note = drawNote(message);
    if (note) return [...gap, note];
    const mine = message.kind === "typed";
    return [...gap, element("div", { class: mine ? "line mine" : "line" }, element("span", { class: "face" }, mine ? "我" : name.slice(0, 1)), drawMessage(message))];
  });
  if ($("chat").dataset.key === `${view.openid} ${messages.length}`) return;
  $("chat").dataset.key = `${view.openid} ${messages.length}`;
  $("chat").replaceChildren(...lines);
  $("chat").scrollTop = $("chat").scrollHeight;
}

async function pickSomebody() {
  const everybody = account().ever_followed;
  if (!everybody) return;
  const offset = Math.floor(Math.random() * everybody);
  const { followers } = await ask(`/followers?appid=${encodeURIComponent(view.appid)}&offset=${offset}&limit=20`);
  view.openid = (followers.find((follower) => follower.subscribe) ?? followers[0]).openid;
}

async function choose(openid) {
  view.openid = openid;
  closeReader();
  await drawPhone();
  await drawTab();
}

async function refresh() {
  view.state = await ask("/state");
  drawFrame();
  if (!account()) return;
  await drawTab();
  await drawPhone();
}

function listen() {
  listenReader();
  listenHand();
  listenPushTools();
  const on = (id, event, work) => $(id).addEventListener(event, (happened) => { happened.preventDefault(); act(() => work(happened)); });
  for (const button of document.querySelectorAll("[data-tab]")) {
    button.addEventListener("click", () => { view.tab = button.dataset.tab; act(drawTab); });
  }
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => act(async () => { await ask("/clock", { advance: Number(button.dataset.advance) }); await refresh(); }));
  }
  on("account", "change", async (event) => { Object.assign(view, { appid: event.target.value, openid: "", offset: 0 }); await refresh(); });
  on("search", "input", async () => { view.offset = 0; await drawTab(); });
  on("back", "click", async () => { view.offset = Math.max(0, view.offset - PAGE); await drawTab(); });
  on("next", "click", async () => { view.offset += PAGE; await drawTab(); });
  on("random", "click", async () => { view.openid = ""; await pickSomebody(); await refresh(); });
  on("newFollower", "click", async () => { await choose((await ask("/follow", { appid: view.appid })).openid); await refresh(); });
  on("toggle", "click", async () => {
    await ask($("toggle").dataset.follows === "1" ? "/unfollow" : "/follow", { appid: view.appid, openid: view.openid });
    await refresh();
  });
}

function translate() {
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  $("readerBack").setAttribute("aria-label", t("back"));
  for (const node of document.querySelectorAll("[data-l]")) node.setAttribute("aria-label", t(node.dataset.l));
  for (const node of document.querySelectorAll("[data-p]")) { node.placeholder = t(node.dataset.p); node.setAttribute("aria-label", t(node.dataset.p)); }
  $("language").textContent = t("other");
  $("language").href = language === "en" ? "/" : "?lang=en";
  $("origin").textContent = location.origin;
}

async function live() {
  if (!document.hidden) await act(refresh);
  setTimeout(live, REFRESH);
}

translate();
listen();
live();
