// Notes by mouse and keyboard: lines are chosen in the viewer, "a" opens the form, "m" and "M" go from note to note.
// Everything here is also a link or a form: without this file the pages work the same.
import { clearNote, keepNote, keptNote } from "./note-drafts.js";

const dialog = document.getElementById("annotate-dialog");
const form = dialog?.querySelector("[data-annotate-form]");
const words = dialog?.querySelector("[data-annotate-words]").dataset ?? {};
const refusal = dialog?.querySelector("[data-annotate-refusal]");
const FIELDS = ["evidence", "unit", "first", "last", "name", "criterion", "text"];
let last = null;
let anchor = 0;
let viewerBehind = null;
let criterion = "";

const types = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
const shown = (element) => element.checkVisibility();
const viewers = () => [...document.querySelectorAll("[data-viewer]")];
const current = () => document.activeElement.closest("[data-viewer]") ?? (last?.isConnected ? last : viewers()[0]);

const say = (text) => {
  const toast = document.querySelector("[data-toast]");
  if (!toast) return;
  toast.textContent = text;
  setTimeout(() => (toast.textContent = ""), 2500);
};

const go = (element) => {
  element.closest("details")?.setAttribute("open", "");
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
};

// --- Choosing lines ------------------------------------------------------------------------------

const lineOf = (element) => Number(element.dataset.line);
const linesOf = (viewer) => [...viewer.querySelectorAll("li[data-line]")];
const chosen = (viewer) => linesOf(viewer).filter((line) => line.classList.contains("is-asked"));

// The mouse finds what "a" does under the last of the chosen lines.
const offer = (viewer) => {
  const template = dialog?.querySelector("[data-annotate-offer]");
  for (const one of document.querySelectorAll(".source-annotate")) one.remove();
  const line = chosen(viewer).at(-1);
  if (template && line) line.querySelector("code").after(template.content.cloneNode(true));
};

const choose = (viewer, first, end) => {
  const [from, to] = first <= end ? [first, end] : [end, first];
  for (const line of linesOf(viewer)) line.classList.toggle("is-asked", lineOf(line) >= from && lineOf(line) <= to);
  last = viewer;
  offer(viewer);
  say(((from === to ? words.chosenOne : words.chosen) ?? "").replace("{first}", from).replace("{last}", to));
};

// The line that a key starts from: the end of what is chosen that is not its beginning.
const moving = (viewer) => {
  const lines = chosen(viewer).map(lineOf);
  if (!lines.length) return null;
  return lines[0] === anchor ? lines.at(-1) : lines[0];
};

const chooseBy = (step, extends_) => {
  const viewer = current();
  const all = viewer ? linesOf(viewer) : [];
  if (!all.length) return;
  const from = moving(viewer);
  const to = from === null ? lineOf(all[0]) : Math.min(lineOf(all.at(-1)), Math.max(lineOf(all[0]), from + step));
  if (!extends_ || from === null || !anchor) anchor = to;
  choose(viewer, anchor, to);
  all.find((line) => lineOf(line) === to)?.scrollIntoView({ block: "nearest" });
};

document.addEventListener("click", (event) => {
  const number = event.target.closest?.("[data-annotatable] .source-number");
  if (!number || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const viewer = number.closest("[data-viewer]");
  const line = lineOf(number.closest("[data-line]"));
  if (!event.shiftKey || !anchor || !chosen(viewer).length) anchor = line;
  choose(viewer, anchor, line);
}, true);

// --- What a note is about --------------------------------------------------------------------------

const ofLink = (link) => {
  const query = new URL(link.href).searchParams;
  return Object.fromEntries(FIELDS.map((name) => [name, query.get(name) ?? ""]));
};

const ofElement = (viewer, element) => {
  const evidence = viewer.dataset.evidenceId;
  const { packet, page, flow, flowName, rule, first, last: end, name } = element.dataset;
  if (rule) return { evidence, unit: "rule", first, last: end === first ? "" : end, name };
  if (packet) return { evidence, unit: "packet", first: packet };
  if (flow && flow !== "0") return { evidence, unit: "flow", first: flow, name: flowName };
  if (page) return { evidence, unit: "page", first: page };
  return { evidence, unit: "item" };
};

const subject = () => {
  const active = document.activeElement;
  const viewer = current();
  if (!viewer || !("annotatable" in viewer.dataset)) return null;
  const finding = viewer.contains(active) && active.closest("[data-finding]");
  const link = finding && finding.querySelector("[data-annotate-finding]");
  if (link) return ofLink(link);
  const lines = chosen(viewer).map(lineOf);
  if (lines.length) {
    const [first, end] = [lines[0], lines.at(-1)].map(String);
    return { evidence: viewer.dataset.evidenceId, unit: "line", first, last: end === first ? "" : end };
  }
  const within = viewer.contains(active) && active.closest("[data-rule], [data-packet], [data-flow], [data-page]");
  const place = within || viewer.querySelector("[data-packet].is-asked") || viewer.querySelector(".packet-filter[data-flow]") || viewer.querySelector("[data-page]");
  return ofElement(viewer, place || viewer);
};

// --- The form --------------------------------------------------------------------------------------

const values = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));

const fill = (note) => {
  for (const name of FIELDS) form.elements[name].value = note[name] ?? "";
};

const tell = (state, text = "") => {
  document.getElementById("annotate-state").dataset.state = state;
  refusal.hidden = !text;
  refusal.textContent = text;
};

const open = (note) => {
  viewerBehind = viewers().find((viewer) => viewer.dataset.evidenceId === note.evidence) ?? null;
  fill({ criterion, ...note });
  tell("idle");
  const kept = keptNote(dialog.dataset.draft);
  dialog.querySelector("[data-annotate-draft]").hidden = !kept?.text || kept.text === note.text;
  dialog.showModal();
  form.elements.text.focus();
  form.elements.text.setSelectionRange(form.elements.text.value.length, form.elements.text.value.length);
};

const refused = async (response) => {
  if (response.redirected || response.status === 403) return words.signedOut;
  if (!/json/.test(response.headers.get("content-type") ?? "")) return words.offline;
  return (await response.json()).title;
};

const saved = (answer) => {
  clearNote(dialog.dataset.draft);
  criterion = form.elements.criterion.value;
  dialog.close();
  for (const list of document.querySelectorAll("[data-note-list]")) list.innerHTML = answer.list;
  for (const count of document.querySelectorAll("[data-notes-of]")) {
    count.textContent = answer.counts[count.dataset.notesOf] ?? 0;
    count.closest(".note-tally").hidden = !answer.counts[count.dataset.notesOf];
  }
  say(words.saved);
  if (!viewerBehind?.isConnected) return;
  const { id } = viewerBehind;
  const show = () => {
    const made = document.querySelector(`#${CSS.escape(id)} [data-note="${answer.id}"]`);
    if (made) go(made);
  };
  window.htmx.ajax("GET", viewerBehind.dataset.here, { target: viewerBehind, swap: "outerHTML show:none" }).then(show);
};

const save = async () => {
  const button = form.querySelector("[data-annotate-save]");
  button.disabled = true;
  tell("saving");
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    if (response.status === 201) saved(await response.json());
    else tell("error", await refused(response));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell("error", words.offline);
  }
  button.disabled = false;
};

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("input", () => keepNote(dialog.dataset.draft, values()));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  });
  dialog.querySelector("[data-annotate-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-draft-restore]").addEventListener("click", (event) => {
    fill(keptNote(dialog.dataset.draft));
    event.target.closest("[data-annotate-draft]").hidden = true;
  });
  dialog.querySelector("[data-draft-discard]").addEventListener("click", (event) => {
    clearNote(dialog.dataset.draft);
    event.target.closest("[data-annotate-draft]").hidden = true;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-annotate-finding], [data-annotate-here]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    open(link.matches("[data-annotate-here]") ? (subject() ?? ofLink(link)) : ofLink(link));
  }, true);
}

// --- Keys ------------------------------------------------------------------------------------------

const follows = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

const toNote = (forward) => {
  const notes = [...document.querySelectorAll("[data-note]")].filter(shown);
  const from = document.activeElement.closest("[data-note]");
  const next = forward
    ? notes.find((note) => !from || (note !== from && follows(from, note)))
    : notes.findLast((note) => from && note !== from && follows(note, from));
  if (next) go(next);
  else say(words.noNote ?? "");
};

const annotate = () => {
  const note = dialog && subject();
  if (note) open(note);
};

const KEYS = {
  a: annotate,
  m: () => toNote(true),
  M: () => toNote(false),
  ".": () => chooseBy(1, false),
  ",": () => chooseBy(-1, false),
  ">": () => chooseBy(1, true),
  "<": () => chooseBy(-1, true),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (types(event.target) || document.querySelector("dialog[open]") || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("focusin", (event) => {
  last = event.target.closest("[data-viewer]") ?? last;
  criterion = event.target.closest("[data-criterion]")?.dataset.criterion ?? criterion;
});
