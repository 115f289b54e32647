"""``/meja/jemput/``: whose door is next, who goes there, how far they have come, and who was never reached."""
