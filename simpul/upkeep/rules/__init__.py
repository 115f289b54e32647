"""Pure decisions of upkeep, by topic."""
