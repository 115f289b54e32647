"""Tables of the room, by topic."""
