"""Ideas, self-help works, idle land, the village's economy, and the waste bank's ledger."""
