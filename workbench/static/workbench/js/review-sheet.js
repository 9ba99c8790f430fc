// The fields of the scoring sheet as plain values by name, and how far the scores have come.
const form = document.getElementById("review-form");
const criteria = () => [...form.querySelectorAll("[data-criterion]")];

const rules = () => form.querySelectorAll("[data-rules] input[type=checkbox]");

export const values = () => {
  const found = {};
  for (const criterion of criteria()) {
    const id = criterion.dataset.criterion;
    found[`level-${id}`] = form.querySelector(`input[name="level-${id}"]:checked`)?.value ?? "";
    found[`comment-${id}`] = form.elements[`comment-${id}`].value;
  }
  for (const box of rules()) found[box.name] = box.checked ? "on" : "";
  if (form.elements.feedback) found.feedback = form.elements.feedback.value;
  return found;
};

export const set = (name, value) => {
  if (name.startsWith("met-")) {
    form.elements[name].checked = value === "on";
    return;
  }
  if (!name.startsWith("level-")) {
    form.elements[name].value = value;
    return;
  }
  for (const radio of form.querySelectorAll(`input[name="${name}"]`)) radio.checked = radio.value === value;
};

export const same = (one, other) => Object.keys(one).every((name) => one[name] === (other[name] ?? ""));

// The problem document of a stale save holds what is kept now.
export const keptValues = (problem) => {
  const kept = {};
  for (const name of Object.keys(values())) kept[name] = "";
  for (const score of problem.scores) {
    kept[`level-${score.criterion}`] = score.level ?? "";
    kept[`comment-${score.criterion}`] = score.comment;
  }
  for (const rule of problem.met ?? []) if (`met-${rule}` in kept) kept[`met-${rule}`] = "on";
  if ("feedback" in kept) kept.feedback = problem.feedback;
  return kept;
};

export const showStanding = ({ total, missing, below, too_low: tooLow }) => {
  const standing = form.querySelector("[data-standing]");
  const code = (id) => form.querySelector(`[data-criterion="${id}"]`)?.dataset.code ?? "";
  const list = (words, ids) => (ids.length ? words.replace("{criteria}", ids.map(code).join(", ")) : "");
  const { totalWords, missingWords, belowWords, lowWords } = standing.dataset;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const texts = {
    total: total === null ? "" : totalWords.replace("{total}", number.format(total)),
    missing: list(missingWords, missing),
    below: list(belowWords, below),
    low: tooLow && !missing.length ? lowWords : "",
  };
  for (const [name, text] of Object.entries(texts)) {
    standing.querySelector(`[data-standing-${name}]`).textContent = text;
  }
};
