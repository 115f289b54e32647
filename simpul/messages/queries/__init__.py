"""Reading messages: the words, what is due, what must be told on paper, how the outbox stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.messages import access, rules
from simpul.messages.models import Message, Text

_CATALOGUE = Path(__file__).parents[1] / "catalogue" / "texts.toml"
FALLBACK_LANGUAGE = "id"


# --- words ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, rules.TextKind]:
    """Every text that ships, by key."""
    return {key: _kind(key, entry) for key, entry in _file().items() if key != "samples"}


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
    return [(way, tongue) for tongue in (language, FALLBACK_LANGUAGE) for way in (road, "any")]


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
    filled = rules.filled(tried, values)
    return Preview(filled, rules.short_length(filled.body))


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


# --- the outbox -----------------------------------------------------------------------------------------------------


def due(at: datetime, limit: int = 50) -> list[UUID]:
    """Messages to be sent now, longest waiting first, among them those whose worker died."""
    found = Message.objects.due(at, at - rules.CLAIM_LASTS).order_by("next_try_at", "id")
    return list(found.values_list("id", flat=True)[:limit])


def road_of(message_id: UUID) -> str:
    """The road a message takes now; "" when there is no such message."""
    return Message.objects.filter(id=message_id).values_list("road", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Outbox:
    """How the outbox stands: for the health page, the doctor and the manager."""

    by_state: Mapping[tuple[str, str], int]
    oldest_waiting_at: datetime | None
    late: int

    def count(self, state: str, road: str = "") -> int:
        """Messages in a state, on one road or on all."""
        return sum(number for (at, by), number in self.by_state.items() if at == state and road in ("", by))


def outbox(at: datetime) -> Outbox:
    """Counts by state and road; how long the oldest message has waited; how many are past their time to be tried."""
    rows = Message.objects.values_list("state", "road").annotate(number=Count("id")).order_by()
    waiting = Message.objects.filter(state__in=("queued", "sending")).exclude(road=rules.SLIP)
    return Outbox(
        by_state={(state, road): number for state, road, number in rows},
        oldest_waiting_at=waiting.aggregate(oldest=Min("queued_at"))["oldest"],
        late=waiting.filter(next_try_at__lt=at - rules.CLAIM_LASTS).count(),
    )


def for_subject(subject_id: UUID) -> list[Message]:
    """All messages about one subject, newest first. The caller has checked that its actor may see the subject."""
    return list(Message.objects.filter(subject_id=subject_id).order_by("-queued_at", "-id"))


def waiting_for(subject_id: UUID) -> list[UUID]:
    """Messages about a subject that nobody has got yet, or that are on their way: to be held when the subject is sealed."""
    found = Message.objects.filter(
        subject_id=subject_id, state__in=("queued", "printed", "failed", "sending")
    )
    return list(found.values_list("id", flat=True))


# --- paper ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HamletList:
    """What must be told in one hamlet, oldest first."""

    region_code: str
    hamlet_name: str
    messages: tuple[Message, ...]


def hamlet_list(by: Actor, region_code: str = "") -> list[HamletList]:
    """What must be told on paper inside a region, by village and hamlet: printed or not, but not told yet.

    Sealed matters are on the focal point's list only, and even there without content.
    """
    found = (
        access.visible(by)
        .on_paper()
        .inside(region_code)
        .order_by("region_code", "hamlet_name", "queued_at", "id")
    )
    groups = rules.by_hamlet(found)
    return [HamletList(code, hamlet, tuple(messages)) for (code, hamlet), messages in groups.items()]


def printable(by: Actor, message_ids: Iterable[UUID]) -> list[Message]:
    """The slips among these that the actor may see, in the order of the hamlet list: one batch for the printer."""
    found = access.visible(by).on_paper().filter(id__in=list(message_ids))
    return list(found.order_by("region_code", "hamlet_name", "queued_at", "id"))
