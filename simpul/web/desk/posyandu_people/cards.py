"""One person's card: history, latest judgement, findings, what is due; the acts on the card."""

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
from django.views.decorators.http import require_GET, require_POST

from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import participants as actions
from simpul.posyandu.queries import chart, institution, rulebook
from simpul.posyandu.queries import examinations as entry_queries
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import participants as queries
from simpul.posyandu.rules import forms as form_rules
from simpul.posyandu.rules import immunisation, kms
from simpul.posyandu.rules import participants as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_people import fields, forms, shared
from simpul.web.policy import Request, officer

HISTORY = 60


def card_of(request: Request, participant_id: UUID) -> Any:
    """The card, or "not found"."""
    return trying.found(access.participant_for, request, participant_id)


@officer(*shared.READING)
@require_GET
def person(request: Request, participant_id: UUID) -> HttpResponseBase:
    """The card of one person."""
    card = card_of(request, participant_id)
    today = institution.today_at(card.posyandu, timezone.now())
    rows = entry_queries.lines_of(card)
    counted = [one for one in rows if one.stands]
    last = counted[0] if counted else None
    others = [one for one in queries.cards_of(request.by, card.person_id) if one.id != card.id]
    context = {
        **head(card, today),
        "last": shared.entry(last) if last else None,
        "judgements": shared.judgements(last) if last else [],
        "rows": [shared.entry(one) for one in rows[:HISTORY]],
        "rivals": [entry for one in rows if (entry := shared.entry(one))["rival"]],
        "findings": _findings(request, card),
        "due": due(card, counted, today),
        "facts": _facts(card),
        "next_form": shared.form_name(next_) if (next_ := _next(card, today)) else "",
        "others": [
            {
                "url": reverse("desk_posyandu_person", args=[one.id]),
                "name": f"{shared.form_name(one.form)} · {one.posyandu.name}",
                "since": words.day(one.opened_date),
                "closed": words.day(one.closed_date),
            }
            for one in others
        ],
        "chart_url": shared.link("desk_posyandu_growth", card.id) if card.form in ("B", "C") else "",
        "chart": chart.card(request.by, card, today) if card.form in ("B", "C") and last else None,
        "sheet_url": shared.link("desk_posyandu_card_sheet", card.id, f"card_{card.form}"),
        "visit_url": _visit_url(request, card),
        "may": {act: shared.may(request, act) for act in ("details.change", "examination.record")},
        "may_change": shared.may(request, "participant.close"),
    }
    return shared.show(
        request, "desk/posyandu_people/person.html", card.posyandu, context, here="desk_posyandu_people"
    )


def _visit_url(request: Request, card: Any) -> str:
    """Where a visit at this person's home is written down; "" for who may not, and for a closed card."""
    if card.closed_date is not None or not shared.may(request, "homevisit.record"):
        return ""
    base = shared.link("desk_posyandu_visit_new", card.posyandu_id)
    return f"{base}?kartu={card.id}" if base else ""


def head(card: Any, today: date) -> dict[str, Any]:
    """Who the card is about, as the head of every page of a person says it."""
    return {
        "card": card,
        "person": card.person,
        "age": shared.age(card.person.birth_date, today),
        "born": words.day(card.person.birth_date),
        "sex": {"L": _("Man or boy"), "P": _("Woman or girl")}.get(card.person.sex, _("sex not known")),
        "form_name": shared.form_name(card.form),
        "since": words.day(card.opened_date),
        "closed": _(rules.CLOSED[card.closed_why]) if card.closed_why in rules.CLOSED else "",
        "closed_day": words.day(card.closed_date),
        "card_url": reverse("desk_posyandu_person", args=[card.id]),
    }


def _next(card: Any, today: date) -> str:
    if card.closed_date is not None:
        return ""
    return rules.next_form(card.form, card.person.birth_date, today)


def _findings(request: Request, card: Any) -> list[dict[str, Any]]:
    language = words.language()
    found = []
    rows = finding_queries.of_person(request.by, card.person_id)
    lines = finding_queries.folded([one for one in rows if one.state == "open"])
    milder = {line.front.id: line.milder for line in lines}
    for one in (*(line.front for line in lines), *(one for one in rows if one.state != "open")):
        tone, icon, level, _place = shared.LEVELS.get(one.level, shared.LEVELS["watch"])
        found.append(
            {
                "name": finding_queries.label(one.code, language),
                "tone": tone if one.state == "open" else "",
                "icon": icon if one.state == "open" else "check",
                "level": _(level) if one.state == "open" else _("over"),
                "since": words.day(one.found_date),
                "last": words.day(one.last_date),
                "times": one.times,
                "open": one.state == "open",
                "milder": [finding_queries.label(each.code, language) for each in milder.get(one.id, ())],
                "case_url": shared.link("desk_case", one.case_id) if one.case_id else "",
            }
        )
    return found


def due(card: Any, counted: Any, today: date, values: Any = None) -> list[dict[str, Any]]:
    """Doses of vaccines that a child may or should have now, by the schedule in force at the posyandu."""
    born = card.person.birth_date
    if card.form != "B" or born is None or born > today:
        return []
    book = rulebook.rulebook(card.region_code, today)
    past = [kms.Past(date=one.date, values=one.values) for one in counted if one.date <= today]
    given = immunisation.given_of(card.details, past, values or {}, today)
    doses = immunisation.due(
        born, given, today, book.data("immunisation"), book.data("vaccine_products"), sex=card.person.sex
    )
    names = _dose_names()
    return [
        {
            "code": one.code,
            "name": names.get(one.code, one.code.upper()),
            "late": one.state == immunisation.OVERDUE,
            "until": words.day(one.latest) if one.latest else "",
        }
        for one in doses
        if one.state in (immunisation.DUE, immunisation.OVERDUE)
    ]


def _dose_names() -> dict[str, str]:
    field = form_queries.card("B").field("vaccines")
    return {one.code: one.called(words.language()) for one in field.options} if field else {}


def _facts(card: Any) -> list[tuple[str, str]]:
    """The head of the card as it was answered."""
    form = form_queries.card(card.form)
    language = words.language()
    found = [
        (
            one.called(language),
            f"{form_rules.shown(one, card.details.get(one.key), language)} {one.unit_called(language)}".strip(),
        )
        for one in form.head
        if one.type != form_rules.COMPUTED and card.details.get(one.key) not in (None, "", [])
    ]
    mother = [(_("Mother"), card.mother.full_name)] if card.mother else []
    cadre = [(_("Cadre"), card.cadre.name)] if card.cadre else []
    return [*mother, *found, *cadre]


@officer("details.change")
def details(request: Request, participant_id: UUID) -> HttpResponseBase:
    """Change the head of the card."""
    card = card_of(request, participant_id)
    form = form_queries.card(card.form)
    asked = [one for one in form.head if one.type != form_rules.COMPUTED]
    cadres = institution.serving(card.posyandu)
    first = {"cadre": str(card.cadre_id or "")}
    post = request.POST if request.method == "POST" else None
    extra = forms.HeadForm(post, offered=cadres, initial=first)
    given = fields.typed(request.POST, asked) if post else fields.typed_of(card.details, asked)
    read = None
    if post is not None:
        read = form_rules.read(form, given, sex=card.person.sex, sure=request.POST.getlist("sure"), head=True)
        if (
            extra.is_valid()
            and read.is_whole
            and trying.run(
                extra,
                lambda: actions.change_details(
                    by=request.by,
                    at=timezone.now(),
                    participant_id=card.id,
                    details=fields.values_of(read, asked),
                    cadre_id=reading.key(extra.cleaned_data["cadre"]),
                    mother_id=reading.key(request.POST.get("ibu", "")),
                ),
            )
        ):
            messages.success(request, _("Saved."))
            return _back_to(request, card)
    today = institution.today_at(card.posyandu, timezone.now())
    typed = request.GET.get("cariibu", "").replace("\x00", "").strip()[:100]
    context = {
        **head(card, today),
        "fields": fields.shown(asked, given, read),
        "extra": extra,
        "form": extra,
        "asks_mother": card.form in ("B", "C"),
        "typed": typed,
        "mothers": queries.find_persons(request.by, typed) if typed else [],
    }
    status = 422 if read is not None else 200
    return shared.show(
        request,
        "desk/posyandu_people/details.html",
        card.posyandu,
        context,
        here="desk_posyandu_people",
        status=status,
    )


def _back_to(request: Request, card: Any) -> HttpResponseBase:
    """To the step of the day from which the head was asked for, else to the card."""
    coming, step = reading.key(request.GET.get("antrean", "")), request.GET.get("langkah", "")
    if coming is not None and step in ("2", "3", "4", "5"):
        return redirect("desk_posyandu_work", coming_id=coming, at_step=int(step))
    return redirect("desk_posyandu_person", participant_id=card.id)


@officer("participant.move")
def move(request: Request, participant_id: UUID) -> HttpResponseBase:
    """Take the card over to another posyandu."""
    card = card_of(request, participant_id)
    offered = access.posyandus(request.by).filter(closed_date=None).exclude(id=card.posyandu_id)
    post = request.POST if request.method == "POST" else None
    form = forms.MoveForm(post, offered=list(offered.order_by("name")[:300]))
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.move_participant(
                by=request.by,
                at=timezone.now(),
                participant_id=card.id,
                posyandu_id=reading.known_key(form.cleaned_data["posyandu"]),
                on_date=form.cleaned_data["on_date"],
                new_id=form.cleaned_data["key"],
            )
        ),
    ):
        messages.success(
            request, _("Taken over to %(posyandu)s, with the history.") % {"posyandu": made[0].posyandu.name}
        )
        return redirect("desk_posyandu_person", participant_id=made[0].id)
    lead = _("The old card closes, a new one opens there. What was measured so far stays in sight.")
    return _small(request, card, form, _("Take the card over"), _("Take over"), lead)


@officer("participant.close")
def close(request: Request, participant_id: UUID) -> HttpResponseBase:
    """Close the card."""
    card = card_of(request, participant_id)
    form = forms.CloseForm(request.POST if request.method == "POST" else None, form=card.form)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.close_participant(
            by=request.by,
            at=timezone.now(),
            participant_id=card.id,
            why=form.cleaned_data["why"],
            on_date=form.cleaned_data["on_date"],
        ),
    ):
        messages.success(request, _("The card is closed. What was written down stays."))
        return redirect("desk_posyandu_person", participant_id=card.id)
    lead = _("A closed card is not expected on posyandu days any more. It can be opened again.")
    return _small(request, card, form, _("Close the card"), _("Close the card"), lead)


def _small(request: Request, card: Any, form: Any, title: str, button: str, lead: str) -> HttpResponseBase:
    today = institution.today_at(card.posyandu, timezone.now())
    context = {**head(card, today), "form": form, "title": title, "button": button, "lead": lead}
    status = 422 if form.errors else 200
    return shared.show(
        request,
        "desk/posyandu_people/small.html",
        card.posyandu,
        context,
        here="desk_posyandu_people",
        status=status,
    )


@officer("participant.reopen")
@require_POST
def reopen(request: Request, participant_id: UUID) -> HttpResponseBase:
    """Open the card again."""
    back = reverse("desk_posyandu_person", args=[participant_id])
    return trying.attempt(
        request,
        lambda: actions.reopen_participant(by=request.by, at=timezone.now(), participant_id=participant_id),
        back,
    )


@officer("participant.advance")
@require_POST
def advance(request: Request, participant_id: UUID) -> HttpResponseBase:
    """Put the person on the form of the age."""
    card = card_of(request, participant_id)

    def act() -> None:
        made = actions.advance_participant(by=request.by, at=timezone.now(), participant_id=card.id)
        said = {"name": made.person.full_name, "form": shared.form_name(made.form)}
        messages.success(request, _("%(name)s is on form %(form)s now.") % said)

    back = request.POST.get("next", "")
    listed = reverse("desk_posyandu_outgrown", args=[card.posyandu_id])
    return trying.attempt(
        request, act, listed if back == "list" else reverse("desk_posyandu_person", args=[card.id])
    )
