"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not well."""

    level: Level
    about: str
    sentence: str
    advice: str = ""


def ok(about: str, sentence: str) -> Finding:
    """All is well."""
    return Finding("ok", about, sentence)


def warn(about: str, sentence: str, advice: str) -> Finding:
    """It works, but somebody should look after it."""
    return Finding("warn", about, sentence, advice)


def bad(about: str, sentence: str, advice: str) -> Finding:
    """Something is broken, or data is in danger."""
    return Finding("bad", about, sentence, advice)
