// Uploading into the media library, and choosing from it.
//   .q-drop                          an upload zone (templates/campaigns/media_drop.html); wired wherever it appears.
//                                    It fires "media:stored" with {asset, is_new, warnings, card, choice}, bubbling.
//   mediaPicker.open({account, kind, multiple, most, onPick(items)})
//                                    a dialog; items are {id, kind, name, url, thumb, width, height, seconds}.
(() => {
  "use strict";
  const AT_ONCE = 3;

  // Upload: one request a file, a few at a time, each with its own line.
  class Drop {
    constructor(zone) {
      this.zone = zone;
      this.results = zone.querySelector(".q-drop-results");
      this.waiting = [];
      this.running = 0;
      const input = zone.querySelector(".q-drop-files");
      input.hasChangeListener = true; // the theme's mark: else it looks for a text field of its own beside the input
      input.addEventListener("change", () => { this.add([...input.files]); input.value = ""; });
      zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("is-over"); });
      zone.addEventListener("dragleave", (event) => { if (!zone.contains(event.relatedTarget)) zone.classList.remove("is-over"); });
      zone.addEventListener("drop", (event) => {
        event.preventDefault();
        zone.classList.remove("is-over");
        this.add([...event.dataTransfer.files]);
      });
    }

    add(files) {
      const rows = document.createDocumentFragment();
      const jobs = [];
      for (const file of files) {
        const row = this.zone.querySelector("template").content.firstElementChild.cloneNode(true);
        row.querySelector(".q-drop-name").textContent = file.name;
        rows.append(row);
        const job = { file, row, status: row.querySelector(".q-drop-status"), bar: row.querySelector("progress") };
        row.querySelector(".q-drop-again").addEventListener("click", () => this.queue(job));
        jobs.push(job);
      }
      // The files in the order in which they were chosen, above those of before.
      this.results.prepend(rows);
      this.results.scrollTop = 0;
      jobs.forEach((job) => this.queue(job));
    }

    queue(job) {
      const largest = Number(this.zone.dataset.largest);
      job.row.querySelector(".q-drop-again").hidden = true;
      if (job.file.size > largest) {
        const size = `${Math.ceil(job.file.size / 104857.6) / 10} MB`;
        this.refuse(job, this.zone.dataset.tooBig.replace("{size}", size), this.zone.dataset.tooBigFix);
        return;
      }
      job.row.className = "q-drop-result";
      job.bar.hidden = false;
      job.bar.value = 0;
      job.status.textContent = job.status.dataset.waiting;
      this.waiting.push(job);
      this.next();
    }

    next() {
      while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
    }

    send(job) {
      this.running += 1;
      const words = job.status.dataset;
      const body = new FormData();
      body.append("account", this.zone.querySelector(".q-drop-account")?.value ?? "");
      body.append("kind", this.zone.dataset.kind);
      body.append("file", job.file);
      const request = new XMLHttpRequest();
      request.open("POST", this.zone.dataset.upload);
      request.setRequestHeader("X-CSRFToken", this.zone.querySelector("[name=csrfmiddlewaretoken]").value);
      request.upload.onprogress = ({ loaded, total }) => {
        job.bar.value = total ? loaded / total : 0;
        job.status.textContent = loaded < total ? `${Math.floor((loaded / total) * 100)} %` : words.checking;
      };
      request.onload = () => this.answered(job, request);
      request.onerror = () => this.refuse(job, words.lost, words.lostFix, true);
      request.onloadend = () => { this.running -= 1; this.next(); };
      request.send(body);
    }

    answered(job, request) {
      const words = job.status.dataset;
      if (request.responseURL.includes("/login/")) return this.refuse(job, words.login, words.loginFix, true);
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* a page of the server's, not an answer */ }
      if (answer?.asset) return this.stored(job, answer);
      if (answer?.message) return this.refuse(job, answer.message, answer.fix);
      return this.refuse(job, words.broken, words.brokenFix, true);
    }

    stored(job, answer) {
      job.bar.hidden = true;
      job.row.classList.add(answer.warnings.length ? "is-warned" : "is-done");
      job.status.textContent = [job.status.dataset[answer.is_new ? "new" : "known"], ...answer.warnings].join(" · ");
      this.zone.dispatchEvent(new CustomEvent("media:stored", { bubbles: true, detail: answer }));
    }

    refuse(job, message, fix, again = false) {
      job.bar.hidden = true;
      job.row.classList.add("is-refused");
      job.status.textContent = [message, fix].filter(Boolean).join(message.endsWith("。") ? "" : " ");
      job.row.querySelector(".q-drop-again").hidden = !again;
    }
  }

  const wire = (root) => root.querySelectorAll(".q-drop:not([data-wired])").forEach((zone) => {
    zone.dataset.wired = "true";
    new Drop(zone);
  });

  const element = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  };

  // Choosing: the dialog's inside is HTML of the server's, a page of cards at a time.
  class Picker {
    constructor() {
      this.dialog = element('<dialog class="q-pick" aria-labelledby="q-pick-title"></dialog>');
      document.body.append(this.dialog);
      this.dialog.addEventListener("click", (event) => this.clicked(event));
      this.dialog.addEventListener("submit", (event) => { event.preventDefault(); this.load(1); });
      this.dialog.addEventListener("input", (event) => {
        if (event.target.name !== "q") return;
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.load(1), 300);
      });
      this.dialog.addEventListener("media:stored", ({ detail }) => this.added(detail));
    }

    open({ account, kind = "", multiple = false, most = Infinity, onPick }) {
      Object.assign(this, { account, kind, multiple, most, onPick, chosen: new Map() });
      this.dialog.replaceChildren();
      this.dialog.showModal();
      return this.load(1);
    }

    async load(page) {
      const search = this.dialog.querySelector("[name=q]");
      const typing = search && document.activeElement === search;
      const query = new URLSearchParams({ account: this.account ?? "", kind: this.kind, page, q: search?.value ?? "" });
      this.asked = query.toString();
      const asked = this.asked;
      // The header makes the server answer 401 instead of a login page.
      const answer = await fetch(`${window.mediaPicker.url}?${query}`, { headers: { "HX-Request": "true" } });
      if (answer.status === 401) { location.reload(); return; }
      const html = await answer.text();
      if (asked !== this.asked) return; // an older answer
      const results = this.dialog.querySelector(".q-drop");
      this.dialog.innerHTML = html;
      if (results) this.dialog.querySelector(".q-drop")?.replaceWith(results); // uploads go on while somebody searches
      wire(this.dialog);
      if (typing) {
        const field = this.dialog.querySelector("[name=q]");
        field.focus();
        field.setSelectionRange(field.value.length, field.value.length);
      }
      this.show();
    }

    clicked(event) {
      const { target } = event;
      if (target === this.dialog || target.closest(".q-pick-close, .q-pick-cancel")) { this.dialog.close(); return; }
      const page = target.closest("[data-page]")?.dataset.page;
      if (page) { this.load(page); return; }
      const choice = target.closest(".q-media-choice");
      if (choice) this.choose(choice);
      else if (target.closest(".q-pick-use")) this.use();
    }

    choose(choice, always = false) {
      const { id, kind, name, url, thumb, width, height, seconds } = choice.dataset;
      const number = (text) => (text ? Number(text) : null);
      const item = { id: Number(id), kind, name, url, thumb, width: number(width), height: number(height), seconds: number(seconds) };
      if (!this.multiple) { this.chosen = new Map([[item.id, item]]); this.use(); return; }
      if (this.chosen.has(item.id) && !always) this.chosen.delete(item.id);
      else if (this.chosen.size < this.most) this.chosen.set(item.id, item);
      this.show();
    }

    added({ choice, is_new: isNew, warnings, asset }) {
      const grid = this.dialog.querySelector(".q-media-grid");
      grid.querySelector(`[data-id="${asset.id}"]`)?.closest("li").remove();
      grid.prepend(element(choice));
      this.dialog.querySelector(".q-pick-empty").hidden = true;
      const alone = this.dialog.querySelectorAll(".q-drop-result").length === 1;
      if (this.multiple || (alone && isNew && !warnings.length)) this.choose(grid.querySelector(".q-media-choice"), true);
    }

    show() {
      const order = [...this.chosen.keys()];
      this.dialog.querySelectorAll(".q-media-choice").forEach((choice) => {
        const place = order.indexOf(Number(choice.dataset.id));
        choice.setAttribute("aria-pressed", String(place >= 0));
        choice.dataset.place = place >= 0 ? place + 1 : "";
      });
      const count = this.dialog.querySelector(".q-pick-count");
      const use = this.dialog.querySelector(".q-pick-use");
      const { none, some, full } = count.dataset;
      const text = !order.length ? none : order.length >= this.most ? full : some;
      count.textContent = this.multiple ? text.replace("{n}", order.length) : "";
      use.hidden = !this.multiple;
      use.disabled = !order.length;
    }

    use() {
      this.dialog.close();
      this.onPick([...this.chosen.values()]);
    }
  }

  let picker = null;
  window.mediaPicker = {
    url: "/admin/campaigns/mediaasset/pick/",
    open: (options) => (picker ??= new Picker()).open(options),
    wire,
  };
  // On the library's own page a new file joins the others.
  document.addEventListener("media:stored", ({ target, detail: { asset, card } }) => {
    const gallery = document.querySelector(".q-gallery");
    if (!gallery || target.closest("dialog")) return;
    gallery.querySelector(`:scope > [data-id="${asset.id}"]`)?.remove();
    gallery.prepend(element(card));
    document.querySelector(".q-gallery-empty").hidden = true;
    document.querySelector(".q-empty-list")?.remove();
  });
  document.addEventListener("DOMContentLoaded", () => wire(document));
})();
