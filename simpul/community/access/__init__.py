"""Which rows of the room an actor may see, by topic."""
