"""Residents: who they are, how to reach them safely."""
