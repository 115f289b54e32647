"""Disputes: their acts, rules and who sees them."""
