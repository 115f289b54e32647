"""What screens and reports read, by topic."""
