// A conversation's page: the composer, the countdown of the window, and staying at the newest message.
document.addEventListener("DOMContentLoaded", () => {
  const scroll = document.getElementById("q-scroll");
  const composer = document.getElementById("q-composer");
  const NEAR = 80; // pixels from the end that still count as reading the newest
  let wasAtEnd = true;
  let newest = "";

  const last = () => [...document.querySelectorAll("#q-timeline .is-in")].at(-1)?.id ?? "";
  const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; };

  // The window: hours, minutes and seconds that are left; when they are over, the server is asked what is true now.
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const place = document.getElementById("q-window");
    const shown = place?.querySelector("[data-countdown]");
    if (!shown) return;
    const seconds = Math.max(0, Number(place.dataset.until) - Math.floor(Date.now() / 1000));
    shown.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    place.classList.toggle("is-short", seconds < 300);
  };
  const openOrShut = () => {
    const fields = composer?.querySelector("fieldset");
    if (fields) fields.disabled = document.getElementById("q-window").classList.contains("is-closed");
  };

  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    wasAtEnd = detail.target.id === "q-timeline" && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    tick();
    openOrShut();
    if (wasAtEnd) toEnd();
    if (last() === newest) return;
    newest = last();
    if (document.visibilityState === "visible") window.htmx.trigger(document.body, "q-new");
  });
  scroll.addEventListener("load", () => { if (wasAtEnd) toEnd(); }, true); // pictures come after their messages
  newest = last();
  toEnd();
  tick();
  setInterval(tick, 1000);
  if (!composer) return;

  const text = composer.querySelector("textarea");
  const counter = composer.querySelector("[data-counter]");
  const most = Number(text.dataset.bytes);
  const count = () => {
    const bytes = new TextEncoder().encode(text.value.trim()).length;
    counter.textContent = bytes ? `${bytes} / ${most}` : "";
    counter.classList.toggle("is-over", bytes > most);
  };
  const show = () => {
    const chosen = composer.querySelector("[name=kind]:checked").value;
    composer.querySelectorAll("[data-kind]").forEach((part) => {
      if (part.parentElement.matches("fieldset")) part.hidden = part.dataset.kind !== chosen;
    });
    if (chosen === "text") text.focus();
  };

  composer.addEventListener("change", ({ target }) => { if (target.name === "kind") show(); });
  text.addEventListener("input", count);
  text.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  composer.addEventListener("click", ({ target }) => {
    if (target.dataset.emoji === undefined) return;
    text.setRangeText(target.textContent, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    count();
  });
  document.body.addEventListener("q-sent", () => {
    composer.reset();
    composer.querySelectorAll(".q-files-chosen").forEach((list) => list.replaceChildren());
    composer.querySelectorAll(".q-files > input[type=hidden]").forEach((input) => { input.value = ""; });
    wasAtEnd = true;
    count();
    show();
  });
});
