"""One card: who, why, what is needed, where it stands, and the next step as a button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases import access as case_access
from simpul.desks import queries as desk_queries
from simpul.lib import ids, when
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.access import kis as access
from simpul.programmes.actions import kis
from simpul.programmes.queries import kis as queries
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.kis import forms, shared
from simpul.web.policy import Request, officer
from simpul.web.portal import receipt_link

SLIPS_KEY = "desk_kis_slips"
MOST_SLIPS = 20
_LAST = ("tolak", "batal-pintu")
_BESIDE = ("surat", "tanya")
"""Steps that lead nowhere by themselves: they stand after those that do."""


@officer(*shared.READING)
@require_GET
def page(request: Request, card_id: UUID) -> HttpResponseBase:
    """The card with its next steps."""
    return _page(request, card_id)


def _page(request: Request, card_id: UUID, *, slug: str = "", wrong: Any = None) -> HttpResponseBase:
    card = trying.found(access.card_for, request, card_id)
    day = shared.today(request)
    rule = kis_rules.followed(card.region_code, day)
    given = kis_rules.needed(card, queries.office_of(card))
    buttons = _buttons(request, card, slug, wrong)
    context = {
        "card": card,
        "row": shared.row(card, shared.places_of([card]), day),
        "facts": _facts(card),
        "steps": _steps(card),
        "main": [one for one in buttons if one["slug"] not in _LAST],
        "last": [one for one in buttons if one["slug"] in _LAST],
        "letters": shared.letters(card, day),
        "missing": [_(rules.LETTERS[name]) for name in rules.missing(rule, given)],
        "doubts": [_(rules.DOUBTS[name]) for name in rules.doubts(rule, given)],
        "rule": rule,
        "others": rules.differing(kis_rules.all_rules(card.region_code), day),
        "bring": [_(one) for one in rules.BRING],
        "timeline": _timeline(card),
        "wrong": wrong,
        "case_url": _case_url(request, card),
        "person_url": _person_url(card),
        "has_slip": str(card.id) in request.session.get(SLIPS_KEY, {}),
        "late": card.state == rules.PROPOSED
        and rules.needs_follow_up(card.proposed_date, card.chased_date, day, rule.follow_up_days),
        "may_match": not card.state and roles.may(request.by, "card.match", access.place_of(card)),
        "press_id": ids.uuid7(),
    }
    return frame.show(
        request, "desk/kis/card.html", context, status=422 if wrong is not None else 200, here="desk_kis"
    )


def _buttons(request: Request, card: Any, opened: str, wrong: Any) -> list[dict[str, Any]]:
    """The steps this seat may take from where the card stands."""
    found = []
    for slug, step in forms.STEPS.items():
        if not _offers(step.act, card) or not roles.may(request.by, step.act, access.place_of(card)):
            continue
        if step.act == "card.approve" and request.by.user_id and card.checked_by == request.by.user_id:
            continue
        mine = slug == opened and wrong is not None
        found.append(
            {
                "slug": slug,
                "title": _(step.title),
                "icon": step.icon,
                "asks": step.asks,
                "warns": step.warns,
                "url": reverse("desk_kis_act", args=[card.id, slug]),
                "form": wrong if mine else forms.made(step, card, slug=slug),
                "open": mine or (slug == "pintu" and card.door == rules.TO_VISIT),
            }
        )
    later = (*_BESIDE, "pintu") if card.door == rules.FOUND else _BESIDE
    return sorted(found, key=lambda one: one["slug"] in later)


def _offers(act: str, card: Any) -> bool:
    """True when the step makes sense from where the card stands; the act itself decides for good."""
    if act in rules.MOVES:
        if act == "card.reject":
            return card.state not in rules.ENDED
        return rules.target(act, card.state) is not None and not (
            act == "card.ask" and card.door == rules.DEAD
        )
    if act == "door.record":
        return not card.state
    if act == "door.undo":
        return not card.state and card.door != rules.TO_VISIT
    if act == "card.chase":
        return card.state in rules.AT_MINISTRY
    return bool(card.state) and card.state not in rules.ENDED


def _facts(card: Any) -> list[dict[str, Any]]:
    """Who this is and what is known, for the list of facts."""
    shown = [
        (_("KIS card number"), card.kis_number),
        ("NIK", shared.identity(card)),
        (_("Born"), words.day(card.birth_date) if card.birth_date else ""),
        (_("Address"), card.address),
        (_("Landmark"), card.landmark),
        (_("Off since"), f"{words.day(card.off_date)}, {card.deactivation.name}"),
        (_("Reason on the list"), card.off_reason),
        (_("Facilitator"), card.seat.user.full_name if card.seat_id else _("Given to nobody yet")),
        (_("At the door"), _door_words(card)),
        (_("Decile (DTSEN)"), card.decile or ""),
        (_("Why eligible"), card.eligibility_words),
        (_("Recommendation"), _recommendation(card)),
        (_("Proposed on"), words.day(card.proposed_date) if card.proposed_date else ""),
        (_("Asked the ministry"), words.day(card.chased_date) if card.chased_date else ""),
        (_("The ministry said"), card.ministry_words),
        (_("Active since"), words.day(card.reactivated_date) if card.reactivated_date else ""),
        (_("Data duty until"), words.day(card.data_due_date) if card.data_due_date else ""),
        (_("Reason of the refusal"), card.end_reason),
    ]
    return [{"key": key, "value": str(value)} for key, value in shown if value]


def _door_words(card: Any) -> str:
    label = _(rules.DOORS.get(card.door, card.door))
    return f"{label}, {words.short_day(card.door_at, card.region_code)}" if card.door_at else label


def _recommendation(card: Any) -> str:
    if not card.recommendation:
        return ""
    day = words.day(card.recommendation_date) if card.recommendation_date else ""
    return f"{card.recommendation}, {day}, {card.signer}"


def _steps(card: Any) -> list[dict[str, Any]]:
    """The straight way, and where the card stands on it."""
    state = rules.CHECK if card.state == rules.REVISION else card.state
    if state == rules.MINISTRY_NO:
        state = rules.MINISTRY_YES
    if state == rules.REJECTED:
        state = card.before_end if card.before_end in rules.PATH else rules.SUBMITTED
    at = rules.PATH.index(state) if state in rules.PATH else -1
    found = []
    for place, name in enumerate(rules.PATH):
        shown = card.state if place == at and card.state else name
        done = place < at or card.state == rules.COMPLETED
        found.append(
            {
                "title": shared.state_words(shown),
                "state": "done" if done else "now" if place == at else "next",
                "when": words.short_day(card.state_at, card.region_code) if place == at else "",
                "text": card.revision_words if shown == rules.REVISION else "",
            }
        )
    return found


def _timeline(card: Any) -> list[dict[str, Any]]:
    """What was done, newest first: the acts of the journal, and what was found at the door."""
    found = {
        "door.record": _("found: %(what)s"),
        "door.undo": _("taken back: %(what)s"),
    }
    entries = []
    lines = queries.history(card)
    zone = desk_queries.zone_of(card.region_code).key
    desks = desk_queries.names({line.desk_id for line in lines if line.desk_id})
    for line in reversed(lines):
        door = line.facts.get("found") if line.kind in found else None
        entries.append(
            {
                "at": when.local_time(line.at, zone).replace(tzinfo=None),
                "who": line.actor_name,
                "desk": desks.get(line.desk_id, "") if line.desk_id else "",
                "text": words.act_words(line.kind),
                "why": found[line.kind] % {"what": _(rules.DOORS.get(door, door))} if door else "",
                "quote": _quote(line),
                "icon": "house" if line.kind.startswith("door") else "knot",
                "tone": "good" if line.kind in ("card.confirm", "card.complete") else "",
            }
        )
    return entries


def _quote(line: Any) -> str:
    """The words that were written with a step."""
    said = line.inputs or {}
    return next((str(said[name]) for name in ("words", "reason", "missing") if said.get(name)), "")


def _case_url(request: Request, card: Any) -> str:
    """The matter, for those who may see it."""
    if card.case_id is None or not case_access.visible(request.by).filter(id=card.case_id).exists():
        return ""
    return reverse("desk_case", args=[card.case_id])


def _person_url(card: Any) -> str:
    """The person's household in the register, where that page is."""
    person = card.person
    if person is None or person.household_id is None:
        return ""
    try:
        return reverse("desk_register_household", args=[person.household_id])
    except NoReverseMatch:
        return ""


@officer(*shared.READING)
@require_POST
def act(request: Request, card_id: UUID, slug: str) -> HttpResponseBase:
    """Press one of the page's buttons."""
    step = forms.STEPS.get(slug)
    if step is None:
        raise Http404
    try:
        card = access.card_for(request.by, card_id)
        form = forms.made(step, card, request.POST, slug=slug)
        if form.is_valid():
            press = reading.key(request.POST.get("press", ""))
            given = {**form.cleaned_data, "door_id": press, "case_id": press}
            done = step.run(request.by, timezone.now(), card, given)
            messages.success(request, _(step.done))
            if isinstance(done, kis.Asked):
                _keep_slip(request, done)
                return redirect("desk_kis_receipt", card_id=card_id)
            return redirect("desk_kis_card", card_id=card_id)
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        _refuse(form, refusal)
    return _page(request, card_id, slug=slug, wrong=form)


_FIELDS = {
    "proposed_date": "day",
    "ministry_date": "day",
    "reactivated_date": "day",
    "data_date": "day",
    "chased_date": "day",
    "recommendation_date": "day",
}
"""An act's field that has another name in its form."""


def _refuse(form: Any, refusal: Refused) -> None:
    """Show a refusal beside its field."""
    name = _FIELDS.get(refusal.field, refusal.field)
    if name == "reason" and "reason" not in form.fields:
        name = "words"
    form.add_error(name if name in form.fields else None, str(refusal))


# --- the receipt ----------------------------------------------------------------------------------------------------------


def _keep_slip(request: Request, done: kis.Asked) -> None:
    """Keep the sealed receipt with the session, so that the slip can be shown and printed."""
    case, opened = done.opened.case, done.opened
    token = receipt_link.seal(
        receipt_link.Receipt(
            case_id=str(case.id),
            number="" if opened.receipt16 else opened.number,
            pin=opened.pin,
            receipt16=opened.receipt16,
            kind=words.said(case.kind, "name"),
            region_code=case.region_code,
            received_at=case.received_at.isoformat(),
            due_at=case.due_at.isoformat() if case.due_at else "",
            desk=case.holder.name,
        )
    )
    kept = {**request.session.get(SLIPS_KEY, {}), str(done.card.id): token}
    request.session[SLIPS_KEY] = dict(list(kept.items())[-MOST_SLIPS:])


@officer("card.ask")
@require_GET
def receipt(request: Request, card_id: UUID) -> HttpResponseBase:
    """The slip for the person: number and PIN, what to bring, where to follow it."""
    token = request.session.get(SLIPS_KEY, {}).get(str(card_id))
    if not token:
        raise Http404
    card = trying.found(access.card_for, request, card_id)
    kept = receipt_link.read(token)
    home = desk_queries.institution()
    lacking = [
        one["name"]
        for one in shared.letters(card, shared.today(request))
        if one["required"] and not one["there"]
    ]
    slip = {
        "number": kept.follow_number,
        "pin": kept.pin,
        "kind": kept.kind,
        "place": region_queries.path_names(kept.region_code),
        "at": words.moment(card.asked_at, kept.region_code),
        "desk": kept.desk,
        "next": _("Still to bring: %(papers)s.") % {"papers": ", ".join(lacking)} if lacking else "",
        "url": request.build_absolute_uri("/lacak/"),
        "phone": home.phone,
        "helper": request.by.name,
        "lines": [],
    }
    return frame.show(request, "desk/kis/receipt.html", {"card": card, "slip": slip}, here="desk_kis")
