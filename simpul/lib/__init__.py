"""Ground floor: values and calculations that know no tables."""
