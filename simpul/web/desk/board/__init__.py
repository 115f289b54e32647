"""``/meja/papan/``: the notice board, and the text for the village's group."""
