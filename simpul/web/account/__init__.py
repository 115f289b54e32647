"""/akun/: signing in and out, the second factor, seats, one's own data."""
