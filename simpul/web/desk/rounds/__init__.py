"""``/meja/penyaluran/``: rounds of aid, their lists and goods, deliveries with proof, possible doubles, minutes of handing over."""
