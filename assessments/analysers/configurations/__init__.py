"""Firewall configurations of every dialect, read into one model of rules."""
