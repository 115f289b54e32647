"""What a partner's program reads: the matters its desk sees, as they were forwarded to it, page by page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q

from simpul.cases import access as case_access
from simpul.cases.models import Attachment, Case, CaseDesk, CaseSet, Clock, Hop
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.people import queries as people_queries
from simpul.people.models import Contact
from simpul.regions import queries as region_queries

PAGE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of matters is narrowed to; empty means all. ``after`` is the last row of the page before."""

    since: datetime | None = None
    states: Collection[str] = ()
    kind_code: str = ""
    region_code: str = ""
    turn: bool | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as the desk of a partner sees it: what was forwarded, and not what was not."""

    case: Case
    hop: Hop | None
    clock: Clock | None
    place: str
    words: str
    title: str
    turn: bool
    contact_name: str
    contacts: Sequence[people_queries.ShownContact]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of matters, oldest change first; ``more`` when another follows."""

    rows: Sequence[Matter]
    more: bool


def matters(by: Actor, wanted: Wanted) -> Page:
    """Matters the desk sees, in the order in which they changed: a fixed number of queries.

    Every row that is there while a program pages comes at least once: a row that changes meanwhile moves to the end and comes
    again in its new form, and the same form never comes twice.
    """
    rows = _rows(by)
    if wanted.since is not None:
        rows = rows.filter(changed_at__gte=wanted.since)
    if wanted.states:
        rows = rows.filter(state__in=list(wanted.states))
    if wanted.kind_code:
        rows = rows.filter(kind_id=wanted.kind_code)
    if wanted.region_code:
        rows = rows.inside(wanted.region_code)
    if wanted.turn is not None:
        mine = Q(acting_id__in=by.desk_ids, is_open=True)
        rows = rows.filter(mine if wanted.turn else ~mine)
    if wanted.after is not None:
        moment, key = wanted.after
        rows = rows.filter(Q(changed_at__gt=moment) | Q(changed_at=moment, id__gt=key))
    found = list(rows.order_by("changed_at", "id")[: wanted.limit + 1])
    return Page(_shown(by, found[: wanted.limit]), len(found) > wanted.limit)


def matter(by: Actor, case_id: UUID) -> Matter:
    """One matter the desk sees.

    Raises:
        NotFound: there is none, or not for this desk.
    """
    found = list(_rows(by).filter(id=case_id))
    if not found:
        raise NotFound
    return _shown(by, found)[0]


def attachments(by: Actor, case_id: UUID) -> list[Attachment]:
    """The files of a matter that this actor may open: a partner gets those it attached itself.

    Raises:
        NotFound: no such matter for this actor.
    """
    if not case_access.visible(by).filter(id=case_id).exists():
        raise NotFound
    rows = Attachment.objects.filter(case_id=case_id, removed_at=None)
    if by.role == "partner":
        rows = rows.filter(by_name=by.name, from_resident=False)
    return list(rows.order_by("added_at", "id"))


def _rows(by: Actor) -> CaseSet:
    hops = Hop.objects.filter(to_desk_id__in=by.desk_ids).select_related("from_desk").order_by("position")
    return (
        case_access.visible(by)
        .select_related("reporter")
        .prefetch_related(
            Prefetch("hops", queryset=hops, to_attr="hops_here"),
            Prefetch("clocks", queryset=Clock.objects.filter(stopped_at=None), to_attr="clocks_running"),
            Prefetch(
                "chain", queryset=CaseDesk.objects.filter(desk_id__in=by.desk_ids), to_attr="chain_here"
            ),
        )
    )


def _shown(by: Actor, cases: Sequence[Case]) -> list[Matter]:
    places = region_queries.paths({case.region_code for case in cases})
    hops: Mapping[UUID, Hop] = {
        case.id: case.hops_here[-1]  # type: ignore[attr-defined]
        for case in cases
        if case.hops_here  # type: ignore[attr-defined]
    }
    shared = [
        case.reporter_id
        for case in cases
        if case.reporter_id and case.id in hops and hops[case.id].shares_contact and not case.hide_name
    ]
    contacts = people_queries.contacts_of_all(shared) if shared else {}
    return [_one(by, case, hops.get(case.id), places, contacts) for case in cases]


def _one(
    by: Actor,
    case: Case,
    hop: Hop | None,
    places: Mapping[str, str],
    contacts: Mapping[UUID, list[Contact]],
) -> Matter:
    whole = any(not link.extract_only for link in case.chain_here)  # type: ignore[attr-defined]
    running: list[Clock] = case.clocks_running  # type: ignore[attr-defined]
    clock = next((one for one in running if hop is not None and one.hop_id == hop.id), None)
    known = case.reporter_id in contacts and case.reporter is not None
    ways = people_queries.shown_contacts(contacts[case.reporter_id], whole=True) if known else []  # type: ignore[index]
    return Matter(
        case=case,
        hop=hop,
        clock=clock,
        place=places.get(case.region_code, ""),
        words=hop.extract if hop is not None and hop.extract else case.text if whole else "",
        title=case.title if whole else "",
        turn=case.is_open and case.acting_id in by.desk_ids,
        contact_name=case.reporter.full_name if known and case.reporter is not None else "",
        contacts=[one for one in ways if one.safe_to_call is not False],
    )
