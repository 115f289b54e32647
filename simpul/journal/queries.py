"""Reading the journal: timelines, and the check that nothing was changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from simpul.journal import access, rules
from simpul.journal.models import Line, LineSet, Seal, Turn
from simpul.lib import merkle
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.keys import ring


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the journal that is not as it was sealed. ``certain`` is false when a wrong clock explains it as well."""

    what: str
    position: int | None
    line_id: UUID | None = None
    certain: bool = True


def timeline(subject_ids: Iterable[UUID], *, limit: int = 500) -> list[Line]:
    """The lines on these subjects, newest first. The caller has already checked that its actor may see the subject."""
    return list(Line.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id")[:limit])


def unsealed_count() -> int:
    """How many lines wait for the next seal."""
    return Line.objects.unsealed().count()


def newest_recorded_at() -> datetime | None:
    """When the last line was written, by the clock of then."""
    return Line.objects.aggregate(newest=Max("recorded_at"))["newest"]


def has_seal(number: int, digest: bytes) -> bool:
    """True when the seal of this number is still the one with this digest: a journal cut short has lost it."""
    seal = Seal.objects.filter(number=number).first()
    return seal is not None and rules.seal_digest(**rules.seal_fields(seal)) == digest


def damages() -> Iterator[Damage]:
    """Walk every seal and line and yield what does not fit: edited, removed and inserted lines, broken seals.

    The walk recomputes each line's leaf, each root, the chain and each signature, and holds one batch in memory at a time.
    What nobody inside can find is an end that was cut off cleanly, seals and lines together: ``has_seal`` with a seal that
    was noted elsewhere (in a copy) finds that.
    """
    previous = bytes(32)
    expected_number = 1
    next_position = 1
    before: datetime | None = None
    redactions = _redactions()
    for line in Line.objects.filter(position__lt=1).order_by("position").iterator():
        yield Damage(_("a line carries a position that no seal covers"), line.position, line.id)
    for seal in Seal.objects.order_by("number").iterator(chunk_size=50):
        yield from _seal_damages(seal, expected_number, next_position, previous)
        lines = {
            line.position: line
            for line in Line.objects.filter(position__range=(seal.first_position, seal.last_position))
        }
        yield from _line_damages(seal, lines, redactions)
        yield from _out_of_order(lines.values(), before)
        before = min((line.recorded_at for line in lines.values()), default=before)
        previous = rules.seal_digest(**rules.seal_fields(seal))
        expected_number = seal.number + 1
        next_position = seal.last_position + 1
    for line in Line.objects.filter(position__gte=next_position).order_by("position").iterator():
        yield Damage(_("a line carries a position that no seal covers"), line.position, line.id)
    yield from _out_of_order(Line.objects.unsealed().order_by("recorded_at")[:1], before)


def _seal_damages(seal: Seal, number: int, position: int, previous: bytes) -> Iterator[Damage]:
    """What is wrong with a seal itself, given the number, first position and chain that should follow."""
    fields = rules.seal_fields(seal)
    first = fields["first_position"]
    if seal.number != number:
        yield Damage(_("seal %(number)s is missing") % {"number": number}, position)
    elif first != position:
        yield Damage(
            _("seal %(number)s does not start where the one before ended") % {"number": number}, position
        )
    elif fields["previous"] != previous:
        yield Damage(_("seal %(number)s is not chained to the one before") % {"number": number}, first)
    if not ring().verify(rules.seal_digest(**fields), bytes(seal.signature)):
        yield Damage(_("the signature of seal %(number)s is not ours") % {"number": seal.number}, first)


def _line_damages(
    seal: Seal, lines: Mapping[int | None, Line], redactions: frozenset[str]
) -> Iterator[Damage]:
    """Compare each line with the hash its seal keeps for it; the hashes themselves are held by the signed root."""
    kept = bytes(seal.leaves)
    leaves = [kept[start : start + merkle.HASH_BYTES] for start in range(0, len(kept), merkle.HASH_BYTES)]
    whole = len(kept) == merkle.HASH_BYTES * (seal.last_position - seal.first_position + 1)
    if not whole or merkle.root(leaves) != bytes(seal.root):
        what = _("the hashes kept by seal %(number)s do not give its root") % {"number": seal.number}
        yield Damage(what, seal.first_position)
    for position, leaf in enumerate(leaves, start=seal.first_position):
        line = lines.get(position)
        if line is None:
            yield Damage(_("a line was removed"), position)
        elif rules.line_leaf(rules.line_fields(line)) != leaf:
            yield Damage(_("a line was edited"), position, line.id)
        elif line.redacted_at is not None:
            if line.inputs is not None or str(line.id) not in redactions:
                yield Damage(_("the inputs of a line were taken away without a redaction"), position, line.id)
        elif rules.inputs_digest(line.inputs or {}, bytes(line.salt)) != bytes(line.digest):
            yield Damage(_("the inputs of a line were edited"), position, line.id)


def _redactions() -> frozenset[str]:
    """The ids of lines that a line of the journal says were redacted."""
    said = Line.objects.filter(kind__in=("line.redact", "lines.redact")).order_by("id")
    told = said.values_list("facts", flat=True)
    return frozenset(
        str(line) for facts in told for line in (facts.get("line"), *facts.get("lines", ())) if line
    )


_LATE = timedelta(hours=1)
"""No act takes so long that its line is recorded an hour before lines that were sealed already."""


def _out_of_order(lines: Iterable[Line], before: datetime | None) -> Iterator[Damage]:
    """The first line that says it is older than the whole seal before it: slipped in later, or written by a wrong clock."""
    if before is None:
        return
    late = [line for line in lines if line.recorded_at < before - _LATE]
    if late:
        first = min(late, key=lambda line: line.recorded_at)
        what = _(
            "%(count)s lines are older than the seal before them: they were inserted later, or the clock was wrong"
        )
        yield Damage(what % {"count": len(late)}, first.position, first.id, certain=False)


# --- for those who administer or watch over personal data -----------------------------------------------------------

PLAIN_SUBJECTS = frozenset(
    {
        "installation",
        "user",
        "seat",
        "desk",
        "link",
        "region",
        "hamlet",
        "holiday",
        "suspension",
        "text",
        "kind",
        "token",
        "subscription",
    }
)
"""Subjects of administration. What was typed about a matter or a person is not an administrator's to read."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in the journal. ``before`` is the last line of the page before."""

    kind: str = ""
    user_ids: Collection[UUID] | None = None
    actor_name: str = ""
    subject_kind: str = ""
    subject_id: UUID | None = None
    begin: datetime | None = None
    end: datetime | None = None
    before: UUID | None = None


def search(by: Actor, wanted: Search, limit: int = 50) -> list[Line]:
    """The lines ``by`` may see that fit, newest first; at most ``limit``. The next page starts ``before`` the last one."""
    found = _narrowed(access.visible(by), wanted)
    last = Line.objects.filter(id=wanted.before).first() if wanted.before else None
    if last is not None:
        older = Q(recorded_at__lt=last.recorded_at) | Q(recorded_at=last.recorded_at, id__lt=last.id)
        found = found.filter(older)
    return list(found.order_by("-recorded_at", "-id")[:limit])


def _narrowed(found: LineSet, wanted: Search) -> LineSet:
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.user_ids is not None:
        found = found.filter(user_id__in=wanted.user_ids)
    if wanted.actor_name:
        found = found.filter(actor_name__icontains=wanted.actor_name)
    if wanted.subject_kind:
        found = found.filter(subject_kind=wanted.subject_kind)
    if wanted.subject_id is not None:
        found = found.about(wanted.subject_id)
    if wanted.begin is not None:
        found = found.filter(recorded_at__gte=wanted.begin)
    if wanted.end is not None:
        found = found.filter(recorded_at__lt=wanted.end)
    return found


def line_for(by: Actor, line_id: UUID) -> Line:
    """One line, if ``by`` may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = access.visible(by).filter(id=line_id).first()
    if found is None:
        raise NotFound
    return found


def is_plain(line: Line) -> bool:
    """True when a line is about administration itself, so that an administrator may read what was typed."""
    return line.subject_kind in PLAIN_SUBJECTS


def last_changes(
    by: Actor, kinds: Collection[str], *, subject_ids: Collection[UUID] | None = None, limit: int = 5
) -> list[Line]:
    """The newest lines of some kinds, on some subjects or on all, that ``by`` may see."""
    found = access.visible(by).filter(kind__in=list(kinds))
    if subject_ids is not None:
        found = found.filter(subject_id__in=list(subject_ids))
    return list(found.order_by("-recorded_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the journal is sealed."""

    number: int
    lines: int
    sealed_at: datetime | None
    waiting: int


def seal_state() -> SealState:
    """The last seal, how many lines are sealed, and how many wait: two queries."""
    last = Seal.objects.order_by("-number").defer("leaves").first()
    waiting = unsealed_count()
    if last is None:
        return SealState(0, 0, None, waiting)
    return SealState(last.number, last.last_position, last.sealed_at, waiting)


def turns() -> list[Turn]:
    """Every piece of periodic work that ever ran, with when it ran, how it went and when it is due."""
    return list(Turn.objects.order_by("name"))


def subjects(kind: str, begin: datetime, end: datetime) -> list[UUID]:
    """What acts of one kind were about within a time: for comparing the journal with what is kept elsewhere."""
    found = Line.objects.filter(kind=kind, recorded_at__gte=begin, recorded_at__lt=end)
    return list(found.values_list("subject_id", flat=True))


def touched(
    begin: datetime, end: datetime, *, user_id: UUID | None = None, device: str = "", limit: int = 100_000
) -> dict[str, set[UUID]]:
    """What somebody, or a device, looked at or changed within a time, by kind of subject: whom a failure to protect data concerns."""
    found = Line.objects.filter(at__gte=begin, at__lt=end)
    if user_id is not None:
        found = found.filter(user_id=user_id)
    if device:
        found = found.filter(device=device)
    subjects: dict[str, set[UUID]] = {}
    for kind, key in found.order_by().values_list("subject_kind", "subject_id").distinct()[:limit]:
        subjects.setdefault(kind, set()).add(key)
    return subjects


def users_named(name: str, begin: datetime, end: datetime) -> set[UUID]:
    """Keys of who acted under this name within a time; whatever their capitals."""
    found = Line.objects.filter(at__gte=begin, at__lt=end, actor_name__iexact=name).exclude(user_id=None)
    return {key for key in found.order_by().values_list("user_id", flat=True).distinct() if key}


def doers(subject_id: UUID, kinds: Collection[str]) -> set[UUID]:
    """Which people did one of these acts on a subject, ever: so that nobody does two steps that are two people's."""
    found = Line.objects.filter(subject_id=subject_id, kind__in=list(kinds), user_id__isnull=False)
    return {user_id for user_id in found.values_list("user_id", flat=True).distinct() if user_id}


def has_looked(user_id: UUID, subject_id: UUID, since: datetime) -> bool:
    """True when somebody's look at a record was noted since a moment: a second look on one day leaves no second line."""
    looks = Line.objects.about(subject_id).filter(at__gte=since, user_id=user_id, kind="view.record")
    return looks.exists()
