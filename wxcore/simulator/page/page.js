// The page shows the world and asks nothing that /_sim/ does not offer. Text from the world becomes text nodes only.
"use strict";

const WORDS = {
  zh: {
    title: "微信模拟器", toy: "模拟环境，不连接真实微信", account: "公众号", hour: "快进 1 小时", day: "快进 1 天",
    noAccount: "这里还没有公众号", noAccountHelp: "用控制接口创建一个，页面会自动刷新：",
    jobs: "群发任务", followers: "粉丝", pushes: "推送记录", calls: "接口调用", search: "输入完整的 openid 查找",
    newFollower: "＋ 新粉丝关注", words: "以粉丝身份发消息", send: "发送", random: "换一个",
    phoneHelp: "手机上是某个粉丝看到的内容；点任务或粉丝可以换人。", follow: "关注", unfollow: "取关",
    nobody: "还没有粉丝", choose: "选择一个粉丝", of: "/", real: "与真实时间一致", ahead: "已快进",
    kind: "类型", followersNow: "当前粉丝", jobsCount: "群发次数", mode: "消息加密", callback: "回调地址", none: "未设置",
    subscription: "订阅号", service: "服务号", test: "测试号", verified: "已认证", unverified: "未认证",
    plaintext: "明文", compatible: "兼容", safe: "安全",
    time: "时间", text: "内容", audience: "对象", total: "总数", filter: "过滤后", sent: "成功", error: "失败", status: "状态",
    everyone: "全部粉丝", tag: "标签", list: "名单", sending: "发送中", confirming: "待管理员确认", deleted: "已删除",
    agree: "同意", refuse: "拒绝", openid: "openid", tags: "标签", month: "本月已收", subscribed: "关注中", left: "已取关",
    refusing: "拒收消息", blacklisted: "黑名单", event: "事件", attempts: "尝试", answer: "应答",
    pending: "进行中", delivered: "已送达", failed: "失败", lost: "故意丢失", path: "接口", ms: "毫秒",
    noJobs: "还没有群发任务", noFollowers: "没有找到粉丝", noPushes: "还没有推送", noCalls: "还没有接口调用", preview: "预览",
    media: "素材", drafts: "草稿箱", noMedia: "还没有素材", noDrafts: "草稿箱是空的", name: "名称", size: "大小", title_: "标题", articles: "篇数",
    image: "图片", voice: "语音", video: "视频", mpvideo: "视频消息", mpnews: "图文", wxcard: "卡券", news: "图文", thumb: "缩略图", share: "分享图片",
    silent: "浏览器不能播放这种格式", permanent: "永久", temporary: "临时", changed: "修改时间", back: "返回",
    gone: "该内容已被发布者删除",
    trouble: "模拟器没有应答", other: "English", day_short: "天", hour_short: "小时",
  },
  en: {
    title: "WeChat simulator", toy: "A simulation; nothing reaches the real WeChat", account: "Account", hour: "+1 hour", day: "+1 day",
    noAccount: "There is no account yet", noAccountHelp: "Create one through the control plane; this page refreshes by itself:",
    jobs: "Mass jobs", followers: "Followers", pushes: "Pushes", calls: "API calls", search: "Find a complete openid",
    newFollower: "+ New follower", words: "Write as this follower", send: "Send", random: "Another",
    phoneHelp: "What one follower sees. Click a job or a follower to change who.", follow: "Follow", unfollow: "Unfollow",
    nobody: "Nobody follows yet", choose: "Choose a follower", of: "of", real: "same as real time", ahead: "ahead by",
    kind: "Kind", followersNow: "Followers", jobsCount: "Mass jobs", mode: "Encryption", callback: "Callback URL", none: "not set",
    subscription: "Subscription", service: "Service", test: "Test account", verified: "verified", unverified: "not verified",
    plaintext: "plaintext", compatible: "compatible", safe: "safe",
    time: "Time", text: "Content", audience: "Audience", total: "Total", filter: "To send", sent: "Sent", error: "Failed", status: "Status",
    everyone: "Everybody", tag: "Tag", list: "List of", sending: "sending", confirming: "waits for admin", deleted: "deleted",
    agree: "Agree", refuse: "Refuse", openid: "openid", tags: "Tags", month: "This month", subscribed: "follows", left: "has left",
    refusing: "refuses messages", blacklisted: "blacklisted", event: "Event", attempts: "Attempts", answer: "Answer",
    pending: "under way", delivered: "delivered", failed: "failed", lost: "lost on purpose", path: "Path", ms: "ms",
    noJobs: "No mass jobs yet", noFollowers: "No followers found", noPushes: "No pushes yet", noCalls: "No API calls yet", preview: "Preview",
    media: "Media", drafts: "Drafts", noMedia: "No media yet", noDrafts: "The draft box is empty", name: "Name", size: "Size", title_: "Title", articles: "Articles",
    image: "Picture", voice: "Voice", video: "Video", mpvideo: "Video message", mpnews: "Articles", wxcard: "Card", news: "Articles", thumb: "Thumbnail", share: "Shared pictures",
    silent: "Browsers do not play this format", permanent: "permanent", temporary: "temporary", changed: "Changed", back: "Back",
    gone: "Deleted by the account",
    trouble: "The simulator does not answer", other: "中文", day_short: "d", hour_short: "h",
  },
};
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
    figure("mode", t(found.mode), "words"),
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
      cell(push.attempts.length, "number"), cell(push.error ?? push.attempts.at(-1)?.body ?? "", "words"),
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
  $("words").disabled = $("toggle").disabled = !view.openid;
  if (!view.openid) {
    $("chatTitle").textContent = t("nobody");
    $("who").textContent = $("toggle").textContent = "";
    $("chat").replaceChildren();
    return;
  }
  const { follower, messages } = await ask(`/followers/${view.openid}/chat`);
  const name = account().name || account().original_id;
  $("chatTitle").textContent = name;
  $("who").textContent = view.openid;
  $("toggle").textContent = t(follower.subscribe ? "unfollow" : "follow");
  $("toggle").dataset.follows = follower.subscribe;
  $("words").disabled = !follower.subscribe;
  const lines = messages.flatMap((message, at) => {
    const fresh = at === 0 || message.time - messages[at - 1].time > 300;
    const gap = fresh ? [element("div", { class: "when" }, when(message.time))] : [];
    if (message.kind === "system") return [...gap, element("div", { class: "when" }, message.text)];
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
  on("type", "submit", async () => {
    const content = $("words").value.trim();
    if (!content) return;
    await ask("/messages", { appid: view.appid, openid: view.openid, content });
    $("words").value = "";
    await drawPhone();
  });
}

function translate() {
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  $("readerBack").setAttribute("aria-label", t("back"));
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
