// Pictures: into the library, and those of other sites.
import { Refused, ask, token } from "draft/ask";
import { byId, page, say, state } from "draft/state";

const AT_ONCE = 3;

// Sends one file to the library; the answer is its asset. `progress` gets 0 to 100.
export function upload(blob, name, progress = () => {}) {
  const data = new FormData();
  data.append("file", blob, name || "picture.png");
  data.append("account", page.account.id);
  data.append("kind", "image");
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const refuse = (answer) => reject(new Refused({ code: "unexpected", message: say("unexpected", { status: request.status }), ...answer }));
    request.open("POST", page.urls.upload);
    request.setRequestHeader("X-CSRFToken", token());
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress((100 * event.loaded) / event.total);
    });
    request.addEventListener("error", () => refuse({ message: say("offline") }));
    request.addEventListener("load", () => {
      if (request.status < 300 && request.response?.asset) resolve(request.response.asset);
      else refuse(request.response);
    });
    request.send(data);
  });
}

// The notice under the editor. `apply` gets {old address: new address}.
export function showForeign(urls, apply) {
  const box = byId("d-foreign");
  if (box.dataset.busy) return;
  box.hidden = urls.length === 0;
  if (box.dataset.urls === JSON.stringify(urls)) return;
  box.dataset.urls = JSON.stringify(urls);
  const text = document.createElement("p");
  text.textContent = say(urls.length === 1 ? "foreignOne" : "foreignMany", { count: urls.length });
  const list = document.createElement("ul");
  list.append(...urls.map((url) => Object.assign(document.createElement("li"), { textContent: shortened(url), title: url })));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "q-button" });
  button.textContent = say("bring");
  button.addEventListener("click", () => bring(box, text, list, button, apply));
  box.replaceChildren(text, list, button);
}

function shortened(url) { return url.length > 90 ? `${url.slice(0, 60)}…${url.slice(-20)}` : url; }

async function bring(box, text, list, button, apply) {
  const { article } = state;
  const waiting = [...list.children].map((line) => [line.title, line]);
  const all = waiting.length;
  const found = {};
  let done = 0;
  box.dataset.busy = "1";
  button.disabled = true;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [url, line] = next;
      try {
        const answer = await ask(page.urls.bring, { url });
        found[url] = answer.url;
        line.remove();
      } catch (error) {
        line.textContent = `${shortened(url)} — ${error.message}`;
        line.className = "q-bad";
      }
      done += 1;
      text.textContent = say("bringing", { done, count: all });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  delete box.dataset.busy;
  button.disabled = false;
  const count = Object.keys(found).length;
  text.textContent = count ? say("brought", { count }) : say("couldNotBring");
  button.textContent = say("retry");
  button.hidden = list.children.length === 0;
  if (count) apply(article, found);
}
