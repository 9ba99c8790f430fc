"""The words for what analysers find: codes become sentences in the reader's language."""
