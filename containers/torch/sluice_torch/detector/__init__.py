"""Detectors of objects: an anchor-free and an anchor-based family in three sizes."""
