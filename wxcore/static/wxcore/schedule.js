// The input of a time: the usual times as buttons, and a word when the clock of this device is another one.
document.addEventListener("DOMContentLoaded", () => {
  const input = document.getElementById("id_at");
  const mark = () => {
    for (const button of document.querySelectorAll("[data-at]")) button.setAttribute("aria-pressed", String(button.dataset.at === input.value));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-at]");
    if (!button) return;
    input.value = button.dataset.at;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", mark);
  mark();

  const note = document.querySelector("[data-zone]");
  const clock = (timeZone) => new Date().toLocaleString("sv-SE", { timeZone }).slice(0, 16);
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (clock(mine) !== clock(note.dataset.zone)) {
    note.textContent = note.textContent.replace("{zone}", mine);
    note.hidden = false;
  }
});
