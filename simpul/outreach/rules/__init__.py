"""The room's rules: the states of a verification, and whose door is next."""
