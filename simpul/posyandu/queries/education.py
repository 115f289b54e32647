"""Education media that ship and those of an area's own; what was shown to whom; who is to be told of a day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from simpul.messages.queries import wording
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import (
    Coming,
    Day,
    Examination,
    Medium,
    Participant,
    Posyandu,
    Showing,
    Telling,
    Told,
)
from simpul.posyandu.queries import forms, institution

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue" / "media.toml"


@dataclass(frozen=True, slots=True)
class Shown:
    """A medium as pages show it: a sheet that ships, or one of the area's own. ``points``: (Indonesian, English)."""

    code: str
    topic: str
    kind: str
    title: str
    title_en: str
    forms: str
    points: tuple[tuple[str, str], ...]
    source: str = ""
    own: bool = False
    has_file: bool = False

    def name(self, language: str) -> str:
        """The title in the reader's language."""
        return self.title_en if language == "en" else self.title

    def says(self, language: str) -> list[str]:
        """The sentences in the reader's language."""
        return [english if language == "en" else words for words, english in self.points]


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Shown]:
    """The sheets that ship, by code."""
    rows = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))["media"]
    return {
        row["code"]: Shown(
            row["code"],
            row["topic"],
            "leaflet",
            row["title"],
            row["title_en"],
            "".join(row["forms"]),
            tuple((words, english) for words, english in row["points"]),
            row["source"],
        )
        for row in rows
    }


def topics() -> tuple[str, ...]:
    """Codes of topics: those of the field "education" of the cards, so that both are counted together."""
    field = next(one for one in forms.form("card_B").row if one.key == "education")
    return tuple(option.code for option in field.options)


def own(by: Actor) -> QuerySet[Medium]:
    """Media of the area's own that are in use, and those of the areas around it."""
    reading = access.rows(by, Medium, access.INSTITUTION).values("id")
    above = Q(pk__in=[])
    for code in by.served_areas:
        above |= Q(region_code__in=[code[:size] for size in (2, 4, 6) if size < len(code)])
    allowed = access.rows(by, Posyandu, access.INSTITUTION).exists() or reading.exists()
    rows = Medium.objects.filter(Q(id__in=reading) | above, ended_at=None)
    return (rows if allowed else rows.none()).order_by("title")


def library(by: Actor, *, topic: str = "", form: str = "") -> list[Shown]:
    """Every medium this seat can show: those that ship first."""
    rows = [*shipped().values(), *(_own(one) for one in own(by))]
    return [
        one
        for one in rows
        if (not topic or one.topic == topic) and (not form or not one.forms or form in one.forms)
    ]


def medium_for(by: Actor, code: str) -> Shown:
    """One medium.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    if code in shipped():
        return shipped()[code]
    return _own(own_for(by, code))


def own_for(by: Actor, key: str | UUID) -> Medium:
    """One medium of the area's own. Raises ``NotFound``."""
    try:
        wanted = UUID(str(key))
    except ValueError:
        raise NotFound from None
    found = own(by).filter(id=wanted).first()
    if found is None:
        raise NotFound
    return found


def _own(one: Medium) -> Shown:
    points = tuple((line, line) for line in one.words.splitlines() if line.strip())
    return Shown(
        str(one.id),
        one.topic,
        one.kind,
        one.title,
        one.title,
        one.forms,
        points,
        own=True,
        has_file=bool(one.file_sha256),
    )


def store() -> FileStore:
    """Where files of media are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


def showings(by: Actor, posyandu: Posyandu) -> QuerySet[Showing]:
    """What was shown at a posyandu and at its doors, the newest first."""
    rows: QuerySet[Showing] = access.rows(by, Showing, access.NAMED)
    found = rows.filter(posyandu=posyandu, withdrawn_at=None).select_related("participant__person")
    return found.order_by("-date", "-recorded_at")


def showing_for(by: Actor, showing_id: UUID, *, lock: bool = False) -> Showing:
    """One of them. Raises ``NotFound``."""
    found: Showing = access.one(access.rows(by, Showing, access.NAMED), showing_id, lock=lock)
    return found


def shown_to(by: Actor, participant: Participant) -> list[Showing]:
    """What one person has seen: what was shown to them alone, and to all on days they came."""
    rows: QuerySet[Showing] = access.rows(by, Showing, access.NAMED).filter(withdrawn_at=None)
    came = Coming.objects.filter(day=OuterRef("day"), participant=participant)
    mine = Q(participant=participant) | Q(participant=None, day__isnull=False) & Exists(came)
    return list(rows.filter(mine).order_by("-date", "title"))


def by_topic(by: Actor, since: date, until: date) -> dict[str, int]:
    """How often each topic was shown in the area in a span of days."""
    rows = access.rows(by, Showing, access.INSTITUTION)
    found = (
        rows.filter(withdrawn_at=None, date__gte=since, date__lte=until)
        .values("topic")
        .annotate(n=Count("id"))
    )
    return {row["topic"]: row["n"] for row in found}


# --- telling families -------------------------------------------------------------------------------------------------


def telling_of(posyandu: Posyandu) -> Telling | None:
    """How a posyandu tells its families; None while nobody has set it."""
    return Telling.objects.filter(posyandu=posyandu).first()


BRING = "Buku KIA / KTP"
"""What is named when a posyandu has not said what to bring: both are called so everywhere."""


def values_for(posyandu: Posyandu, telling: Telling | None, kind: str, day: date) -> dict[str, str]:
    """What a message of a day says: the posyandu, when, and before the day its hour and what to bring."""
    hour = f", {posyandu.starts:%H.%M}" if posyandu.starts and kind == "before" else ""
    values = {"posyandu": posyandu.name, "when": when.format_short_date(day) + hour}
    if kind == "before":
        values["bring"] = (telling.bring if telling else "") or BRING
    return values


def text_of(posyandu: Posyandu, telling: Telling | None, kind: str, day: date) -> str:
    """The short message as a mother would read it, with a name of the samples."""
    key = "posyandu_day" if kind == "before" else "posyandu_missed"
    values = wording.samples() | values_for(posyandu, telling, kind, day)
    return wording.filled(wording.words(key, "sms", "id"), "sms", "id", values).body


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who is to be told: of which day, and why."""

    participant_id: UUID
    kind: str
    day: date


def due(at: datetime, limit: int) -> list[Due]:
    """Who is to be told now: of a day that comes, or of one they missed; nobody twice.

    Before: everybody on the list. Missed: children and pregnant women of a day that was held and closed, without an entry of that month.
    """
    found: list[Due] = []
    settled = Telling.objects.filter(Q(before_days__gt=0) | Q(missed_days__gt=0), posyandu__closed_date=None)
    for one in settled.select_related("posyandu").order_by("posyandu_id"):
        if len(found) >= limit:
            break
        today = institution.today_at(one.posyandu, at)
        if one.before_days:
            found += _before(one, today, limit - len(found))
        if one.missed_days and len(found) < limit:
            found += _missed(one, today, limit - len(found))
    return found


def _open(posyandu: Posyandu) -> QuerySet[Participant]:
    return Participant.objects.filter(
        posyandu=posyandu,
        closed_date=None,
        person__life="here",
        person__restricted_at=None,
        person__erased_at=None,
    ).order_by("id")


def _untold(rows: QuerySet[Participant], kind: str, day: date) -> QuerySet[Participant]:
    told = Told.objects.filter(participant=OuterRef("pk"), kind=kind, day=day)
    return rows.filter(~Exists(told))


def _before(one: Telling, today: date, limit: int) -> list[Due]:
    ahead = next(iter(institution.next_days(one.posyandu, today, 1)), None)
    if ahead is None or not 0 < (ahead.day - today).days <= one.before_days:
        return []
    rows = _untold(_open(one.posyandu), "before", ahead.day)
    return [Due(key, "before", ahead.day) for key in rows.values_list("id", flat=True)[:limit]]


def _missed(one: Telling, today: date, limit: int) -> list[Due]:
    held = (
        Day.objects.filter(
            posyandu=one.posyandu, closed_at__isnull=False, day__lte=today - timedelta(days=one.missed_days)
        )
        .filter(day__gt=today - timedelta(days=one.missed_days + 14))
        .order_by("-day")
        .first()
    )
    if held is None:
        return []
    came = Examination.objects.filter(
        person=OuterRef("person"),
        form=OuterRef("form"),
        date__year=held.day.year,
        date__month=held.day.month,
        stands=True,
    )
    rows = _open(one.posyandu).filter(form__in=("A", "B"), opened_date__lte=held.day).filter(~Exists(came))
    return [
        Due(key, "missed", held.day)
        for key in _untold(rows, "missed", held.day).values_list("id", flat=True)[:limit]
    ]


def unreached(by: Actor, posyandu: Posyandu, day: date) -> list[Told]:
    """Whom no message reaches safely: a cadre tells them at the door or over the fence."""
    rows: QuerySet[Told] = access.rows(by, Told, access.NAMED)
    found = rows.filter(participant__posyandu=posyandu, day=day, sent=False)
    return list(found.select_related("participant__person").order_by("participant__person__full_name"))


def told_counts(by: Actor, posyandu: Posyandu) -> list[dict[str, Any]]:
    """The last days that were told of: how many by message, how many to be told by somebody."""
    rows = access.rows(by, Told, access.INSTITUTION).filter(participant__posyandu=posyandu)
    found = rows.values("day", "kind").annotate(
        by_message=Count("id", filter=Q(sent=True)), unreached=Count("id", filter=Q(sent=False))
    )
    return list(found.order_by("-day", "kind")[:12])
