// data-autosave on an htmx form: its [data-autosave-status] tells whether the last change was saved,
// and leaving the page with an unsaved change asks first.
(() => {
  "use strict";
  const formOf = (event) => event.target.closest?.("[data-autosave]");
  let unsaved = false;

  const tell = (form, state) => {
    const status = form.querySelector("[data-autosave-status]");
    if (status) status.dataset.state = state;
  };

  document.addEventListener("input", (event) => {
    if (formOf(event)) unsaved = true;
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (form) tell(form, "saving");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    const { successful, xhr } = event.detail;
    unsaved = !successful;
    if (successful) tell(form, "saved");
    else tell(form, xhr.status === 409 ? "conflict" : "error");
  });

  document.addEventListener("submit", () => {
    unsaved = false;
  });

  window.addEventListener("beforeunload", (event) => {
    if (unsaved && document.querySelector("[data-autosave]")) event.preventDefault();
  });
})();
