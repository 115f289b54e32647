"""Moving a person's cards, entries, visits and findings to another row of the same person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, QuerySet

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import moving
from simpul.lib.actor import Actor
from simpul.posyandu.actions import _recording
from simpul.posyandu.models import (
    Cadre,
    Examination,
    FieldRequest,
    Finding,
    HomeVisit,
    MarriageRisk,
    PaperLine,
    Participant,
    Task,
)
from simpul.posyandu.queries import examinations as queries
from simpul.posyandu.rules import examinations as rules

COLUMNS: tuple[moving.Column, ...] = (
    (Cadre, "person"),
    (Participant, "person"),
    (Participant, "mother"),
    (Examination, "person"),
    (HomeVisit, "person"),
    (Finding, "person"),
    (Task, "person"),
    (FieldRequest, "person"),
    (MarriageRisk, "person"),
    (PaperLine, "person"),
)
"""Every column of this room that points at a person."""
CARDS = moving.label((Participant, "person"))
ENTRIES = moving.label((Examination, "person"))
CLOSED = moving.label((Participant, "closed_date"))
"""What moved names here the cards that were closed because the other row has an open one on the form."""
LINKED = moving.label((Participant, "moved_from"))
"""What moved names here the cards of a pregnancy that were joined to the open one."""
BESIDE = moving.label((Examination, "rival"))
"""What moved names here the entries that were set beside another of their day."""


def move_participants(
    *,
    by: Actor,
    at: datetime,
    origin_id: UUID,
    target_id: UUID,
    region_code: str,
    only: Mapping[str, Sequence[str]] | None = None,
) -> moving.Moved:
    """Point what belongs to one person at another: asked for by ``upkeep``, which has seen both persons.

    Where both have an open card on one form, the one that moves is closed as a mistake; where both have an entry of one day, the one
    that moves stands beside the other until somebody chooses. Later entries are worked out again. With ``only`` just these rows, to put
    back what a merge had moved: what it had closed opens, what it had set beside counts. Returns what moved, and those.

    Raises:
        NotAllowed: not the actor's to do here.
    """
    roles.require(by, "participants.move", roles.Place(region_code=region_code))
    with transaction.atomic():
        cards = Participant.objects.filter(person_id__in=(origin_id, target_id)).order_by("id")
        held = list(cards.select_related("person").select_for_update(of=("self",)))
        moved = moving.move(COLUMNS, origin=origin_id, target=target_id, only=only)
        if only is None:
            _close_twins(at, origin_id, target_id, moved)
            _set_beside(moved)
            known = next((one.person for one in held if one.person_id == origin_id), None)
            _rework(moved, target_id, known.sex if known else "", known.birth_date if known else None)
        else:
            _open_twins(at, target_id, only)
            _set_apart(moved, only)
            _rework(moved, target_id)
            _rework(moved, origin_id)
        if moved:
            journal_actions.record(
                by=by,
                at=at,
                kind="participants.move",
                subject_kind="person",
                subject_id=target_id,
                region_code=region_code,
                facts={"from": str(origin_id), "rows": {name: len(keys) for name, keys in moved.items()}},
            )
    return moved


def _close_twins(at: datetime, origin_id: UUID, target_id: UUID, moved: moving.Moved) -> None:
    """Close the cards that had to stay because the target has an open one on the form, and let them follow.

    They end on the first day on which both were open: before it the person was on one list, since then it is on the other's alone.
    """
    own = {one.form: one for one in Participant.objects.filter(person_id=target_id, closed_date=None)}
    for card in Participant.objects.filter(person_id=origin_id, closed_date=None).order_by("id"):
        other = own.get(card.form)
        if other is None:
            continue
        card.person_id = target_id
        card.closed_date, card.closed_why = max(card.opened_date, other.opened_date), "mistake"
        card.changed_at = at
        if card.form == "A" and card.moved_from_id is None:
            card.moved_from = other  # one pregnancy on two cards
            moved.setdefault(LINKED, []).append(str(card.id))
        card.save(update_fields=["person", "closed_date", "closed_why", "changed_at", "moved_from"])
        moved.setdefault(CARDS, []).append(str(card.id))
        moved.setdefault(CLOSED, []).append(str(card.id))


def _open_twins(at: datetime, target_id: UUID, only: Mapping[str, Sequence[str]]) -> None:
    """Open again what ``_close_twins`` closed, unless somebody has done something else with it since."""
    back = Participant.objects.filter(person_id=target_id)
    back.filter(id__in=only.get(LINKED, ())).update(moved_from=None)
    for card in back.filter(id__in=only.get(CLOSED, ()), closed_why="mistake").order_by("id"):
        if not back.filter(form=card.form, closed_date=None).exists():
            card.closed_date, card.closed_why, card.changed_at = None, "", at
            card.save(update_fields=["closed_date", "closed_why", "changed_at"])


def _set_beside(moved: moving.Moved) -> None:
    """Set what moved beside the target's own entry of the same day and form; one that says nothing else is settled at once."""
    keys = moved.get(ENTRIES, [])
    for row in _entries(keys).filter(stands=True):
        same = queries.history(row.participant).filter(date=row.date, form=row.form, stands=True)
        first = same.exclude(id__in=keys).order_by("recorded_at", "id").first()
        if first is None:
            continue
        row.rival, row.stands = first, False
        row.flags = rules.joined(row.flags, ["rival"])
        row.set_aside_why = "same" if first.values == row.values else ""
        row.save(update_fields=["rival", "stands", "flags", "set_aside_why"])
        moved.setdefault(BESIDE, []).append(str(row.id))


def _set_apart(moved: moving.Moved, only: Mapping[str, Sequence[str]]) -> None:
    """Let entries that stood beside another person's count again, and so the other's, when it was set aside in their favour."""
    back = set(moved.get(ENTRIES, ())) & set(only.get(BESIDE, ()))
    for row in _entries(back).select_related("rival__participant"):
        other = row.rival
        row.rival, row.flags = None, [flag for flag in row.flags if flag != "rival"]
        if "withdrawn" not in row.flags:
            row.stands, row.set_aside_why = True, ""
        row.save(update_fields=["rival", "stands", "flags", "set_aside_why"])
        if other is None or "withdrawn" in other.flags:
            continue
        if not queries.history(other.participant).filter(date=other.date, stands=True).exists():
            other.stands, other.set_aside_why = True, ""
            other.save(update_fields=["stands", "set_aside_why"])


def _entries(keys: Collection[str]) -> QuerySet[Examination]:
    rows = Examination.objects.filter(id__in=keys).select_related("participant")
    return rows.order_by("date", "recorded_at", "id")


def _rework(moved: moving.Moved, person_id: UUID, sex: str = "", birth_date: date | None = None) -> None:
    """Work a person's entries out again from the earliest day of what moved, form by form.

    Sex and day of birth stand in where the person's row does not know them: it is filled from the row that it is merged with.
    """
    since = _entries(moved.get(ENTRIES, ())).order_by().values_list("form").annotate(Min("date"))
    for form, day in since:
        cards = Participant.objects.filter(person_id=person_id, form=form).select_related("person")
        card = cards.order_by(F("closed_date").desc(nulls_first=True), "-opened_date", "id").first()
        if card is None:
            continue
        card.person.sex = card.person.sex or sex
        card.person.birth_date = card.person.birth_date or birth_date
        _recording.rework(card, day)
