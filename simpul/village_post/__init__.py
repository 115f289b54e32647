"""The post itself: duty, guests, night watch, reading corner, election box."""
