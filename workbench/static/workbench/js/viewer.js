// The viewers by keyboard: the next and the previous finding, the line to go to; tells what was loaded.
// Everything here is also a link or a form: without this file the pages work the same.
const status = document.querySelector("[data-viewer-status]");
let last = null;

const tell = (text) => {
  if (status) status.textContent = text;
};

const shown = (element) => element.checkVisibility();

const go = (element) => {
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
};

// The viewer somebody is in, or the first on the page.
const current = () => document.activeElement.closest("[data-viewer]") ?? last ?? document.querySelector("[data-viewer]");

const follows = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

const step = (forward) => {
  const viewer = current();
  if (!viewer) return;
  const findings = [...viewer.querySelectorAll("[data-finding]")].filter(shown);
  const from = viewer.querySelector("[data-finding]:focus") ?? viewer.querySelector(".is-asked");
  const next = forward
    ? findings.find((one) => !from || follows(from, one))
    : findings.findLast((one) => from && follows(one, from));
  if (next) go(next);
  else if (!beyond(viewer, forward)) tell(status?.dataset.noFinding ?? "");
};

// The next finding stands in another window of the text: its link is followed.
const beyond = (viewer, forward) => {
  const link = viewer.querySelector(forward ? "[data-remark-after]" : "[data-remark-before]");
  const lines = [...viewer.querySelectorAll("[data-line]")].map((one) => Number(one.dataset.line));
  const line = Number(new URL(link?.href ?? location.href).searchParams.get("line"));
  if (!link || lines.includes(line)) return false;
  link.click();
  return true;
};

const goTo = () => {
  const field = current()?.querySelector("[data-goto]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
};

const KEYS = { f: () => step(true), F: () => step(false), g: goTo };
const types = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (types(event.target) || document.querySelector("dialog[open]") || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("focusin", (event) => {
  last = event.target.closest("[data-viewer]") ?? last;
});

const arrive = (viewer) => {
  last = viewer;
  // On a phone the open tab may stand beyond the edge. Only the bar moves: the reader may be elsewhere on the page.
  const tab = viewer.querySelector(".viewer-tabs [aria-current]");
  if (tab) {
    const [inner, outer] = [tab, tab.parentElement].map((one) => one.getBoundingClientRect());
    tab.parentElement.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
  const asked = viewer.querySelector(".is-asked");
  if (asked) asked.scrollIntoView({ block: "center" });
};

// Where a viewer began before another part of it came; the browser would hold on to what stands after it instead.
let before = null;

const stay = (viewer) => {
  const pane = viewer.closest(".split-pane");
  const scrolls = pane && getComputedStyle(pane).overflowY === "auto";
  const edge = scrolls ? pane.getBoundingClientRect().top : 0;
  const top = viewer.getBoundingClientRect().top;
  if (before >= edge) (scrolls ? pane : window).scrollBy({ top: top - before, behavior: "instant" });
  else viewer.scrollIntoView({ block: "start", behavior: "instant" });
};

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  before = target?.matches?.("[data-viewer]") ? target.getBoundingClientRect().top : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const viewer = event.detail.elt?.closest?.("[data-viewer]");
  if (!viewer) return;
  const { title, tab } = viewer.dataset;
  tell((status?.dataset.loaded ?? "").replace("{title}", title).replace("{tab}", tab));
  if (before !== null) stay(viewer);
  before = null;
  arrive(viewer);
});

for (const type of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(type, (event) => {
    if (event.target.closest?.("[data-viewer], [data-viewer-slot]")) tell(status?.dataset.failed ?? "");
  });
}

for (const viewer of document.querySelectorAll("[data-viewer]")) arrive(viewer);
