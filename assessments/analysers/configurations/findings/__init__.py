"""What an assessor should look at in a rule set: one small function a matter, all in one table."""
