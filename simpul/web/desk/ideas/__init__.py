"""``/meja/ide/``: ideas from the first word to the village plan."""
