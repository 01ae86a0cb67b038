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

  const audienceNeeds = { tag: "tag", openids: "list", upload: "list" };
  const showAudience = () => {
    for (const [name, audience] of Object.entries(audienceNeeds)) {
      const field = document.getElementById(`id_${name}`);
      if (field) lineOf(field).hidden = chosen("audience") !== audience;
    }
  };

  const allTags = [...tag.options];
  const showTags = () => {
    const value = tag.value;
    tag.replaceChildren(...allTags.filter((o) => !o.value || o.dataset.account === account.value));
    tag.value = [...tag.options].some((o) => o.value === value) ? value : "";
  };

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
  account.addEventListener("change", () => { showTags(); showSender(); });
  showTags();
  showSender();
  showAudience();
  showType();
});
