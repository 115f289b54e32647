"""Pure decisions of this room, by topic."""
