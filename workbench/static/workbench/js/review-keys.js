// The review by keyboard: criteria, levels, comments, evidence and the decision, without the mouse.
// shortcuts.js opens the list of keys on "?" and follows data-shortcut.
const form = document.getElementById("review-form");
const criteria = [...form.querySelectorAll("[data-criterion]")];
const evidence = [...document.querySelectorAll("[data-evidence]")];
const panel = form.querySelector("[data-decide]");
let criterion = -1;
let item = -1;

const go = (element) => {
  element?.scrollIntoView({ block: "nearest" });
  element?.focus({ preventScroll: true });
};

// What is chosen or written by a key is never hidden.
const shown = (element) => {
  const folded = element?.closest("details");
  if (folded) folded.open = true;
  return element;
};

const move = (list, from, step) => Math.min(list.length - 1, Math.max(0, from + step));

const toCriterion = (step) => {
  criterion = move(criteria, criterion, step);
  go(criteria[criterion]);
};

const toEvidence = (step) => {
  item = move(evidence, item, step);
  go(evidence[item]);
};

// Opens or closes the viewer of the evidence somebody is at; opened, it is where they go on.
const toggleViewer = () => {
  const card = document.activeElement.closest("[data-evidence]") ?? evidence[Math.max(item, 0)];
  const viewer = card?.querySelector("details[data-viewer-slot]");
  if (!viewer) return;
  viewer.open = !viewer.open;
  go(viewer.querySelector("summary"));
};

const choose = (number) => {
  const group = document.activeElement.closest("[data-decide]") ?? criteria[criterion];
  const radio = group?.querySelectorAll("input[type=radio]")[number - 1];
  if (!radio || radio.matches(":disabled")) return;
  shown(radio).checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
};

const decide = () => {
  const button = form.querySelector("[data-decide-button]");
  if (!button) return;
  const outcome = panel.querySelector("input[name=outcome]");
  if (!outcome || form.querySelector("input[name=outcome]:checked")) button.click();
  else go(outcome);
};

// How others judged this criterion: opened it is read, closed the work goes on.
const toggleExemplars = () => {
  const found = criteria[Math.max(criterion, 0)]?.querySelector("details[data-exemplars]");
  if (!found) return;
  found.open = !found.open;
  go(found.querySelector("summary"));
};

// All rules of evidence at once; when all are ticked, none.
const toggleRules = () => {
  const boxes = [...form.querySelectorAll("[data-rules] input[type=checkbox]")];
  if (!boxes.length || boxes[0].matches(":disabled")) return;
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
  boxes[0].dispatchEvent(new Event("input", { bubbles: true }));
  go(boxes[0]);
};

const openBank = () => criteria[Math.max(criterion, 0)]?.querySelector("[data-bank-open]")?.click();

const KEYS = {
  j: () => toCriterion(1),
  k: () => toCriterion(-1),
  e: () => toEvidence(1),
  E: () => toEvidence(-1),
  o: toggleViewer,
  c: () => go(shown(criteria[Math.max(criterion, 0)]?.querySelector("textarea"))),
  b: openBank,
  x: toggleExemplars,
  r: toggleRules,
  d: () => go(panel),
};
const ARROWS = { ArrowDown: KEYS.j, ArrowUp: KEYS.k };

// Arrow keys move between criteria only where they have no work of their own: not in fields, radios or panes.
const arrowsAreFree = (target) => target === document.body || target.matches("[data-criterion]");
const types = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

const act = (event) => {
  if (/^[1-9]$/.test(event.key)) return () => choose(Number(event.key));
  if (event.key in ARROWS && arrowsAreFree(event.target)) return ARROWS[event.key];
  return KEYS[event.key];
};

document.addEventListener("focusin", (event) => {
  const focused = criteria.indexOf(event.target.closest("[data-criterion]"));
  if (focused >= 0) criterion = focused;
  const read = evidence.indexOf(event.target.closest("[data-evidence]"));
  if (read >= 0) item = read;
});

const decides = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const dialog = document.querySelector("dialog[open]");
  if (decides(event)) {
    event.preventDefault();
    // Pressed again in the question, the same keys say yes.
    if (!dialog) decide();
    else if (!event.repeat) dialog.querySelector("[data-confirm-button]")?.click();
    return;
  }
  if (dialog) return;
  if (event.altKey && event.code === "KeyB" && event.target.closest("[data-criterion]")) {
    event.preventDefault();
    openBank();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (types(event.target)) {
    if (event.key === "Escape") go(event.target.closest("[data-criterion]") ?? panel);
    return;
  }
  const action = act(event);
  if (!action) return;
  event.preventDefault();
  action();
});

for (const button of document.querySelectorAll("[data-open-shortcuts]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById("shortcuts").showModal());
}
