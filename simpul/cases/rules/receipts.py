"""Receipts: what a person takes home to find the matter again.

A number is not secret and travels with a 6-digit PIN; anonymous and sealed matters have a 16-digit receipt instead, whose
last digit is a check digit (ISO 7064 MOD 11,10).
"""

from __future__ import annotations

from simpul.lib import ids


def pin(keyed_hex: str) -> str:
    """Six digits out of a keyed digest (64 hex digits)."""
    return f"{int(keyed_hex[:16], 16) % 1_000_000:06d}"


def receipt16(keyed_hex: str) -> str:
    """Sixteen digits out of a keyed digest: fifteen and a check digit."""
    body = f"{int(keyed_hex[:24], 16) % 10**15:015d}"
    return body + ids.check_digit(body)


def title_from(words: str, most: int = 70) -> str:
    """A working title out of the person's own words: the first sentence, or as much as fits on a line."""
    first = words.strip().splitlines()[0].strip() if words.strip() else ""
    for mark in (". ", "! ", "? "):
        first = first.split(mark)[0]
    first = first.rstrip(".!? ")
    if len(first) <= most:
        return first
    cut = first[:most].rsplit(" ", 1)[0]
    return f"{cut}…"
