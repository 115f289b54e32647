"""Growth of a child at the desk: charts on the screen and on paper, with the same figures as a table."""
