// The reader's choice of theme. Loaded before the first paint, so that no page flashes in the wrong colours.
// Without a choice, and without this file, the system's preference decides.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const remember = (theme) => {
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {
      // Storage may be refused; the choice then lasts for this page.
    }
  };

  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };

  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  apply(chosen());

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const preferred = system.matches ? "dark" : "light";
        const next = (root.dataset.theme || preferred) === "dark" ? "light" : "dark";
        // Choosing what the system prefers means following the system again.
        const kept = next === preferred ? null : next;
        remember(kept);
        apply(kept);
      });
    }
  });
})();
