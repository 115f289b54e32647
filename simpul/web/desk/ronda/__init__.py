"""The night watch: posts, who takes turns, rosters, the book of a night, incidents, guests who stay."""
