// The open button: its name, what it does, and the fields of that kind, with what is wrong beneath each.
import { add, moveTo, remove } from "menu/phone";
import { asShown, byId, element, kindOf, page, placeOf, say, size, state } from "menu/state";

let problems = [];
let drawn = null;
const files = page.files;

const box = byId("m-fields");
const labels = page.labels;

function draw() {
  const { button, path } = state;
  byId("m-nothing").hidden = Boolean(button);
  box.hidden = !button;
  drawn = button;
  if (!button) return box.replaceChildren();
  const parts = [heading(path), text(button, "name", page.limits.name[path.length - 1])];
  if (button.below.length) parts.push(element("p", "q-quiet", say("opensList")));
  else parts.push(kindChoice(button), ...kindFields(button));
  if (page.may_edit && path.length === 1 && button.below.length < page.limits.sub) parts.push(adder(button, path));
  box.replaceChildren(...parts);
  if (!page.may_edit) for (const input of box.querySelectorAll("input, select, textarea")) input.disabled = true;
  return showProblems();
}

function heading(path) {
  const made = element("div", "m-head");
  made.append(element("h2", "", say("button", { place: placeOf(path) })));
  if (!page.may_edit) return made;
  const [back, on] = path.length > 1 ? [["arrow_upward", labels.up], ["arrow_downward", labels.down]] : [["arrow_back", labels.left], ["arrow_forward", labels.right]];
  const last = path.at(-1);
  const at = (index) => [...path.slice(0, -1), index];
  made.append(
    tool(...back, last > 0, () => moveTo(path, at(last - 1))),
    tool(...on, last < state.list(path).length - 1, () => moveTo(path, at(last + 1))),
    tool("delete", labels.remove, true, () => remove(path)),
  );
  return made;
}

function tool(icon, label, enabled, run) {
  const made = element("button", "m-tool");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.disabled = !enabled;
  const drawing = element("span", "material-symbols-outlined", icon);
  drawing.setAttribute("aria-hidden", "true");
  made.append(drawing);
  made.addEventListener("click", run);
  return made;
}

function field(name, input, ...more) {
  const made = element("div", "m-field");
  made.dataset.field = name;
  const label = element("label", "", labels[name]);
  input.id = `m-${name}`;
  label.htmlFor = input.id;
  made.append(label, input, ...more, element("ul", "m-wrong"));
  return made;
}

function text(button, name, most = page.limits[name]) {
  const input = element("input");
  input.value = button[name] ?? "";
  input.autocomplete = "off";
  input.placeholder = labels[`${name}_example`] ?? "";
  const counter = element("span", "m-counter");
  const shown = element("span", "q-quiet m-shown");
  const count = () => {
    const used = size(input.value);
    counter.textContent = say("bytes", { size: used, most });
    counter.classList.toggle("is-over", used > most);
    if (name === "key") showRule(shown, button, input.value);
    if (name !== "name") return;
    const seen = asShown(input.value, state.path);
    shown.textContent = seen === input.value ? "" : say("seen", { shown: seen });
  };
  input.addEventListener("input", () => { state.set(name, input.value, button); count(); });
  count();
  return field(name, input, counter, shown);
}

function showRule(shown, button, key) {
  shown.replaceChildren();
  if (!key || !kindOf(button)?.answered) return;
  const rule = page.rules[key];
  const link = element("a", "q-link", rule ? say("openRule") : say("makeRule"));
  link.href = rule ? rule.url : page.new_rule + encodeURIComponent(key);
  link.target = "_blank";
  shown.append(rule ? say("answeredBy", { name: rule.name }) : say("unanswered"), " ");
  if (rule || page.may_make_rules) shown.append(link);
}

function kindChoice(button) {
  const select = element("select");
  select.append(new Option(say("chooseKind"), ""));
  for (const group of page.groups) {
    const options = element("optgroup");
    options.label = group.label;
    options.append(...group.kinds.map((kind) => new Option(kind.label, kind.value)));
    select.append(options);
  }
  select.value = button.type ?? "";
  select.addEventListener("change", () => {
    // A key of its own, so that nobody need invent one.
    if (!button.key && page.groups.some((group) => group.kinds.some((kind) => kind.value === select.value && kind.fields.includes("key")))) {
      button.key = `menu-${Date.now().toString(36)}`;
    }
    state.set("type", select.value, button);
    draw();
    byId("m-type").focus();
  });
  return field("type", select, element("span", "q-quiet", kindOf(button)?.hint ?? ""));
}

function kindFields(button) {
  const wanted = kindOf(button)?.fields ?? [];
  return wanted.flatMap((name) => {
    if (name === "asset") return [fileChoice(button)];
    if (name === "publication") return [articleChoice(button)];
    return name === "media_id" || name === "article_id" ? [] : [text(button, name)];
  });
}

function fileChoice(button) {
  const chosen = files[button.asset];
  const choose = element("button", "q-button", say(button.asset || button.media_id ? "changeFile" : "chooseFile"));
  choose.type = "button";
  choose.disabled = !page.may_edit;
  choose.addEventListener("click", () => window.mediaPicker.open({
    account: page.account.id,
    onPick: ([item]) => {
      if (!item) return;
      files[item.id] = { id: Number(item.id), name: item.name, thumb: item.thumb };
      button.media_id = "";
      state.set("asset", Number(item.id), button);
      draw();
    },
  }));
  const shown = element("span", "m-file");
  if (chosen?.thumb) shown.append(Object.assign(element("img"), { src: chosen.thumb, alt: "" }));
  if (chosen) shown.append(chosen.name);
  else if (button.media_id) shown.append(say("fileAtWeChat", { id: button.media_id }));
  const made = field("asset", choose);
  made.insertBefore(shown, choose);
  return made;
}

function articleChoice(button) {
  const select = element("select");
  const first = button.article_id && !button.publication ? say("articleAtWeChat", { id: button.article_id }) : say("chooseArticle");
  select.append(new Option(first, ""));
  select.append(...page.articles.map(({ id, title, at }) => new Option(`${title} · ${at}`, id)));
  const isListed = page.articles.some(({ id }) => id === button.publication);
  if (button.publication && !isListed) select.append(new Option(`#${button.publication}`, button.publication));
  select.value = button.publication ?? "";
  select.addEventListener("change", () => {
    button.article_id = "";
    state.set("publication", Number(select.value) || null, button);
    draw();
  });
  return field("publication", select, element("span", "q-quiet", page.articles.length ? "" : say("noArticles")));
}

function adder(button, path) {
  const made = element("p", "m-below");
  const choose = element("button", "q-button", say("addBelow", { name: button.name || say("unnamed") }));
  choose.type = "button";
  choose.addEventListener("click", () => add([path[0], button.below.length]));
  made.append(choose);
  if (!button.below.length) made.append(element("span", "q-quiet", say("listInstead")));
  return made;
}

function showProblems() {
  const here = problems.filter(({ path }) => path.join("-") === state.path.join("-"));
  for (const list of box.querySelectorAll(".m-wrong")) list.replaceChildren();
  for (const { field: name, message, fix, hint } of here) {
    const line = element("li", hint ? "is-hint" : "");
    // The rule's line beside the key says it already, with a link.
    if (hint && (name === "key" || name === "name")) continue;
    line.append(element("strong", "", message), " ", fix);
    const list = box.querySelector(`[data-field="${name || "name"}"] .m-wrong`) ?? box.querySelector(".m-wrong");
    list?.append(line);
  }
}

export function show(found) {
  problems = found;
  showProblems();
}

export function startFields() {
  state.addEventListener("open", () => { if (state.button !== drawn || !box.contains(document.activeElement)) draw(); });
  state.addEventListener("order", draw);
  state.addEventListener("focus", ({ detail }) => {
    byId(`m-${detail || "name"}`)?.focus();
    byId("m-detail").scrollIntoView({ block: "nearest" });
  });
  draw();
}
