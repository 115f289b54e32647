"""``/meja/perjalanan/`` and ``/meja/pendampingan/``: trips from the plan to the return, ways, the map of last contact, accompaniment."""
