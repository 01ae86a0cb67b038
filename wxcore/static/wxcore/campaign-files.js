// What a draft's form takes from the library: pictures in their order, a voice, a video, an article draft. The hidden
// input of each holds ids; "change" on it tells the rest of the page.
document.addEventListener("DOMContentLoaded", () => {
  const account = () => document.getElementById("id_account").value;
  const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));

  const watchFiles = (picker) => {
    const input = picker.querySelector("input[type=hidden]");
    const list = picker.querySelector(".q-files-chosen");
    const template = picker.querySelector("template");
    const counter = picker.querySelector(".q-counter");
    const { kind } = picker.dataset;
    const most = Number(picker.dataset.most);
    let dragged = null;

    const entries = () => [...list.children];
    const show = () => {
      const count = entries().length;
      if (counter) {
        counter.textContent = `${count} / ${most}`;
        counter.classList.toggle("is-over", count > most);
      }
    };
    const store = () => {
      input.value = entries().map((entry) => entry.dataset.id).join(",");
      show();
      changed(input);
    };
    const add = ({ id, name, url, thumb }) => {
      if (entries().some((entry) => entry.dataset.id === String(id))) return;
      const entry = template.content.firstElementChild.cloneNode(true);
      const parts = { name: ["textContent", name], thumb: ["src", thumb], url: ["src", url] };
      entry.dataset.id = id;
      for (const part of entry.querySelectorAll("[data-part]")) {
        const [property, value] = parts[part.dataset.part];
        part[property] = value;
      }
      if (most === 1) list.replaceChildren(entry);
      else list.append(entry);
    };
    const move = (entry, step) => {
      const other = step < 0 ? entry.previousElementSibling : entry.nextElementSibling;
      if (!other) return;
      if (step < 0) other.before(entry);
      else other.after(entry);
      store();
    };

    picker.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      const entry = target.closest(".q-file");
      if (button?.dataset.choose !== undefined) {
        window.mediaPicker.open({
          account: account(), kind, multiple: most > 1, most: most > 1 ? most - entries().length : 1,
          onPick: (items) => { items.forEach(add); store(); },
        });
      } else if (button?.dataset.remove !== undefined) {
        entry.remove();
        store();
      } else if (button?.dataset.move) {
        move(entry, Number(button.dataset.move));
        button.focus();
      }
    });
    list.addEventListener("dragstart", ({ target }) => {
      dragged = target.closest(".q-file");
      dragged?.classList.add("is-dragged");
    });
    list.addEventListener("dragover", (event) => {
      const over = event.target.closest(".q-file");
      if (!dragged) return;
      event.preventDefault();
      if (!over || over === dragged) return;
      const { left, width } = over.getBoundingClientRect();
      if (event.clientX < left + width / 2) over.before(dragged);
      else over.after(dragged);
    });
    list.addEventListener("drop", (event) => event.preventDefault());
    list.addEventListener("dragend", () => {
      dragged?.classList.remove("is-dragged");
      dragged = null;
      store();
    });
    show();
  };

  const watchDraft = (picker) => {
    const input = picker.querySelector("input[type=hidden]");
    const dialog = picker.querySelector("dialog");
    const edit = picker.querySelector("a[data-edit]");
    const search = dialog.querySelector("input[type=search]");
    picker.querySelector("[data-choose]").addEventListener("click", () => {
      dialog.showModal();
      window.htmx.trigger(search, "open");
      search.focus();
    });
    // The dialog stands inside the form: Enter in its search box must not save the campaign.
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    search.addEventListener("input", (event) => event.stopPropagation());
    dialog.addEventListener("click", ({ target }) => {
      const choice = target.closest(".q-draft-choice");
      if (target === dialog || target.closest("[data-close]")) dialog.close();
      if (!choice) return;
      input.value = choice.dataset.id;
      picker.querySelector(".q-draft-chosen").replaceChildren(...[...choice.childNodes].map((n) => n.cloneNode(true)));
      edit.href = choice.dataset.edit;
      edit.hidden = false;
      dialog.close();
      changed(input);
    });
  };

  document.querySelectorAll(".q-files").forEach(watchFiles);
  document.querySelectorAll(".q-draft-picker").forEach(watchDraft);
});
