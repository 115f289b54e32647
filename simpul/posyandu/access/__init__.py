"""Which rows an actor may see, by topic: a list and its look-up are one rule."""
