"""The desk's pages of rehabilitation plans."""
