"""Acts of the room, by topic."""
