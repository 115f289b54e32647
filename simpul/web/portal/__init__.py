"""The public door: report, follow, published answers, service standards, open figures. It needs no account and no script."""
