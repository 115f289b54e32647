"""Writing a visit down: whom, with which checklist, its answers; what looks wrong is asked about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.lib.ids import uuid7
from simpul.posyandu.actions import visits as actions
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import forms_grid, institution
from simpul.posyandu.queries import visits as queries
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import visits as visit_rules
from simpul.web import forms, reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_forms import shared as pages
from simpul.web.desk.posyandu_people import fields
from simpul.web.desk.posyandu_visits import shared
from simpul.web.policy import Request, officer


class VisitForm(forms.Form):
    """When, whether somebody was there, what came of it."""

    date = forms.DateField(label=gettext_lazy("Date of the visit"))
    met = forms.ChoiceField(
        label=gettext_lazy("Was somebody there?"),
        choices=[("ya", gettext_lazy("Yes")), ("tidak", gettext_lazy("Nobody was there"))],
        inline=True,
        initial="ya",
    )
    outcome = forms.LongTextField(
        label=gettext_lazy("What came of it, in a few words"), max_length=500, rows=2, required=False
    )
    reported_date = forms.DateField(label=gettext_lazy("Told the health worker on"), required=False)
    next_date = forms.DateField(label=gettext_lazy("Next visit on"), required=False)
    key = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)


@officer("homevisit.record")
def new(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Choose whom; then the checklist."""
    posyandu = pages.posyandu_of(request, posyandu_id)
    named = {
        name: reading.key(request.GET.get(word, ""))
        for name, word in (
            ("participant_id", "kartu"),
            ("person_id", "orang"),
            ("household_id", "keluarga"),
            ("task_id", "tugas"),
        )
    }
    if not any(named.values()):
        return _choose(request, posyandu)
    on = pages.today(posyandu)

    def look(by: Any) -> queries.Subject:
        return queries.subject(by, posyandu, on, **named)

    return _write(request, posyandu, trying.found(look, request))


def _choose(request: Request, posyandu: Any) -> HttpResponseBase:
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    path = reverse("desk_posyandu_visit_new", args=[posyandu.id])
    number = request.GET.get("daftar", "")
    chosen = f"&daftar={number}" if number in map(str, visit_rules.CHECKLISTS) else ""
    on = pages.today(posyandu)
    language = words.language()
    context = {
        "typed": typed,
        "number": number if chosen else "",
        "people": [
            {"url": f"{path}?kartu={one.id}{chosen}", "name": one.person.full_name, "form": one.form}
            for one in queries.to_choose(request.by, posyandu, typed)
        ],
        "families": [
            {"url": f"{path}?keluarga={one.id}", "name": one.name}
            for one in queries.families(request.by, posyandu, typed)
        ],
        "due": [
            {
                "url": f"{path}?tugas={one.id}",
                "name": one.person.full_name if one.person else one.household.name if one.household else "",
                "why": finding_queries.label(one.reason, language)
                if finding_queries.kind(one.reason)
                else "",
                "date": words.day(one.due_date),
                "late": one.due_date < on,
            }
            for one in queries.due(request.by, posyandu)
        ],
    }
    return pages.show(
        request, "desk/posyandu_visits/choose.html", posyandu, context, here="desk_posyandu_visits"
    )


def _write(request: Request, posyandu: Any, subject: queries.Subject) -> HttpResponseBase:
    number = _number(request, subject)
    form = form_queries.checklist(number)
    sex = subject.person.sex if subject.person is not None else ""
    asked = form.asked(sex, subject.age_months)
    on = pages.today(posyandu)
    posted = request.method == "POST"
    about = VisitForm(
        request.POST if posted else None, initial={"date": on, "met": "ya", "key": str(uuid7())}
    )
    typed = fields.typed(request.POST, asked) if posted else {}
    read = _read(form, typed, subject, request.POST.getlist("sure")[:60]) if posted else None
    if about.is_valid() and read is not None:
        met = about.cleaned_data["met"] == "ya"
        made: list[Any] = []

        def act() -> None:
            made.append(_record(request, posyandu, subject, number, form, about.cleaned_data, read))

        if (read.is_whole or not met) and "use" not in request.POST and trying.run(about, act):
            messages.success(request, _("Visit written down."))
            return redirect("desk_posyandu_visit", homevisit_id=made[0].id)
    context = {
        "subject": subject,
        "number": number,
        "title": form.called(words.language()),
        "choices": [(one, shared.checklist_name(one)) for one in visit_rules.CHECKLISTS],
        "proposed": subject.checklist,
        "about": about,
        "blocks": _blocks(form, asked, typed, read),
        "named": [(key, value) for key, value in request.GET.items() if key != "daftar"],
        "reason": finding_queries.label(subject.task.reason, words.language())
        if subject.task is not None and finding_queries.kind(subject.task.reason)
        else "",
        "doubts": len(read.questions) + len(read.faults) if read is not None else 0,
    }
    status = 422 if posted else 200
    return pages.show(
        request,
        "desk/posyandu_visits/write.html",
        posyandu,
        context,
        here="desk_posyandu_visits",
        status=status,
    )


def _number(request: Request, subject: queries.Subject) -> int:
    typed = request.GET.get("daftar", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 1 else subject.checklist
    if number not in visit_rules.CHECKLISTS or (number and subject.person is None):
        raise Http404
    return number


def _read(form: rules.Form, typed: dict[str, str], subject: queries.Subject, sure: list[str]) -> rules.Read:
    card = subject.participant
    return rules.read(
        form,
        typed,
        sex=subject.person.sex if subject.person is not None else "",
        age_months=subject.age_months,
        before=forms_grid.before(card, timezone.now().date()) if card is not None else None,
        sure=sure,
    )


def _record(
    request: Request,
    posyandu: Any,
    subject: queries.Subject,
    number: int,
    form: rules.Form,
    said: dict[str, Any],
    read: rules.Read,
) -> Any:
    cadre = institution.cadre_of(request.by, posyandu)
    return actions.record_homevisit(
        by=request.by,
        at=timezone.now(),
        posyandu_id=posyandu.id,
        checklist=number,
        date=said["date"],
        values=read.values,
        participant_id=subject.participant.id if subject.participant is not None else None,
        person_id=subject.person.id if subject.person is not None else None,
        household_id=subject.household.id if subject.household is not None else None,
        cadre_id=cadre.id if cadre is not None else None,
        met=said["met"] == "ya",
        outcome=said["outcome"],
        reported_date=said["reported_date"],
        next_date=said["next_date"],
        task_ids=[subject.task.id] if subject.task is not None else (),
        form_version=form.version,
        flags=[f"sure:{one}" for one in read.flags],
        visit_id=said["key"],
    )


def _blocks(
    form: rules.Form, asked: tuple[rules.Field, ...], typed: dict[str, str], read: rules.Read | None
) -> list[dict[str, Any]]:
    """The questions by the blocks of the sheet; date, place and officer of one check stand on one line."""
    language = words.language()
    found = []
    for section in form.sections:
        own = [one for one in asked if one.section == section.code]
        if not own:
            continue
        drawn = fields.shown(own, typed, read)
        lines: list[dict[str, Any]] = []
        for one, shown in zip(own, drawn, strict=True):
            if one.group and lines and lines[-1]["group"] == one.group:
                lines[-1]["fields"].append(shown)
            else:
                title = one.group_called(language) if one.group else ""
                lines.append({"group": one.group, "title": title, "fields": [shown]})
            if one.group:
                shown["label"] = shown["label"].partition(": ")[2].capitalize() or shown["label"]
        found.append(
            {"title": section.called(language), "lines": lines, "danger": any(one.danger for one in own)}
        )
    return found
