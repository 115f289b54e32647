"""Pages about rights over personal data: consents, wishes, destruction, failures, the processing register."""
