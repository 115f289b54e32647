"""``/meja/kis/``: KIS cards that were switched off, from the list to the door and back to a card that works."""
