"""``/meja/posyandu-tumbuh/<card>/``: how a child grows: one chart at a time, and every measurement with its classes in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import chart as queries
from simpul.posyandu.rules import examinations as rules
from simpul.posyandu.rules import growth as reckoning
from simpul.web.desk import frame, trying, words
from simpul.web.policy import Request, officer

NAMED = ("examination.read",)
HERE = "desk_posyandu"
CHILDREN = ("B", "C")
POSITIONS: Mapping[str, str] = {"l": gettext_noop("lying"), "h": gettext_noop("standing")}
TONES: Mapping[str, str] = {
    "normal": "good",
    "tall": "info",
    "overweight_risk": "warn",
    "underweight": "warn",
    "stunted": "warn",
    "wasted": "warn",
    "overweight": "warn",
}
"""Tones of classes; those not named here are grave."""
KEY: Sequence[tuple[str, str]] = (
    ("N", gettext_noop("gained enough")),
    ("T", gettext_noop("did not gain enough")),
    ("O", gettext_noop("not weighed the month before")),
    ("B", gettext_noop("weighed for the first time")),
)


@officer(*NAMED)
@require_GET
def growth(request: Request, participant_id: UUID) -> HttpResponseBase:
    """One chart, chosen by kind and part of childhood, and the table beside it."""
    return frame.show(
        request, "desk/posyandu_growth/growth.html", _context(request, participant_id), here=HERE
    )


@officer(*NAMED)
@require_GET
def printed(request: Request, participant_id: UUID) -> HttpResponseBase:
    """The same on one sheet of paper."""
    return frame.show(
        request, "desk/posyandu_growth/print.html", _context(request, participant_id), here=HERE
    )


def _context(request: Request, participant_id: UUID) -> dict[str, Any]:
    participant = trying.found(access.participant_for, request, participant_id)
    rows = queries.history(request.by, participant)
    today = timezone.localdate()
    drawn = queries.drawn(
        participant,
        rows,
        today,
        kind=request.GET.get("grafik", "waz"),
        span=request.GET.get("umur", ""),
    )
    person = participant.person
    here = reverse("desk_posyandu_growth", args=[participant.id])
    measured = [row for row in rows if row.weight_g or row.height_mm or row.head_mm or row.muac_mm]
    return {
        "participant": participant,
        "person": person,
        "is_child": participant.form in CHILDREN,
        "known": person.sex in ("L", "P") and person.birth_date is not None,
        "born": words.day(person.birth_date),
        "sex": {"L": _("Boy"), "P": _("Girl")}.get(person.sex, _("sex not known")),
        "chart": drawn,
        "kinds": [
            {
                "label": _(queries.SHORT[kind]),
                "url": f"{here}?grafik={kind}&umur={drawn.span}",
                "current": kind == drawn.kind,
            }
            for kind in drawn.kinds
        ],
        "spans": [
            {
                "label": _(name),
                "url": f"{here}?grafik={drawn.kind}&umur={span}",
                "current": span == drawn.span,
            }
            for span, name in queries.SPANS.items()
        ],
        "key": [{"mark": mark, "words": _(said)} for mark, said in KEY] if drawn.kind == "waz" else [],
        "rows": [_row(row, person) for row in reversed(measured)],
        "back_url": _link("desk_posyandu_person", participant.id),
        "print_url": f"{reverse('desk_posyandu_growth_print', args=[participant.id])}?grafik={drawn.kind}&umur={drawn.span}",
        "page_url": f"{here}?grafik={drawn.kind}&umur={drawn.span}",
        "printed": words.day(today),
    }


def _link(name: str, *args: Any) -> str:
    """The address of another part's page; "" while that page is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _row(row: Any, person: Any) -> dict[str, Any]:
    months = row.age_months
    if months is None and person.birth_date and row.date >= person.birth_date:
        months = reckoning.completed_months(person.birth_date, row.date)
    return {
        "date": words.day(row.date),
        "months": "" if months is None else months,
        "weight": _decimal(row.weight_g, 1000, 2),
        "height": _decimal(row.height_mm, 10, 1),
        "position": _(POSITIONS[row.measured]) if row.measured in POSITIONS else "",
        "head": _decimal(row.head_mm, 10, 1),
        "muac": _decimal(row.muac_mm, 10, 1),
        "status": row.status,
        "bgm": row.bgm,
        "oedema": row.oedema,
        "scores": [_score(row, index) for index in reckoning.INDEX],
    }


def _score(row: Any, index: str) -> dict[str, Any]:
    """One index of a measurement: its legal class, the score behind it and the one by days."""
    name = reckoning.INDEX[index]
    code = getattr(row, index)
    legal, by_day = getattr(row, f"{name}_m"), getattr(row, name)
    said = rules.CLASS_NAMES.get(index, {}).get(code, "")
    return {
        "label": _(queries.SHORT[name]),
        "name": said and _(said),
        "tone": TONES.get(code, "bad") if code else "",
        "months": _decimal(legal, 100, 2),
        "days": _decimal(by_day, 100, 2),
        "differs": f"methods:{index}" in row.flags,
    }


def _decimal(value: int | None, parts: int, places: int) -> str:
    if value is None:
        return ""
    text = f"{value / parts:.{places}f}".replace("-", "\N{MINUS SIGN}")
    return text if words.language() == "en" else text.replace(".", ",")
