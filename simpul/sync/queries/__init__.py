"""Looking the room up, by topic."""
