"""The desk's pages of the post: the counter, the roster, hand-overs, the guest book."""
