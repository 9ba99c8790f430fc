"""Passwords, keys and personal data in text: where they stand, and the text without them."""
