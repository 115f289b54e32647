"""Small words of the public pages: the language of data that comes in two, icons of kinds, days and places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul.feedback import rules as feedback_rules
from simpul.lib import when
from simpul.regions import queries as region_queries

GROUPS: tuple[tuple[str, Any, Any, str], ...] = (
    (
        "complaint",
        _("A complaint"),
        _("A service, aid or an officer that is not as it should be."),
        "message",
    ),
    (
        "social",
        _("Somebody needs help"),
        _("Care, aid, a health card that stopped working, a person left alone."),
        "heart",
    ),
    (
        "request",
        _("A question, letter or service"),
        _("Ask something, request a letter, or a service near you."),
        "letter",
    ),
    ("idea", _("A wish or an idea"), _("What could be better in your village or regency."), "idea"),
    ("dispute", _("A quarrel between residents"), _("Somebody neutral listens to both sides."), "scales"),
    (
        "rights",
        _("Public information and your own data"),
        _("Documents of the government, or what is kept about you."),
        "eye",
    ),
    (
        "protection",
        _("Violence, abuse or threats"),
        _("Only a protection officer reads it. You decide how we reach you."),
        "lock",
    ),
    ("election", _("Election supervision"), _("Goes sealed to the supervisor."), "flag"),
)
"""Groups of kinds in the order of the first page: code, title, one sentence, icon."""

_ICONS = {
    "megaphone": "message",
    "shield": "lock",
    "lamp": "flag",
    "question": "message",
    "speech": "message",
    "bulb": "idea",
    "hand": "heart",
    "card": "paper",
    "folder": "paper",
    "key": "lock",
    "ballot": "paper",
}
"""Names of the catalogue -> drawings of the set, where they differ."""

DEFAULT_EMERGENCY = (("112", _("any emergency")), ("110", _("police")), ("119", _("ambulance")))


def language() -> str:
    """The language of this page, "id" or "en"."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def said(data: Any, key: str) -> str:
    """A text of a row or mapping in the page's language: ``name_en`` in English where it is written, else ``name``."""
    if language() == "en" and (english := _get(data, f"{key}_en")):
        return str(english)
    return str(_get(data, key) or "")


def _get(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, Mapping) else getattr(data, key, "")


def icon_of(name: str) -> str:
    """The drawing that stands for a kind."""
    return _ICONS.get(name, name or "knot")


def emergency_numbers() -> tuple[tuple[str, Any], ...]:
    """Numbers to call when somebody is in danger; an installation may set its own."""
    return tuple(getattr(settings, "SIMPUL_EMERGENCY", DEFAULT_EMERGENCY))


def day_words(moment: datetime | None, region_code: str) -> str:
    """A moment as a day of the place, with its weekday: "Kamis, 10 Desember 2026"; "" for none."""
    if moment is None:
        return ""
    return when.format_long_date(when.local_date(moment, region_queries.zone_of(region_code)), language())


def moment_words(moment: datetime | None, region_code: str) -> str:
    """A moment with the time of the place and the name of its zone; "" for none."""
    return when.format_moment(moment, region_queries.zone_of(region_code), language()) if moment else ""


def date_words(day: date | None) -> str:
    """A date as it is read here; "" for none."""
    return when.format_date(day, language()) if day else ""


def percent_words(permille: int) -> str:
    """A share in thousandths as it is read here: "80,0 %"."""
    return f"{number_format(permille / 10, 1)}\N{NO-BREAK SPACE}%"


def band_words(place: int) -> str:
    """In place of a share that is hidden, where it lies: a place in ``posyandu.rules.recaps_shown.BANDS``."""
    return str((_("80–100 %"), _("60–79 %"), _("below 60 %"))[place])


def verdict_words(verdict: str) -> str:
    """Whether what is rumoured is true."""
    return str(_(feedback_rules.VERDICTS.get(verdict, verdict)))
