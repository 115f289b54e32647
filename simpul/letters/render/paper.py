"""A letter as PDF/A-2b, set from the frozen text and stored data alone: nothing comes from a browser."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image

from simpul.lib import typeset, when

MASK = 7  # what the search for the best mask mostly ends at with these codes
_PICTURES = frozenset({"image/png", "image/jpeg", "image/svg+xml"})


@dataclass(frozen=True, slots=True)
class Signer:
    """The lines over and under the place for the signature."""

    titles: tuple[str, ...]
    name: str
    number: str = ""
    mandate: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands on a letter."""

    over: tuple[str, ...]  # the regency and the district, as the letterhead names them
    village: str
    letterhead: tuple[str, ...]  # address lines
    heading: str
    number: str
    place: str
    letter_date: date
    signer: Signer
    body: Sequence[Mapping[str, Any]]  # ``rules.texts.to_data``
    proof: str  # what the codes are worth, in words
    address: str
    code_text: str
    digest: str
    valid_until: date | None = None
    emblem: bytes = field(default=b"", repr=False)
    emblem_mime: str = ""


@lru_cache(maxsize=1)
def _source() -> bytes:
    return (Path(__file__).parent / "letter.typ").read_bytes()


def letter_pdf(paper: Paper, at: datetime) -> bytes:
    """The letter on A4, in Indonesian. The same paper at the same moment gives the same bytes.

    Raises:
        typeset.PaperRefused, typeset.CodeTooLong.
    """
    with override("id"):
        given = _given(paper)
    files = {
        "code.svg": typeset.qr_svg(paper.code_text, border=0, mask=MASK).encode(),
        "address.svg": typeset.qr_svg(paper.address, border=0, mask=MASK).encode(),
    }
    if given["emblem"]:
        files[given["emblem"]] = _as_drawing(paper.emblem, paper.emblem_mime)
    return typeset.pdf(_source(), given, files=files, made_at=at)


@lru_cache(maxsize=4)
def _as_drawing(data: bytes, mime: str) -> bytes:
    """A picture as SVG: the compiler takes only texts from memory, so pixels travel inside a drawing."""
    if mime == "image/svg+xml":
        return data
    with Image.open(io.BytesIO(data)) as picture:
        wide, high = picture.size
    held = base64.b64encode(data).decode()
    size = f'width="{wide}" height="{high}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {wide} {high}">'
        f'<image {size} href="data:{mime};base64,{held}"/></svg>'
    ).encode()


def _given(paper: Paper) -> dict[str, Any]:
    return {
        "code": paper.code_text,  # also where a program finds it: the keywords
        "over": paper.over,
        "village": paper.village,
        "letterhead": paper.letterhead,
        "heading": paper.heading,
        "number": paper.number,
        "emblem": "emblem.svg" if paper.emblem and paper.emblem_mime in _PICTURES else "",
        "body": list(paper.body),
        "place_day": f"{paper.place}, {when.format_date(paper.letter_date)}",
        "signer": asdict(paper.signer),
        "proof": paper.proof,
        "address": paper.address.removeprefix("https://").removeprefix("http://"),
        "fingerprint": _("Fingerprint %(digest)s") % {"digest": " ".join(_fours(paper.digest[:32]))},
        "words": {
            "number": _("Number:"),
            "page": _("Page"),
            "emblem": _("Emblem"),
            "code_alt": _("Signed code of this letter"),
            "online": _("With a network: scan the code on the right, or open"),
            "offline": _(
                "Without a network: scan the code on the left on the checking page, at any post that has it."
            ),
        },
    }


def _fours(digest: str) -> list[str]:
    return [digest[place : place + 4] for place in range(0, len(digest), 4)]
