"""Acts of this room, by topic."""
