// A panel: loads by itself, shows bones meanwhile, and what to do when it fails or is empty.
import { el, t } from "dashboard/page";

export class Panel {
  // `load` answers the data, `draw` what to show of them; `needs` are permissions, of which one is enough.
  constructor(name, { needs = [], load, draw, bones = 3 }) {
    Object.assign(this, { name, needs, load, draw, bones });
    this.section = document.querySelector(`[data-panel="${name}"]`);
    this.body = this.section.querySelector(".body") || this.section;
    this.asked = 0;
    this.data = null;
  }

  // Quietly: what is shown stays until the new is there.
  async refresh({ quietly = false } = {}) {
    const turn = ++this.asked;
    if (!quietly || this.data === null) this.showBones();
    this.section.setAttribute("aria-busy", "true");
    try {
      const data = await this.load();
      if (turn !== this.asked) return;
      this.data = data;
      this.redraw();
    } catch (error) {
      if (turn !== this.asked) return;
      if (error.status === undefined) throw error;
      if (!quietly || this.data === null) this.showFailure(error);
    } finally {
      if (turn === this.asked) this.section.removeAttribute("aria-busy");
    }
  }

  redraw() {
    if (this.data !== null) this.body.replaceChildren(...[this.draw(this.data)].flat());
  }

  showBones() {
    this.data = null;
    this.body.replaceChildren(el("div", { class: "bones", "aria-hidden": "true" }, ...Array.from({ length: this.bones }, () => el("span"))));
  }

  showFailure(error) {
    const again = el("button", { type: "button", class: "button", text: t("try_again"), on: { click: () => this.refresh() } });
    this.body.replaceChildren(el("div", { class: "empty is-failure", role: "alert" }, el("p", {}, el("strong", { text: error.message })), error.fix && el("p", { text: error.fix }), again));
  }
}

// An empty state says what to do next.
export function nothing(words, fix, link, label) {
  return el("div", { class: "empty" }, el("p", {}, el("strong", { text: words })), fix && el("p", { text: fix }), link && el("a", { class: "button", href: link, text: label }));
}

// A table with a caption for who cannot see the chart.
export function table(caption, heads, rows) {
  return el("table", { class: "table" }, el("caption", { class: "unseen", text: caption }),
    el("thead", {}, el("tr", {}, ...heads.map((head, index) => el("th", { scope: "col", class: index ? "number" : "", text: head })))),
    el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell, index) => (index ? el("td", { class: "number", text: cell }) : el("th", { scope: "row", text: cell })))))));
}

export function numbersBehind(caption, heads, rows) {
  return el("details", { class: "behind" }, el("summary", { text: t("show_numbers") }), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table(caption, heads, rows)));
}
