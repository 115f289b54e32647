"""Asking for a card to be switched on again: it opens the person's matter with its receipt; the letters are noted as they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import intake
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people import actions as people_actions
from simpul.programmes.actions import _kis
from simpul.programmes.models import Card
from simpul.programmes.rules import kis as rules

KIND = "kis_reactivation"
_REASONS = {
    "emergency": "emergency",
    "catastrophic": "catastrophic",
    "treatment": "chronic",
    "chronic": "chronic",
    "pregnant": "birth",
}
"""Our needs in the words of the kind of matter; every other need is "other"."""


class ConsentMissing(Refused):
    """Nobody's card is asked for behind their back."""

    code = "card.consent_missing"
    sentence = _("Ask the person first, and say how they agreed: spoken, ticked or on paper.")
    field = "consent"


class CannotBeAsked(Refused):
    """There is nobody to ask for."""

    code = "card.cannot_be_asked"
    sentence = _(
        "This card cannot be asked for, because the person has died. Take the visit back if that is wrong."
    )


class AlreadyAsked(Refused):
    """The same person stands on another list, and their card is on its way."""

    code = "card.already_asked"
    sentence = _("This person's card is already on its way on another list. Go on with that one.")


@dataclass(frozen=True, slots=True)
class Asked:
    """The card, and the receipt the person takes home."""

    card: Card
    opened: intake.Opened


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The letters of an application as they were brought; "" was not brought yet."""

    facility: str = ""
    facility_letter: str = ""
    facility_date: date | None = None
    village_letter: str = ""
    village_date: date | None = None
    decile: int | None = None


def ask_card(
    *,
    by: Actor,
    at: datetime,
    card_id: UUID,
    consent: str = "",
    need: str = "",
    words: str = "",
    phone: str = "",
    asker: intake.PersonGiven | None = None,
    relation: str = "",
    channel: str = "field",
    case_id: UUID | None = None,
    number: str = "",
    declared_at: datetime | None = None,
) -> Asked:
    """Ask for a card to be switched on again, for the person: opens their matter with a receipt and ties it to the card.

    Args:
        asker: who asks in the person's place (a parent, a child), with ``relation``; the person themselves when None.
        case_id: made by the door before the button was pressed: the same again returns the same receipt.
        number: the number that was reserved for ``case_id`` and handed over; ``declared_at``: when, without a network (``open_case``).

    Raises:
        NotFound: no such card for this actor.
        CardMoved: somebody asked already.
        ConsentMissing, CannotBeAsked, AlreadyAsked; and what ``open_case`` refuses.
    """
    with transaction.atomic():
        again = _asked_before(by, at, card_id, case_id)
        if again is not None:
            return again
        card = _kis.begin(by, "card.ask", card_id)
        mode = consent or card.consent
        if mode not in rules.CONSENTS:
            raise ConsentMissing
        if card.door == rules.DEAD:
            raise CannotBeAsked
        if card.person_id is not None and _on_its_way(card):
            raise AlreadyAsked
        if need in rules.NEEDS:
            _kis.change(card, at, need=need, need_source="door", rank=rules.rank(need))
        opened = _open(
            by, at, card, mode, words, phone, asker, relation, channel, case_id, number, declared_at
        )
        person = card.person or (opened.case.about if asker is not None else opened.case.reporter)
        linked = (
            {}
            if card.person_id is not None or person is None
            else {"match": "decided", "matched_by": by.name, "matched_at": at}
        )
        _kis.move(
            card,
            "card.ask",
            at,
            person=person,
            case=opened.case,
            consent=mode,
            door=rules.ASKED,
            door_at=card.door_at or at,
            asked_at=at,
            asked_by=by.name,
            **linked,
        )
        _kis.line(by, at, "card.ask", card, {"case": opened.number, "consent": mode}, {"words": words})
        return Asked(card, opened)


def _asked_before(by: Actor, at: datetime, card_id: UUID, case_id: UUID | None) -> Asked | None:
    """The receipt of the same press of the button."""
    if case_id is None:
        return None
    card = Card.objects.filter(id=card_id, case_id=case_id).select_related("case__kind").first()
    if card is None or card.case is None:
        return None
    roles.require(by, "card.ask", roles.Place(region_code=card.region_code))
    opened = intake.open_case(
        by=by,
        at=at,
        kind_code=KIND,
        text_given=card.case.text,
        region_code=card.region_code,
        channel=card.case.channel,
        case_id=case_id,
    )
    return Asked(card, opened)


def _on_its_way(card: Card) -> bool:
    others = Card.objects.filter(person=card.person).exclude(id=card.id).exclude(state="")
    return others.exclude(state__in=rules.ENDED).exists()


def _open(
    by: Actor,
    at: datetime,
    card: Card,
    consent: str,
    words: str,
    phone: str,
    asker: intake.PersonGiven | None,
    relation: str,
    channel: str,
    case_id: UUID | None,
    number: str,
    declared_at: datetime | None,
) -> intake.Opened:
    """The matter of the person: in their own words where they said some."""
    whose = _person_given(card, "" if asker is not None else phone)
    with translation.override("id"):
        title = gettext("KIS card of %(name)s was switched off") % {"name": card.name}
        said = words.strip() or gettext(
            "Please switch the KIS card on again. It has been off since %(day)s."
        ) % {"day": card.off_date.strftime("%d/%m/%Y")}
    if card.person_id is not None and asker is None and phone.strip():
        people_actions.add_contact(
            by=by,
            at=at,
            person_id=card.person_id,
            channel="phone",
            as_typed=phone,
            place=roles.Place(region_code=card.region_code, holder_ids=by.desk_ids),
        )
    return intake.open_case(
        by=by,
        at=at,
        kind_code=KIND,
        text_given=said,
        title=title,
        region_code=card.region_code,
        channel=channel,
        answers=_answers(card),
        mode="self" if asker is None else "proxy",
        reporter=whose if asker is None else asker,
        about=None if asker is None else whose,
        relation=relation,
        hamlet_id=card.hamlet_id,
        place=card.address,
        urgency="urgent" if card.need in ("emergency", "catastrophic") else "normal",
        consent=consent,
        case_id=case_id,
        number=number,
        declared_at=declared_at,
    )


def _person_given(card: Card, phone: str) -> intake.PersonGiven:
    if card.person_id is not None:
        return intake.PersonGiven(person_id=card.person_id)
    return intake.PersonGiven(
        name=card.name,
        nik=card.nik,
        sex=card.sex,
        birth_date=card.birth_date,
        address=card.address,
        landmark=card.landmark,
        phone=phone,
    )


def _answers(card: Card) -> dict[str, object]:
    given: dict[str, object] = {
        "card_number": card.kis_number,
        "deactivated_date": card.off_date.isoformat(),
        "reason": _REASONS.get(card.need, "other"),
        "facility": card.facility,
        "facility_letter": card.facility_letter,
    }
    return {name: value for name, value in given.items() if value}


def note_letters(*, by: Actor, at: datetime, card_id: UUID, letters: LetterWords) -> None:
    """Note the letters that were brought, with number and day, and the family's decile when it was looked up.

    Raises:
        NotFound: no such card for this actor.
        DateImpossible: a letter of tomorrow, or no decile there is.
        CardMoved: the application has ended.
    """
    with transaction.atomic():
        card = _kis.begin(by, "letters.note", card_id)
        if card.state in rules.ENDED:
            raise _kis.CardMoved(state=_kis.state_words(card.state))
        today = _kis.today_of(by, at)
        for name in ("facility_date", "village_date"):
            day = getattr(letters, name)
            if day is not None and day > today:
                raise _kis.DateImpossible(field=name)
        if letters.decile is not None and not 1 <= letters.decile <= 10:
            raise _kis.DateImpossible(field="decile")
        _kis.change(
            card,
            at,
            facility=_kis.line_of(letters.facility, 120),
            facility_letter=_kis.line_of(letters.facility_letter, 60),
            facility_date=letters.facility_date,
            village_letter=_kis.line_of(letters.village_letter, 60),
            village_date=letters.village_date,
            decile=letters.decile,
        )
        brought = [name for name in rules.LETTERS if getattr(letters, name).strip()]
        _kis.line(
            by,
            at,
            "letters.note",
            card,
            {"brought": brought},
            {"facility": letters.facility, "decile": letters.decile},
        )
