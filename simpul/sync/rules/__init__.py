"""Pure decisions of the protocol: the same in Python and in JavaScript, by shared vectors (tests/vectors/sync)."""
