"""A child's growth chart: its measurements that count, drawn on the lines of its sex and age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Examination, Participant
from simpul.posyandu.rules import chart, growth

KINDS: Mapping[str, str] = {
    "waz": gettext_noop("Weight for age (KMS)"),
    "haz": gettext_noop("Length or height for age"),
    "whz": gettext_noop("Weight for length or height"),
    "baz": gettext_noop("Body mass index for age"),
    "hcz": gettext_noop("Head circumference for age"),
}
SHORT: Mapping[str, str] = {
    "waz": gettext_noop("Weight/age"),
    "haz": gettext_noop("Length/age"),
    "whz": gettext_noop("Weight/length"),
    "baz": gettext_noop("BMI/age"),
    "hcz": gettext_noop("Head size"),
}
"""Names for places where there is little room."""
_YOUTH_WEIGHT = gettext_noop("Weight for age")
SPANS: Mapping[str, str] = {
    "0-24": gettext_noop("0 to 24 months"),
    "24-60": gettext_noop("24 to 60 months"),
    "60-228": gettext_noop("5 to 19 years"),
}
UNITS: Mapping[str, str] = {"waz": "kg", "haz": "cm", "whz": "kg", "baz": "kg/m²", "hcz": "cm"}
_SEXES: Mapping[str, str] = {"L": gettext_noop("boys"), "P": gettext_noop("girls")}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart and what it is called. ``svg`` is empty when sex or birth date are not known, or the child has grown out of all charts."""

    kind: str
    span: str
    kinds: tuple[str, ...]
    svg: SafeString
    caption: str
    points: int


def name(kind: str, span: str) -> str:
    """What a chart is called: the card (KMS) ends at five years."""
    return _(_YOUTH_WEIGHT if kind == "waz" and span == "60-228" else KINDS[kind])


def history(by: Actor, participant: Participant) -> list[Examination]:
    """Every measurement of the person that counts, in any posyandu of this actor's area, oldest first."""
    rows = access.examinations(by).filter(person_id=participant.person_id, stands=True)
    return list(rows.order_by("date", "recorded_at"))


def span_of(birth_date: date | None, on: date) -> str:
    """Which part of childhood a day falls into; "" before the birth and from 19 years on."""
    if birth_date is None or birth_date > on:
        return ""
    months = growth.completed_months(birth_date, on)
    return "0-24" if months < 24 else "24-60" if months < 60 else "60-228" if months < 228 else ""


def drawn(
    participant: Participant, rows: Sequence[Examination], on: date, *, kind: str = "waz", span: str = ""
) -> Drawn:
    """One chart of a child. Without ``span`` the part of childhood of the latest measurement, or of the day ``on``, is shown."""
    person = participant.person
    span = span if span in SPANS else span_of(person.birth_date, rows[-1].date if rows else on)
    kinds = chart.KINDS_OF_SPAN.get(span, ())
    if person.sex not in _SEXES or not kinds or person.birth_date is None:
        return Drawn(kind, span, kinds, mark_safe(""), "", 0)
    kind = kind if kind in kinds else kinds[0]
    points = _points(_within(rows, span, person.birth_date), kind, person)
    scale = chart.Words(
        caption=_caption(kind, person.sex, span, points),
        across=_across(kind, span),
        up=UNITS[kind],
    )
    svg = chart.draw(kind, person.sex, span, points, scale)
    return Drawn(kind, span, kinds, mark_safe(svg), scale.caption, len(points))  # noqa: S308 - every text in it is escaped by `draw`


def card(by: Actor, participant: Participant, on: date) -> Drawn:
    """The chart for a child's own page: the card's (weight for age) up to five years, body mass index above."""
    return drawn(participant, history(by, participant), on)


def _across(kind: str, span: str) -> str:
    if kind == "whz":
        return _("Length in cm, lying") if span == "0-24" else _("Height in cm, standing")
    return _("Age in years") if span == "60-228" else _("Age in months")


def _caption(kind: str, sex: str, span: str, points: Sequence[chart.Point]) -> str:
    found = f"{name(kind, span)}, {_(_SEXES[sex])}, {_(SPANS[span])}"
    if not points:
        return f"{found}. " + _("No measurement yet.")
    told = ngettext(
        "%(n)s measurement, the last one %(last)s.", "%(n)s measurements, the last one %(last)s.", len(points)
    )
    return f"{found}. " + told % {"n": len(points), "last": points[-1].title}


def _within(rows: Sequence[Examination], span: str, born: date) -> list[Examination]:
    """The measurements of one part of childhood: below 731 days children are measured lying, and the charts change there."""
    first, end = {"0-24": (0, 731), "24-60": (731, 1827), "60-228": (1827, 10_000)}[span]
    return [row for row in rows if first <= (row.date - born).days < end]


def _points(rows: Sequence[Examination], kind: str, person: Any) -> list[chart.Point]:
    """The measurements of one kind as they stand on the paper; lengths as the table of the age wants them (lying or standing)."""
    if not rows:
        return []
    used = growth.scores(
        sex=[1] * len(rows),
        age_days=[(row.date - person.birth_date).days for row in rows],
        weight_kg=[_part(row.weight_g, 1000) for row in rows],
        length_cm=[_part(row.height_mm, 10) for row in rows],
        measured=[row.measured or "" for row in rows],
    )
    found: list[chart.Point] = []
    before: date | None = None
    for at, row in enumerate(rows):
        age = (row.date - person.birth_date).days / growth.DAYS_OF_MONTH
        length = float(used.length[at])
        x, y = {
            "waz": (age, _part(row.weight_g, 1000)),
            "haz": (age, length),
            "whz": (length, _part(row.weight_g, 1000)),
            "baz": (age, float(used.bmi[at])),
            "hcz": (age, _part(row.head_mm, 10)),
        }[kind]
        if not (x > 0 or age == 0) or not y > 0:  # also false for what is not a number
            continue
        found.append(
            chart.Point(
                x=x,
                y=y,
                title=_title(row, y, kind),
                mark=row.status if kind == "waz" else "",
                grave=_grave(row, kind),
                joined=before is None or _months(row.date) - _months(before) <= 1,
            )
        )
        before = row.date
    return found


def _part(value: int | None, parts: int) -> float:
    return float("nan") if value is None else value / parts


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _grave(row: Examination, kind: str) -> bool:
    score = getattr(row, kind)
    return score is not None and (score < -300 or (kind in {"whz", "baz"} and score > 300))


def _title(row: Examination, value: float, kind: str) -> str:
    language = "en" if (get_language() or "").startswith("en") else "id"
    number = f"{value:.1f}" if kind != "waz" else f"{value:.2f}".rstrip("0").rstrip(".")
    number = number if language == "en" else number.replace(".", ",")
    mark = f" ({row.status})" if kind == "waz" and row.status else ""
    return f"{when.format_date(row.date, language)}: {number} {UNITS[kind]}{mark}"
