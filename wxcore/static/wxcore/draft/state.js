// The draft as it is on this page: its articles, and which of them is open.
// Events: "change" (something to save), "open" (another article), "order" (added, moved, removed).
export const page = JSON.parse(document.getElementById("draft-editor-data").textContent);

export const say = (name, values = {}) => page.words[name].replace(/\{(\w+)\}/g, (_match, key) => values[key] ?? "");

export const byId = (id) => document.getElementById(id);

// Code points, as WeChat counts: an emoji is one.
export const length = (text) => [...text].length;

const EMPTY = {
  title: "", author: "", digest: "", body: "", source_url: "", cover: null,
  need_open_comment: false, only_fans_can_comment: false,
};
let keys = 0;
const keyed = (article) => ({ ...EMPTY, ...article, key: ++keys });

class State extends EventTarget {
  articles = page.articles.map(keyed);
  // A page that found something wrong in an article leads to "#article-2".
  index = Math.min(page.articles.length, Math.max(1, Number(location.hash.match(/^#article-(\d)$/)?.[1] ?? 1))) - 1;

  get article() { return this.articles[this.index]; }

  get isFull() { return this.articles.length >= page.limits.articles; }

  // What the server stores.
  content() {
    return this.articles.map(({ key, cover, ...rest }) => ({ ...rest, cover: cover?.id ?? null }));
  }

  // What this browser keeps: with the covers' addresses.
  copy() { return this.articles.map(({ key, ...rest }) => rest); }

  replace(articles) {
    this.articles = articles.map(keyed);
    this.open(Math.min(this.index, articles.length - 1));
    this.#tell("order", "change");
  }

  set(field, value, article = this.article) {
    if (article[field] === value) return;
    article[field] = value;
    this.#tell("change");
  }

  open(index) {
    this.index = index;
    this.#tell("open");
  }

  add(article = {}, at = this.articles.length) {
    this.articles.splice(at, 0, keyed(article));
    this.#tell("order", "change");
    this.open(at);
  }

  remove(index) {
    const [removed] = this.articles.splice(index, 1);
    if (!this.articles.length) this.articles.push(keyed({}));
    this.#tell("order", "change");
    this.open(Math.min(this.index > index ? this.index - 1 : this.index, this.articles.length - 1));
    return removed;
  }

  move(from, to) {
    if (to < 0 || to >= this.articles.length || from === to) return;
    const open = this.article;
    this.articles.splice(to, 0, ...this.articles.splice(from, 1));
    this.index = this.articles.indexOf(open);
    this.#tell("order", "change");
  }

  #tell(...names) { for (const name of names) this.dispatchEvent(new Event(name)); }
}

export const state = new State();
