"""The office calendar: holidays of a year, suspensions by decision, and a page that counts a due date day by day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul.cases.actions import suspending
from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound, Refused
from simpul.regions import actions as region_actions
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules
from simpul.web import forms
from simpul.web.manage import desks, fields, frame
from simpul.web.policy import Request, officer

ACTS = ("holiday.add", "holiday.withdraw", "holidays.load", "suspension.add", "suspension.end")
KINDS = {
    region_rules.PUBLIC_HOLIDAY: gettext_lazy("Public holiday"),
    region_rules.JOINT_LEAVE: gettext_lazy("Joint leave"),
    region_rules.LOCAL_HOLIDAY: gettext_lazy("Local holiday"),
}
WEEKS = (("12345", gettext_lazy("Five days")), ("123456", gettext_lazy("Six days")))


def today() -> Any:
    """The date at the institution."""
    return timezone.now().astimezone(frame.zone()).date()


def _tabs(here: str) -> list[dict[str, Any]]:
    pages = (
        ("manage_calendar", _("Holidays")),
        ("manage_suspensions", _("Suspended clocks")),
        ("manage_due_date", _("Count a due date")),
    )
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


def _year(request: Request) -> int:
    typed = request.GET.get("tahun", "")
    return (
        int(typed)
        if typed.isascii() and typed.isdigit() and 2000 <= int(typed[:4]) <= 2100 and len(typed) == 4
        else today().year
    )


class AreaForm(forms.Form):
    """The area whose holidays are shown."""

    wilayah = fields.AreaField(required=False, label=gettext_lazy("Area"), help_text="")


@officer("desk.open")
@require_GET
def calendar(request: Request) -> HttpResponse:
    """The holidays of a year that count in an area."""
    year = _year(request)
    form = AreaForm(request.GET if request.GET.get("wilayah") else None)
    area = form.cleaned_data["wilayah"] if form.is_bound and form.is_valid() else ""
    found = list(region_queries.holidays_in(year, area, withdrawn=True))
    names = region_queries.paths({row.region_code for row in found})
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "kind": KINDS.get(row.kind, row.kind),
            "place": names.get(row.region_code) or _("Everywhere"),
        }
        for row in found
    ]
    context = {
        "year": year,
        "years": [year - 1, year, year + 1],
        "form": form,
        "area": area,
        "rows": [row for row in rows if row["row"].withdrawn_at is None],
        "gone": [row for row in rows if row["row"].withdrawn_at is not None],
        "missing": region_queries.years_without_joint_leave(today()),
        "estimated": [row for row in rows if row["row"].estimated and row["row"].withdrawn_at is None],
        "tabs": _tabs("manage_calendar"),
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/calendar.html", context, here="manage_calendar")


@officer("desk.open")
@require_POST
def load_holidays(request: Request) -> HttpResponse:
    """Load the national days of a year from the library."""
    typed = request.POST.get("tahun", "")
    year = (
        int(typed)
        if typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= 2100
        else today().year
    )
    made = region_actions.load_holidays(by=request.by, at=timezone.now(), year=year)
    messages.success(
        request, _("%(added)s days were added, %(changed)s changed, %(withdrawn)s withdrawn.") % made
    )
    if not made["joint_leave"]:
        messages.warning(
            request,
            _(
                "The library does not know the joint leave of that year yet. Add it by hand when the joint decree is out."
            ),
        )
    return redirect(f"{reverse('manage_calendar')}?tahun={year}")


class HolidayForm(forms.Form):
    """One day on which offices are shut."""

    day = forms.DateField(label=gettext_lazy("Day"))
    name = forms.LineField(max_length=150, label=gettext_lazy("Name of the day"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=list(KINDS.items()), initial=region_rules.LOCAL_HOLIDAY
    )
    region_code = fields.AreaField(
        required=False, label=gettext_lazy("Area"), help_text=gettext_lazy("Only for a local holiday.")
    )
    source = forms.LineField(
        max_length=200, label=gettext_lazy("Decree or other source, with number and year")
    )


@officer("desk.open")
def add_holiday(request: Request) -> HttpResponse:
    """Add a day."""
    form = HolidayForm(frame.sent(request))

    def run(values: dict[str, Any]) -> frame.Done:
        made = region_actions.add_holiday(by=request.by, at=timezone.now(), **values)
        return _(
            "The day was added. Clocks that run already keep their dates."
        ), f"{reverse('manage_calendar')}?tahun={made.day.year}"

    page = frame.Ask(
        here="manage_calendar",
        title=_("Add a holiday"),
        button=_("Add the day"),
        back=reverse("manage_calendar"),
    )
    return frame.ask(request, page, form, run)


@officer("desk.open")
def withdraw_holiday(request: Request, holiday_id: UUID) -> HttpResponse:
    """Withdraw a day, with a reason."""
    row = region_queries.get_holiday(holiday_id)
    if row.withdrawn_at is not None:
        raise NotFound
    back = f"{reverse('manage_calendar')}?tahun={row.day.year}"

    def run(values: dict[str, Any]) -> frame.Done:
        region_actions.withdraw_holiday(
            by=request.by, at=timezone.now(), holiday_id=holiday_id, reason=values["reason"]
        )
        return _("The day counts as a working day again."), back

    told = [
        _("New clocks count this day. Clocks that run already keep their dates."),
        _("A later load from the library does not bring it back."),
    ]
    title = _("Withdraw %(name)s?") % {"name": row.name}
    page = frame.Ask(
        here="manage_calendar",
        title=title,
        button=_("Withdraw the day"),
        back=back,
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, desks.ReasonForm(frame.sent(request)), run)


# --- suspensions ------------------------------------------------------------------------------------------------------


@officer("desk.open")
@require_GET
def suspensions(request: Request) -> HttpResponse:
    """Periods in which the day clocks of an area stand still."""
    found, now = list(region_queries.suspensions()[:200]), today()
    names = region_queries.paths({row.region_code for row in found})
    rows = [
        {"row": row, "place": names.get(row.region_code) or _("Everywhere"), "over": row.to_date < now}
        for row in found
    ]
    context = {
        "rows": rows,
        "tabs": _tabs("manage_suspensions"),
        "changes": frame.changes(request.by, "suspension.add", "suspension.end"),
    }
    return frame.show(request, "manage/suspensions.html", context, here="manage_calendar")


class SuspensionForm(forms.Form):
    """Where, from when until when, by which decision."""

    region_code = fields.AreaField(
        required=False, label=gettext_lazy("Area"), help_text=gettext_lazy("Empty: everywhere.")
    )
    from_date = forms.DateField(label=gettext_lazy("First day"))
    to_date = forms.DateField(label=gettext_lazy("Last day"))
    decision = forms.LineField(max_length=200, label=gettext_lazy("Number and date of the decision"))


@officer("desk.open")
def add_suspension(request: Request) -> HttpResponse:
    """Suspend the clocks of an area."""
    form = SuspensionForm(frame.sent(request))

    def run(values: dict[str, Any]) -> frame.Done:
        at = timezone.now()
        with transaction.atomic():
            row = region_actions.add_suspension(by=request.by, at=at, **values)
            suspending.suspend_clocks(by=request.by, at=at, suspension_id=row.id)
        return _("The clocks of the area are suspended."), reverse("manage_suspensions")

    page = frame.Ask(
        here="manage_calendar",
        title=_("Suspend clocks"),
        button=_("Suspend"),
        back=reverse("manage_suspensions"),
        warnings=[_("Residents of the area wait longer. Hours that protect a person go on.")],
    )
    return frame.ask(request, page, form, run)


class EndForm(forms.Form):
    """From when the clocks run again, by which decision."""

    on_date = forms.DateField(label=gettext_lazy("Clocks run again from"))
    decision = forms.LineField(max_length=200, label=gettext_lazy("Number and date of the decision"))


@officer("desk.open")
def end_suspension(request: Request, suspension_id: UUID) -> HttpResponse:
    """Let the clocks run again."""
    row = region_queries.get_suspension(suspension_id)

    def run(values: dict[str, Any]) -> frame.Done:
        region_actions.end_suspension(by=request.by, at=timezone.now(), suspension_id=suspension_id, **values)
        return _("The suspension ends."), reverse("manage_suspensions")

    page = frame.Ask(
        here="manage_calendar",
        title=_("End this suspension?"),
        button=_("End it"),
        back=reverse("manage_suspensions"),
        intro=row.decision,
    )
    return frame.ask(request, page, EndForm(frame.sent(request), initial={"on_date": today()}), run)


# --- counting ---------------------------------------------------------------------------------------------------------


class CountForm(forms.Form):
    """From when, how many working days, where, in which week."""

    start = forms.DateField(label=gettext_lazy("Received on"))
    working_days = fields.CountField(min_value=0, label=gettext_lazy("Working days"))
    region = fields.AreaField(
        required=False, label=gettext_lazy("Area"), help_text=gettext_lazy("Empty: everywhere.")
    )
    week = forms.ChoiceField(label=gettext_lazy("Working week"), choices=WEEKS, initial="12345", inline=True)


@officer("desk.open")
@require_GET
def due_date(request: Request) -> HttpResponse:
    """The due date of a promise, with every day that was skipped and why."""
    initial = {
        "start": today(),
        "working_days": 14,
        "week": "12345",
        "region": desk_queries.institution().region_code,
    }
    form = CountForm(request.GET if "start" in request.GET else None, initial=initial)
    due = None
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            due = region_queries.due_with_reasons(
                values["start"], values["working_days"], values["region"], values["week"]
            )
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "due": due, "tabs": _tabs("manage_due_date")}
    return frame.show(
        request, "manage/due_date.html", context, here="manage_calendar", status=422 if form.errors else 200
    )
