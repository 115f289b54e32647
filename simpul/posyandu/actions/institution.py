"""Setting a posyandu up, changing it, its number, its pilot, closing it.

Source: Permendagri 13/2024 (a village body); registration by Kepmendagri 100.3-2834/2025 (secondary).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.models import NORM, Posyandu
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.rules import institution as rules
from simpul.regions import queries as region_queries


class PlaceNotKnown(Refused):
    """A posyandu belongs to a village."""

    code = "posyandu.place_not_known"
    sentence = _("Choose the village that this posyandu belongs to.")
    field = "place_code"


class NameTaken(Refused):
    """Two posyandu of one village must not look alike."""

    code = "posyandu.name_taken"
    sentence = _(
        "This village already has a posyandu called %(name)s. Add the hamlet to the name, or open that one."
    )
    field = "name"


class NumberTaken(Refused):
    """A registration number is given once in the whole country."""

    code = "posyandu.number_taken"
    sentence = _("%(name)s has this number already. Compare both letters: a number is given once.")
    field = "number"


class DeskTaken(Refused):
    """A desk belongs to one posyandu."""

    code = "posyandu.desk_taken"
    sentence = _("This desk is not a free posyandu desk of this village. Choose another one, or none.")
    field = "desk"


class NoField(Refused):
    """A posyandu serves something."""

    code = "posyandu.no_field"
    sentence = _("Choose at least one field of service.")
    field = "fields"


class FieldServed(Refused):
    """A field with people in it is not taken away under them."""

    code = "posyandu.field_served"
    sentence = _(
        "People still serve in this field: %(names)s. Move them to another field or end their term first."
    )
    field = "fields"


class PilotTaken(Refused):
    """One pilot in each kecamatan."""

    code = "pilot.taken"
    sentence = _(
        "%(name)s is the pilot of this kecamatan since %(since)s. There is one in each kecamatan: end that pilot first."
    )


@dataclass(frozen=True, slots=True)
class PosyanduGiven:
    """What is said of a posyandu. ``fields`` empty means the default ones; ``schedule`` as ``rules.schedule`` makes it."""

    name: str = ""
    hamlet_id: UUID | None = None
    desk_id: UUID | None = None
    fields: tuple[str, ...] = ()
    norm: int = NORM
    secretariat: str = ""
    latitude: float | None = None
    longitude: float | None = None
    schedule: Mapping[str, int] = field(default_factory=dict)
    starts: time | None = None
    founded_date: date | None = None


def set_up_posyandu(
    *, by: Actor, at: datetime, region_code: str, given: PosyanduGiven, posyandu_id: UUID | None = None
) -> Posyandu:
    """Set a posyandu up in a village. The same ``posyandu_id`` again gives the same one.

    Raises:
        PlaceNotKnown, NameTaken, DeskTaken, NoField, rules.ScheduleWrong, steps.WordMissing, steps.ChoiceNotThere.
    """
    roles.require(by, "posyandu.set_up", roles.Place(region_code))
    with transaction.atomic():
        known: Posyandu | None = steps.again(Posyandu, posyandu_id, region_code=region_code)
        if known is not None:
            return known
        region = region_queries.find_region(region_code)
        if region is None or len(region.code) != 10:
            raise PlaceNotKnown
        posyandu = Posyandu(id=posyandu_id or uuid7(), region_code=region.code, made_at=at)
        _fill(by, at, posyandu, given)
        posyandu.save(force_insert=True)
        steps.line(by, at, "posyandu.set_up", posyandu, facts=_facts(posyandu))
    return posyandu


def change_posyandu(*, by: Actor, at: datetime, posyandu_id: UUID, given: PosyanduGiven) -> Posyandu:
    """Change what is said of a posyandu. Its village, number and pilot have acts of their own.

    Raises:
        NameTaken, DeskTaken, NoField, FieldServed, rules.ScheduleWrong, steps.PosyanduClosed, steps.WordMissing,
        steps.ChoiceNotThere.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "posyandu.change", posyandu_id)
        before = _facts(posyandu)
        _fill(by, at, posyandu, given)
        posyandu.save()
        after = _facts(posyandu)
        changed = {key: value for key, value in after.items() if before[key] != value}
        steps.line(by, at, "posyandu.change", posyandu, facts=changed)
    return posyandu


def _fill(by: Actor, at: datetime, posyandu: Posyandu, given: PosyanduGiven) -> None:
    name = steps.words(given.name, field="name", most=100)
    key = text.search_key(name)
    others = Posyandu.objects.filter(region_code=posyandu.region_code).exclude(id=posyandu.id)
    twin = next((one for one in others if text.search_key(one.name) == key), None)
    if twin is not None:
        raise NameTaken(name=twin.name)
    posyandu.name = name
    posyandu.hamlet_id = _hamlet(posyandu.region_code, given.hamlet_id)
    posyandu.desk_id = _desk(by, posyandu, given.desk_id)
    posyandu.fields = _fields(posyandu, given.fields)
    posyandu.norm = min(max(given.norm, 1), 200)
    posyandu.secretariat = steps.line_of(given.secretariat, 200)
    posyandu.latitude, posyandu.longitude = _position(given)
    kept = given.schedule
    posyandu.schedule = rules.schedule(kept.get("day"), kept.get("week"), kept.get("weekday"))
    posyandu.starts, posyandu.founded_date, posyandu.changed_at = given.starts, given.founded_date, at


def _position(given: PosyanduGiven) -> tuple[float | None, float | None]:
    """A position on the earth, or none: half of one, or one beyond the poles, is none."""
    north, east = given.latitude, given.longitude
    if north is None or east is None or not (-90 <= north <= 90 and -180 <= east <= 180):
        return None, None
    return north, east


def _hamlet(region_code: str, hamlet_id: UUID | None) -> UUID | None:
    if hamlet_id is not None and hamlet_id not in {one.id for one in region_queries.hamlets(region_code)}:
        raise steps.ChoiceNotThere(field="hamlet")
    return hamlet_id


def _desk(by: Actor, posyandu: Posyandu, desk_id: UUID | None) -> UUID | None:
    """A posyandu's desk in this village that no other posyandu has."""
    if desk_id is None or desk_id == posyandu.desk_id:
        return desk_id
    desk = desk_queries.desk(desk_id)
    taken = Posyandu.objects.filter(desk_id=desk_id).exclude(id=posyandu.id).exists()
    if desk is None or desk.is_closed or desk.kind != "posyandu" or taken:
        raise DeskTaken
    if desk.region_code != posyandu.region_code:
        raise DeskTaken
    return desk_id


def _fields(posyandu: Posyandu, given: tuple[str, ...]) -> list[str]:
    wanted = given or tuple(posyandu.fields or queries.default_fields())
    known = {one.code for one in queries.fields()}
    for code in wanted:
        steps.chosen(code, known, "fields")
    if not wanted:
        raise NoField
    gone = set(posyandu.fields) - set(wanted)
    serving = posyandu.cadres.filter(ended_date=None, field__in=gone) if gone else ()
    if names := [one.name for one in serving]:
        raise FieldServed(names=", ".join(sorted(names)[:5]))
    return [one.code for one in queries.fields() if one.code in wanted]


def _facts(posyandu: Posyandu) -> dict[str, Any]:
    return {
        "name": posyandu.name,
        "hamlet": str(posyandu.hamlet_id or ""),
        "desk": str(posyandu.desk_id or ""),
        "fields": list(posyandu.fields),
        "norm": posyandu.norm,
        "schedule": dict(posyandu.schedule),
        "starts": f"{posyandu.starts:%H:%M}" if posyandu.starts else "",
        "secretariat": posyandu.secretariat,
        "founded": posyandu.founded_date.isoformat() if posyandu.founded_date else "",
    }


def number_posyandu(
    *, by: Actor, at: datetime, posyandu_id: UUID, number: str, number_date: date | None = None
) -> Posyandu:
    """Write down the registration number that Ditjen Bina Pemdes gave, or take a wrong one off ("").

    Raises:
        rules.NumberWrong, rules.NumberElsewhere, NumberTaken, steps.DayAhead.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "posyandu.number", posyandu_id, closed_too=True)
        clean = rules.number(number, posyandu.region_code)
        day = steps.done(number_date, posyandu, at, "number_date") if clean and number_date else None
        if (clean, day) == (posyandu.number, posyandu.number_date):
            return posyandu
        twin = Posyandu.objects.filter(number=clean).exclude(id=posyandu.id).first() if clean else None
        if twin is not None:
            raise NumberTaken(name=twin.name)
        before, posyandu.number, posyandu.number_date = posyandu.number, clean, day
        posyandu.changed_at = at
        posyandu.save(update_fields=["number", "number_date", "changed_at"])
        steps.line(by, at, "posyandu.number", posyandu, facts={"number": clean, "before": before})
    return posyandu


def mark_pilot(*, by: Actor, at: datetime, posyandu_id: UUID, since_date: date) -> Posyandu:
    """Name a posyandu the pilot of its kecamatan from a day on (it may lie ahead). Marked again, only its day changes.

    Raises:
        PilotTaken: another posyandu of the kecamatan is the pilot.
        steps.PosyanduClosed.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "pilot.mark", posyandu_id)
        district = posyandu.region_code[:6]
        rivals = Posyandu.objects.filter(region_code__startswith=district, pilot=True, closed_date=None)
        rival = rivals.exclude(id=posyandu.id).first()
        if rival is not None:
            since = rival.pilot_since
            raise PilotTaken(
                name=rival.name, since=f"{since.day}/{since.month}/{since.year}" if since else "-"
            )
        if posyandu.pilot and posyandu.pilot_since == since_date:
            return posyandu
        posyandu.pilot, posyandu.pilot_since, posyandu.changed_at = True, since_date, at
        posyandu.save(update_fields=["pilot", "pilot_since", "changed_at"])
        facts = {"since": since_date.isoformat(), "district": district}
        steps.line(by, at, "pilot.mark", posyandu, facts=facts)
    return posyandu


def end_pilot(*, by: Actor, at: datetime, posyandu_id: UUID, why: str) -> Posyandu:
    """End a pilot, so that another posyandu of the kecamatan can be named. The journal keeps from when it was one.

    Raises:
        steps.WordMissing.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "pilot.end", posyandu_id, closed_too=True)
        if not posyandu.pilot:
            return posyandu
        reason = steps.words(why, field="why", most=200)
        since = posyandu.pilot_since
        posyandu.pilot, posyandu.pilot_since, posyandu.changed_at = False, None, at
        posyandu.save(update_fields=["pilot", "pilot_since", "changed_at"])
        facts = {"since": since.isoformat() if since else "", "why": reason}
        steps.line(by, at, "pilot.end", posyandu, facts=facts)
    return posyandu


def close_posyandu(
    *, by: Actor, at: datetime, posyandu_id: UUID, closed_date: date | None = None, why: str = ""
) -> Posyandu:
    """Close a posyandu on a day, or open it again (no day). Its people, cards and goods stay; a pilot ends with it.

    Raises:
        steps.DayAhead, steps.WordMissing.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "posyandu.close", posyandu_id, closed_too=True)
        if closed_date == posyandu.closed_date:
            return posyandu
        facts: dict[str, Any] = {"closed": ""}
        if closed_date is not None:
            steps.done(closed_date, posyandu, at, "closed_date")
            facts = {"closed": closed_date.isoformat(), "why": steps.words(why, field="why", most=200)}
            posyandu.pilot, posyandu.pilot_since = False, None
        posyandu.closed_date, posyandu.changed_at = closed_date, at
        posyandu.save(update_fields=["closed_date", "pilot", "pilot_since", "changed_at"])
        steps.line(by, at, "posyandu.close", posyandu, facts=facts)
    return posyandu
