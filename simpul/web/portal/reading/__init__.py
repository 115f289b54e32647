"""``/baca/``: what stands on the shelf of a reading corner, when it is open, what is planned."""
