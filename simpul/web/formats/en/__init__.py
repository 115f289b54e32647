"""English, with Indonesian habits of day order."""
