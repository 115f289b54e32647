"""Real programs on the other side of a road: mail servers, modems, message centres, each started for a test."""
