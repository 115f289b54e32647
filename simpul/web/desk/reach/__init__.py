"""The desk's figures about need, reach, decision and result."""
