// The list of reply rules: drag a row into its place, or use the arrows; the test box asks only for what an act needs.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".q-trial form");
  const showAct = () => {
    const { act } = Object.fromEntries(new FormData(box));
    box.querySelector(".q-trial-word").hidden = !box.dataset.withWord.split(" ").includes(act);
    for (const label of box.querySelectorAll("[data-word-for]")) label.hidden = !label.dataset.wordFor.split(" ").includes(act);
  };
  box?.addEventListener("change", showAct);
  box?.addEventListener("submit", (event) => event.preventDefault());
  if (box) showAct();

  const order = document.getElementById("rule-order");
  if (!order?.dataset.url) return;
  const rowOf = (node) => node?.closest?.("tbody");
  const handleOf = (row) => row?.querySelector(".q-rule-handle");
  const sameAccount = (one, other) => handleOf(one)?.dataset.account === handleOf(other)?.dataset.account;
  let dragged = null;

  const keep = async () => {
    const ids = [...order.querySelectorAll(".q-rule-handle")].map((handle) => handle.dataset.id);
    const body = new FormData();
    body.append("order", ids.join(","));
    const token = document.querySelector("#changelist-form [name=csrfmiddlewaretoken]").value;
    const answer = await fetch(order.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) { location.reload(); return; } // the warnings depend on the order
    const note = document.createElement("p");
    note.className = "q-note q-note-error";
    note.textContent = order.dataset.failed;
    order.prepend(note);
  };

  order.addEventListener("click", ({ target }) => {
    const button = target.closest(".q-rule-handle [data-move]");
    if (!button) return;
    const row = rowOf(button);
    const other = button.dataset.move === "-1" ? row.previousElementSibling : row.nextElementSibling;
    if (!handleOf(other) || !sameAccount(row, other)) return;
    if (button.dataset.move === "-1") other.before(row);
    else other.after(row);
    keep();
  });
  order.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.(".q-rule-handle") ? rowOf(event.target) : null;
    if (!row) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(row, 20, 20);
    row.classList.add("is-dragged");
  });
  order.addEventListener("dragover", (event) => {
    const over = rowOf(event.target);
    if (!dragged || !handleOf(over) || !sameAccount(dragged, over)) return;
    event.preventDefault();
    if (over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  });
  order.addEventListener("drop", (event) => event.preventDefault());
  order.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("is-dragged");
    dragged = null;
    keep();
  });
});
