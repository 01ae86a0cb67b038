// The page of a draft: puts its parts together.
import { isUploading, reloadBody, startBody, syncBody } from "draft/body";
import { count, startFields } from "draft/fields";
import { showProblems, startList } from "draft/list";
import { showForeign } from "draft/pictures";
import { startPreview } from "draft/preview";
import { onSaved, showStored, startSaving } from "draft/saving";
import { page, state } from "draft/state";

function replacePictures(article, found) {
  if (article === state.article) syncBody();
  const parsed = new DOMParser().parseFromString(article.body, "text/html");
  for (const [old, url] of Object.entries(found)) {
    for (const image of parsed.images) if (image.getAttribute("src") === old) image.setAttribute("src", url);
    for (const styled of parsed.querySelectorAll("[style]")) { // backgrounds
      styled.setAttribute("style", styled.getAttribute("style").replaceAll(old, url));
    }
  }
  state.set("body", parsed.body.innerHTML, article);
  if (article === state.article) reloadBody();
}

startList();
showProblems(page.problems);
if (page.may_edit) {
  startFields();
  startBody();
  startSaving({ before: syncBody, busy: isUploading });
  onSaved((answer) => {
    showProblems(answer.problems);
    const [first] = state.articles;
    const heading = [...document.querySelectorAll(".q-crumb")].pop();
    if (first.title && heading) heading.textContent = first.title;
  });
}
// A file that misses its place would replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}
if (!page.may_edit) showStored();
startPreview({
  address: page.urls.preview,
  onFacts: ({ length, foreign }, index) => {
    if (!page.may_edit || index !== state.index) return;
    count("body", length);
    showForeign(foreign, replacePictures);
  },
});
