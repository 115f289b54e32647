"""Works of the village and idle land, for everybody."""
