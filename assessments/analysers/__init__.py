"""Pure readers of what learners hand in: bytes in, frozen findings out, no Django."""
