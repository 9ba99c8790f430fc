"""What an assessor should look at in a capture, from what was counted."""
