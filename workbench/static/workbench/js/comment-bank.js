// The comment bank in a dialog: searched as one types, chosen by arrow keys, inserted below what is written.
// Without this file the same button saves the sheet and opens the bank on a page of its own.
const sheet = document.getElementById("review-form");
const dialog = document.getElementById("bank-dialog");
const body = dialog?.querySelector("[data-bank-body]");
let field = null;

const rows = () => [...body.querySelectorAll("[data-bank-row]")].filter((row) => !row.hidden);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const open = async (button) => {
  field = sheet.elements[`comment-${button.value}`];
  const address = `${button.dataset.bankOpen}?criterion=${button.value}`;
  body.textContent = "";
  dialog.showModal();
  await window.htmx.ajax("GET", address, { target: body, swap: "innerHTML" });
  const written = body.querySelector("[data-bank-add] textarea");
  // What is in the field may be newer than what was saved.
  if (written) written.value = field.value;
  (body.querySelector("input[type=search]") ?? body.querySelector("summary"))?.focus();
};

const joined = (written, inserted) => (written.trimEnd() ? `${written.trimEnd()}\n${inserted}` : inserted);

// Only the count is lost when the server cannot be asked: the text is in the field and is saved with it.
const count = async (form, comment) => {
  const fields = new FormData(form);
  fields.set("used", comment);
  try {
    await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
};

const insert = (choice) => {
  const form = choice.form;
  const text = joined(field.value, choice.querySelector("[data-bank-text]").textContent);
  const full = text.length > Number(form.dataset.max);
  body.querySelector("[data-bank-full]").hidden = !full;
  if (full) return;
  dialog.close();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.setSelectionRange(text.length, text.length);
  count(form, choice.value);
};

const filter = (search) => {
  const words = plain(search.value).split(/\s+/);
  for (const row of body.querySelectorAll("[data-bank-row]")) {
    const text = plain(row.querySelector("[data-bank-text]").textContent);
    row.hidden = !words.every((word) => text.includes(word));
  }
  body.querySelector("[data-bank-none]").hidden = rows().length > 0;
};

// From the search field down into the list, and up again.
const step = (by) => {
  const choices = rows().map((row) => row.querySelector("button"));
  const at = choices.indexOf(document.activeElement);
  const next = at + by;
  if (next < 0) body.querySelector("input[type=search]")?.focus();
  else choices[Math.min(next, choices.length - 1)]?.focus();
};

const start = () => {
  for (const button of sheet.querySelectorAll("[data-bank-open]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      open(button);
    });
  }
  body.addEventListener("input", ({ target }) => target.matches("input[type=search]") && filter(target));
  body.addEventListener("submit", (event) => {
    if (event.target.matches("[data-bank-search]")) {
      event.preventDefault();
      const first = rows()[0]?.querySelector("button");
      if (first) insert(first);
    } else if (event.target.matches("[data-bank-choose]")) {
      event.preventDefault();
      insert(event.submitter);
    }
  });
  body.addEventListener("keydown", (event) => {
    if (event.target.matches("textarea, select, summary") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  });
};

if (dialog) start();
