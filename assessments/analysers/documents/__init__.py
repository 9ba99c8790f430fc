"""Documents: their text, what is hidden in them, and pictures of their pages."""
