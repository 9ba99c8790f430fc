"""Open Badges 3.0 as data: bytes, dicts and frozen dataclasses in and out, no framework."""
