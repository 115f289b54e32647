"""What sheets there are, the code by which a sheet and a row are found again, and when a sheet is finished."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from simpul.lib import ids


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


KINDS: Mapping[str, str] = {
    "visits": _("doors to visit"),
    "deliveries": _("aid to hand over"),
    "guests": _("guest book"),
    "cases": _("blank forms with numbers"),
}
"""Kinds of sheets."""

STATES: Mapping[str, str] = {
    "printed": _("out in the village"),
    "finished": _("entered"),
    "void": _("void"),
}
MOST_ROWS = 60
"""Rows on one sheet: what a person can enter in one go; a longer list makes several sheets."""
CODE_SIGNS = 6
"""Signs of a sheet's code: one in a thousand million, so two sheets share none in a village's life."""
PREFIX = "SMPLK"
_SAID = re.compile(r"(?:SMPLK[:\s]*)?([0-9A-Z\s-]{6,12}?)(?:[:/]\s*([0-9]{1,3}))?\s*")


def qr_text(code: str, position: int | None = None) -> str:
    """What the square on the paper holds."""
    return f"{PREFIX}:{code}" + (f":{position}" if position else "")


def shown(code: str) -> str:
    """A code as it is printed: in two groups."""
    return f"{code[:3]}-{code[3:]}"


def read(said: str) -> tuple[str, int | None] | None:
    """A code as somebody typed or scanned it, with the row when it was a row's; None when it cannot be one."""
    found = _SAID.fullmatch(said.upper().strip()[:40])
    if found is None:
        return None
    code = "".join(sign for sign in found[1] if sign.isalnum())
    if len(code) != CODE_SIGNS or any(sign not in ids.ALPHABET for sign in code):
        return None
    return code, int(found[2]) if found[2] else None


def left_open(states: Iterable[str]) -> int:
    """How many rows nobody has entered or marked as blank."""
    return sum(state == "open" for state in states)
