"""Pure decisions of the meeting point, by topic: moves, clocks, escalation, screening, publication, decisions."""
