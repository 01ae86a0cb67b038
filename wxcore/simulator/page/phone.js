// What a follower's phone shows of a message, and the reader that opens from it. Addresses of the simulator's own
// pictures and pages are taken without their host, so that the page works under any name that it is reached by.
"use strict";

const here = (url) => new URL(url, location.origin).pathname;
const LONGEST = 60;

function picture(url, alt, kind = "", size = {}) {
  // Sizes are told beforehand: what grows when it has loaded would push the newest message out of sight.
  const image = element("img", { src: here(url), class: kind, loading: "lazy", width: size.width ?? "", height: size.height ?? "" });
  image.alt = alt; // also when it is empty: the words are beside the picture
  return image;
}

function textBubble(message) {
  // A link of a text message is shown as one and leads nowhere.
  const pieces = message.text.split(/<a\b[^>]*>(.*?)<\/a>/gs);
  const parts = pieces.map((piece, at) => (at % 2 ? element("span", { class: "link" }, piece) : piece));
  return element("div", { class: "bubble" }, ...parts);
}

function imagesCard(message) {
  const open = (image) => () => read(t("image"), picture(image.url, t("image"), "full"));
  const shown = message.images.map((image, at) => element("button", { type: "button", class: "shot", onclick: open(image) },
    picture(image.url, `${t("image")} ${at + 1}`, "", image)));
  if (shown.length === 1) return element("div", { class: "single" }, ...shown);
  const words = message.title || message.recommend || t("share");
  return element("div", { class: "post" }, element("div", { class: shown.length === 4 ? "grid four" : "grid" }, ...shown), element("p", {}, words));
}

function articlesCard(message) {
  const [first, ...others] = message.articles;
  const line = (kind, article, ...parts) => element("button", { type: "button", class: kind, onclick: () => openArticle(article) }, ...parts);
  const cover = first.thumb_url ? picture(first.thumb_url, "", "cover") : element("span", { class: "cover" });
  const title = element("b", {}, first.title);
  if (!others.length) {
    return element("div", { class: "post" }, line("lead", first, title, cover, element("small", {}, first.digest)));
  }
  return element("div", { class: "post" }, line("lead over", first, cover, title),
    ...others.map((article) => line("more", article, element("span", {}, article.title), article.thumb_url ? picture(article.thumb_url, "") : "")));
}

function voiceBubble(message) {
  const { url, format, seconds } = message.voice;
  const length = `${Math.max(1, Math.round(seconds))}″`;
  const silent = format === "amr" || format === "wma"; // no browser plays these
  const bubble = element("button", { type: "button", class: "bubble voice", "aria-label": `${t("voice")} ${length}`, title: silent ? t("silent") : "" },
    element("span", { class: "waves", "aria-hidden": "true" }, "•))"), length);
  bubble.style.width = `${80 + 120 * Math.min(seconds, LONGEST) / LONGEST}px`;
  if (silent) return bubble;
  const sound = new Audio(here(url));
  sound.preload = "none";
  for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, () => bubble.classList.toggle("playing", !sound.paused && !sound.ended));
  bubble.addEventListener("click", () => (sound.paused ? act(() => sound.play()) : sound.pause()));
  return bubble;
}

function videoCard(message) {
  const { url, title, description } = message.video;
  const player = message.deleted ? element("p", { class: "quiet" }, t("gone")) : element("video", { src: here(url), controls: "controls", preload: "metadata", "aria-label": title || t("video") });
  return element("div", { class: "post" }, player, title ? element("b", {}, title) : "", description ? element("small", {}, description) : "");
}

function cardCard(message) {
  return element("div", { class: "post" }, element("b", {}, t("wxcard")), element("small", {}, message.card.card_id));
}

function linksCard(message) {
  // Pictures of such cards are somebody else's: only their address is shown, and nothing is asked of another host.
  const open = (link) => () => opens(link.title, t("opensPage"), link.url);
  const line = (kind, link, ...parts) => element("button", { type: "button", class: kind, onclick: open(link), title: link.url }, ...parts);
  const [first, ...others] = message.links;
  const cover = first.picture ? element("span", { class: "cover away", title: first.picture }, first.picture) : "";
  return element("div", { class: "post" },
    line("lead", first, element("b", {}, first.title), cover, first.description ? element("small", {}, first.description) : ""),
    ...others.map((link) => line("more", link, element("span", {}, link.title))));
}

function musicCard(message) {
  const { title, description, url, thumb } = message.music;
  return element("button", { type: "button", class: "post music", onclick: () => opens(title || t("music"), t("music"), url) },
    picture(thumb, ""), element("span", {}, element("b", {}, title || t("music")), element("small", {}, description)));
}

function menuBubble(message) {
  const { head, list, tail } = message.menu;
  const choose = (choice) => () => act(async () => {
    await ask("/messages", { appid: view.appid, openid: view.openid, type: "text", content: choice.content, menu_choice: choice.id });
    await drawPhone();
  });
  return element("div", { class: "bubble choices" }, head,
    ...list.map((choice) => element("button", { type: "button", class: "link", onclick: choose(choice) }, choice.content)), tail);
}

function programCard(message) {
  const { title, appid, pagepath, thumb } = message.program;
  return element("div", { class: "post" },
    element("button", { type: "button", class: "lead", onclick: () => opens(title, t("opensProgram"), `${appid}/${pagepath}`) },
      element("b", {}, title), picture(thumb, "", "cover"), element("small", {}, t("program"))));
}

function locationCard(message) {
  return element("div", { class: "post place" }, element("b", {}, message.location.label), element("small", {}, message.location.coordinates), element("span", { class: "map", "aria-hidden": "true" }));
}

function drawNote(message) {
  if (message.kind === "act") return element("div", { class: "when" }, `${t(`act_${message.act}`)} ${message.text}`);
  if (message.transfer !== undefined) return element("div", { class: "when" }, `${t("transferred")} ${message.transfer}`.trim());
  if (message.kind !== "system") return null;
  return element("div", { class: "when complaint" }, message.text, message.why ? element("small", {}, `${t("why")}${language === "zh" ? "：" : ": "}${why(message.why)}`) : "");
}

function drawMessage(message) {
  const shown = message.articles ? articlesCard(message)
    : message.images ? imagesCard(message)
    : message.voice ? voiceBubble(message)
    : message.video ? videoCard(message)
    : message.card ? cardCard(message)
    : message.links ? linksCard(message)
    : message.music ? musicCard(message)
    : message.menu ? menuBubble(message)
    : message.program ? programCard(message)
    : message.location ? locationCard(message)
    : message.file ? element("div", { class: "post" }, element("b", {}, message.file), element("small", {}, t("file")))
    : textBubble(message);
  const notes = [message.kind === "preview" ? t("preview") : "", message.agent ? `${t("agent")} ${message.agent}` : "", message.ai ? t("ai") : ""].filter(Boolean);
  if (!notes.length) return shown;
  return element("div", { class: "previewed" }, element("small", { class: "quiet" }, notes.join(" · ")), shown);
}

function openArticle(article) {
  read(article.title, element("iframe", { src: here(article.url), title: article.title, sandbox: "allow-popups" }));
}

function opens(title, words, address) {
  read(title, element("div", { class: "opened" }, element("p", {}, words), element("code", { class: "mono" }, address)));
}

function read(title, content) {
  $("readerTitle").textContent = title;
  $("readerBody").replaceChildren(content);
  $("reader").hidden = false;
  $("reader").scrollIntoView({ block: "nearest" });
  $("readerBack").focus();
}

function closeReader() {
  $("reader").hidden = true;
  $("readerBody").replaceChildren();
}

function listenReader() {
  $("readerBack").addEventListener("click", closeReader);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeReader(); });
}
