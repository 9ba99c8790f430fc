"""Template tags about evidence."""
