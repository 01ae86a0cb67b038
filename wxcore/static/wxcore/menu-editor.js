// The page of a menu: puts its parts together.
import { show as showFields, startFields } from "menu/fields";
import { flag, startPhone } from "menu/phone";
import { ask, onSaved, startSaving } from "menu/saving";
import { byId, element, page, placeOf, say, state } from "menu/state";

function showProblems(problems) {
  flag(problems);
  showFields(problems);
  const wrong = problems.filter(({ hint }) => !hint);
  const box = byId("m-problems");
  box.hidden = !wrong.length;
  box.querySelector("summary").textContent = say("notYet", { count: wrong.length });
  box.querySelector("ul").replaceChildren(...wrong.map(({ path, field, message, fix }) => {
    const line = element("li");
    const where = path.length ? `${say("button", { place: placeOf(path) })}: ` : "";
    const open = element("button", "q-link", where + message);
    open.type = "button";
    open.addEventListener("click", () => {
      box.open = false;
      if (path.length && state.at(path)) state.open(path);
      state.dispatchEvent(new CustomEvent("focus", { detail: field }));
    });
    line.append(open, element("span", "q-quiet", fix));
    return line;
  }));
}

// The page does not wait for WeChat, which may be slow.
async function compare() {
  const shown = byId("m-compared");
  shown.textContent = say("checking");
  try {
    const { warning } = await ask(page.urls.compare, {});
    byId("m-differs").textContent = warning;
    byId("m-differs").hidden = !warning;
    shown.textContent = warning ? "" : say("checked");
  } catch (error) {
    shown.textContent = say("unchecked", { why: error.message });
  }
}

startPhone();
startFields();
startSaving();
showProblems(page.problems);
onSaved((answer) => showProblems(answer.problems));
if (page.may_compare) compare();
