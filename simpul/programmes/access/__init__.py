"""Which rows of this room an actor may see, by topic."""
