"""Pictures: what they are, what else is in the file, and the same picture without it."""
