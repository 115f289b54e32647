"""``/papan/``: the village notice board."""
