"""``/meja/impor/``: lists of people are sent in, their columns named, tried, and taken in while one may go on working."""
