"""Musyawarah: who came, what was objected, what was decided by name, minutes and package."""
