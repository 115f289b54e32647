"""Pages of field sheets: print them, enter them."""
