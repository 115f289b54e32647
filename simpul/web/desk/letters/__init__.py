"""Letters at the desk: the board, one letter from the request to the release, what waits for the head, numbers, mandates, settings."""
