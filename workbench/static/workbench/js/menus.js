// Menus are <details data-menu>: this closes them on Escape, on a click elsewhere and when focus leaves.
(() => {
  "use strict";
  const open = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });

  for (const type of ["click", "focusin"]) {
    document.addEventListener(type, (event) => {
      for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
    });
  }
})();
