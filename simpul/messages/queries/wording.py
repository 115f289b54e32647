"""The words of messages: those that ship, those an institution has edited, and how they read with sample values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from simpul.desks import queries as desk_queries
from simpul.messages import rules
from simpul.messages.models import Text
from simpul.messages.rules import fitting

_CATALOGUE = Path(__file__).parents[1] / "catalogue" / "texts.toml"
FALLBACK_LANGUAGE = "id"


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, rules.TextKind]:
    """Every text that ships, by key."""
    return {key: _kind(key, entry) for key, entry in _file().items() if key not in ("samples", "rest")}


def _kind(key: str, entry: Mapping[str, Any]) -> rules.TextKind:
    words = {
        (road, language): rules.Words(words["subject"], words["body"].strip())
        for road, languages in entry.items()
        if isinstance(languages, dict)
        for language, words in languages.items()
    }
    return rules.TextKind(
        key=key,
        names={"id": entry["name_id"], "en": entry["name_en"]},
        to=entry["to"],
        variables=frozenset(entry["variables"]),
        needs=frozenset(entry["needs"]),
        paper=entry.get("paper", entry["to"] == "person"),
        at_once=entry.get("at_once", False),
        lasts_hours=entry.get("lasts_hours"),
        words=words,
    )


def samples() -> dict[str, str]:
    """A value for every variable, for previews."""
    return dict(_file()["samples"])


def words(key: str, road: str, language: str) -> rules.Words:
    """The words of a text: for this road before any road, in this language before Indonesian; edited before shipped.

    Raises:
        KeyError: there is no such text (a fault in the program).
    """
    edited = {
        (row.road, row.language): rules.Words(row.subject, row.body)
        for row in Text.objects.filter(key=key).exclude(edited_at=None)
    }
    shipped = catalogue()[key].words
    for place in _places(road, language):
        if place in edited or place in shipped:
            return edited.get(place) or shipped[place]
    raise KeyError(key)


def _places(road: str, language: str) -> list[tuple[str, str]]:
    ways = (road, "whatsapp", "any") if road == "telegram" else (road, "any")
    return [(way, tongue) for tongue in (language, FALLBACK_LANGUAGE) for way in ways]


def filled(words: rules.Words, road: str, language: str, values: Mapping[str, str]) -> rules.Words:
    """Words with their variables; an SMS is kept short, and says where the whole of a long value can be read.

    Raises:
        KeyError: a variable without a value (a fault in the program).
    """
    if road != "sms":
        return rules.filled(words, values)
    rest = _file()["rest"]
    return fitting.fitted(words, values, rest=rest.get(language, rest[FALLBACK_LANGUAGE]))


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text on the administration's list."""

    kind: rules.TextKind
    road: str
    language: str
    words: rules.Words
    edited_at: datetime | None


def texts() -> list[ShownText]:
    """Every text with its present words, in the catalogue's order; roads that an institution added come last."""
    edited = {
        (row.key, row.road, row.language): row
        for row in Text.objects.exclude(edited_at=None).order_by("road")
    }
    shown = []
    for kind in catalogue().values():
        added = [(road, language) for key, road, language in edited if key == kind.key]
        for road, language in dict.fromkeys([*kind.words, *added]):
            row = edited.get((kind.key, road, language))
            current = rules.Words(row.subject, row.body) if row else kind.words[road, language]
            shown.append(ShownText(kind, road, language, current, row.edited_at if row else None))
    return shown


@dataclass(frozen=True, slots=True)
class Preview:
    """A text with sample values, and its size as a short message."""

    words: rules.Words
    short: rules.ShortLength


def preview(
    key: str, road: str, language: str, *, subject: str | None = None, body: str | None = None
) -> Preview:
    """How a text reads with sample values; ``subject`` and ``body`` try words that are not saved yet.

    An unknown variable stays in its braces, so that its writer sees it.
    """
    current = words(key, road, language)
    tried = rules.Words(
        current.subject if subject is None else subject, current.body if body is None else body
    )
    unknown = rules.places(tried.subject) | rules.places(tried.body)
    values = {name: "{" + name + "}" for name in unknown} | samples()
    values |= common_values(values["to_name"])
    shown = filled(tried, road, language, values)
    return Preview(shown, rules.short_length(shown.body))


def common_values(to_name: str) -> dict[str, str]:
    """The variables that every text has, from the institution's own details."""
    home = desk_queries.institution()
    ways = [home.phone, home.whatsapp, home.email, home.address]
    return {
        "to_name": to_name,
        "institution": home.name,
        "service": home.service_name,
        "reach_us": next((way for way in ways if way), home.name),
        "follow_at": _address("/lacak/"),
        "letters_at": _address("/layanan/surat/"),
        "desk_at": _address("/meja/"),
    }


def _address(path: str) -> str:
    """A page of this installation as a resident types it; the service's name before it has a host of its own."""
    hosts = settings.INSTALLATION.get("hosts", ())
    if not hosts:
        return desk_queries.institution().service_name
    return f"{'https' if settings.HTTPS else 'http'}://{hosts[0]}{path}"


def is_known_text(key: str) -> bool:
    """True when there is a text of this key."""
    return key in catalogue()
