"""Trips to people who cannot come: whose door is next and why, what was found there, and who looks over it."""
