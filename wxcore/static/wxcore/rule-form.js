// A reply rule's form: shows what the chosen trigger and answer need, counts bytes as WeChat does, edits article cards
// row by row and keeps the phone beside it up to date. Nothing is emptied when a field disappears.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("replyrule_form");
  if (!form?.querySelector("[name=kind]")) return;

  const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value;
  const lineOf = (field) => field.closest(".field-line") ?? field;
  const refreshPhone = () => window.htmx?.trigger("#live-preview", "content");

  const show = (attribute, value) => {
    for (const field of form.querySelectorAll(`[data-for-${attribute}]`)) {
      const needed = field.getAttribute(`data-for-${attribute}`).split(" ").includes(value);
      lineOf(field).hidden = !needed;
      const label = JSON.parse(field.dataset.labels ?? "{}")[value];
      const help = JSON.parse(field.dataset.helps ?? "{}")[value];
      if (label) lineOf(field).querySelector("label").firstChild.textContent = label;
      if (help) helpOf(field).textContent = help;
    }
  };
  const helpOf = (field) => {
    const known = lineOf(field).querySelector(".q-rule-help");
    if (known) return known;
    const made = document.createElement("p");
    made.className = "q-rule-help q-quiet";
    field.after(made);
    return made;
  };
  const showTrigger = () => show("trigger", chosen("trigger"));
  const showKind = () => { show("kind", chosen("kind")); refreshPhone(); };

  for (const field of form.querySelectorAll("[data-bytes]")) {
    const counter = document.createElement("p");
    counter.className = "q-counter";
    counter.setAttribute("aria-live", "polite");
    field.after(counter);
    const limit = Number(field.dataset.bytes);
    const count = () => {
      const bytes = new TextEncoder().encode(field.value.replaceAll("\r\n", "\n").trim()).length;
      counter.textContent = field.dataset.counted.replace("{size}", bytes).replace("{most}", limit);
      counter.classList.toggle("is-warning", bytes > limit * 0.9 && bytes <= limit);
      counter.classList.toggle("is-over", bytes > limit);
    };
    field.addEventListener("input", count);
    count();
  }

  const editCards = (editor) => {
    const store = editor.querySelector("textarea[hidden]");
    const list = editor.querySelector("ol");
    const template = editor.querySelector("template");
    const counter = editor.querySelector(".q-counter");
    const add = editor.querySelector("[data-add]");
    const most = Number(editor.dataset.most);

    const rows = () => [...list.children];
    const number = () => {
      rows().forEach((row, index) => { row.querySelector("strong").textContent = index + 1; });
      counter.textContent = `${rows().length} / ${most}`;
      add.disabled = rows().length >= most;
    };
    const save = () => {
      const cards = rows().map((row) => Object.fromEntries([...row.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.value])));
      store.value = JSON.stringify(cards);
      store.dispatchEvent(new Event("change", { bubbles: true }));
      number();
    };
    const append = (card) => {
      const row = template.content.firstElementChild.cloneNode(true);
      for (const part of row.querySelectorAll("[data-part]")) part.value = card[part.dataset.part] ?? "";
      list.append(row);
      return row;
    };
    let given = [];
    try { given = JSON.parse(store.value || "[]"); } catch { /* what cannot be read is written anew */ }
    for (const card of Array.isArray(given) ? given : []) append(card ?? {});
    number();

    editor.addEventListener("input", (event) => { if (event.target.dataset.part) save(); });
    editor.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      const row = target.closest(".q-card-row");
      if (!button) return;
      if (button === add) append({}).querySelector("[data-part]").focus();
      else if (button.dataset.remove !== undefined) row.remove();
      else if (button.dataset.move === "-1") row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      save();
    });
    return () => { if (!rows().length) { append({}); number(); } };
  };
  const beginners = [...form.querySelectorAll(".q-cards-editor")].map(editCards);

  form.querySelectorAll("[name=trigger]").forEach((tile) => tile.addEventListener("change", showTrigger));
  form.querySelectorAll("[name=kind]").forEach((tile) => tile.addEventListener("change", () => {
    if (chosen("kind") === "news") beginners.forEach((begin) => begin());
    showKind();
  }));
  for (const event of ["input", "change"]) {
    form.addEventListener(event, ({ target }) => { if (target.matches("[data-for-kind]")) refreshPhone(); });
  }
  const account = document.getElementById("id_account");
  const showSender = () => {
    const name = account?.selectedOptions?.[0]?.textContent ?? "";
    if (!name) return;
    document.querySelector(".q-phone figcaption").textContent = name;
    document.querySelector(".q-phone .q-avatar").textContent = [...name][0] ?? "";
  };
  account?.addEventListener("change", showSender);
  showSender();
  showTrigger();
  showKind();
});
