"""The public pages of the election box: which boxes are open, putting a report in, asking with the receipt."""
