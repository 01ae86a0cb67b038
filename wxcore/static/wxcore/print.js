// A click on [data-print] opens the print dialog, from which browsers also save a PDF.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
