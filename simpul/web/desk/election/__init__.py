"""The desk's pages of the election box: the key, the stages, the reports, taking one in at the counter."""
