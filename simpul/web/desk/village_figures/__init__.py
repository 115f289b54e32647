"""Figures of the village post at the desk."""
