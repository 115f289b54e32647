"""Which letters an actor may see: those of the village whose letters the seat works on, never a closed matter's.

A letter of a restricted or sealed matter is seen by who sees the matter, and nobody sees one of a matter that he is kept away from.
Residents follow theirs by the receipt of the matter, or by the address on the letter itself.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.letters.models import Letter, Mandate
from simpul.letters.models.letters import LetterSet
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound


def visible(by: Actor) -> LetterSet:
    """Letters of this actor's villages. Nothing for the public, partners, and roles that only administer."""
    if by.role == SYSTEM:
        return Letter.objects.all()
    if not roles.may_somewhere(by, "letter.draft"):
        return Letter.objects.none()
    open_matter = (
        Q(case=None) | Q(case__sensitivity="normal") | Q(case__in=case_access.visible(by).values("id"))
    )
    away = Case.objects.filter(case_access.kept_away(by)).values("id")
    return (
        Letter.objects.filter(inside(by))
        .filter(open_matter)
        .exclude(Q(case__isnull=False) & Q(case__in=away))
    )


def letter_for(by: Actor, letter_id: UUID, *, lock: bool = False) -> Letter:
    """One letter, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = visible(by)
    if lock:
        rows = rows.select_for_update(of=("self",))
    else:
        rows = rows.select_related("type", "version", "case", "person", "mandate", "taken", "desk")
    found = rows.filter(id=letter_id).first()
    if found is None:
        raise NotFound
    return found


def mandate_for(by: Actor, mandate_id: UUID) -> Mandate:
    """One mandate of this actor's villages.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = Mandate.objects.filter(inside(by), id=mandate_id).select_related("seat").first()
    if found is None or not roles.may_somewhere(by, "letter.draft"):
        raise NotFound
    return found


def place_of(letter: Letter) -> roles.Place:
    """Where a letter lies, for the role table."""
    holders = frozenset({letter.desk_id}) if letter.desk_id else frozenset()
    return roles.Place(letter.region_code, holders, holders)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)
