// What the follower does on the phone: types, taps the menu, sends what is under the plus sign, scans a code.
"use strict";

const BIGGEST = 5 * 1024 * 1024;
const KINDS = { image: "image", audio: "voice", video: "video" };
const hand = { menu: [], key: "", typing: false, follows: false };

const windowsOf = (follower) => {
  const open = Object.entries(follower.windows).map(([name, window]) => `${t(name)} ${window.left} ${t("unit")}`.trim());
  return `${t("windows")}${language === "zh" ? "：" : ": "}${open.length ? open.join(language === "zh" ? "，" : ", ") : t("closed")}`;
};

async function drawHand(follower) {
  hand.follows = Boolean(follower?.subscribe);
  $("words").disabled = $("sendWords").disabled = !hand.follows;
  for (const button of $("plus").querySelectorAll("[data-send], [data-report], [data-album]")) button.disabled = !hand.follows;
  const buttons = hand.follows ? (await ask(`/followers/${view.openid}/menu`)).button : [];
  const key = JSON.stringify([view.openid, buttons]);
  if (key === hand.key) return;
  hand.key = key;
  hand.menu = buttons;
  hand.typing = buttons.length === 0;
  $("menuBar").replaceChildren(...buttons.map(menuButton));
  showHand();
}

function showHand() {
  const menu = hand.menu.length > 0 && !hand.typing;
  $("swap").hidden = hand.menu.length === 0;
  $("swap").setAttribute("aria-label", t(menu ? "keyboard" : "menu"));
  $("swap").classList.toggle("keys", menu);
  $("menuBar").hidden = !menu;
  $("words").hidden = $("sendWords").hidden = $("more").hidden = menu;
  if (menu) $("plus").hidden = true;
}

function menuButton(button) {
  const inner = button.sub_button ?? [];
  if (!inner.length) return element("button", { type: "button", onclick: () => act(() => tap(button)) }, button.name);
  const list = element("div", { class: "under", hidden: "hidden" },
    ...inner.map((leaf) => element("button", { type: "button", onclick: () => act(() => tap(leaf)) }, leaf.name)));
  const top = element("button", { type: "button", "aria-haspopup": "true", "aria-expanded": "false" }, element("span", { class: "bars", "aria-hidden": "true" }, "≡"), button.name);
  top.addEventListener("click", () => {
    const opening = list.hidden;
    closeMenus();
    list.hidden = !opening;
    top.setAttribute("aria-expanded", String(opening));
  });
  return element("div", { class: "top-button" }, list, top);
}

function closeMenus() {
  for (const list of $("menuBar").querySelectorAll(".under")) list.hidden = true;
  for (const top of $("menuBar").querySelectorAll("[aria-expanded]")) top.setAttribute("aria-expanded", "false");
}

async function tap(button) {
  closeMenus();
  if (button.type === "scancode_push" || button.type === "scancode_waitmsg") {
    openSheet(button.name, t("scanned"), "https://example.com/item/6901234567892", [], {
      [t("scanThis")]: (result) => finishTap(button, { result }),
    });
    return;
  }
  await finishTap(button, {});
}

async function finishTap(button, given) {
  const { type, opens: address } = await ask("/tap", { appid: view.appid, openid: view.openid, name: button.name, ...given });
  await drawPhone();
  if (!address) return;
  const path = new URL(address, location.origin);
  if (path.origin === location.origin && path.pathname.startsWith("/s/")) openArticle({ title: button.name, url: address });
  else opens(button.name, t(type === "miniprogram" ? "opensProgram" : "opensPage"), address);
}

// One sheet asks for one line of text; `choices` are the words of its buttons and what each does with the text.
function openSheet(title, label, value, suggestions, choices, help = "") {
  $("plus").hidden = true;
  $("sheetTitle").textContent = title;
  $("sheetLabel").textContent = label;
  $("sheetHelp").textContent = help;
  $("sheetText").value = value;
  $("sheetList").replaceChildren(...suggestions.map((one) => element("option", { value: one })));
  $("sheetButtons").replaceChildren(
    element("button", { type: "button", onclick: closeSheet }, t("cancel")),
    ...Object.entries(choices).map(([words, work]) => {
      const button = element("button", { type: "button", class: "go", onclick: () => act(async () => {
        const text = $("sheetText").value.trim();
        if (!text) return $("sheetText").focus();
        await work(text);
        closeSheet();
      }) }, words);
      return button;
    }));
  $("sheet").hidden = false;
  $("sheetText").focus();
  $("sheetText").select();
}

function closeSheet() {
  $("sheet").hidden = true;
}

async function openScan() {
  const { codes } = await ask(`/codes?appid=${encodeURIComponent(view.appid)}`);
  const scenes = [...new Set(codes.map((code) => String(code.scene)))].reverse();
  const scan = (openid) => async (scene) => {
    const number = /^[1-9]\d{0,9}$/.test(scene) && !codes.some((code) => code.scene === scene) ? Number(scene) : scene;
    await choose((await ask("/scan", { appid: view.appid, scene: number, ...(openid ? { openid } : {}) })).openid);
    await refresh();
  };
  const choices = { ...(view.openid ? { [t("scanIt")]: scan(view.openid) } : {}), [t("newScans")]: scan("") };
  openSheet(t("scan"), t("scene"), scenes[0] ?? "spring2026", scenes, choices, t("scanHelp"));
}

async function say(type, given = {}) {
  await ask("/messages", { appid: view.appid, openid: view.openid, type, ...given });
  $("plus").hidden = true;
  await drawPhone();
}

function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

async function sendFile(file) {
  if (file.size > BIGGEST) throw new Error(t("tooBig"));
  await say(KINDS[file.type.split("/")[0]] ?? "image", { data: await encoded(file) });
}

function listenHand() {
  const on = (id, event, work) => $(id).addEventListener(event, (happened) => { happened.preventDefault(); act(() => work(happened)); });
  on("type", "submit", async () => {
    const content = $("words").value.trim();
    if (!content) return;
    await say("text", { content });
    $("words").value = "";
  });
  on("swap", "click", () => { hand.typing = !hand.typing; closeMenus(); showHand(); });
  on("more", "click", () => {
    $("plus").hidden = !$("plus").hidden;
    $("chat").scrollTop = $("chat").scrollHeight;
  });
  for (const button of $("plus").querySelectorAll("[data-send]")) button.addEventListener("click", () => act(() => say(button.dataset.send)));
  on("report", "click", async () => { await ask("/location", { appid: view.appid, openid: view.openid }); $("plus").hidden = true; await drawPhone(); });
  on("scan", "click", openScan);
  $("album").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => act(async () => {
    const [file] = $("file").files;
    $("file").value = "";
    if (file) await sendFile(file);
  }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { closeSheet(); closeMenus(); } });
  document.addEventListener("click", (event) => { if (!event.target.closest("#menuBar")) closeMenus(); });
}

// The tools of the tab of pushes: the account's mode and format, and any event.

function drawPushTools() {
  const found = account();
  if (!found) return;
  for (const [id, value] of [["mode", found.mode], ["format", found.format]]) {
    if (document.activeElement !== $(id)) $(id).value = value;
  }
}

function listenPushTools() {
  const on = (id, event, work) => $(id).addEventListener(event, (happened) => { happened.preventDefault(); act(() => work(happened)); });
  for (const id of ["mode", "format"]) {
    on(id, "change", async () => { $(id).blur(); await ask("/accounts", { appid: view.appid, [id]: $(id).value }).finally(refresh); });
  }
  act(async () => {
    const { events } = await ask("/events");
    $("event").replaceChildren(...Object.keys(events).map((name) => element("option", { value: name }, name)));
  });
  on("pushTools", "submit", async () => {
    const fields = readFields($("fields").value.trim());
    await ask("/push", { appid: view.appid, event: $("event").value, fields, ...(view.openid ? { openid: view.openid } : {}) });
    await drawTab();
  });
}

function readFields(text) {
  let fields;
  try {
    fields = text ? JSON.parse(text) : {};
  } catch {
    throw new Error(t("badFields"));
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw new Error(t("badFields"));
  return fields;
}
