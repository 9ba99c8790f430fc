// Two versions of one text: shown side by side below the field until the assessor chooses.
import { set, values } from "./review-sheet.js";

const form = document.getElementById("review-form");
const words = document.querySelector("[data-words]")?.dataset ?? {};
const open = new Map();

export const isUndecided = () => open.size > 0;

// What a value looks like to a reader: the name of the level, or the text.
const shown = (name, value) => {
  if (!name.startsWith("level-")) return value || words.empty;
  const radio = [...form.querySelectorAll(`input[name="${name}"]`)].find((one) => one.value === value);
  return radio?.closest("label").querySelector(".card-choice-title > span")?.textContent ?? words.none;
};

const place = (name) =>
  name.startsWith("level-")
    ? form.querySelector(`input[name="${name}"]`).closest(".scorer-levels")
    : form.elements[name].closest(".field");

const chosen = (keep, kept, own) => {
  if (keep === "kept") return kept;
  return keep === "own" ? own : [kept, own].filter(Boolean).join("\n\n");
};

export const showConflict = (name, kept, own, resolved) => {
  open.get(name)?.remove();
  const panel = document.getElementById("conflict-template").content.firstElementChild.cloneNode(true);
  panel.querySelector("[data-kept]").textContent = shown(name, kept);
  panel.querySelector("[data-own]").textContent = shown(name, own);
  if (name.startsWith("level-")) panel.querySelector('[data-keep="both"]').remove();
  panel.addEventListener("click", (event) => {
    const keep = event.target.closest("[data-keep]")?.dataset.keep;
    if (!keep) return;
    set(name, chosen(keep, kept, name.startsWith("level-") ? own : values()[name]));
    open.delete(name);
    panel.remove();
    resolved();
  });
  place(name).after(panel);
  open.set(name, panel);
};

// Three versions of each field: what the page started from, what is kept now, what was written here.
// Only what both sides changed, and differently, needs a person; returns how many fields that are.
export const merge = (base, kept, resolved) => {
  const own = values();
  for (const name of Object.keys(own)) {
    if (kept[name] === own[name] || kept[name] === base[name]) continue;
    if (own[name] === base[name]) set(name, kept[name]);
    else showConflict(name, kept[name], own[name], resolved);
  }
  return open.size;
};
