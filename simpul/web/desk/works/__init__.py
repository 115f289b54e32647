"""Self-help works and idle land at the desk."""
