"""What the demo world is made of, all invented, and the same for the same seed."""
