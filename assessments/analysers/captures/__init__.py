"""Packet captures: what is in them, what to look at, windows over them, copies without secrets."""
