"""``/layanan/surat/``: which letter, what to bring, and asking for it, from a telephone or at a kiosk."""
