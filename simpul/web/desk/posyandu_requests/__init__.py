"""Pages of the requests of the six fields."""
