"""The reading corner: one field for a barcode reader, the shelf, members, days, taking stock."""
