"""Lists of meetings, what they decided, and the content of minutes: what other rooms and the pages read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, Q

from simpul.lib.actor import Actor
from simpul.meetings import access
from simpul.meetings.models import Decision, Item, Meeting, Minutes, Package
from simpul.meetings.queries import running
from simpul.meetings.rules import minutes as minutes_rules
from simpul.people.models import Family, Person
from simpul.regions import queries as region_queries

PAGE = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about the list; "" is everything."""

    state: str = ""
    kind: str = ""
    region: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: tuple[Meeting, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One name with what a closed meeting decided."""

    item_id: UUID
    position: int
    name: str
    address: str
    person_id: UUID | None
    household_id: UUID | None
    family_id: UUID | None
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A closed meeting's list that still stands."""

    meeting_id: UUID
    title: str
    kind: str
    programme: str
    region_code: str
    closed_at: datetime
    version: int
    digest: str
    names_in: int


def listed(by: Actor, filters: Filters) -> Page:
    """A page of what the actor may see: what is planned or being held first, then the newest."""
    first = (max(1, filters.page) - 1) * PAGE
    found = access.visible(by).inside(filters.region).select_related("hamlet")
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.words:
        found = found.filter(Q(title__icontains=filters.words) | Q(place__icontains=filters.words))
    found = found.annotate(
        names=Count("items", filter=Q(items__withdrawn_at=None), distinct=True),
    )
    rows = list(found.order_by("-planned_at", "-id")[first : first + PAGE + 1])
    return Page(tuple(rows[:PAGE]), len(rows) > PAGE)


def decided(by: Actor, meeting_id: UUID) -> list[Decided]:
    """The names of a closed meeting with their decisions, in their order; nothing while it is not closed.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    meeting = access.meeting_for(by, meeting_id)
    return _decided(meeting) if meeting.state == "closed" else []


def names_of(by: Actor, meeting_id: UUID) -> list[Item]:
    """The names a meeting reads, in their order.

    Raises:
        NotFound: there is no such meeting for this actor.
    """
    return running.items(access.meeting_for(by, meeting_id))


def _decided(meeting: Meeting) -> list[Decided]:
    stand = running.decisions(meeting)
    return [
        Decided(
            item_id=one.id,
            position=one.position,
            name=one.name,
            address=one.address,
            person_id=one.person_id,
            household_id=one.household_id,
            family_id=one.family_id,
            outcome=stand[one.id].outcome,
            reason=stand[one.id].reason,
        )
        for one in running.items(meeting)
        if one.id in stand
    ]


def lists_of(programme: str, region: str) -> list[ListOf]:
    """The lists that stand for a programme in a region and all that lies in it, the newest first. For rooms that checked who asks."""
    found = Meeting.objects.standing().inside(region).filter(programme=programme).select_related("minutes")
    rows = list(found.order_by("-closed_at", "-id"))
    names = _names_in(rows)
    return [
        ListOf(
            meeting_id=one.id,
            title=one.title,
            kind=one.kind,
            programme=one.programme,
            region_code=one.region_code,
            closed_at=one.closed_at,
            version=one.version,
            digest=one.minutes.digest,
            names_in=names.get(one.id, 0),
        )
        for one in rows
        if one.closed_at is not None
    ]


def _names_in(meetings: list[Meeting]) -> dict[UUID, int]:
    stand: dict[UUID, tuple[UUID, str]] = {}
    rows = Decision.objects.filter(
        item__meeting__in=meetings, item__withdrawn_at=None, withdrawn_at=None
    ).order_by("recorded_at", "id")
    for meeting_id, item_id, outcome in rows.values_list("item__meeting_id", "item_id", "outcome"):
        stand[item_id] = (meeting_id, outcome)
    found: dict[UUID, int] = {}
    for meeting_id, outcome in stand.values():
        found[meeting_id] = found.get(meeting_id, 0) + (outcome == "in")
    return found


def standing_in(household_ids: list[UUID], programme: str = "") -> dict[UUID, list[tuple[UUID, str]]]:
    """Household -> (meeting, outcome) of the lists that stand; for rooms that checked who asks."""
    closed = Meeting.objects.standing()
    if programme:
        closed = closed.filter(programme=programme)
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    rows = Item.objects.filter(household_id__in=household_ids, withdrawn_at=None, meeting__in=closed)
    for item in rows.select_related("meeting").order_by("meeting__closed_at"):
        newest = item.decisions.filter(withdrawn_at=None).order_by("-recorded_at", "-id").first()
        if newest is not None and item.household_id is not None:
            found.setdefault(item.household_id, []).append((item.meeting_id, newest.outcome))
    return found


def newer_version(meeting: Meeting) -> Meeting | None:
    """The meeting that replaces this one, when there is one that was not called off."""
    return Meeting.objects.filter(replaces=meeting).exclude(state="withdrawn").first()


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The frozen minutes of a closed meeting."""
    return Minutes.objects.filter(meeting=meeting).first()


def packages(meeting: Meeting) -> list[Package]:
    """The files that were made of its list, the newest first."""
    return list(Package.objects.filter(meeting=meeting).order_by("-made_at", "-id"))


def package_rows(meeting: Meeting, *, with_nik: bool) -> list[minutes_rules.PackageRow]:
    """The names that are on the list, for the file; NIK and KK only when they are asked for.

    Who asked after the meeting that their data stand still does not leave the house in a file (UU 27/2022 art. 41).
    """
    stand = running.decisions(meeting)
    names = [one for one in running.items(meeting) if one.id in stand and stand[one.id].outcome == "in"]
    still = set(
        Person.objects.filter(id__in=[one.person_id for one in names if one.person_id])
        .exclude(restricted_at=None, erased_at=None)
        .values_list("id", flat=True)
    )
    names = [one for one in names if one.person_id not in still]
    persons = {
        one.id: one
        for one in Person.objects.filter(id__in=[one.person_id for one in names if one.person_id])
        .select_related("hamlet")
        .only("id", "nik", "family_id", "hamlet__name")
    }
    families = [*(one.family_id for one in names), *(one.family_id for one in persons.values())]
    wanted = {key for key in families if key}
    cards = (
        {one.id: one.kk for one in Family.objects.filter(id__in=wanted).only("id", "kk")} if with_nik else {}
    )
    found = []
    for number, one in enumerate(names, start=1):
        person = persons.get(one.person_id) if one.person_id else None
        family = one.family_id or (person.family_id if person else None)
        found.append(
            minutes_rules.PackageRow(
                number=number,
                name=one.name,
                address=one.address,
                hamlet=person.hamlet.name if person and person.hamlet else "",
                reason=stand[one.id].reason or one.reason,
                nik=(one.nik or (person.nik if person else "")) if with_nik else "",
                kk=str(cards.get(family, "")) if family else "",
            )
        )
    return found


def content(meeting: Meeting) -> minutes_rules.Content:
    """The content of the minutes as the tables hold it now. After closing it gives the frozen text again, or something was changed."""
    return minutes_rules.Content(
        id=str(meeting.id),
        version=meeting.version,
        replaces=str(meeting.replaces_id or ""),
        replaces_because=meeting.replaces_because,
        kind=meeting.kind,
        title=meeting.title,
        purpose=meeting.purpose,
        programme=meeting.programme,
        region_code=meeting.region_code,
        region=region_queries.path_names(meeting.region_code),
        hamlet=meeting.hamlet.name if meeting.hamlet else "",
        place=meeting.place,
        planned_at=_moment(meeting.planned_at),
        held_at=_moment(meeting.held_at),
        closed_at=_moment(meeting.closed_at),
        chair=meeting.chair,
        minute_taker=meeting.minute_taker,
        course=meeting.course,
        short_because=meeting.short_because,
        objection_days=meeting.objection_days,
        counted={group: number for group, number in running.counted(meeting).items() if number},
        attendance=tuple(
            minutes_rules.Person(
                name=one.name,
                office=one.office,
                groups=tuple(sorted(one.groups)),
                came=bool(one.came),
                signed=one.signed,
                decides=one.decides,
            )
            for one in running.attendances(meeting)
        ),
        names=tuple(_name(row) for row in running.rows(meeting)),
        objections=tuple(
            minutes_rules.Said(
                kind=one.kind,
                phase=one.phase,
                by_name=one.by_name,
                by_group=one.by_group,
                about=one.about_name,
                about_address=one.about_address,
                reasons=one.reasons,
                outcome=one.outcome,
                answer=one.answer,
            )
            for one in running.objections(meeting)
            if one.phase != "after"
        ),
    )


def _name(row: running.Row) -> minutes_rules.Name:
    item, decision = row.item, row.decision
    return minutes_rules.Name(
        position=item.position,
        key=str(item.household_id or item.family_id or item.person_id or ""),
        name=item.name,
        address=item.address,
        reason=item.reason,
        source=item.source,
        outcome=row.outcome,
        why=decision.reason if decision else "",
        votes_for=decision.votes_for if decision else None,
        votes_against=decision.votes_against if decision else None,
        abstained=decision.abstained if decision else None,
        conflicts=tuple(sorted({one.decider for one in row.conflicts})),
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def is_unchanged(meeting: Meeting) -> bool:
    """True when the frozen minutes have their digest and the tables still say the same: shown on the page, so that anybody can check."""
    frozen = minutes_of(meeting)
    if frozen is None or minutes_rules.digest(frozen.content) != frozen.digest:
        return False
    return minutes_rules.same(frozen.content, minutes_rules.canonical(content(meeting)))
