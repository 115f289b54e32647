"""Quarrels brought to the village: safety first, sessions, agreements and whether they are kept."""
