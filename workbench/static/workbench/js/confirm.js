// data-confirm="Question?" on a submit button asks in a dialog before the form is sent.
// data-confirm-title and data-confirm-action replace the dialog's heading and the text of its button, which is red
// when the asking button is.
(() => {
  "use strict";
  const confirmed = new WeakSet();

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("button[data-confirm], input[data-confirm]");
      const dialog = document.getElementById("confirm-dialog");
      if (!button || !dialog || confirmed.has(button)) return;
      if (button.form && !button.formNoValidate && !button.form.reportValidity()) {
        event.preventDefault();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      ask(dialog, button);
    },
    true,
  );

  const ask = (dialog, button) => {
    const heading = dialog.querySelector("[data-confirm-heading]");
    const action = dialog.querySelector("[data-confirm-button]");
    heading.dataset.usual ??= heading.textContent;
    action.dataset.usual ??= action.textContent;
    heading.textContent = button.dataset.confirmTitle || heading.dataset.usual;
    action.textContent = button.dataset.confirmAction || action.dataset.usual;
    dialog.querySelector("[data-confirm-text]").textContent = button.dataset.confirm;
    action.classList.toggle("is-danger", button.classList.contains("is-danger"));
    dialog.returnValue = "cancel";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "confirm") return;
        confirmed.add(button);
        button.click();
        confirmed.delete(button);
      },
      { once: true },
    );
    dialog.showModal();
  };
})();
