"""Decisions of the room: values in, values out."""
