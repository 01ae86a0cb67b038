// A draft's form: shows what the chosen message type and audience need, counts characters as WeChat's limits do, and
// keeps the phone beside it up to date. Nothing is emptied when a field disappears: who switches back finds it again.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("campaign_form");
  const account = document.getElementById("id_account");
  const tag = document.getElementById("id_tag");
  if (!form || !account || !tag) return;

  const lineOf = (field) => field.closest(".field-line") ?? field;
  const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value;

  const refreshPhone = () => window.htmx?.trigger("#live-preview", "content");

  const showType = () => {
    const type = chosen("msgtype");
    for (const field of form.querySelectorAll("[data-for]")) {
      lineOf(field).hidden = !field.dataset.for.split(" ").includes(type);
      const label = JSON.parse(field.dataset.labels ?? "{}")[type];
      if (label) form.querySelector(`label[for="${field.id}"]`).textContent = label;
    }
    for (const media of form.querySelectorAll("audio, video")) media.pause();
    refreshPhone();
  };

  const watchLength = (field) => {
    const counter = document.createElement("p");
    counter.className = "q-counter";
    counter.setAttribute("aria-live", "polite");
    field.after(counter);
    const count = () => {
      const length = [...field.value].length; // code points: an emoji is one
      const limit = Number(field.dataset.limit);
      const warning = Number(field.dataset.warning ?? limit);
      counter.textContent = `${length} / ${limit}`;
      counter.classList.toggle("is-warning", length > warning && length <= limit);
      counter.classList.toggle("is-over", length > limit);
    };
    field.addEventListener("input", count);
    count();
  };

  const audienceNeeds = { tag: "tag", conditions: "tags", segment: "segment", openids: "list", upload: "list" };
  const showAudience = () => {
    for (const [name, audience] of Object.entries(audienceNeeds)) {
      const field = document.getElementById(`id_${name}`);
      if (field) lineOf(field).hidden = chosen("audience") !== audience;
    }
  };

  // Tags and segments belong to an account: the others' are not offered.
  const ofAccount = (option) => option.dataset.account === account.value;
  const selects = [tag, document.getElementById("id_segment")].filter(Boolean);
  const all = new Map(selects.map((select) => [select, [...select.options]]));
  const showTags = () => {
    for (const [select, options] of all) {
      const { value } = select;
      select.replaceChildren(...options.filter((o) => !o.value || ofAccount(o)));
      select.value = [...select.options].some((o) => o.value === value) ? value : "";
    }
    for (const row of tagRows) window.chips.of(row.querySelector(".q-chips")).offer(ofAccount);
  };

  const conditions = document.getElementById("id_conditions");
  const tagRows = [...form.querySelectorAll(".q-tags-picker [data-mode]")];
  const storeTags = () => {
    const said = tagRows.map((row) => [row.dataset.mode, window.chips.of(row.querySelector(".q-chips")).read().map(Number)]);
    conditions.value = JSON.stringify(Object.fromEntries(said.filter(([, ids]) => ids.length)));
    conditions.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const given = JSON.parse(conditions?.value || "{}");
  for (const row of tagRows) {
    const chips = window.chips.of(row.querySelector(".q-chips"));
    chips.write(given[row.dataset.mode] ?? []);
    row.addEventListener("change", storeTags);
  }

  const phone = document.querySelector(".q-phone");
  const showSender = () => {
    const name = account.selectedOptions[0]?.textContent ?? "";
    if (!name) return;
    phone.querySelector("figcaption").textContent = name;
    phone.querySelector(".q-avatar").textContent = [...name][0] ?? "";
  };

  form.querySelectorAll("[data-limit]").forEach(watchLength);
  form.querySelectorAll("[name=msgtype]").forEach((tile) => tile.addEventListener("change", showType));
  form.querySelectorAll("[name=audience]").forEach((radio) => radio.addEventListener("change", showAudience));
  for (const event of ["input", "change"]) {
    form.addEventListener(event, ({ target }) => { if (target.matches("[data-for]")) refreshPhone(); });
  }
  account.addEventListener("change", () => { showTags(); storeTags(); showSender(); });
  showTags();
  showSender();
  showAudience();
  showType();
});
