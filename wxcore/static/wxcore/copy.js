// A click on [data-copy] puts its text on the clipboard and says so for a moment.
document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-copy]");
  if (!target) return;
  await navigator.clipboard.writeText(target.dataset.copy);
  target.classList.add("is-copied");
  setTimeout(() => target.classList.remove("is-copied"), 1500);
});
