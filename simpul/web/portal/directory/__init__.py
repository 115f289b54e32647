"""``/direktori/``: what the village makes, sells and shares."""
