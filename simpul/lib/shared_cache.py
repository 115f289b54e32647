"""The cache of an installation with several server processes: kept in the database, so that limits count once for all of them."""

from __future__ import annotations

import base64
import pickle
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction
from django.utils import timezone


class SharedCache(DatabaseCache):
    """Django's database cache (on PostgreSQL) with counters that lose no count and keep the time at which they end."""

    _table: str

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a counter under the row's lock.

        Raises:
            ValueError: there is no such counter, or its time is over.
        """
        name = self.make_and_validate_key(key, version=version)
        database = router.db_for_write(self.cache_model_class)
        table = connections[database].ops.quote_name(self._table)
        with transaction.atomic(using=database), connections[database].cursor() as cursor:
            cursor.execute(f"SELECT value, expires FROM {table} WHERE cache_key = %s FOR UPDATE", [name])  # noqa: S608 - our own table
            row = cursor.fetchone()
            if row is None or row[1] < timezone.now():
                raise ValueError(f"Key '{key}' not found")
            value = int(pickle.loads(base64.b64decode(row[0]))) + delta  # noqa: S301 - written by ourselves, below
            packed = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
            cursor.execute(f"UPDATE {table} SET value = %s WHERE cache_key = %s", [packed, name])  # noqa: S608
        return value
