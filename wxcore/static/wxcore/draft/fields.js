// The fields of the open article, with counters against WeChat's limits. Too long is shown, and saved all the same.
import { upload } from "draft/pictures";
import { byId, length, page, say, state } from "draft/state";

const TEXTS = ["title", "author", "digest", "source_url"];
const SWITCHES = ["need_open_comment", "only_fans_can_comment"];
const NEAR = 0.9;
const COVERS = { first: [2.35, 900, 383], other: [1, 200, 200] };

export function count(name, number) {
  const counter = document.querySelector(`[data-counter=${name}]`);
  const most = page.limits[name];
  counter.textContent = name === "body" ? say("characters", { length: number, most }) : `${number} / ${most}`;
  counter.classList.toggle("is-warning", number > most * NEAR && number <= most);
  counter.classList.toggle("is-over", number > most);
  if (name === "source_url") counter.hidden = number <= most * NEAR;
}

const measure = (name, value) => (name === "source_url" ? new Blob([value]).size : length(value));

function show() {
  const { article } = state;
  for (const name of TEXTS) {
    const input = byId(`d-${name}`);
    if (input.value !== article[name]) input.value = article[name];
    count(name, measure(name, article[name]));
  }
  for (const name of SWITCHES) byId(`d-${name}`).checked = article[name];
  byId("d-only_fans_can_comment").disabled = !article.need_open_comment;
  showCover();
  grow(byId("d-title"));
}

// A title of two lines is seen as two lines.
function grow(textarea) {
  textarea.style.height = "auto";
  textarea.style.height = `${textarea.scrollHeight}px`;
}

function showCover() {
  const box = byId("d-cover");
  const { cover } = state.article;
  const isFirst = state.index === 0;
  box.classList.toggle("is-square", !isFirst);
  const hint = byId("d-cover-hint");
  const [, width, height] = COVERS[isFirst ? "first" : "other"];
  const isSmall = cover?.width && (cover.width < width || cover.height < height);
  hint.textContent = say(isSmall ? "coverSmall" : isFirst ? "coverHintFirst" : "coverHintOther", cover ?? {});
  hint.classList.toggle("is-warning", Boolean(isSmall));
  if (!cover) {
    const choose = button("chooseCover", "d-cover-choose", pick);
    const icon = document.createElement("span");
    icon.className = "material-symbols-outlined";
    icon.textContent = "add_photo_alternate";
    choose.prepend(icon);
    box.replaceChildren(choose);
    return;
  }
  const image = Object.assign(document.createElement("img"), { src: cover.url, alt: cover.name });
  const tools = document.createElement("span");
  tools.className = "d-cover-tools";
  tools.append(button("changeCover", "", pick), button("removeCover", "", () => { state.set("cover", null); showCover(); }));
  box.replaceChildren(image, tools);
}

function button(name, className, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.append(say(name));
  made.addEventListener("click", run);
  return made;
}

function pick() {
  const { article } = state;
  window.mediaPicker.open({
    account: page.account.id,
    kind: "image",
    multiple: false,
    onPick: ([item]) => {
      if (!item) return;
      const { id, url, thumb, name } = item;
      const cover = { id: Number(id), url, thumb: thumb || url, name, width: Number(item.width) || null, height: Number(item.height) || null };
      state.set("cover", cover, article);
      showCover();
    },
  });
}

// A picture that is dropped on the box is uploaded and is the cover.
async function drop(event) {
  const file = [...event.dataTransfer.files].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  const { article } = state;
  const hint = byId("d-cover-hint");
  hint.textContent = say("uploading");
  try {
    const { id, url, thumb, name, width, height } = await upload(file, file.name);
    state.set("cover", { id, url, thumb: thumb || url, name, width, height }, article);
    showCover();
  } catch (error) {
    hint.textContent = error.message;
    hint.classList.add("is-warning");
  }
}

export function startFields() {
  byId("d-cover").addEventListener("drop", drop);
  for (const name of TEXTS) {
    const input = byId(`d-${name}`);
    input.addEventListener("input", () => {
      if (name === "title") input.value = input.value.replace(/\n/g, " ");
      state.set(name, input.value);
      count(name, measure(name, input.value));
      if (name === "title") grow(input);
    });
  }
  byId("d-title").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      byId("d-author").focus();
    }
  });
  for (const name of SWITCHES) {
    byId(`d-${name}`).addEventListener("change", (event) => {
      state.set(name, event.target.checked);
      if (name === "need_open_comment" && !event.target.checked) state.set("only_fans_can_comment", false);
      show();
    });
  }
  state.addEventListener("open", show);
  state.addEventListener("order", showCover);
  state.addEventListener("focus", (event) => {
    const { detail } = event;
    if (detail === "cover") byId("d-cover").querySelector("button")?.focus();
    else byId(`d-${detail}`)?.focus();
  });
  show();
}
