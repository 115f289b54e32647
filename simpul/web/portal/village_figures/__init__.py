"""Open figures of a village post."""
