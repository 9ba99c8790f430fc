"""What travels above TCP and UDP, as far as a summary, a list or a masked view needs it."""
