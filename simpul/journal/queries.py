"""Reading the journal: timelines, and the check that nothing was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from simpul.journal import rules
from simpul.journal.models import Line, Seal, Turn
from simpul.lib import merkle
from simpul.lib.keys import ring


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the journal that is not as it was sealed."""

    what: str
    position: int | None
    line_id: UUID | None = None


def timeline(subject_ids: Iterable[UUID], *, limit: int = 500) -> list[Line]:
    """The lines on these subjects, newest first. The caller has already checked that its actor may see the subject."""
    return list(Line.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id")[:limit])


def unsealed_count() -> int:
    """How many lines wait for the next seal."""
    return Line.objects.unsealed().count()


def damages() -> Iterator[Damage]:
    """Walk every seal and line and yield what does not fit: edited, removed and inserted lines, broken seals.

    The walk recomputes each line's leaf, each root, the chain and each signature, and holds one batch in memory at a time.
    """
    previous = bytes(32)
    expected_number = 1
    next_position = 1
    for seal in Seal.objects.order_by("number").iterator():
        fields = rules.seal_fields(seal)
        if seal.number != expected_number:
            yield Damage(f"seal {expected_number} is missing", next_position)
        if fields["first_position"] != next_position and seal.number == expected_number:
            yield Damage(f"seal {seal.number} does not start where the one before ended", next_position)
        if fields["previous"] != previous and seal.number == expected_number:
            yield Damage(f"seal {seal.number} is not chained to the one before", fields["first_position"])
        if not ring().verify(rules.seal_digest(**fields), bytes(seal.signature)):
            yield Damage(f"the signature of seal {seal.number} is not ours", fields["first_position"])
        yield from _line_damages(seal)
        previous = rules.seal_digest(**fields)
        expected_number = seal.number + 1
        next_position = fields["last_position"] + 1
    for line in Line.objects.filter(position__gte=next_position).order_by("position").iterator():
        yield Damage("a line carries a position that no seal covers", line.position, line.id)


def _line_damages(seal: Seal) -> Iterator[Damage]:
    """Compare each line with the hash its seal keeps for it; the hashes themselves are held by the signed root."""
    kept = bytes(seal.leaves)
    leaves = [kept[start : start + 32] for start in range(0, len(kept), 32)]
    if merkle.root(leaves) != bytes(seal.root):
        yield Damage(f"the hashes kept by seal {seal.number} do not give its root", seal.first_position)
    lines = {
        line.position: line
        for line in Line.objects.filter(position__range=(seal.first_position, seal.last_position))
    }
    for position, leaf in enumerate(leaves, start=seal.first_position):
        line = lines.get(position)
        if line is None:
            yield Damage("a line was removed", position)
        elif rules.line_leaf(rules.line_fields(line)) != leaf:
            yield Damage("a line was edited", position, line.id)
        elif line.redacted_at is None and rules.inputs_digest(line.inputs or {}, bytes(line.salt)) != bytes(
            line.digest
        ):
            yield Damage("the inputs of a line were edited", position, line.id)


def turns() -> list[Turn]:
    """The state of every piece of periodic work, by name."""
    return list(Turn.objects.order_by("name"))
