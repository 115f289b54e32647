"""Going to people who do not come: lists of doors, verification, samples."""
