"""Pages under /meja/bundel/: what a stick or a text brings is looked at and taken in, and receipts go back the same road."""
