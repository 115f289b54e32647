"""The meeting point: every matter, from the counter to the published answer."""
