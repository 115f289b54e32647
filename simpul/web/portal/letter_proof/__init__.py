"""Whether a letter is true: its short address, and the page that checks codes and files, also without a network."""
