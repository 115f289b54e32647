"""Look-ups of the room, by topic: doors, coverage, verifications."""
