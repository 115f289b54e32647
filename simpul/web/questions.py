"""The own questions of a kind of matter as they are asked at a place: options that nobody offers there are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simpul.posyandu.queries import services


def of(kind: Any, area_codes: Iterable[str]) -> Sequence[Mapping[str, Any]]:
    """The questions; a posyandu's fields of service differ from regency to regency (six, or eight)."""
    if kind is None:
        return ()
    fields: Sequence[Mapping[str, Any]] = kind.fields
    return services.questions(fields, area_codes) if kind.code == services.KIND else fields
