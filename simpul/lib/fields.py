"""Model fields and the base model that every table shares."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.core import checks
from django.db import models
from django.db.models.functions import Cast

from simpul.lib.ids import uuid7
from simpul.lib.keys import ring


class Model(models.Model):
    """A table with a key that can be born anywhere (UUIDv7), and a statement of the personal data it holds.

    ``personal_data`` maps a field's name to its class: "personal", "specific" (health, poverty, children ...), "identity"
    (NIK, KK) or "safeguarding"; fields not named are public. ``retention`` says in words how long a row is kept.
    Source of the classes: UU 27/2022 art. 4.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = ""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class EncryptedText(models.BinaryField):  # type: ignore[type-arg]
    """Text that is stored encrypted (AES-256-GCM) and read back as ``str``; the column's name binds the ciphertext."""

    def _check_str_default_value(self) -> list[checks.CheckMessage]:
        """A text as default is right here: what is stored is made of it."""
        return []

    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str:
        """Decrypt what the table holds; an empty value is an empty text."""
        return ring().decrypt(bytes(value), self._context()).decode() if value else ""

    def to_python(self, value: Any) -> Any:
        """Leave text as it is."""
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt text on its way in."""
        if isinstance(value, str):
            value = ring().encrypt(value, self._context()) if value else b""
        return super().get_db_prep_value(value, connection, prepared)


class KeyEnding(models.Func):
    """The last ten hex signs of a key, by which packs and devices know a row. Spelled without bound values, so that an index fits."""

    function = "RIGHT"
    template = "RIGHT(%(expressions)s, 10)"

    def __init__(self, column: str = "id", **extra: Any) -> None:
        super().__init__(
            Cast(column, models.CharField(max_length=36)), output_field=models.CharField(), **extra
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For migrations: the column alone."""
        return f"{type(self).__module__}.{type(self).__qualname__}", [], {}

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite counts from the end by a negative place."""
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, -10)", **extra)
