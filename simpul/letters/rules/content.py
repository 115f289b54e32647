"""What a letter says, as one text: the same letter gives the same bytes, any other letter other ones.

The text is canonical JSON: keys sorted, no blanks, texts only, everything in Unicode NFC, UTF-8. Its SHA-256 is the letter's
digest. It covers what the paper says to a reader: the village's code, type and version of its text, number, dates, who signed with which
authority, whom it is about, and the frozen body, block by block. It does not cover the PDF's bytes (a file cannot contain its own
hash) nor what happens to the letter later (revoked, superseded): that is told beside it.

Source: format of this program; the Indonesian archive law asks that an archive be authentic and whole (UU 43/2009 art. 6), without
naming a format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from simpul.lib import frozen_text

FORMAT = "simpul-surat-1"


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the digest covers. Dates are ISO days, "" where there is none."""

    region_code: str
    type_code: str
    type_version: str  # "" or the village's code, and the version: "7305112005/3", "/1" of the catalogue
    heading: str
    number: str
    letter_date: str
    valid_until: str
    about: str  # whom the letter is about, in full
    token: str  # of the short address, 100 random bits: who sees a digest alone cannot try names against it
    signer_name: str
    signer_title: str
    signer_number: str
    authority: str  # own, an
    mandate: str  # the written decision, when somebody signs in the head's name
    body: Any  # the frozen body: lists, dictionaries and texts


def canonical(content: Content) -> str:
    """The content as the text whose digest is taken. Raises ``TypeError`` for anything but texts, numbers, lists and dictionaries."""
    return frozen_text.canonical(FORMAT, content)


def digest(content: Content) -> str:
    """SHA-256 of the canonical text, as 64 hexadecimal signs."""
    return frozen_text.digest(canonical(content))


def read_body(stored: str) -> Any:
    """The frozen body as plain data. Raises ``ValueError`` when it is no JSON."""
    return json.loads(stored) if stored else []
