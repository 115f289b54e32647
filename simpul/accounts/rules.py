"""Names people sign in with: how they are written, and when two spellings are one."""

from __future__ import annotations

import re
import unicodedata

USERNAME_LONGEST = 60
USERNAME_SHORTEST = 3

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_PHONE_SIGNS = re.compile(r"[\d\s()+./\-–]+")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,60}")


def plain(text: str) -> str:
    """The text without invisible signs and outer spaces, in one Unicode form, at most 254 characters long."""
    composed = unicodedata.normalize("NFKC", text[:1000])
    kept = "".join(mark for mark in composed if unicodedata.category(mark) not in {"Cf", "Cc", "Co", "Cs"})
    return " ".join(kept.split())[:254]


def clean_username(text: str) -> str:
    """A user name as it is kept: small letters, no outer spaces."""
    return plain(text).lower()


def is_username(text: str) -> bool:
    """True for 3 to 60 small letters, digits, dots, hyphens or low lines that begin and end with a letter or digit.

    A name made of digits alone is none: it would be read as a phone number.
    """
    if not USERNAME_SHORTEST <= len(text) <= USERNAME_LONGEST:
        return False
    return bool(_USERNAME.fullmatch(text)) and not looks_like_phone(text)


def clean_email(text: str) -> str:
    """An e-mail address as it is kept: small letters, no spaces."""
    return plain(text).lower()


def is_email(text: str) -> bool:
    """True for something that can be an e-mail address: one @, a domain with a dot, no spaces."""
    return bool(_EMAIL.fullmatch(text))


def looks_like_phone(text: str) -> bool:
    """True when the text holds 6 to 15 digits and otherwise only what people write between them."""
    digits = sum(mark.isdigit() for mark in text)
    return 6 <= digits <= 15 and bool(_PHONE_SIGNS.fullmatch(text))
