// Keyboard: "?" opens the sheet <dialog id="shortcuts">; data-shortcut="n" focuses a field or follows a link or button.
// Keys are ignored while someone types and when a modifier is held.
(() => {
  "use strict";
  const typing = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      const sheet = document.getElementById("shortcuts");
      if (sheet) {
        event.preventDefault();
        sheet.showModal();
      }
      return;
    }
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("a, button")) target.click();
    else target.focus();
  });
})();
