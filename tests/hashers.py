"""A password hasher for tests: argon2 as in production, with the smallest cost it accepts."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """Microseconds instead of 20 ms: the tests sign in thousands of times, and their passwords protect nothing."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
