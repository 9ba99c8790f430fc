// data-copy="text": a button, shown only where copying works, that copies the text and says so in data-copied words.
(() => {
  "use strict";
  if (!navigator.clipboard) return;

  const reveal = (root) => {
    for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };

  document.addEventListener("DOMContentLoaded", () => reveal(document));
  document.addEventListener("htmx:load", (event) => reveal(event.target));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    button.classList.add("is-done");
    const toast = document.querySelector("[data-toast]");
    if (toast) toast.textContent = button.dataset.copied || "";
    setTimeout(() => {
      button.classList.remove("is-done");
      if (toast) toast.textContent = "";
    }, 2500);
  });
})();
