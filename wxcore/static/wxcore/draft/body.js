// The rich text editor of the open article, and what happens when something is pasted into it.
import { Refused, ask } from "draft/ask";
import { upload } from "draft/pictures";
import { byId, page, say, state } from "draft/state";

const INTERNAL = "x-hugerte/html"; // what the editor puts beside text/html when one copies inside it
const SIZES = "12px 14px 15px 16px 17px 18px 20px 22px 24px 28px 36px";
const COLOURS = [
  "#000000", "#3F3F3F", "#888888", "#FFFFFF", "#D92142", "#F96E57", "#FF6827", "#FFB11B",
  "#07C160", "#00A75A", "#1E9E9B", "#10AEFF", "#576B95", "#3D68D3", "#6467F0", "#AB1942",
].flatMap((colour) => [colour, colour]);

const STYLE = `
  body { max-width: 677px; margin: 1rem auto; padding: 0 1rem; font: 17px/1.6 -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; color: rgba(0,0,0,.9); background: #fff; overflow-wrap: anywhere; }
  p { margin: 0; min-height: 1em; } img { max-width: 100%; height: auto; }
  h1, h2, h3, h4 { font-weight: 500; margin: 0; line-height: 1.4; }
  h1 { font-size: 1.4em; } h2 { font-size: 1.25em; } h3 { font-size: 1.1em; } h4 { font-size: 1em; }
  blockquote { margin: 1em 0; padding-left: 10px; border-left: 3px solid #dbdbdb; color: rgba(0,0,0,.5); }
  ul, ol { margin: 0; padding-left: 1.2em; }
  table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: 5px 10px; }
  a { color: #576b95; }
  .mce-content-body[data-mce-placeholder]:not(.mce-visualblocks)::before { color: rgba(0,0,0,.3); padding: 0 1rem; left: 0; }
`;

let editor = null;
let shown = null; // the article in the editor
let untouched = ""; // its text as the editor gave it back before anybody changed it

let inserting = 0; // pictures on their way to the library that are not in the text yet

export const isUploading = () => inserting > 0
  || Boolean(editor?.initialized && editor.getBody().querySelector("img[src^='blob:'], img[src^='data:']"));

// Gives the editor's text to the article. A picture on its way to the library is waited for.
export function syncBody() {
  if (!editor?.initialized || !shown || isUploading()) return;
  const html = editor.getContent();
  if (html === untouched) return;
  untouched = html;
  state.set("body", html, shown);
}

function showBody() {
  if (!editor?.initialized || shown === state.article) return;
  syncBody();
  shown = state.article;
  editor.setContent(shown.body);
  editor.undoManager.clear();
  untouched = editor.getContent();
}

export function reloadBody() {
  shown = null;
  showBody();
}

// What the server would keep of a pasted text is what appears: no surprise after the save.
async function paste(event) {
  const data = event.clipboardData;
  const html = data?.getData("text/html") ?? "";
  if (!html || data.types.includes(INTERNAL)) return;
  const files = [...data.files].filter((file) => file.type.startsWith("image/"));
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const isOnePicture = files.length === 1 && parsed.images.length === 1 && !parsed.body.textContent.trim();
  event.preventDefault();
  event.stopImmediatePropagation?.();
  if (isOnePicture) {
    insertUploaded(files);
    return;
  }
  const unreachable = [...parsed.images].filter((image) => /^file:|^webkit-fake-url:/i.test(image.getAttribute("src") ?? ""));
  const bookmark = editor.selection.getBookmark(2, true);
  try {
    const answer = await ask(page.urls.clean, { html });
    editor.selection.moveToBookmark(bookmark);
    // After a block the caret stands below it and not in it: what is pasted next is a block of its own.
    const below = /<\/(section|table|blockquote|ul|ol|figure|pre)>\s*$/.test(answer.html) ? "<p><br></p>" : "";
    editor.undoManager.transact(() => editor.insertContent(answer.html + below));
    editor.editorUpload?.uploadImages();
    if (unreachable.length) notify(say("unreachablePictures", { count: unreachable.length }), "warning");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    notify(say("pasteFailed", { why: error.message }), "error");
  }
}

// Of a file that was dropped its own name; the clipboard has none, and the editor makes one up.
function pictureName(blob) {
  const own = blob.blob().name;
  if (own && own !== "image.png") return own;
  return `${say("pasted")} ${new Date().toLocaleString()}.${blob.filename().split(".").pop()}`;
}

async function insertUploaded(files) {
  inserting += files.length;
  for (const file of files) {
    byId("d-body-state").textContent = say("uploading");
    try {
      const asset = await upload(file, file.name);
      insertPictures([asset]);
    } catch (error) {
      notify(error.message, "error");
    }
    inserting -= 1;
  }
  byId("d-body-state").textContent = "";
}

function notify(text, type) { editor.notificationManager.open({ text, type, timeout: type === "error" ? 0 : 8000 }); }

function insertPictures(items) {
  const html = items.map(({ url, name }) => {
    const image = document.createElement("img");
    image.src = url;
    image.alt = name ?? "";
    return `<p>${image.outerHTML}</p>`;
  });
  editor.undoManager.transact(() => editor.insertContent(html.join("")));
}

function pickPictures() {
  window.mediaPicker.open({ account: page.account.id, kind: "image", multiple: true, onPick: insertPictures });
}

function setup(made) {
  editor = made;
  made.ui.registry.addButton("pictures", { icon: "image", tooltip: say("insertPicture"), onAction: pickPictures });
  made.on("paste", paste, true);
  made.on("input change undo redo ExecCommand", () => requestAnimationFrame(syncBody));
  made.on("blur", syncBody);
  made.on("init", () => {
    reloadBody();
    // Ctrl-S inside the frame of the editor.
    made.getDoc().addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "s", ctrlKey: true }));
      }
    });
  });
}

export function startBody() {
  const base = page.editor_base;
  const isDark = document.documentElement.classList.contains("dark");
  window.hugerte.init({
    target: byId("d-body"),
    base_url: base,
    suffix: ".min",
    language: page.language === "en" ? undefined : "zh_CN",
    language_load: false,
    skin_url: `${base}/skins/ui/${isDark ? "oxide-dark" : "oxide"}`,
    content_css: `${base}/skins/ui/oxide/content.min.css`,
    content_style: STYLE,
    height: 620,
    min_height: 360,
    resize: true,
    menubar: false,
    branding: false,
    promotion: false,
    elementpath: false,
    contextmenu: false,
    browser_spellcheck: true,
    placeholder: say("bodyPlaceholder"),
    iframe_aria_text: say("bodyLabel"),
    plugins: "lists link image table code autolink searchreplace wordcount fullscreen",
    toolbar_mode: "wrap",
    toolbar: "undo redo | blocks fontsize | bold italic underline strikethrough | forecolor backcolor removeformat | "
      + "alignleft aligncenter alignright alignjustify lineheight | bullist numlist blockquote hr | "
      + "pictures table link | searchreplace code fullscreen",
    block_formats: page.block_formats,
    font_size_formats: SIZES,
    line_height_formats: "1 1.2 1.5 1.6 1.75 2 2.5 3",
    color_map: COLOURS,
    // A block of 秀米 or of another article is sections with inline styles: everything that was cleaned is kept.
    valid_elements: "*[*]",
    valid_children: "+body[style],+section[section|p|img|span|strong|em|br|#text],+a[section|p|img|span]",
    extended_valid_elements: "mp-miniprogram[*],mpvoice[*],section[*],iframe[*]",
    custom_elements: "~mp-miniprogram,~mpvoice",
    paste_webkit_styles: "all",
    paste_data_images: true,
    paste_block_drop: false,
    automatic_uploads: true,
    images_reuse_filename: false,
    images_file_types: "jpeg,jpg,png,gif,bmp",
    images_upload_handler: (blob, progress) => upload(blob.blob(), pictureName(blob), progress)
      .then((asset) => asset.url)
      .catch((error) => Promise.reject({ message: error.message, remove: true })),
    file_picker_types: "image",
    file_picker_callback: (done) => window.mediaPicker.open({
      account: page.account.id, kind: "image", multiple: false, onPick: ([item]) => item && done(item.url, { alt: item.name }),
    }),
    convert_urls: false,
    entity_encoding: "raw",
    link_default_target: "_blank",
    link_title: false,
    link_target_list: false,
    table_default_attributes: {},
    table_default_styles: { "border-collapse": "collapse", width: "100%" },
    setup,
  });
  state.addEventListener("open", showBody);
  state.addEventListener("focus", (event) => { if (event.detail === "body") editor.focus(); });
}
