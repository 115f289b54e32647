"""Closing a day: the check, what was told to everybody, the recap that is printed; opening it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul.posyandu.actions import days as actions
from simpul.posyandu.queries import days as queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.rules import days as rules
from simpul.posyandu.rules import participants as people_rules
from simpul.web import forms
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_days import shared
from simpul.web.desk.posyandu_people import shared as people
from simpul.web.forms import choices
from simpul.web.policy import Request, officer


class CloseForm(forms.Form):
    """The questions of the closing check."""

    unfinished = forms.TickField(label=gettext_lazy("Those who are not finished went home"), required=False)
    education = forms.ChoicesField(label=gettext_lazy("What was told to everybody?"), required=False)
    missed = forms.ChoicesField(
        label=gettext_lazy("Who did not come is put on the list of home visits, of these forms:"),
        required=False,
    )
    tools = forms.TickField(label=gettext_lazy("Scales and tools are cleaned and put away"), required=False)
    vaccines = forms.TickField(
        label=gettext_lazy("Vaccines and medicine that are left were handed back"), required=False
    )
    reported = forms.TickField(label=gettext_lazy("The health worker knows who was referred"), required=False)
    note = forms.LineField(label=gettext_lazy("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, waiting: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["education"].explain(list(topics().items()))  # type: ignore[attr-defined]
        self.fields["missed"].explain(choices.pairs(people_rules.FORM_NAMES))  # type: ignore[attr-defined]
        self.initial.setdefault("missed", list(rules.MISSED_FORMS))
        if not waiting:
            del self.fields["unfinished"]


def topics() -> dict[str, str]:
    """Topics of education by code, in the reader's language."""
    field = form_queries.card("B").field("education")
    return {one.code: one.called(words.language()) for one in field.options} if field else {}


@officer("day.close")
def close(request: Request, day_id: UUID) -> HttpResponseBase:
    """The closing check."""
    day = shared.day_of(request, day_id)
    if day.closed_at is not None:
        return redirect("desk_posyandu_day_recap", day_id=day.id)
    check = queries.check(request.by, day)
    post = request.POST if request.method == "POST" else None
    form = CloseForm(
        post, waiting=bool(check.waiting), initial={"education": day.education, "note": day.note}
    )
    if form.is_valid() and trying.run(form, lambda: _close(request, day, form)):
        messages.success(request, _("The day is closed. Who did not come is on the list of home visits."))
        return redirect("desk_posyandu_day_recap", day_id=day.id)
    context = {
        "day": day,
        "date": shared.title(day),
        "form": form,
        "back": reverse("desk_posyandu_day", args=[day.id]),
        **_checked(check, day),
    }
    status = 422 if form.errors else 200
    return shared.show(
        request, "desk/posyandu_days/close.html", day.posyandu, context, here=shared.HERE, status=status
    )


def _close(request: Request, day: Any, form: Any) -> None:
    said = form.cleaned_data
    now = timezone.now()
    if said["education"] != day.education:
        actions.change_day(by=request.by, at=now, day_id=day.id, education=said["education"])
    actions.close_day(
        by=request.by,
        at=now,
        day_id=day.id,
        answers={name: said[name] for name in actions.QUESTIONS},
        note=said["note"],
        missed_forms=said["missed"],
        sure=["unfinished"] if said.get("unfinished") else [],
    )


def _checked(check: queries.Check, day: Any) -> dict[str, Any]:
    """Each thing the check looks at, with whom it found."""

    def entries(rows: Any) -> list[dict[str, str]]:
        return [
            {"name": row.person.full_name, "url": reverse("desk_posyandu_entry", args=[row.id])}
            for row in rows
        ]

    def numbers(rows: Any) -> list[dict[str, str]]:
        found = [shared.number(row, day.day) for row in rows]
        return [
            {"name": f"{one['number']}. {one['name']} ({one['state']})", "url": one["url"]} for one in found
        ]

    missed = [
        {
            "name": f"{card.person.full_name} ({card.form})",
            "url": reverse("desk_posyandu_person", args=[card.id]),
        }
        for card in check.missed
    ]
    return {
        "checks": [
            (_("Not finished"), _("Everybody is finished."), numbers(check.waiting)),
            (_("Went home before all was done"), _("Nobody left early."), numbers(check.left)),
            (_("Entered twice, nobody chose yet"), _("No entry stands twice."), entries(check.rivals)),
            (_("Weighed without a height"), _("Every child has a height."), entries(check.no_height)),
            (
                _("To be referred, no slip ticked"),
                _("Everybody who is referred has a slip."),
                entries(check.no_slip),
            ),
            (_("Expected and did not come"), _("Everybody came."), missed),
        ]
    }


@officer("day.reopen")
@require_POST
def reopen(request: Request, day_id: UUID) -> HttpResponseBase:
    """Open it again."""

    def act() -> None:
        actions.reopen_day(by=request.by, at=timezone.now(), day_id=day_id)
        messages.success(request, _("The day is open again."))

    return trying.attempt(request, act, reverse("desk_posyandu_day", args=[day_id]))


@officer(*people.READING)
@require_GET
def recap(request: Request, day_id: UUID) -> HttpResponseBase:
    """What the day came to, to be printed and handed in."""
    day = shared.day_of(request, day_id)
    found = queries.recap(request.by, day)
    names = topics()
    told = [names.get(code, code) for code in day.education]
    skdn = found.skdn
    context = {
        "day": day,
        "date": shared.title(day),
        "rows": [{"name": people.form_name(one.form), "row": one} for one in found.rows],
        "total": {
            name: sum(getattr(one, name) for one in found.rows)
            for name in ("came", "missed", "normal", "problem", "referred", "not_referred")
        },
        "skdn": [
            ("S", skdn.s, _("children on the list")),
            ("K", skdn.k, _("with a card")),
            ("D", skdn.d, _("weighed")),
            ("N", skdn.n, _("gained")),
            ("T", skdn.t, _("did not gain")),
            ("O", skdn.o, _("not weighed last month")),
            ("B", skdn.b, _("first weighing")),
            ("BGM", skdn.bgm, _("below the red line")),
            ("2T", skdn.two_t, _("twice without gain")),
        ],
        "adds_up": skdn.holds,
        "sum": f"D {skdn.d} = N {skdn.n} + T {skdn.t} + O {skdn.o} + B {skdn.b}",
        "education": [(names.get(code, code), count) for code, count in found.education.items()],
        "told": told,
        "closed": words.moment(day.closed_at, day.region_code),
        "questions": [
            (_("Scales and tools are cleaned and put away"), day.check_list.get("tools")),
            (_("Vaccines and medicine that are left were handed back"), day.check_list.get("vaccines")),
            (_("The health worker knows who was referred"), day.check_list.get("reported")),
        ]
        if day.closed_at
        else [],
        "back": reverse("desk_posyandu_day", args=[day.id]),
        "may_reopen": day.closed_at is not None and people.may(request, "day.reopen"),
    }
    return shared.show(request, "desk/posyandu_days/recap.html", day.posyandu, context, here=shared.HERE)
