"""What screens, packs and reports read about cases, by topic."""
