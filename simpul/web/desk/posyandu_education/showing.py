"""What was shown to whom at a posyandu, and when its families are told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import education as actions
from simpul.posyandu.actions import telling as telling_actions
from simpul.posyandu.queries import education as queries
from simpul.posyandu.queries import institution
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.posyandu import shared
from simpul.web.desk.posyandu_education import forms, library
from simpul.web.policy import Request, officer

PAGE = 50
MOST = 400
KINDS = {"before": gettext_noop("before the day"), "missed": gettext_noop("after a missed day")}


def _posyandu(request: Request, text: str) -> Any:
    """The posyandu that was chosen, else this seat's own first one."""
    key = reading.key(text)
    if key is not None:
        return trying.found(access.posyandu_for, request, key)
    own = institution.own_posyandu(request.by)
    return trying.found(access.posyandu_for, request, own[0].id if own else UUID(int=0))


@officer("showing.record")
def show(request: Request, code: str) -> HttpResponseBase:
    """Write down to whom a medium was shown."""
    medium = trying.found(queries.medium_for, request, code)
    posyandu = _posyandu(request, request.POST.get("posyandu", "") or request.GET.get("posyandu", ""))
    days = list(access.days(request.by).filter(posyandu=posyandu).order_by("-day")[:12])
    people = access.participants(request.by).filter(posyandu=posyandu, closed_date=None)
    if medium.forms:
        people = people.filter(form__in=medium.forms)
    form = forms.ShowForm(
        request.POST if request.method == "POST" else None,
        days=[(str(one.id), words.day(one.day)) for one in days],
        people=[(str(one.id), one.person.full_name) for one in people.order_by("person__full_name")[:MOST]],
        initial={"day": str(days[0].id) if days else ""},
    )
    today = institution.today_at(posyandu, timezone.now())
    if form.is_valid() and trying.run(
        form, lambda: _record(request, posyandu, code, form.cleaned_data, today)
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_posyandu_shown", posyandu_id=posyandu.id)
    context = {
        "form": form,
        "medium": medium,
        "name": medium.name(library.language()),
        "days": days,
        "posyandu": posyandu,
        "others": [one for one in institution.own_posyandu(request.by) if one.id != posyandu.id],
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, "desk/posyandu_education/show.html", context, status=status, here=library.HERE)


def _record(request: Request, posyandu: Any, code: str, given: dict[str, Any], today: date) -> None:
    some = given["to"] == "some"
    on = given["date"] or today
    held = access.days(request.by).filter(posyandu=posyandu, day=on).first() if some else None
    day_id = reading.key(given["day"]) if given["day"] and not some else (held.id if held else None)
    actions.record_showing(
        by=request.by,
        at=timezone.now(),
        posyandu_id=posyandu.id,
        medium=code,
        date=on,
        day_id=day_id,
        participant_ids=[reading.known_key(one) for one in given["people"]] if some else (),
        showing_id=given["once"],
    )


@officer("examination.read")
def log(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """What was shown at a posyandu, and how its families are told."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    number = reading.page_number(request.GET.get("page", ""))
    rows = queries.showings(request.by, posyandu)
    total = rows.count()
    named = dict(library.topics())
    telling = queries.telling_of(posyandu)
    first = {"before_days": "0", "missed_days": "0"}
    if telling is not None:
        first = {
            "before_days": str(telling.before_days),
            "missed_days": str(telling.missed_days),
            "bring": telling.bring,
        }
    today = institution.today_at(posyandu, timezone.now())
    ahead = institution.next_days(posyandu, today, 1)
    last = (
        access.days(request.by)
        .filter(posyandu=posyandu)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    told = queries.told_counts(request.by, posyandu)
    context = {
        "rows": [
            {
                "one": one,
                "topic": named.get(one.topic, one.topic),
                "day": words.day(one.date),
                "to": one.participant.person.full_name if one.participant else _people(one.people),
            }
            for one in rows[(number - 1) * PAGE : number * PAGE]
        ],
        "may": roles.may_somewhere(request.by, "showing.record"),
        "telling": telling,
        "form": forms.TellingForm(initial=first) if shared.may(request, "telling.set", posyandu) else None,
        "texts": [
            (
                _(KINDS["before"]),
                queries.text_of(posyandu, telling, "before", ahead[0].day if ahead else today),
            ),
            (_(KINDS["missed"]), queries.text_of(posyandu, telling, "missed", last or today)),
        ],
        "ahead": words.day(ahead[0].day) if ahead else "",
        "told": [{**one, "when": words.day(one["day"]), "why": _(KINDS[one["kind"]])} for one in told],
        "unreached": _unreached(request, posyandu, told),
        "older_url": f"?page={number + 1}" if number * PAGE < total else "",
        "newer_url": f"?page={number - 1}" if number > 1 else "",
    }
    return shared.page(
        request, posyandu, "desk/posyandu_education/shown.html", "desk_posyandu_shown", context
    )


def _people(number: int) -> str:
    return ngettext("%(n)s person who came", "%(n)s people who came", number) % {"n": number}


def _unreached(request: Request, posyandu: Any, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the last day that was told of: whom no message reaches."""
    if not told:
        return []
    return [
        {
            "name": one.participant.person.full_name,
            "why": _(KINDS[one.kind]),
            "url": reverse("desk_posyandu_person", args=[one.participant_id]),
        }
        for one in queries.unreached(request.by, posyandu, told[0]["day"])
    ]


@officer("telling.set")
@require_POST
def tell(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Say when families are told."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    form = forms.TellingForm(request.POST)
    back = redirect("desk_posyandu_shown", posyandu_id=posyandu.id)
    if form.is_valid() and trying.run(
        form,
        lambda: telling_actions.set_telling(
            by=request.by,
            at=timezone.now(),
            posyandu_id=posyandu.id,
            before_days=int(form.cleaned_data["before_days"]),
            missed_days=int(form.cleaned_data["missed_days"]),
            bring=form.cleaned_data["bring"],
        ),
    ):
        messages.success(request, _("Kept."))
        return back
    for faults in form.errors.values():
        messages.error(request, str(faults[0]))
    return back


@officer("showing.withdraw")
@require_POST
def withdraw(request: Request, showing_id: UUID) -> HttpResponseBase:
    """Take back what was written by mistake."""
    row = trying.found(queries.showing_for, request, showing_id)
    return trying.attempt(
        request,
        lambda: actions.withdraw_showing(by=request.by, at=timezone.now(), showing_id=row.id),
        reverse("desk_posyandu_shown", args=[row.posyandu_id]),
    )
