"""Pages about programmes: every authority's verdict on a household, what its people receive, screenings of an area, the rules."""
