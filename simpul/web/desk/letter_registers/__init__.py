"""The books of letters, the file of a letter, what became of it after release, and the village's keys."""
