"""``/ide/``: ideas of residents, and what became of each."""
