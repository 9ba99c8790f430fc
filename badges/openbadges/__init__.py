"""Open Badges 3.0 as data: everything here takes and returns bytes, dicts or frozen dataclasses, and knows no framework."""
