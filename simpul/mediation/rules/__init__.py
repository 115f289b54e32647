"""Decisions of the room: values in, values out."""

from simpul.mediation.rules import conflicts, minutes, moves, obligations, screen, steps, words

__all__ = ["conflicts", "minutes", "moves", "obligations", "screen", "steps", "words"]
