"""Looking upkeep up, by topic."""
