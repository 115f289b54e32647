"""Papers set by typst as PDF/A-2b, and QR codes. Values go in as data, never as markup, so nothing typed can become a command.

The source reads its values with ``json("given.json")`` and pictures by their names (``image("emblem.png")``): everything it may
open is handed over in memory, the disk and the network are closed to it. Its fonts are the compiler's own, so a paper looks the
same on every machine; they are embedded in what it makes.

A compiler is made in some milliseconds and then reused. One works for one thread at a time; the idle ones wait in a pool, so
several requests set papers side by side (typst runs outside the interpreter's lock).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal

import segno
import typst
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused

_MOST_IDLE = 4
_idle: list[typst.Compiler] = []
_guard = threading.Lock()


class PaperRefused(Refused):
    """The paper could not be set: a fault in its design, or a picture that is none."""

    code = "paper.refused"
    sentence = _("The paper could not be made (%(why)s). Tell the administrator; nothing was changed.")


class CodeTooLong(Refused):
    """A QR code has room for a limited text."""

    code = "paper.code_too_long"
    sentence = _("The text is too long for a QR code. Shorten the number or the name of the letter.")


def pdf(
    source: bytes,
    given: Mapping[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    made_at: datetime | None = None,
) -> bytes:
    """Set ``source`` with the values ``given`` (plain JSON data) and ``files`` (pictures by name) as PDF/A-2b.

    With ``made_at`` the same values give the same bytes.

    Raises:
        PaperRefused.
    """
    work: Any = {  # files in memory: the stub of the compiler does not list this form
        "main.typ": source,
        "given.json": json.dumps(given, ensure_ascii=False).encode(),
        **(files or {}),
    }
    compiler = _take()
    try:
        made = compiler.compile(
            work,
            format="pdf",
            pdf_standards=["a-2b"],
            timestamp=int(made_at.timestamp()) if made_at else None,
        )
    except typst.TypstError as fault:
        raise PaperRefused(why=str(fault).splitlines()[0][:200]) from fault
    finally:
        _give_back(compiler)
    if not isinstance(made, bytes):
        raise TypeError("the paper came out in several pieces")
    return made


def warm() -> None:
    """Set one empty page, so that the first real paper does not wait for the fonts."""
    pdf(b'#set text(font: "Libertinus Serif"); x *x* _x_', {})


def _take() -> typst.Compiler:
    with _guard:
        if _idle:
            return _idle.pop()
    return typst.Compiler(ignore_system_fonts=True)


def _give_back(compiler: typst.Compiler) -> None:
    with _guard:
        if len(_idle) < _MOST_IDLE:
            _idle.append(compiler)


@lru_cache(maxsize=64)
def qr_svg(
    text: str, error: Literal["l", "m", "q", "h"] = "m", border: int = 2, mask: int | None = None
) -> str:
    """A QR code as an SVG document without a size of its own. Raises ``CodeTooLong``.

    With ``mask`` (0 to 7) the pattern laid over the squares is that one, instead of the best of all eight, whose search takes three
    quarters of the time: readers cope with any of them, and over random data they hardly differ.
    """
    out = BytesIO()
    try:
        code = segno.make(text, error=error, micro=False, boost_error=False, mask=mask)
    except segno.DataOverflowError as fault:
        raise CodeTooLong from fault
    code.save(out, kind="svg", border=border, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def qr_modules(text: str, error: Literal["l", "m", "q", "h"] = "m") -> int:
    """How many squares wide the code is, without its quiet zone: 17 + 4 x version."""
    try:
        return len(segno.make(text, error=error, micro=False, boost_error=False).matrix)
    except segno.DataOverflowError as fault:
        raise CodeTooLong from fault
