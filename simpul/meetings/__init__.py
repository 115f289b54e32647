"""Musyawarah: who came, which names were read, what was decided, and minutes that nobody can change."""
