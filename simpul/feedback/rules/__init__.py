"""What feedback can be: types, age bands, verdicts; how the frame is written; weeks for trends.

The three levels and the five types follow the way the Red Cross and Red Crescent code community feedback (question; suggestion or
request; observation, belief or rumour; complaint; thanks), in our own words; levels unconfirmed. The failure classes of food aid
(wrong target, time, quantity, price, quality, administration) follow the 2018 guides on rice for poor households (secondary).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


TYPES: Mapping[str, str] = {
    "question": _("Question"),
    "request": _("Suggestion or request"),
    "belief": _("Observation, belief or rumour"),
    "complaint": _("Complaint in passing"),
    "thanks": _("Thanks or praise"),
}
AGE_BANDS: Mapping[str, str] = {
    "0-17": _("under 18"),
    "18-29": _("18 to 29"),
    "30-59": _("30 to 59"),
    "60": _("60 and older"),
}
SEXES: Mapping[str, str] = {
    "female": _("Woman or girl"),
    "male": _("Man or boy"),
    "other": _("Another answer"),
}
DISABILITIES: Mapping[str, str] = {"yes": _("With a disability"), "no": _("Without a disability")}
CHANNELS: Mapping[str, str] = {
    "desk": _("At the counter"),
    "phone": _("By phone"),
    "whatsapp": _("WhatsApp"),
    "sms": _("SMS"),
    "email": _("E-mail"),
    "telegram": _("Telegram"),
    "paper": _("On paper or in a box"),
    "field": _("In the field or at a meeting"),
}
STATES: Mapping[str, str] = {"new": _("Not coded yet"), "coded": _("Coded"), "turned": _("Became a matter")}
VERDICTS: Mapping[str, str] = {
    "unknown": _("Not checked yet"),
    "true": _("True"),
    "partly": _("Partly true"),
    "untrue": _("Not true"),
}
MOST_VOICES = 1000
MOST_CODES = 8
PROTECTED_KIND = "protected_report"
"""The kind of matter that feedback marked as sensitive becomes."""

FLAGGED_KIND = "complaint"
"""The kind that feedback becomes when words alone raised the flag: a person who finds them harmless can open it again."""

_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """A code as the catalogue or an administrator writes it."""

    code: str
    type: str
    category: str
    category_name: str
    category_name_en: str
    name: str
    name_en: str
    about: str = ""
    about_en: str = ""
    position: int = 100
    confidence: str = "unconfirmed"
    source: str = ""


def read_frame(data: Mapping[str, Any]) -> list[CodeGiven]:
    """The codes of a catalogue file, in its order.

    Raises:
        ValueError: a type that is not known, a code that is written twice or cannot be an address.
    """
    found: list[CodeGiven] = []
    for category in data["categories"]:
        shared = {
            "type": category["type"],
            "category": category["key"],
            "category_name": category["name"],
            "category_name_en": category["name_en"],
            "confidence": category.get("confidence", data.get("confidence", "unconfirmed")),
            "source": category.get("source", ""),
        }
        for code, name, name_en, *more in category["codes"]:
            about, about_en = (*more, "", "")[:2]
            found.append(
                CodeGiven(
                    code=code, name=name, name_en=name_en, about=about, about_en=about_en,
                    position=10 * (len(found) + 1), **shared,
                )
            )  # fmt: skip
    wrong = [one.code for one in found if not is_code(one.code) or one.type not in TYPES]
    if wrong or len({one.code for one in found}) != len(found):
        raise ValueError(f"codes that cannot be used, or written twice: {wrong}")
    return found


def is_code(text: str) -> bool:
    """True for small letters, digits and hyphens, beginning with a letter."""
    return _CODE.fullmatch(text) is not None


def weeks(until: date, count: int) -> list[date]:
    """The Mondays that the last ``count`` weeks begin with, oldest first; the last week holds ``until``."""
    monday = until - timedelta(days=until.weekday())
    return [monday - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def spans(mondays: Sequence[date], zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The first moment of each week at a place, with that of the next."""
    starts = [*mondays, mondays[-1] + timedelta(weeks=1)] if mondays else []
    return list(pairwise(datetime.combine(day, time(), zone) for day in starts))


def leading_type(types: Iterable[str]) -> str:
    """The type that stands for a record with several codes: the one that asks most of us."""
    order = ("complaint", "question", "belief", "request", "thanks")
    given = set(types)
    return next((one for one in order if one in given), "")
