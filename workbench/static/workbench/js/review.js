// The scoring sheet saves itself: shortly after each change, when a field is left, and when the page goes away.
// What cannot be saved stays on the page and in this browser. Without this file the Save button does the same.
import { isUndecided, merge, showConflict } from "./review-conflicts.js";
import { clearDraft, draftsOf, keepDraft } from "./review-drafts.js";
import { keptValues, same, set, showStanding, values } from "./review-sheet.js";

const PAUSE = 600;
const RETRY = 5_000;
const BEAT = 60_000;
const SHOW_LEASE_BELOW = 10 * 60;

const form = document.getElementById("review-form");
const { review, submission, heartbeat } = form.dataset;
const words = document.querySelector("[data-words]")?.dataset ?? {};
let base;
let timer;
let saving = null;
let stopped = false;
let leaseEnds = 0;

const notice = (name, shown = true) => {
  document.querySelector(`[data-notice="${name}"]`).hidden = !shown;
};

const tell = (state, text = "") => {
  const status = document.getElementById("save-state");
  status.dataset.state = state;
  const part = status.querySelector(`[data-when="${state}"]`);
  if (text) part.lastChild.textContent = text;
};

const stop = (name) => {
  stopped = true;
  clearTimeout(timer);
  tell("error", document.querySelector(`[data-notice="${name}"] .alert-title`).textContent);
  notice(name);
};

// --- Asking the server ---------------------------------------------------------------------------

const post = async (url, fields = {}, keepalive = false) => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, ...fields });
  const response = await fetch(url, { method: "POST", headers: { Accept: "application/json" }, body, keepalive });
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  // The session ended: the sign-in page, which speaks JSON too when asked to, or a refusal that is not ours.
  if (response.redirected || (!isJson && response.status === 403)) return { code: "signed-out" };
  if (!isJson) return { code: "failed" };
  return { ...(await response.json()), ok: response.ok };
};

const refused = {
  stale: (answer) => {
    const before = base;
    base = keptValues(answer);
    form.elements.version.value = answer.version;
    if (!merge(before, base, resolved)) {
      schedule(0);
      return;
    }
    tell("conflict");
    notice("conflict");
  },
  "lease-lost": () => stop("lost"),
  "already-decided": () => stop("decided"),
  "signed-out": () => stop("signed-out"),
  failed: () => retry(),
};

const refuse = (answer) => {
  if (refused[answer.code]) {
    refused[answer.code](answer);
    return;
  }
  document.querySelector("[data-refusal]").textContent = answer.title ?? "";
  notice("refused");
  tell("error", answer.title);
};

const retry = () => {
  tell("error", words.offline);
  schedule(RETRY);
};

// --- Saving --------------------------------------------------------------------------------------

const dirty = () => !same(values(), base);

const schedule = (pause) => {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
};

const saved = (answer, sent) => {
  base = sent;
  form.elements.version.value = answer.version;
  if (heartbeat) held(answer.lease_seconds);
  showStanding(answer);
  notice("refused", false);
  const clock = { timeStyle: "short", hourCycle: "h23" };
  const time = new Date(answer.saved_at).toLocaleTimeString(document.documentElement.lang, clock);
  tell("saved", words.saved.replace("{time}", time));
  if (dirty()) schedule(PAUSE);
  else for (const draft of [{ review }, ...draftsOf(submission)]) clearDraft(draft.review);
};

const send = async (leaving) => {
  const sent = values();
  tell("saving");
  try {
    const answer = await post(form.action, { ...sent, version: form.elements.version.value }, leaving);
    if (answer.ok) saved(answer, sent);
    else refuse(answer);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    retry();
  }
};

const save = async ({ leaving = false } = {}) => {
  clearTimeout(timer);
  if (stopped || isUndecided() || !dirty()) return;
  if (saving && !leaving) {
    await saving;
    if (dirty()) schedule(PAUSE);
    return;
  }
  saving = send(leaving);
  await saving;
  saving = null;
};

const resolved = () => {
  keepDraft(review, submission, values());
  if (isUndecided()) return;
  notice("conflict", false);
  if (dirty()) save();
  else tell("saved");
};

// --- The lease -----------------------------------------------------------------------------------

const held = (seconds) => {
  leaseEnds = Date.now() + seconds * 1000;
  showLease();
};

const showLease = () => {
  const lease = document.querySelector("[data-lease]");
  const seconds = Math.max(0, (leaseEnds - Date.now()) / 1000);
  lease.hidden = seconds > SHOW_LEASE_BELOW;
  const text = lease.querySelector("[data-lease-text]");
  text.textContent = text.dataset.leaseText.replace("{minutes}", Math.ceil(seconds / 60));
};

// Nobody else can take an exemplar that is scored: its page has no lease, and asks for no heartbeat.
const holdOn = () => {
  held(Number(form.dataset.leaseSeconds));
  document.addEventListener("visibilitychange", beat);
  setInterval(beat, BEAT);
  setInterval(showLease, 10_000);
};

const beat = async () => {
  if (stopped || document.visibilityState !== "visible") return;
  try {
    const answer = await post(heartbeat);
    if (answer.ok) held(answer.lease_seconds);
    else if (answer.code !== "failed") refuse(answer);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // offline: the next beat tries again
  }
};

// --- Text that an earlier page could not save ------------------------------------------------------

const restore = (drafts) => {
  notice("draft", false);
  const here = values();
  for (const draft of drafts) {
    for (const [name, value] of Object.entries(draft.values)) {
      if (!(name in here) || value === here[name] || !value) continue;
      set(name, value); // a choice between the two keeps what the field holds by then
      if (here[name]) showConflict(name, here[name], value, resolved);
    }
  }
  if (isUndecided()) notice("conflict");
  else save();
};

const offerDrafts = () => {
  const here = values();
  const drafts = draftsOf(submission).filter((draft) => {
    const known = same(draft.values, here);
    if (known) clearDraft(draft.review);
    return !known;
  });
  if (!drafts.length) return;
  notice("draft");
  document.querySelector("[data-draft=restore]").addEventListener("click", () => restore(drafts));
  document.querySelector("[data-draft=discard]").addEventListener("click", () => {
    for (const draft of drafts) clearDraft(draft.review);
    notice("draft", false);
  });
};

// --- Start ---------------------------------------------------------------------------------------

const changed = (event) => {
  if (event.target.name === "outcome") return;
  keepDraft(review, submission, values());
  if (!stopped && !isUndecided()) schedule(PAUSE);
};

const submitted = async (event) => {
  const away = event.submitter?.hasAttribute("formaction");
  const undecided = isUndecided() && !stopped;
  if (!away || saving || undecided) event.preventDefault();
  if (undecided) {
    // Sending now would overwrite what is kept on the server with what is written here.
    document.querySelector(".conflict").scrollIntoView({ block: "center" });
    return;
  }
  if (!away) {
    await save();
    return;
  }
  if (saving) {
    await saving;
    form.requestSubmit(event.submitter);
    return;
  }
  // The page that follows saves what the form holds; a save of our own would run against it.
  stopped = true;
};

const start = () => {
  base = values();
  offerDrafts();
  form.addEventListener("input", changed);
  form.addEventListener("focusout", () => save());
  form.addEventListener("submit", submitted);
  window.addEventListener("online", () => save());
  window.addEventListener("pagehide", () => save({ leaving: true }));
  window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" || save());
  if (heartbeat) holdOn();
};

if ("editable" in form.dataset) start();
else if ("decided" in form.dataset) for (const draft of draftsOf(submission)) clearDraft(draft.review);
