"""``/meja/direktori/``: what the village makes and shares, and who agreed to be called."""
