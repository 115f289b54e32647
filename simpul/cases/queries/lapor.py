"""SP4N-LAPOR: the words of the catalogue, the record of a case, and our matters in its shape."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from simpul.cases import access
from simpul.cases.models import Answer, Case, LaporRecord
from simpul.cases.queries import publishing
from simpul.cases.rules import lapor as rules
from simpul.cases.rules import publication
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "lapor.toml"
MOST_ROWS = 20_000
CHUNK = 500


@lru_cache(maxsize=1)
def table() -> rules.Table:
    """The words of the catalogue; read once per process."""
    return rules.read_table(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def record_of(case: Case) -> LaporRecord | None:
    """What SP4N-LAPOR knows of a case the caller may see."""
    return LaporRecord.objects.filter(case=case).first()


def by_number(number: str) -> LaporRecord | None:
    """The record of a number there."""
    return LaporRecord.objects.filter(number=number).select_related("case").first()


def region_of(place: str) -> str:
    """The village, or else the district, that a place of their file means; the institution's whole area when that is not clear."""
    home = desk_queries.institution().region_code
    if place:
        found = region_queries.search_villages(place, home, 2, within=home[:4])
        if len(found) == 1 or (found and found[0].name.casefold() in place.casefold()):
            return found[0].code
    return home


def export_rows(by: Actor, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """Ordinary matters of a period in the shape of SP4N-LAPOR, by our keys. Names are left out, and blackened in the words.

    Three queries for every five hundred rows.
    """
    rows = access.visible(by).filter(sensitivity="normal", received_at__gte=since, received_at__lt=until)
    cases = list(
        rows.select_related("kind", "acting", "lapor", "reporter", "about").order_by("received_at")[
            :MOST_ROWS
        ]
    )
    paths = region_queries.paths({case.region_code for case in cases})
    answers = Prefetch("given", Answer.objects.order_by("-at", "-id"), to_attr="given_here")
    for first in range(0, len(cases), CHUNK):
        chunk = cases[first : first + CHUNK]
        prefetch_related_objects(chunk, "parties", answers)
        people = {key for case in chunk for key in (case.reporter_id, case.about_id) if key}
        ways = people_queries.contacts_of_all(people)
        for case in chunk:
            yield _exported(case, paths.get(case.region_code, ""), publishing.names_in(case, ways))


def _exported(case: Case, path: str, names: list[str]) -> dict[str, Any]:
    words, theirs = table(), getattr(case, "lapor", None)
    answer: Answer | None = next(iter(case.given_here), None)  # type: ignore[attr-defined]
    report_class = words.class_of_kind.get(case.kind_id, "")
    status = words.status_of_state.get(case.state, "")
    disposed = (theirs.disposed_at if theirs else None) or case.first_disposed_at
    followed = (theirs.followed_at if theirs else None) or case.first_answered_at
    return {
        "number": theirs.number if theirs else case.number,
        "received_at": (theirs.received_at if theirs else None) or case.received_at,
        "title": publication.suggested(case.title, names)[1],
        "text": publication.suggested(case.text, names)[1],
        "report_class": words.class_words.get((theirs.report_class if theirs else "") or report_class, ""),
        "category": case.kind.name,
        "status": words.status_words.get(status, ""),
        "place": path,
        "happened_date": case.happened_date,
        "verified_at": theirs.verified_at if theirs else None,
        "disposed_at": disposed,
        "followed_at": followed,
        "finished_at": case.closed_at,
        "answer": publication.suggested(answer.text, names)[1] if answer else "",
        "is_anonymous": case.hide_name or case.mode == "anonymous",
        "is_secret": bool(theirs and theirs.is_secret),
        "source": case.channel,
        "agency": case.acting.name,
        "speed_days": rules.speed_days(disposed, followed),
    }
