// The draft's form: counts characters as WeChat's limit does, and shows only what the chosen audience needs.
document.addEventListener("DOMContentLoaded", () => {
  const text = document.getElementById("id_text");
  const account = document.getElementById("id_account");
  const tag = document.getElementById("id_tag");
  if (!text || !account || !tag) return;

  const counter = document.createElement("p");
  counter.className = "q-counter";
  counter.setAttribute("aria-live", "polite");
  text.after(counter);

  const count = () => {
    const length = [...text.value].length; // code points: an emoji is one
    const { warning, limit } = text.dataset;
    counter.textContent = `${length} / ${limit}`;
    counter.classList.toggle("is-warning", length > Number(warning) && length <= Number(limit));
    counter.classList.toggle("is-over", length > Number(limit));
  };

  const row = (name) => document.getElementById(`id_${name}`)?.closest("[class*='field-']");
  const needs = { tag: "tag", openids: "list", upload: "list" };
  const showAudience = () => {
    const chosen = document.querySelector("[name=audience]:checked")?.value;
    for (const [name, audience] of Object.entries(needs)) {
      const element = row(name);
      if (element) element.hidden = chosen !== audience;
    }
  };

  const allTags = [...tag.options];
  const showTags = () => {
    const chosen = tag.value;
    tag.replaceChildren(...allTags.filter((o) => !o.value || o.dataset.account === account.value));
    tag.value = [...tag.options].some((o) => o.value === chosen) ? chosen : "";
  };

  const phone = document.querySelector(".q-phone");
  const showSender = () => {
    const name = account.selectedOptions[0]?.textContent ?? "";
    if (!name) return;
    phone.querySelector("figcaption").textContent = name;
    phone.querySelector(".q-avatar").textContent = [...name][0] ?? "";
  };

  text.addEventListener("input", count);
  account.addEventListener("change", () => { showTags(); showSender(); });
  document.querySelectorAll("[name=audience]").forEach((radio) => radio.addEventListener("change", showAudience));
  count();
  showTags();
  showSender();
  showAudience();
});
