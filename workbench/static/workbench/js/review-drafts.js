// Unsaved text of a review, kept in this browser under the review's id until the server has it.
const PREFIX = "review-draft:";

export const keepDraft = (review, submission, values) => {
  try {
    localStorage.setItem(PREFIX + review, JSON.stringify({ submission, values }));
  } catch {
    // Storage may be full or refused; the text is then only on the page, as it is without this file.
  }
};

export const clearDraft = (review) => {
  try {
    localStorage.removeItem(PREFIX + review);
  } catch {
    // Nothing was kept either.
  }
};

// Drafts of this submission under any review: a claim that was renewed has a new id.
export const draftsOf = (submission) => {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const draft = JSON.parse(localStorage.getItem(key));
      if (draft?.submission === submission) found.push({ review: key.slice(PREFIX.length), values: draft.values });
    }
  } catch {
    return [];
  }
  return found;
};
