"""Children with entries for tests of recaps and figures: rows straight into the tables, because what is tested is the counting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from simpul.people.models import Person
from simpul.posyandu.models import Examination, Participant, Posyandu
from tests.cast import DUNGKAIT, NOW

MONTH = date(2026, 11, 1)
BEFORE = NOW - timedelta(days=400)


def posyandu(name: str = "Posyandu Melati", region_code: str = DUNGKAIT, **more: Any) -> Posyandu:
    """A posyandu without anybody."""
    return Posyandu.objects.create(
        name=name, region_code=region_code, made_at=BEFORE, changed_at=BEFORE, fields=["health"], **more
    )


def card(
    place: Posyandu,
    name: str = "Anak",
    *,
    form: str = "B",
    born: date | None = date(2025, 6, 10),
    sex: str = "P",
    opened: date = date(2025, 7, 1),
    closed: date | None = None,
    person: Person | None = None,
    **more: Any,
) -> Participant:
    """A card with its person."""
    person = person or Person.objects.create(
        full_name=name,
        name_key=name.lower(),
        sex=sex,
        birth_date=born,
        region_code=place.region_code,
        registered_at=BEFORE,
        resident=True,
    )
    return Participant.objects.create(
        posyandu=place,
        region_code=place.region_code,
        person=person,
        form=form,
        opened_date=opened,
        closed_date=closed,
        closed_why="moved" if closed else "",
        changed_at=BEFORE,
        **more,
    )


def entry(
    one: Participant,
    day: date = date(2026, 11, 12),
    status: str = "N",
    *,
    place: Posyandu | None = None,
    **more: Any,
) -> Examination:
    """One line of a card; without a weight when ``weight_g`` is None."""
    where = place or one.posyandu
    given: dict[str, Any] = {
        "participant": one,
        "person": one.person,
        "posyandu": where,
        "region_code": where.region_code,
        "date": day,
        "form": one.form,
        "form_version": "2023",
        "age_months": 17,
        "weight_g": 9000 if one.form == "B" else None,
        "status": status if one.form == "B" else "",
        "recorded_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        **more,
    }
    return Examination.objects.create(**given)
