"""The sample regency: real places, invented people, built through the same acts that everybody uses."""
