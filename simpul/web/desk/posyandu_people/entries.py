"""One entry of a card: what was answered, how it was judged and by which rule; choosing, taking back, the referral slip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.lib.ids import uuid7
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import examinations as actions
from simpul.posyandu.queries import examinations as queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import institution
from simpul.posyandu.rules import examinations as rules
from simpul.posyandu.rules import forms as form_rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_people import cards, fields, forms, shared
from simpul.web.policy import Request, officer


def entry_of(request: Request, examination_id: UUID) -> Any:
    """The entry, or "not found"."""
    return trying.found(access.examination_for, request, examination_id)


def answered(row: Any) -> list[tuple[str, str]]:
    """Every answer of an entry in words, in the order of the sheet."""
    language = words.language()
    form = form_queries.card(row.form, row.form_version)
    more = form_queries.form("card_lansia") if row.form == "D" else None
    found = []
    for one in (*form.row, *(more.row if more else ())):
        value = row.values.get(one.key)
        if one.type != form_rules.COMPUTED and value not in (None, "", []):
            found.append(
                (
                    one.called(language),
                    f"{form_rules.shown(one, value, language)} {one.unit_called(language)}".strip(),
                )
            )
    return list(dict.fromkeys(found))


@officer(*shared.READING)
@require_GET
def one(request: Request, examination_id: UUID) -> HttpResponseBase:
    """One entry whole."""
    row = entry_of(request, examination_id)
    card = trying.found(access.participant_for, request, row.participant_id)
    same = queries.beside(queries.lines_of(card), row)
    context = {
        **cards.head(card, row.date),
        "entry": shared.entry(row),
        "judgements": shared.judgements(row),
        "answers": answered(row),
        "scores": scores(row),
        "said": shared.status(row.said_status),
        "beside": [{**shared.entry(other), "answers": answered(other)} for other in same],
        "form": forms.WhyForm(),
        "recorded": words.moment(row.recorded_at, row.region_code),
        "source": {
            "day": _("on a posyandu day"),
            "paper": _("from paper"),
            "visit": _("on a visit at home"),
            "import": _("taken in from a list"),
        }.get(row.source, row.source),
        "may_choose": shared.may(request, "examination.choose"),
        "may_withdraw": shared.may(request, "examination.withdraw"),
    }
    return shared.show(
        request, "desk/posyandu_people/entry.html", card.posyandu, context, here="desk_posyandu_people"
    )


def scores(row: Any) -> list[dict[str, Any]]:
    """z-scores by both methods with the legal class."""
    found = []
    for index, label, by_day, by_month in (
        ("bb_u", _("Weight for age"), row.waz, row.waz_m),
        ("tb_u", _("Height for age"), row.haz, row.haz_m),
        ("bb_tb", _("Weight for height"), row.whz, row.whz_m),
        ("imt_u", _("Body mass index for age"), row.baz, row.baz_m),
    ):
        if by_day is not None or by_month is not None or getattr(row, index):
            found.append(
                {
                    "label": label,
                    "month": shared.decimal(by_month, 100, 2),
                    "day": shared.decimal(by_day, 100, 2),
                    "class": shared.class_words(index, getattr(row, index)),
                    "differs": f"methods:{index}" in row.flags,
                }
            )
    return found


@officer("examination.record")
def new(request: Request, participant_id: UUID) -> HttpResponseBase:
    """Write an entry down that was made outside the steps of a day: the whole card on one page, with its day."""
    card = cards.card_of(request, participant_id)
    today = institution.today_at(card.posyandu, timezone.now())
    post = request.POST if request.method == "POST" else None
    day = forms.DayForm(post, today=today)
    on = day.cleaned_data["date"] if day.is_valid() else today
    form = form_queries.card(card.form)
    _days, months = rules.age(card.person.birth_date, on)
    asked = form.asked(card.person.sex, months)
    given = fields.typed(request.POST, asked) if post else {}
    read = None
    before = queries.before([row for row in queries.lines_of(card) if row.date < on], None)
    known = {**before.values, "days": (on - before.date).days} if before else {}
    made: list[Any] = []
    if post is not None and day.is_valid():
        sure = request.POST.getlist("sure")
        own = fields.only(form, asked)
        read = form_rules.read(own, given, sex=card.person.sex, age_months=months, before=known, sure=sure)
        if not read.values:
            day.add_error(None, _("Nothing was filled in."))
        elif read.is_whole and trying.run(day, lambda: made.append(_record(request, card, on, read))):
            messages.success(request, _("Saved."))
            return redirect("desk_posyandu_entry", examination_id=made[0].id)
    context = {
        **cards.head(card, today),
        "form": day,
        "parts": [(name, fields.shown(rows, given, read, known)) for name, rows in fields.parts(form, asked)],
        "key": request.POST.get("key") or str(uuid7()),
        "doubts": len(read.questions) + len(read.faults) if read else 0,
    }
    return shared.show(
        request,
        "desk/posyandu_people/entry_new.html",
        card.posyandu,
        context,
        here="desk_posyandu_people",
        status=200 if post is None else 422,
    )


def _record(request: Request, card: Any, on: Any, read: Any) -> Any:
    return actions.record_examination(
        by=request.by,
        at=timezone.now(),
        participant_id=card.id,
        date=on,
        values=read.values,
        source="paper",
        sure=read.flags,
        examination_id=reading.key(request.POST.get("key", "")),
    )


@officer("examination.choose")
@require_POST
def choose(request: Request, examination_id: UUID) -> HttpResponseBase:
    """This entry counts."""

    def act() -> None:
        actions.choose_examination(
            by=request.by,
            at=timezone.now(),
            examination_id=examination_id,
            why=request.POST.get("why", "")[:150],
        )
        messages.success(request, _("This entry counts now. The other one stays on the card, set aside."))

    return trying.attempt(request, act, reverse("desk_posyandu_entry", args=[examination_id]))


@officer("examination.withdraw")
@require_POST
def withdraw(request: Request, examination_id: UUID) -> HttpResponseBase:
    """Take the entry back."""

    def act() -> None:
        actions.withdraw_examination(
            by=request.by,
            at=timezone.now(),
            examination_id=examination_id,
            why=request.POST.get("why", "")[:180],
        )
        messages.success(request, _("Taken back. It stays on the card, crossed out."))

    return trying.attempt(request, act, reverse("desk_posyandu_entry", args=[examination_id]))


@officer(*shared.READING)
@require_GET
def slip(request: Request, examination_id: UUID) -> HttpResponseBase:
    """The referral slip: who, what was found, what was measured, who sends; for the parent's hand."""
    row = entry_of(request, examination_id)
    card = trying.found(access.participant_for, request, row.participant_id)
    found = shared.judgements(row)
    context = {
        **cards.head(card, row.date),
        "entry": shared.entry(row),
        "reasons": [one for one in found if one["refer"]] or found[:3],
        "answers": answered(row),
        "back": reverse("desk_posyandu_entry", args=[row.id]),
        "printed": words.moment(timezone.now(), row.region_code),
        "hamlet": card.posyandu.hamlet.name if card.posyandu.hamlet else "",
    }
    return shared.show(request, "desk/posyandu_people/slip.html", card.posyandu, context)
