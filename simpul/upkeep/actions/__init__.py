"""Acts of upkeep, by topic."""
