"""The page of a partner institution: what was forwarded to it, and nothing else."""
