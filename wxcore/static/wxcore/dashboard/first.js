// Before the first paint: light or dark as the admin has it, so that nothing flashes.
(function () {
  var chosen = "auto";
  try { chosen = JSON.parse(localStorage.getItem("adminTheme")) || "auto"; } catch (error) { /* private mode, or not ours */ }
  var dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
