"""Which rows of the post an actor may see: one file a topic. Each topic's list and its look-up are one rule."""
