"""The tablet at the door of a post: visitors write themselves in and choose a face on leaving."""
