"""Readers that misbehave, for the tests of the confined child."""
