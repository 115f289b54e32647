"""Lists and look-ups of this room, by topic."""
