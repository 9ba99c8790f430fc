"""Streaming readers of capture files: records in batches, damage told, memory bounded."""
