"""Every write of the room, by topic: permission, change, journal line, in one transaction."""
