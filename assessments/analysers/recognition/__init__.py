"""The parts of recognising: one module for each family of contents."""
