// The note that was not saved yet, kept in this browser under the submission's id until the server has it.
const PREFIX = "note-draft:";

export const keepNote = (submission, note) => {
  try {
    localStorage.setItem(PREFIX + submission, JSON.stringify(note));
  } catch {
    // Storage may be full or refused; the text is then only in the form.
  }
};

export const keptNote = (submission) => {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + submission));
  } catch {
    return null;
  }
};

export const clearNote = (submission) => {
  try {
    localStorage.removeItem(PREFIX + submission);
  } catch {
    // Nothing was kept either.
  }
};
