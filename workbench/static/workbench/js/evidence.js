// Handing in evidence: tell at once that a file is too large, show how far an upload is,
// and ask before a page with unsaved words is left.
(() => {
  "use strict";
  let unsaved = false;

  const check = (input) => {
    const file = input.files[0];
    const limit = Number(input.dataset.maxBytes);
    let problem = "";
    if (file && limit && file.size > limit) problem = input.dataset.tooLarge;
    else if (file && file.size === 0) problem = input.dataset.empty;
    input.setCustomValidity(problem);
    if (problem) input.reportValidity();
    return !problem;
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-max-bytes]")) check(event.target);
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-guard]")) unsaved = true;
  });

  // Before htmx and before the browser: a file that would be refused is not sent at all.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target.closest("[data-guard]");
      if (!form) return;
      const input = form.querySelector("input[type=file][data-max-bytes]");
      if (input && !check(input)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      unsaved = false;
    },
    true,
  );

  document.addEventListener("htmx:xhr:progress", (event) => {
    const frame = event.target.closest?.("[data-guard]")?.querySelector("[data-upload]");
    const { loaded, total, lengthComputable } = event.detail;
    if (!frame || !lengthComputable) return;
    const percent = Math.round((100 * loaded) / total);
    frame.hidden = false;
    frame.querySelector("progress").value = percent;
    frame.querySelector("output").textContent = `${percent} %`;
  });

  // The answer came with refusals, or never came: what was typed is not saved yet.
  for (const type of ["htmx:afterRequest", "htmx:sendError"]) {
    document.addEventListener(type, (event) => {
      const form = event.target.closest?.("[data-guard]");
      if (!form || event.detail.successful) return;
      unsaved = true;
      const frame = form.querySelector("[data-upload]");
      if (frame) frame.hidden = true;
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (unsaved && document.querySelector("[data-guard]")) event.preventDefault();
  });
})();
