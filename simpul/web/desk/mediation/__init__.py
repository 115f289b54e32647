"""Pages of disputes: the register, one dispute from safety to what was kept, the session room, papers."""
