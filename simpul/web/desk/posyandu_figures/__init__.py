"""Dashboards of posyandu at the desk: who was missed, what is open, where people and goods are missing; names for those allowed."""
