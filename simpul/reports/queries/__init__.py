"""Figures by topic: ``counts`` (what they are made of), ``public`` and ``inside``."""
