"""Matters that may be the same as the one being written: offered, never forced.

A resident sees what is public anyway: released answers and the titles of shared causes. An officer sees matters they may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from simpul.cases import access, search
from simpul.cases.models import Case, PublicationWords
from simpul.cases.rules import similar as rules
from simpul.lib.actor import Actor

_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Similar:
    """A matter that may be the same. ``what``: "case", "incident" or "publication"; only a publication has a slug."""

    what: str
    id: UUID
    title: str
    number: str
    slug: str
    state: str
    at: datetime
    members: int
    score: float


def similar(
    by: Actor | None,
    *,
    kind_code: str,
    region_code: str,
    hamlet_id: UUID | None,
    text: str,
    at: datetime,
    limit: int = 5,
    without: UUID | None = None,
) -> list[Similar]:
    """The most alike matters of the same village in the last 60 days.

    Args:
        by: None, or the public, for a resident who is writing: then nothing of anybody else's matter is shown.
        without: a case that is not to be offered as similar to itself.
    """
    asked = search.words_of([text[:5000]]).split()
    if not asked or not region_code:
        return []
    since = at - timedelta(days=rules.DAYS)
    found = _incidents(region_code, since, hamlet_id, kind_code)
    if by is None or by.is_public:
        found += _publications(region_code, since, kind_code)
    else:
        found += _cases(by, region_code, since, hamlet_id, kind_code)
    rows = {row.id: (row, stems, bonus) for row, stems, bonus in found if row.id != without}
    best = rules.ranked(
        asked,
        {key: stems for key, (_row, stems, _bonus) in rows.items()},
        {key: bonus for key, (_row, _stems, bonus) in rows.items()},
        limit=limit,
    )
    return [_scored(rows[key][0], score) for key, score in best]


def open_incident(incident_id: UUID) -> Case | None:
    """A shared cause that somebody may join ("this happened to me too"): open and not protected; None for anything else."""
    return Case.objects.open().filter(id=incident_id, is_incident=True, sensitivity="normal").first()


def open_incidents(by: Actor, region_code: str = "") -> list[Case]:
    """Open shared causes the actor sees, newest first, for the list from which an officer chooses one."""
    rows = (
        access.visible(by)
        .open()
        .filter(is_incident=True)
        .inside(region_code)
        .select_related("kind", "holder")
    )
    return list(rows.order_by("-received_at")[:100])


_Found = tuple[Similar, list[str], float]


def _incidents(region_code: str, since: datetime, hamlet_id: UUID | None, kind_code: str) -> list[_Found]:
    """Open shared causes of the village or of its district: their titles were written to be read by anybody."""
    rows = Case.objects.open().filter(
        is_incident=True,
        sensitivity="normal",
        region_code__in={region_code, region_code[:6]},
        received_at__gte=since,
    )
    return [
        (
            Similar("incident", row.id, row.title, "", "", row.state, row.received_at, row.joined, 0.0),
            search.words_of((row.title, row.text)).split(),
            _bonus(row.hamlet_id, row.kind_id, hamlet_id, kind_code),
        )
        for row in rows.annotate(joined=Count("members", filter=~Q(members__sensitivity="sealed"))).order_by(
            "-received_at"
        )[:20]
    ]


def _publications(region_code: str, since: datetime, kind_code: str) -> list[_Found]:
    rows = PublicationWords.objects.filter(
        publication__state="released",
        publication__region_code=region_code,
        publication__released_at__gte=since,
    ).select_related("publication")
    return [
        (
            Similar(
                "publication",
                row.publication.id,
                row.publication.title,
                "",
                row.publication.slug,
                row.publication.state,
                row.publication.released_at or since,
                0,
                0.0,
            ),
            row.words.split(),
            _bonus(None, row.publication.kind_code, None, kind_code),
        )
        for row in rows.order_by("-publication__released_at")[:_LOOKED_AT]
    ]


def _cases(
    by: Actor, region_code: str, since: datetime, hamlet_id: UUID | None, kind_code: str
) -> list[_Found]:
    if by.role == "partner":
        return []
    rows = (
        access.visible(by)
        .unsealed()
        .filter(region_code=region_code, received_at__gte=since, is_incident=False)
    )
    wanted = (
        rows.exclude(words=None)
        .order_by("-received_at")
        .values_list("id", "title", "number", "state", "received_at", "hamlet_id", "kind_id", "words__words")
    )
    return [
        (
            Similar("case", key, title, number, "", state, received_at, 0, 0.0),
            words.split(),
            _bonus(hamlet, kind, hamlet_id, kind_code),
        )
        for key, title, number, state, received_at, hamlet, kind, words in wanted[:_LOOKED_AT]
    ]


def _bonus(hamlet: UUID | None, kind: str, asked_hamlet: UUID | None, asked_kind: str) -> float:
    same_hamlet = hamlet is not None and hamlet == asked_hamlet
    return rules.SAME_HAMLET * same_hamlet + rules.SAME_KIND * (kind == asked_kind)


def _scored(row: Similar, score: float) -> Similar:
    return Similar(
        row.what, row.id, row.title, row.number, row.slug, row.state, row.at, row.members, round(score, 3)
    )
