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

function drawMessage(message) {
  const shown = message.articles ? articlesCard(message)
    : message.images ? imagesCard(message)
    : message.voice ? voiceBubble(message)
    : message.video ? videoCard(message)
    : message.card ? cardCard(message)
    : textBubble(message);
  if (message.kind !== "preview") return shown;
  return element("div", { class: "previewed" }, element("small", { class: "quiet" }, t("preview")), shown);
}

function openArticle(article) {
  read(article.title, element("iframe", { src: here(article.url), title: article.title, sandbox: "allow-popups" }));
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
