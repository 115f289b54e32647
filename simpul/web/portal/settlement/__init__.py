"""The public page of a record of settlement: whether the paper is genuine, and nothing of its content."""
