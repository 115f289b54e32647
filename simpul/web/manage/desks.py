"""Desks: the tree, one desk, opening, changing, closing, and when it receives people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.desks import access as desk_access
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.manage import fields, frame
from simpul.web.policy import Request, officer

ACTS = ("desk.open", "desk.change", "desk.close", "hours.set")
LAYOUT: frame.Layout = (
    (gettext_lazy("The desk"), ("name", "name_en", "code", "kind", "level", "region_code")),
    (gettext_lazy("Silence and time"), ("above_id", "week", "hop_days", "work_days", "their_days")),
    (gettext_lazy("What it needs, and how it is reached"), ("needs", "contact", "email")),
    (gettext_lazy("Special desks"), ("outside", "protected")),
)


class DeskForm(forms.Form):
    """The details of a desk. The code is given once."""

    name = forms.LineField(max_length=150, label=gettext_lazy("Name of the desk"))
    name_en = forms.LineField(required=False, max_length=150, label=gettext_lazy("Name in English"))
    code = forms.LineField(
        max_length=40,
        width="20",
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Small letters, digits and hyphens. It cannot be changed later."),
    )
    kind = fields.drop_down(gettext_lazy("Kind of desk"))
    level = fields.drop_down(gettext_lazy("Level"))
    region_code = fields.AreaField(
        required=False,
        label=gettext_lazy("Area it serves"),
        help_text=gettext_lazy("A village, district, regency or province. Empty: everywhere."),
    )
    above_id = fields.drop_down(gettext_lazy("Silence is raised to"), required=False)
    week = forms.ChoicesField(
        label=gettext_lazy("Working days"),
        help_text=gettext_lazy("The days that legal clocks count. Opening hours are set apart."),
    )
    hop_days = fields.CountField(label=gettext_lazy("Days to accept or decline"), initial=3)
    work_days = fields.CountField(label=gettext_lazy("Days to do the work"), initial=5)
    their_days = fields.CountField(label=gettext_lazy("Days an outside body gets"), initial=14)
    needs = forms.LongTextField(
        required=False,
        max_length=2000,
        rows=3,
        label=gettext_lazy("What the desk needs to be told"),
        help_text=gettext_lazy("Shown to whoever refers a matter here."),
    )
    contact = forms.LongTextField(
        required=False, max_length=1000, rows=2, label=gettext_lazy("How to reach it")
    )
    email = forms.LineField(required=False, max_length=254, label=gettext_lazy("E-mail for letters"))
    outside = fields.SwitchField(
        label=gettext_lazy("Stands outside: nobody signs in here, and two clocks run")
    )
    protected = fields.SwitchField(label=gettext_lazy("May hold sealed matters"))

    def __init__(self, *args: Any, desks: Iterable[Any], desk: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "kind", fields.table_choices(desk_rules.DESK_KINDS))
        fields.choose(self, "level", fields.table_choices(desk_rules.LEVELS))
        fields.choose(self, "week", [(str(day + 1), name) for day, name in WEEKDAYS.items()])
        others = [one for one in desks if desk is None or one.id != desk.id]
        fields.choose(self, "above_id", fields.desk_choices(others, _("Nobody")))
        if desk is not None:
            del self.fields["code"]

    def given(self) -> dict[str, Any]:
        """The values as the acts take them."""
        values = dict(self.cleaned_data)
        values["week"] = "".join(sorted(values["week"]))
        values["above_id"] = UUID(values["above_id"]) if values["above_id"] else None
        return values


# --- the tree ---------------------------------------------------------------------------------------------------------


@officer("desk.open")
@require_GET
def desks(request: Request) -> HttpResponse:
    """All desks by area and level, or by who hears whose silence."""
    at = timezone.now()
    found = list(desk_queries.desks_visible(request.by).select_related("above"))
    people = Counter(seat.desk_id for seat in desk_queries.seats_visible(request.by, at))
    ladder = request.GET.get("lihat") == "tangga"
    closed = [_row(desk, people) for desk in found if desk.is_closed]
    rows = [_row(desk, people) for desk in found if not desk.is_closed]
    context: dict[str, Any] = {
        "ladder": ladder,
        "tabs": [
            {"label": _("By area"), "url": "?", "current": not ladder},
            {"label": _("By who hears silence"), "url": "?lihat=tangga", "current": ladder},
        ],
        "warnings": warnings(found, people),
        "areas": [] if ladder else _by_area(rows),
        "branches": _branches(rows) if ladder else [],
        "closed": sorted(closed, key=lambda row: row["desk"].name),
        "count": len(rows),
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/desks.html", context, here="manage_desks")


def _row(desk: Any, people: Counter[UUID]) -> dict[str, Any]:
    kind = desk_rules.DESK_KINDS.get(desk.kind)
    return {
        "desk": desk,
        "kind": _(kind.name) if kind else desk.kind,
        "level": _(desk_rules.LEVELS.get(desk.level, desk.level)),
        "people": people[desk.id],
        "empty": is_empty(desk, people),
        "below": [],
    }


def is_empty(desk: Any, people: Counter[UUID]) -> bool:
    """True for an open desk at which nobody could do the work."""
    return not desk.is_closed and not desk.outside and desk.kind != "partner" and not people[desk.id]


def _by_area(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = region_queries.paths({row["desk"].region_code for row in rows})
    ordered = sorted(
        rows,
        key=lambda row: (
            row["desk"].region_code,
            -desk_rules.level_rank(row["desk"].level),
            row["desk"].name,
        ),
    )
    areas: dict[str, list[dict[str, Any]]] = {}
    for row in ordered:
        areas.setdefault(row["desk"].region_code, []).append(row)
    return [
        {"name": names.get(code, code) or _("Everywhere"), "rows": found} for code, found in areas.items()
    ]


def _branches(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = {row["desk"].id: row for row in rows}
    tops: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: row["desk"].name):
        above = by_id.get(row["desk"].above_id)
        (above["below"] if above else tops).append(row)
    return tops


def warnings(found: Iterable[Any], people: Counter[UUID]) -> list[str]:
    """What is wrong with the desks as a whole, in sentences."""
    rows = [desk for desk in found if not desk.is_closed]
    told = []
    empty = sorted(desk.name for desk in rows if is_empty(desk, people))
    if empty:
        told.append(_("Nobody sits at: %(names)s.") % {"names": ", ".join(empty[:8])})
    if not any(desk.protected for desk in rows):
        told.append(
            _("No desk may hold sealed matters. Open one of the kind “Focal point for protected matters”.")
        )
    deaf = sorted(desk.name for desk in rows if desk.above is not None and desk.above.is_closed)
    if deaf:
        told.append(_("The desk above is closed: %(names)s.") % {"names": ", ".join(deaf[:8])})
    looped = sorted(desk.name for desk in rows if _loops(desk, {one.id: one.above_id for one in rows}))
    if looped:
        told.append(_("Silence goes in a circle: %(names)s.") % {"names": ", ".join(looped[:8])})
    return told


def _loops(desk: Any, above: dict[UUID, UUID | None]) -> bool:
    here, seen = above.get(desk.id), set()
    while here is not None and here not in seen:
        if here == desk.id:
            return True
        seen.add(here)
        here = above.get(here)
    return False


# --- one desk ---------------------------------------------------------------------------------------------------------


@officer("desk.open")
@require_GET
def desk(request: Request, desk_id: UUID) -> HttpResponse:
    """One desk: its details, its people, its hours, the kinds that come here and what was changed."""
    at = timezone.now()
    found = desk_queries.desk_for(request.by, desk_id)
    seats = (
        desk_access.seats_visible(request.by)
        .filter(desk_id=desk_id, withdrawn_at=None)
        .order_by("user__full_name", "id")
    )
    row = _row(found, Counter())
    seated = [
        {
            "seat": one,
            "label": desk_queries.seat_label(one),
            "role": frame.role_words(one.role, found.kind),
            "over": one.until_at is not None and one.until_at <= at,
        }
        for one in seats
    ]
    context = {
        "desk": found,
        "facts": _facts(found, row),
        "seats": seated,
        "links": desk_queries.links(request.by, at, desk_id) if found.kind == "partner" else [],
        "is_partner": found.kind == "partner" and not found.outside,
        "hours": desk_queries.hours_text(found),
        "open_now": desk_queries.is_open_now(found, at),
        "routes": sorted({(route.kind.name, route.kind_id) for route in found.routes.select_related("kind")}),
        "below": found.below.filter(closed_at=None).order_by("name"),
        "changes": frame.changes(request.by, *ACTS, about=[desk_id]),
    }
    return frame.show(request, "manage/desk.html", context, here="manage_desks")


def _facts(found: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    days = ", ".join(str(WEEKDAYS[int(day) - 1]) for day in found.week)
    return [
        {"key": _("Kind of desk"), "value": row["kind"]},
        {"key": _("Level"), "value": row["level"]},
        {"key": _("Area it serves"), "value": fields.area_label(found.region_code) or _("Everywhere")},
        {"key": _("Silence is raised to"), "value": found.above.name if found.above else _("Nobody")},
        {"key": _("Working days"), "value": days},
        {"key": _("Days to accept or decline"), "value": found.hop_days},
        {"key": _("Days to do the work"), "value": found.work_days},
        {"key": _("Days an outside body gets"), "value": found.their_days},
        {"key": _("What the desk needs to be told"), "value": found.needs},
        {
            "key": _("How to reach it"),
            "value": "\n".join(part for part in (found.contact, found.email) if part),
        },
    ]


@officer("desk.open")
def open_desk(request: Request) -> HttpResponse:
    """Open a desk."""
    initial = {
        "week": list("12345"),
        "region_code": desk_queries.institution().region_code,
        "level": "regency",
    }
    desks = desk_queries.desks_visible(request.by).filter(closed_at=None)
    form = DeskForm(frame.sent(request), desks=desks, initial=initial)

    def run(_values: dict[str, Any]) -> frame.Done:
        made = desk_actions.open_desk(by=request.by, at=timezone.now(), **form.given())
        return _("The desk is open. Now give somebody a seat at it."), reverse("manage_desk", args=[made.id])

    page = frame.Ask(
        here="manage_desks",
        title=_("Open a desk"),
        button=_("Open the desk"),
        back=reverse("manage_desks"),
        layout=LAYOUT,
    )
    return frame.ask(request, page, form, run)


@officer("desk.open")
def change_desk(request: Request, desk_id: UUID) -> HttpResponse:
    """Change a desk."""
    found = desk_queries.desk_for(request.by, desk_id)
    names = (
        "name",
        "name_en",
        "kind",
        "level",
        "hop_days",
        "work_days",
        "their_days",
        "needs",
        "contact",
        "email",
        "outside",
        "protected",
    )
    initial = {name: getattr(found, name) for name in names}
    initial |= {
        "week": list(found.week),
        "above_id": str(found.above_id or ""),
        "region_code": found.region_code,
    }
    desks = desk_queries.desks_visible(request.by).filter(closed_at=None)
    form = DeskForm(frame.sent(request), desks=desks, desk=found, initial=initial)

    def run(_values: dict[str, Any]) -> frame.Done:
        given = form.given()
        desk_actions.change_desk(
            by=request.by, at=timezone.now(), desk_id=desk_id, no_above=given["above_id"] is None, **given
        )
        return _("The desk was changed. Clocks that run already keep their dates."), reverse(
            "manage_desk", args=[desk_id]
        )

    title = _("Change %(name)s") % {"name": found.name}
    page = frame.Ask(
        here="manage_desks",
        title=title,
        button=_("Save"),
        back=reverse("manage_desk", args=[desk_id]),
        layout=LAYOUT,
    )
    return frame.ask(request, page, form, run)


class ReasonForm(forms.Form):
    """Why something is taken away."""

    reason = forms.LineField(
        max_length=200, label=gettext_lazy("Reason"), help_text=gettext_lazy("Kept in the journal.")
    )


@officer("desk.open")
def close_desk(request: Request, desk_id: UUID) -> HttpResponse:
    """Close a desk, with what follows said first."""
    found = desk_queries.desk_for(request.by, desk_id)
    people = len(desk_queries.seats_at(request.by, desk_id, timezone.now()))
    routes = found.routes.values("kind_id").distinct().count()
    told = [
        _("No new matter can be handed to this desk."),
        _("What it holds stays with its people until they finish it or hand it on."),
        _("People who sit here: %(count)s. Their seats stay.") % {"count": people},
        _("Kinds whose route leads here: %(count)s. They will pass this desk by.") % {"count": routes},
    ]

    def run(values: dict[str, Any]) -> frame.Done:
        desk_actions.close_desk(by=request.by, at=timezone.now(), desk_id=desk_id, reason=values["reason"])
        return _("The desk is closed."), reverse("manage_desk", args=[desk_id])

    title = _("Close %(name)s?") % {"name": found.name}
    page = frame.Ask(
        here="manage_desks",
        title=title,
        button=_("Close the desk"),
        back=reverse("manage_desk", args=[desk_id]),
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, ReasonForm(frame.sent(request)), run)


# --- service hours ----------------------------------------------------------------------------------------------------

LEAST_SLOTS = 2


class HoursForm(forms.Form):
    """Two opening times for each weekday and for holidays; more where a desk has more."""

    def __init__(self, data: Any = None, *, openings: Iterable[desk_rules.Opening]) -> None:
        initial: dict[str, Any] = {}
        used: Counter[int] = Counter()
        for opening in openings:
            used[opening.weekday] += 1
            initial[f"opens_{opening.weekday}_{used[opening.weekday]}"] = opening.opens
            initial[f"closes_{opening.weekday}_{used[opening.weekday]}"] = opening.closes
        super().__init__(data, initial=initial)
        self.slots = range(1, max([LEAST_SLOTS, *used.values()]) + 1)
        for day in range(1, desk_rules.HOLIDAYS + 1):
            for slot in self.slots:
                for side, words in (("opens", _("Opens")), ("closes", _("Closes"))):
                    label = f"{day_name(day)}: {words}"
                    self.fields[f"{side}_{day}_{slot}"] = fields.TimeField(required=False, label=label)

    def clean(self) -> dict[str, Any]:
        """Both times of a pair, or neither."""
        values = super().clean() or {}
        for day in range(1, desk_rules.HOLIDAYS + 1):
            for slot in self.slots:
                opens, closes = values.get(f"opens_{day}_{slot}"), values.get(f"closes_{day}_{slot}")
                for side, one, other in (("opens", opens, closes), ("closes", closes, opens)):
                    name = f"{side}_{day}_{slot}"
                    if one is None and other is not None and name not in self.errors:
                        self.add_error(name, _("%(day)s: write both times.") % {"day": day_name(day)})
        return values

    def hours(self) -> list[Any]:
        """The rows as the act takes them."""
        pairs = [
            (day, self.cleaned_data[f"opens_{day}_{slot}"], self.cleaned_data[f"closes_{day}_{slot}"])
            for day in range(1, 9)
            for slot in self.slots
        ]
        return [row for row in pairs if row[1] is not None]

    def rows(self) -> list[dict[str, Any]]:
        """The grid, day by day."""
        names = [
            (day, [(f"opens_{day}_{slot}", f"closes_{day}_{slot}") for slot in self.slots])
            for day in range(1, desk_rules.HOLIDAYS + 1)
        ]
        return [
            {"day": day_name(day), "pairs": [(self[opens], self[closes]) for opens, closes in pairs]}
            for day, pairs in names
        ]


def day_name(day: int) -> str:
    """A weekday, or holidays."""
    return _("Holidays") if day == desk_rules.HOLIDAYS else str(WEEKDAYS[day - 1])


@officer("desk.open")
def hours(request: Request, desk_id: UUID) -> HttpResponse:
    """When a desk receives people."""
    found = desk_queries.desk_for(request.by, desk_id)
    form = HoursForm(frame.sent(request), openings=desk_queries.openings_of(found))

    def run(_values: dict[str, Any]) -> frame.Done:
        desk_actions.set_hours(by=request.by, at=timezone.now(), desk_id=desk_id, hours=form.hours())
        return _("The opening hours were saved."), reverse("manage_desk", args=[desk_id])

    title = _("Opening hours of %(name)s") % {"name": found.name}
    page = frame.Ask(
        here="manage_desks",
        title=title,
        button=_("Save"),
        back=reverse("manage_desk", args=[desk_id]),
        template="manage/hours.html",
        intro=_(
            "Leave a day empty when nobody receives people. A closing time before the opening time lies on "
            "the next day. Clocks are not touched."
        ),
        extra={"desk": found},
    )
    return frame.ask(request, page, form, run)
