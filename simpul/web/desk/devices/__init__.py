"""Pages of devices: who has which phone or village laptop, what waits for a person, what was erased."""
