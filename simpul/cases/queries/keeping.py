"""What this room holds about one person: for their own copy, before an erasure, and when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from simpul.cases.models import Answer, Attachment, Case, CaseSet, Hop, Note, Party, Question, Visit
from simpul.lib import erasing


def own(person_id: UUID) -> CaseSet:
    """Matters a person brought, or that were brought for them."""
    return Case.objects.filter(Q(reporter_id=person_id) | Q(about_id=person_id))


def open_numbers(person_id: UUID) -> list[str]:
    """Numbers of a person's matters that are not closed. Protected ones are not among them: nobody learns of them this way."""
    return list(own(person_id).open().unsealed().order_by("received_at").values_list("number", flat=True))


def held(person_id: UUID, words: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What a person may have a copy of: their matters, what they and we said in them, who got them. Names of others are blacked out.

    Protected matters are never in it: whoever stands beside the person would read them too. The focal point shows those.
    """
    matters = list(own(person_id).unsealed().select_related("kind", "about").order_by("received_at"))
    mine = [case for case in matters if case.reporter_id in (None, person_id)]
    numbers = {case.id: case.number for case in mine}
    parties = set(
        Party.objects.filter(case__in=numbers).exclude(person_id=person_id).values_list("name", flat=True)
    )
    about = {case.about.full_name for case in mine if case.about and case.about_id != person_id}
    hidden = {name for name in parties | about if name and name not in words}
    return {
        "matters": [_case(case, hidden) for case in mine],
        "matters that others brought for you": [
            {"number": case.number, "kind": case.kind.name, "received": case.received_at, "state": case.state}
            for case in matters
            if case.id not in numbers
        ],
        "what was said": [
            {"matter": numbers[row.case_id], "at": row.at, "text": erasing.without(row.text, hidden)}
            for row in Note.objects.filter(case__in=numbers, from_resident=True).order_by("at")
        ],
        "questions": [
            {"matter": numbers[row.case_id], "asked": row.text, "reply": row.reply, "at": row.asked_at}
            for row in Question.objects.filter(case__in=numbers).order_by("asked_at")
        ],
        "answers": [
            {"matter": numbers[row.case_id], "at": row.at, "answer": erasing.without(row.text, hidden)}
            for row in Answer.objects.filter(case__in=numbers).order_by("at")
        ],
        "passed on to": [
            {"matter": numbers[row.case_id], "to": row.to_desk.name, "at": row.sent_at, "state": row.state}
            for row in Hop.objects.filter(case__in=numbers).select_related("to_desk").order_by("sent_at")
        ],
        "files": [
            {"matter": numbers[row.case_id], "name": row.name, "size": row.size, "at": row.added_at}
            for row in Attachment.objects.filter(case__in=numbers, removed_at=None).order_by("added_at")
        ],
        "visits": [
            {"at": row.opened_at, "channel": row.channel}
            for row in Visit.objects.filter(person_id=person_id).order_by("opened_at")
        ],
    }


def _case(case: Case, hidden: Collection[str]) -> dict[str, Any]:
    told = {
        "number": case.number,
        "kind": case.kind.name,
        "title": erasing.without(case.title, hidden),
        "text": erasing.without(case.text, hidden),
        "answers": case.answers,
        "place": case.place,
        "received": case.received_at,
        "state": case.state,
        "decision": case.decision,
        "closed": case.closed_at,
    }
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def subject_ids(person_id: UUID) -> list[UUID]:
    """The matters whose timeline belongs to a person's own trail; protected ones left out."""
    return list(own(person_id).unsealed().values_list("id", flat=True))


def free_ids(person_id: UUID) -> list[UUID]:
    """Closed, unprotected matters that are a person's own and nobody else's: what an erasure empties."""
    found = own(person_id).unsealed().filter(is_open=False, reporter_id=person_id)
    return list(found.filter(Q(about_id=None) | Q(about_id=person_id)).values_list("id", flat=True))


def receivers(person_id: UUID) -> list[tuple[UUID, str, str]]:
    """Desks outside that got a person's data with a matter: they are told when something was corrected, withdrawn or erased."""
    found = (
        Hop.objects.filter(case__in=own(person_id).unsealed().values("id"))
        .filter(Q(to_desk__outside=True) | Q(to_desk__kind="partner"))
        .order_by("to_desk__name")
        .values_list("to_desk_id", "to_desk__name", "to_desk__email")
        .distinct()
    )
    return list(found)


def over(at: datetime, limit: int = 1000, among: Collection[UUID] | None = None) -> list[UUID]:
    """Closed matters whose time is over, oldest first: the kind's ``retention_years`` after they were closed."""
    closed = Case.objects.filter(is_open=False, closed_at__lt=years_before(at, 1)).exclude(
        title=erasing.ERASED
    )
    if among is not None:
        closed = closed.filter(id__in=list(among))
    found = (
        closed.select_related("kind").order_by("closed_at").only("id", "closed_at", "kind__retention_years")
    )
    due = []
    for case in found.iterator(chunk_size=500):
        if case.closed_at is not None and case.closed_at <= years_before(at, case.kind.retention_years):
            due.append(case.id)
            if len(due) >= limit:
                break
    return due


def years_before(moment: datetime, years: int) -> datetime:
    """The same day some years earlier; 29 February becomes 28 February."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)


def region_of(case_id: UUID) -> str:
    """Where a matter lies; "" when there is none."""
    return Case.objects.filter(id=case_id).values_list("region_code", flat=True).first() or ""


def persons_of(case_ids: Collection[UUID]) -> set[UUID]:
    """Who brought these matters, and whom they are about."""
    found: set[UUID] = set()
    keys = list(case_ids)
    for start in range(0, len(keys), 500):
        found |= _persons(Case.objects.filter(id__in=keys[start : start + 500]))
    return found


def persons_at(desk_id: UUID, begin: datetime, end: datetime) -> set[UUID]:
    """Who has a matter that was on a desk's chain and was received within a time."""
    return _persons(Case.objects.filter(chain__desk_id=desk_id, received_at__gte=begin, received_at__lt=end))


def _persons(found: CaseSet) -> set[UUID]:
    brought = found.exclude(reporter=None).values_list("reporter_id", flat=True)
    about = found.exclude(about=None).values_list("about_id", flat=True)
    return {key for key in (*brought, *about) if key}
