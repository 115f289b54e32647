"""What the public reads, and what officers prepare for it. The portal's lists touch the publication tables and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q

from simpul.cases import access, search
from simpul.cases.models import Answer, Attachment, Case, Publication
from simpul.cases.models.publishing import PublicationSet
from simpul.cases.rules import publication as rules
from simpul.lib import areas, redact
from simpul.lib.actor import Actor
from simpul.people import queries as people_queries
from simpul.people.models import Contact

PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page of publications, and the mark that asks for the next; "" on the last."""

    rows: tuple[Publication, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A text of the case with what to blacken in it."""

    part: str
    text: str
    spans: tuple[redact.Span, ...]
    blackened: str


def for_public(
    *,
    words: str = "",
    group: str = "",
    kind_code: str = "",
    region_code: str = "",
    decision: str = "",
    since: date | None = None,
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """Released publications, newest first, a page at a time; nothing is counted, so the millionth page costs as the first.

    Args:
        after: the mark of the page before; anything unreadable starts at the beginning.
    """
    found = _filtered(
        group=group, kind_code=kind_code, region_code=region_code, decision=decision, since=since
    )
    if words.strip():
        return _searched(found, words, after, limit)
    mark = _read_mark(after)
    if mark is not None:
        found = found.filter(Q(released_at__lt=mark[0]) | Q(released_at=mark[0], id__lt=mark[1]))
    rows = list(found.order_by("-released_at", "-id")[: limit + 1])
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(
        tuple(rows[:limit]),
        f"{last.released_at.isoformat()}_{last.id.hex}" if last and last.released_at else "",
    )


def _filtered(
    *, group: str, kind_code: str, region_code: str, decision: str, since: date | None
) -> PublicationSet:
    found = access.released()
    if group:
        found = found.filter(group=group)
    if kind_code:
        found = found.filter(kind_code=kind_code)
    if region_code:
        found = found.filter(areas.inside(region_code))
    if decision:
        found = found.filter(decision=decision)
    return found.filter(answered_date__gte=since) if since else found


def _searched(found: PublicationSet, words: str, after: str, limit: int) -> Page:
    """A page of hits, newest row of words first; the mark is the number of hits already shown."""
    skip = int(after) if after.isdigit() and len(after) < 6 else 0
    keys: list[UUID] = []
    for batch in search.batches(search.PUBLICATIONS, words):
        keys += found.filter(words__id__in=batch).order_by("-words__id").values_list("id", flat=True)
        if len(keys) > skip + limit:
            break
    rows = Publication.objects.in_bulk(keys[skip : skip + limit])
    page = [rows[key] for key in keys[skip : skip + limit] if key in rows]
    return Page(tuple(page), str(skip + limit) if len(keys) > skip + limit else "")


def public_one(slug: str) -> Publication | None:
    """A released publication; None for a withdrawn one, as for one that never was."""
    return access.released().filter(slug=slug).first()


def feed(
    limit: int = 30, *, group: str = "", kind_code: str = "", region_code: str = ""
) -> list[Publication]:
    """The newest publications, for feeds and lists on other sites."""
    found = _filtered(group=group, kind_code=kind_code, region_code=region_code, decision="", since=None)
    return list(found.order_by("-released_at", "-id")[:limit])


def feed_changed_at(*, group: str = "", kind_code: str = "", region_code: str = "") -> datetime | None:
    """When such a feed last changed: something was released, corrected, or withdrawn and is in it no more."""
    rows = Publication.objects.filter(state__in=("released", "withdrawn"))
    if group:
        rows = rows.filter(group=group)
    if kind_code:
        rows = rows.filter(kind_code=kind_code)
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    found = rows.aggregate(
        released=Max("released_at"), corrected=Max("corrected_at"), withdrawn=Max("withdrawn_at")
    )
    return max((moment for moment in found.values() if moment is not None), default=None)


def awaiting_release(by: Actor, limit: int = 100) -> list[Publication]:
    """Prepared publications that wait for a second person, the oldest first; one's own among them, to be seen but not released."""
    rows = access.publications(by).filter(state=rules.OFFERED).select_related("case", "case__kind")
    return list(rows.order_by("prepared_at", "id")[:limit])


def returned_to(by: Actor, limit: int = 100) -> list[Publication]:
    """Publications that were sent back, for those who prepare them."""
    rows = access.publications(by).filter(state=rules.RETURNED).select_related("case")
    return list(rows.order_by("prepared_at", "id")[:limit])


def of_case(by: Actor, case_id: UUID) -> Publication | None:
    """The publication of a case the actor sees, in whatever state."""
    return access.publications(by).filter(case_id=case_id).first()


def ready_to_publish(by: Actor, limit: int = 100) -> list[Case]:
    """Answered matters the actor sees that may be published and for which nothing was prepared yet; one of a mass incident."""
    rows = access.visible(by).filter(
        sensitivity="normal", kind__publishable=True, publication=None, merged_into=None, incident=None
    )
    return list(
        rows.exclude(answered_at=None).select_related("kind", "holder").order_by("answered_at")[:limit]
    )


def last_answer(case: Case) -> Answer | None:
    """The answer the person got last."""
    return Answer.objects.filter(case=case).select_related("desk").order_by("-at", "-id").first()


def suggestions(by: Actor, case_id: UUID) -> dict[str, Suggested]:
    """Title, text and answer of a case with what to blacken in each: where a preparer starts.

    Raises:
        NotFound: no such case for this actor.
    """
    case = access.get_for(by, case_id)
    answer = last_answer(case)
    names = names_in(case)
    found: dict[str, Suggested] = {}
    for part, words in (
        ("title", case.title),
        ("text", case.text),
        ("answer", answer.text if answer else ""),
    ):
        spans, blackened = rules.suggested(words, names)
        found[part] = Suggested(part, words, tuple(spans), blackened)
    return found


def names_in(case: Case, ways: Mapping[UUID, Sequence[Contact]] | None = None) -> list[str]:
    """Every name that must not be published: reporter, the person it is about, parties, whose phones were given, who wrote the paper.

    Args:
        ways: the contacts of these persons (and others), where many cases are gone through; looked up otherwise.
    """
    names = [party.name for party in case.parties.all()]
    people = [person for person in (case.reporter, case.about) if person]
    known = people_queries.contacts_of_all([person.id for person in people]) if ways is None else ways
    for person in people:
        names += [person.full_name, person.called, *(contact.owner_name for contact in known[person.id])]
    return [name for name in {*names, case.paper_writer} if name.strip()]


def photos_of(case: Case) -> list[Attachment]:
    """Photos of the case that can be published: those that somebody looked at and masked."""
    rows = Attachment.objects.filter(case=case, kind="photo", removed_at=None).exclude(masked_sha256="")
    return list(rows.order_by("added_at", "id"))


def _read_mark(after: str) -> tuple[datetime, UUID] | None:
    moment, _sep, key = after.partition("_")
    try:
        read = datetime.fromisoformat(moment)
        # The first and the last year do not fit into every zone.
        return (read, UUID(hex=key)) if read.tzinfo and 2000 <= read.year <= 9000 else None
    except ValueError:
        return None
