"""``/meja/musyawarah/``: meetings that are planned, held and closed, usable on a phone in the hall."""
