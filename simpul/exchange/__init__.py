"""Other programs: the keys they come with, what they were answered once already, and what is sent to them of their own accord."""
