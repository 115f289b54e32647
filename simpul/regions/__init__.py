"""Regions from province to RT, holidays, and what the office calendar says."""
