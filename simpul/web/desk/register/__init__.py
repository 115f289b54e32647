"""``/meja/warga/``: the register: households, persons, what is known of them and who said so."""
