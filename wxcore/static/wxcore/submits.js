// A choice in [data-submits] sends its form at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.submit();
});

// The theme searches on keyup, which a pasted word, dictation and a candidate picked with the mouse do not cause.
for (const kind of ["input", "compositionend"]) {
  document.addEventListener(kind, (event) => {
    if (!event.isComposing && event.target.matches?.('[hx-trigger^="keyup"]')) event.target.dispatchEvent(new Event("keyup"));
  });
}
