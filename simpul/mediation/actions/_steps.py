"""What the acts of a dispute share: begin on a locked row, find an entry again, keep dates true, answer the matter, write the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import settling
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.mediation import access
from simpul.mediation.models import Agreement, Dispute, Entry, Obligation, Session
from simpul.mediation.rules import moves


class DisputeEnded(Refused):
    """The dispute is over, or not where this act begins."""

    code = "dispute.ended"
    sentence = _(
        "That cannot be done in the state in which this dispute is now. Look at its page; it may have to be reopened."
    )


class WordsMissing(Refused):
    """An entry needs words."""

    code = "dispute.words_missing"
    sentence = _("Write a few words here.")


class ChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "dispute.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class KeyTaken(Refused):
    """The key of an entry stands in another dispute."""

    code = "dispute.key_taken"
    sentence = _("This was already written down in another dispute. Load the page again.")


Row = TypeVar("Row", bound=Entry)


def begin(by: Actor, act: str, dispute_id: UUID, states: Collection[str] = moves.RUNNING) -> Dispute:
    """Lock the dispute, ask for permission, and see that it is in a state in which the act makes sense.

    Raises:
        NotFound, NotAllowed: there is none for this actor, or the role may not do this here.
        DisputeEnded: its state does not allow it.
    """
    dispute = access.dispute_for(by, dispute_id, lock=True)
    roles.require(by, act, access.place_of(dispute))
    if states and dispute.state not in states:
        raise DisputeEnded
    return dispute


def again(table: type[Row], key: UUID | None, **of: Any) -> Row | None:
    """The entry that was written under this key before, so that a press or a phone that repeats itself changes nothing.

    Raises:
        KeyTaken: the key belongs to another dispute.
    """
    found: Any = table._default_manager.filter(id=key).first() if key else None
    if found is None:
        return None
    if not table._default_manager.filter(id=key, **of).exists():
        raise KeyTaken
    return found  # type: ignore[no-any-return]


def written(by: Actor, at: datetime, key: UUID | None) -> dict[str, Any]:
    """The columns every entry has."""
    own: dict[str, Any] = {"recorded_at": at, "recorded_by": by.name[:150], "user_id": by.user_key}
    return {**own, "id": key} if key else own


def words(given: str, *, field: str, most: int, least: int = 2) -> str:
    """One cleaned line that cannot be left out.

    Raises:
        WordsMissing: nothing is left.
    """
    clean = text.clean_line(given)[:most]
    if len(clean) < least:
        raise WordsMissing(field=field)
    return clean


def long_words(given: str, *, field: str, least: int = 3, most: int = 20_000) -> str:
    """A cleaned text of several lines that cannot be left out.

    Raises:
        WordsMissing: nothing is left.
    """
    clean = text.clean_text(given)[:most]
    if len(clean) < least:
        raise WordsMissing(field=field)
    return clean


def choice(given: str, known: Collection[str], *, field: str) -> str:
    """One of the fixed choices.

    Raises:
        ChoiceUnknown: it is none.
    """
    if given not in known:
        raise ChoiceUnknown(field=field)
    return given


def entry(table: type[Row], key: UUID, **of: Any) -> Row:
    """One entry that stands, of this dispute.

    Raises:
        NotFound: there is none.
    """
    found = table._default_manager.filter(id=key, withdrawn_at=None, **of).first()
    if found is None:
        raise NotFound
    return found


def today(dispute: Dispute, at: datetime) -> date:
    """The day at the place of the dispute."""
    return at.astimezone(desk_queries.zone_of(dispute.region_code)).date()


def refresh(dispute: Dispute) -> None:
    """Keep the next date true: the next session that is planned, or the next obligation that is due."""
    days: list[date] = []
    if dispute.state == "open":
        zone = desk_queries.zone_of(dispute.region_code)
        planned = Session.objects.filter(dispute=dispute, state="planned", withdrawn_at=None)
        days = [one.astimezone(zone).date() for one in planned.values_list("planned_at", flat=True)]
    elif dispute.state in ("agreed", "broken"):
        owed = Obligation.objects.filter(
            agreement__dispute=dispute, agreement__state="signed", state="open", withdrawn_at=None
        )
        days = list(owed.values_list("due_date", flat=True))
    soonest = min(days, default=None)
    if soonest != dispute.next_date:
        Dispute.objects.filter(id=dispute.id).update(next_date=soonest)
        dispute.next_date = soonest


def move(dispute: Dispute, state: str, at: datetime, why: str = "") -> None:
    """Bring the dispute into a state; an end has its time and its words."""
    over = state not in moves.RUNNING
    changes: dict[str, Any] = {"state": state, "ended_at": at if over else None, "ended_why": why[:500]}
    if Dispute.objects.filter(id=dispute.id, state=dispute.state).update(**changes) != 1:
        raise DisputeEnded
    for name, value in changes.items():
        setattr(dispute, name, value)
    refresh(dispute)


ANSWERS = {
    "settled": _(
        "The parties came to an agreement before the village (dispute %(number)s), and what they agreed on was kept."
    ),
    "not_settled": _(
        "The village could not bring the parties to an agreement (dispute %(number)s). Each remains free to go to court."
    ),
    "withdrawn": _("Dispute %(number)s was withdrawn by those who brought it."),
    "referred": _("Dispute %(number)s was sent on to a body that can deal with it: %(office)s."),
}


def answer_matter(by: Actor, at: datetime, dispute: Dispute, decision: str, office: str = "") -> str:
    """Give the matter its answer, without a word of what was said in it. Returns why that was not possible, or "".

    What happened with the dispute stays true when the matter cannot be answered any more (merged, withdrawn): then the line says so.
    """
    with override(dispute.case.language or "id"):
        said = gettext(str(ANSWERS[decision])) % {"number": dispute.number, "office": office}
    try:
        with transaction.atomic():
            settling.settle_case(by=by, at=at, case_id=dispute.case_id, text=said, decision=decision)
    except Refused as refusal:
        return refusal.code
    return ""


def standing_agreement(dispute: Dispute) -> Agreement | None:
    """The version that is in force."""
    return Agreement.objects.filter(dispute=dispute, state="signed").order_by("-version").first()


def line(
    by: Actor,
    at: datetime,
    kind: str,
    dispute: Dispute,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line. Names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="dispute",
        subject_id=dispute.id,
        facts=facts,
        inputs=inputs,
        region_code=dispute.region_code,
    )
