"""Look-ups by topic: ``frame``, ``records``, ``trends``, ``rumours``."""
