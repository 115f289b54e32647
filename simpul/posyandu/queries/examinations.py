"""Lines of cards: the history of one card, the line of a day, what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.posyandu.models import Day, Examination, Participant


def chain(participant: Participant) -> list[UUID]:
    """This card and those that it took over from: one pregnancy, also when it was followed at two posyandu."""
    found = [participant.id]
    origin = participant.moved_from
    while origin is not None and origin.id not in found and len(found) < 20:
        found.append(origin.id)
        origin = origin.moved_from
    later = list(Participant.objects.filter(moved_from_id__in=found).values_list("id", flat=True))
    return [*found, *(key for key in later if key not in found)]


def history(participant: Participant) -> QuerySet[Examination]:
    """Every line of this card: the person's on this form wherever it was measured; of form A the lines of this pregnancy alone."""
    if participant.form == "A":
        return Examination.objects.filter(participant_id__in=chain(participant))
    return Examination.objects.filter(person_id=participant.person_id, form=participant.form)


def line_of(participant: Participant, day: Day) -> Examination | None:
    """The entry of that day which counts; None before anything was written down."""
    found = history(participant).filter(date=day.day, stands=True)
    return found.order_by("recorded_at", "id").first()


def lines_of(participant: Participant) -> list[Examination]:
    """Every line of this card, newest first, also those that were set aside or taken back.

    A card that was closed shows nothing of later: what is measured after a move is for those who look after the person now.
    """
    rows = history(participant).select_related("posyandu", "cadre")
    if participant.closed_date is not None:
        rows = rows.filter(Q(date__lte=participant.closed_date) | Q(participant=participant))
    return list(rows.order_by("-date", "-recorded_at", "-id"))


def beside(rows: Sequence[Examination], one: Examination) -> list[Examination]:
    """The other entries of the same day among these."""
    return [other for other in rows if other.date == one.date and other.id != one.id]


def before(rows: Sequence[Examination], one: Examination | None) -> Examination | None:
    """The latest entry that counts before this one (before all, without one) among rows that are newest first."""
    earlier = [other for other in rows if other.stands and (one is None or other.date < one.date)]
    return earlier[0] if earlier else None


def levels(row: Examination) -> Mapping[str, int]:
    """How many judgements of each level an entry has."""
    found: dict[str, int] = {}
    for result in row.results:
        found[result["level"]] = found.get(result["level"], 0) + 1
    return found
