// Conditions as a person builds them. The hidden input holds their JSON; "change" on it asks for a new head count.
// What conditions there are, with which inputs, the server says in <template>s.
document.addEventListener("DOMContentLoaded", () => {
  const builder = document.querySelector(".q-builder");
  if (!builder) return;
  const input = builder.querySelector("input[type=hidden]");
  const groups = builder.querySelector(".q-groups");
  const kinds = builder.querySelector(".q-kinds");
  const account = document.getElementById("id_account");
  const text = (name) => builder.querySelector(`template[data-${name}]`).innerHTML.trim();
  const copy = (template) => template.content.firstElementChild.cloneNode(true);
  const templateOf = (kind) => [...kinds.children].find((template) => template.dataset.kind === kind);

  // What a control holds, by its type; undefined says nothing.
  const chipsOf = (control) => window.chips.of(control.querySelector(".q-chips"));
  const fieldOf = (control) => control.querySelector("select, input");
  const number = (value) => (value === "" ? undefined : Number(value));
  // Only the latest are offered; one that was chosen long ago, or is gone, stays to be seen.
  const pick = (control, value) => {
    const select = fieldOf(control);
    if (![...select.options].some((option) => option.value === String(value))) select.append(new Option(`#${value}`, value));
    select.value = value;
  };
  const types = {
    chips: { read: (c) => chipsOf(c).read(), write: (c, v) => chipsOf(c).write(v) },
    words: { read: (c) => chipsOf(c).read(), write: (c, v) => chipsOf(c).write(v) },
    ids: { read: (c) => chipsOf(c).read().map(Number), write: (c, v) => chipsOf(c).write(v) },
    choice: { read: (c) => fieldOf(c).value, write: (c, v) => { fieldOf(c).value = v; } },
    pick: { read: (c) => number(fieldOf(c).value), write: pick },
    list: { read: (c) => number(fieldOf(c).value), write: pick },
    number: { read: (c) => number(fieldOf(c).value), write: (c, v) => { fieldOf(c).value = v; } },
    day: { read: (c) => fieldOf(c).value || undefined, write: (c, v) => { fieldOf(c).value = v; } },
  };
  const controlsOf = (condition) => [...condition.querySelectorAll("[data-control]")];

  const readCondition = (condition) => {
    const said = { kind: condition.dataset.kind };
    for (const control of controlsOf(condition)) {
      const value = types[control.dataset.type].read(control);
      if (value !== undefined && value.length !== 0) said[control.dataset.control] = value;
    }
    return said;
  };
  const readAll = () => [...groups.children]
    .map((group) => [...group.querySelectorAll(".q-condition")].map(readCondition))
    .filter((group) => group.length);
  const store = () => {
    const said = readAll();
    input.value = said.length ? JSON.stringify({ groups: said }) : "";
    builder.querySelectorAll(".is-incomplete").forEach((condition) => condition.classList.remove("is-incomplete"));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const upload = async (control, file) => {
    const said = control.querySelector(".q-upload-said");
    const form = new FormData();
    form.append("file", file);
    form.append("account", account?.value ?? "");
    said.textContent = "…";
    try {
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(builder.dataset.lists, { method: "POST", body: form, headers: { "X-CSRFToken": token } });
      const told = await answer.json();
      said.textContent = told.problem ?? "";
      if (told.problem) return;
      const select = fieldOf(control);
      select.append(new Option(told.label, told.list));
      select.value = told.list;
      store();
    } catch {
      said.textContent = "✕";
    }
  };

  const makeCondition = (given) => {
    const template = templateOf(given.kind);
    if (!template) return null;
    const condition = copy(template);
    condition.dataset.kind = given.kind;
    for (const control of controlsOf(condition)) {
      const value = given[control.dataset.control];
      const type = types[control.dataset.type];
      if (value !== undefined) type.write(control, value);
      else type.read(control);
      control.addEventListener("change", (event) => {
        if (event.target.type === "file") {
          if (event.target.files[0]) upload(control, event.target.files[0]);
          event.target.value = "";
        } else store();
      });
    }
    // The theme's own listener looks for a text field to show the file's name in, and breaks where there is none.
    condition.querySelectorAll("input[type=file]").forEach((file) => { file.hasChangeListener = true; });
    condition.querySelector("button[data-remove]").addEventListener("click", () => {
      const group = condition.closest(".q-group");
      condition.remove();
      if (!group.querySelector(".q-condition") && groups.children.length > 1) group.remove();
      else offer(group);
      store();
    });
    return condition;
  };

  // The menu of a group. A select, so that it works alike with mouse, keyboard and thumb.
  const offer = (group) => {
    const menu = group.querySelector(".q-add-condition");
    const first = new Option(text(group.querySelector(".q-condition") ? "next" : "first"), "");
    menu.replaceChildren(first, ...[...kinds.children].map((kind) => new Option(kind.dataset.label, kind.dataset.kind)));
    menu.value = "";
  };
  const makeGroup = (given) => {
    const group = copy(builder.querySelector("template[data-group]"));
    const list = group.querySelector(".q-conditions");
    list.append(...given.map(makeCondition).filter(Boolean));
    group.querySelector(".q-add-condition").addEventListener("change", ({ target }) => {
      if (!target.value) return;
      const condition = makeCondition({ kind: target.value });
      list.append(condition);
      offer(group);
      store();
      condition.querySelector("select, input")?.focus();
    });
    offer(group);
    groups.append(group);
    return group;
  };
  const show = (given) => {
    groups.replaceChildren();
    (given.length ? given : [[]]).forEach(makeGroup);
  };

  builder.querySelector("[data-add-group]").addEventListener("click", () => {
    makeGroup([]).querySelector(".q-add-condition").focus();
  });
  account?.addEventListener("change", async () => {
    const kept = readAll().map((group) => group.filter(({ kind }) => templateOf(kind).dataset.ofAccount === undefined));
    const answer = await fetch(`${builder.dataset.inputs}?account=${account.value}`);
    if (!answer.ok) return;
    kinds.innerHTML = await answer.text();
    show(kept.filter((group) => group.length));
    store();
  });
  // A condition that the server cannot read yet is marked, not scolded: it is being filled in.
  document.body.addEventListener("htmx:afterSwap", () => {
    const place = document.querySelector(".q-incomplete[data-group]");
    if (!place) return;
    const filled = [...groups.children].filter((group) => group.querySelector(".q-condition"));
    filled[place.dataset.group]?.querySelectorAll(".q-condition")[place.dataset.condition]?.classList.add("is-incomplete");
  });

  let stored = [];
  try { stored = JSON.parse(input.value || "{}").groups ?? []; } catch { /* the server says what is wrong with it */ }
  show(stored);
});
