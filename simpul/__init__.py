"""Simpul: one counter for everything a resident brings to a village service post."""

__version__ = "0.1.0"
