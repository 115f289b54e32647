"""Full-text search over cases and publications, the same on SQLite (FTS5) and PostgreSQL (lexemes).

* What is kept and what is asked for go through the same stemmer (``lib.text.stems``), so the database only compares whole words and
  both databases find the same rows. Every word must occur; when nothing is found, the last one may be the start of a word.
* Newest first. Hits come in batches, newest row first, and each batch is cut down by ``access.visible``: a common word costs the
  same in a million matters as in a thousand, and a matter somebody may not see never comes back, nor is it counted.
* Somebody who sees a few matters only, of all that hold a word, is served from their own chain instead.
* A case number, in any spelling, is looked up first.
* A sealed matter has no words here at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol
from uuid import UUID

from django.db import connection

from simpul.cases import access
from simpul.cases.rules import kinds as kind_rules
from simpul.desks import queries as desk_queries
from simpul.lib import ids, text
from simpul.lib.actor import Actor

Index = Literal["cases_casewords", "cases_publicationwords"]
CASES: Index = "cases_casewords"
PUBLICATIONS: Index = "cases_publicationwords"

BATCHES = (1000, 2000, 4000, 4000, 4000, 4000)
"""How many hits are looked through at most, a batch at a time: beyond 19,000 hits of a common word, add a second word."""

FEW = 3000
"""Up to so many matters on the chain of an actor's desks are compared one by one."""

_MOST_WORDS = 8
_LONGEST_STEM = 60
_FEWEST_LETTERS = 3

_KEEP = (
    "INSERT INTO cases_casewords (case_id, words) VALUES (%s, %s) "
    "ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"
)
_DROP = "DELETE FROM cases_casewords WHERE case_id = %s"
_SECURELY = "INSERT INTO cases_casewords_fts(cases_casewords_fts, rank) VALUES ('secure-delete', %s)"
_HITS_SQLITE = (
    "SELECT rowid FROM {index}_fts WHERE {index}_fts MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
)
_HITS_POSTGRESQL = (
    "SELECT id FROM {index} WHERE array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery AND id < %s "
    "ORDER BY id DESC LIMIT %s"
)
_ABOVE_ALL = 2**63 - 1


class Searchable(Protocol):
    """What a case offers to the index."""

    id: Any
    number: Any
    title: Any
    text: Any
    place: Any
    answers: Any
    hide_name: Any
    sensitivity: Any
    kind: Any
    reporter: Any
    hamlet: Any


def words_of(texts: Iterable[str]) -> str:
    """Each stem once, in the order of the texts: what the tables of words hold."""
    found = dict.fromkeys(stem[:_LONGEST_STEM] for part in texts for stem in text.stems(part))
    return " ".join(found)


def words_of_case(case: Searchable) -> str:
    """The stems a case is found by: its words, place and open answers, and the reporter's name unless it is to be hidden."""
    answers = kind_rules.public_answers(case.kind.fields, case.answers)
    said = [value for value in answers.values() if isinstance(value, str)]
    name = case.reporter.full_name if case.reporter and not case.hide_name else ""
    return words_of(
        (case.number, case.title, case.place, case.hamlet.name if case.hamlet else "", name, *said, case.text)
    )


def index_case(case: Searchable) -> None:
    """Keep or renew the words of a case; a sealed one has none. A step of the act that changed the case, in its transaction."""
    if case.sensitivity == "sealed":
        drop_case(case.id)
        return
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [_key(case.id), words_of_case(case)])


def drop_case(case_id: UUID) -> None:
    """Take the words of a case away. A step of the act that seals it."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [_key(case_id)])


def forget_cases(case_ids: Iterable[UUID]) -> None:
    """Take the words of cases out of the index for good: a step of an erasure.

    FTS5 marks what is deleted and keeps its words until segments are merged; with "secure-delete" they go at once. PostgreSQL keeps
    dead rows until it vacuums, like every table there.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_SECURELY, [1])
        for case_id in case_ids:
            cursor.execute(_DROP, [_key(case_id)])
        if connection.vendor == "sqlite":
            cursor.execute(_SECURELY, [0])


def find_cases(by: Actor, words: str, *, limit: int = 20, offset: int = 0) -> list[UUID]:
    """Keys of the cases the actor may see that hold every word, newest first; one case for its number.

    Ask for one more than a page shows to learn whether there is another page.
    """
    if by.role == "partner":  # sees an extract only, and must not learn by asking what else a matter says
        return []
    numbered = _by_number(by, words)
    if numbered is not None:
        return [numbered] if offset == 0 else []
    few = None if by.role in access.AREA_ROLES or not by.desk_ids else _among_few(by, asked_for(words))
    if few is not None:
        return few[offset : offset + limit]
    found: list[UUID] = []
    for batch in batches(CASES, words):
        seen = (
            access.visible(by).filter(words__id__in=batch).order_by("-words__id").values_list("id", flat=True)
        )
        found += seen
        if len(found) >= offset + limit:
            break
    return found[offset : offset + limit]


def _among_few(by: Actor, asked: list[str]) -> list[UUID] | None:
    """All hits on the chain of the actor's desks, newest first; None when that chain is too long to look at one by one."""
    if not asked:
        return []
    mine = access.visible(by).filter(chain__desk_id__in=by.desk_ids).exclude(words=None)
    if len(mine.values_list("id")[: FEW + 1]) > FEW:
        return None
    held = {
        key: set(stems.split())
        for key, stems in mine.order_by("-words__id").values_list("id", "words__words")
    }
    found = [key for key, stems in held.items() if stems.issuperset(asked)]
    if found or len(asked[-1]) < _FEWEST_LETTERS:
        return found
    *whole, start = asked
    return [
        key
        for key, stems in held.items()
        if stems.issuperset(whole) and any(stem.startswith(start) for stem in stems)
    ]


def batches(index: Index, words: str) -> Iterator[list[int]]:
    """Rows of an index that hold every word, newest first, in batches of growing size."""
    asked = asked_for(words)
    if not asked:
        return
    starts = False
    before = _ABOVE_ALL
    for size in BATCHES:
        hits = _hits(index, asked, starts, before, size)
        if not hits and before == _ABOVE_ALL and len(asked[-1]) >= _FEWEST_LETTERS:
            starts = True
            hits = _hits(index, asked, starts, before, size)
        if hits:
            yield hits
        if len(hits) < size:
            return
        before = hits[-1]


def asked_for(words: str) -> list[str]:
    """The stems looked for, at most eight; the rest of a long sentence would only shut out what is meant."""
    return words_of([words[:300]]).split()[:_MOST_WORDS]


def _hits(index: Index, asked: list[str], starts: bool, before: int, size: int) -> list[int]:
    sqlite = connection.vendor == "sqlite"
    terms = [f'"{stem}"' if sqlite else f"'{stem}'" for stem in asked]
    if starts:
        terms[-1] += "*" if sqlite else ":*"
    statement = (_HITS_SQLITE if sqlite else _HITS_POSTGRESQL).format(index=index)
    with connection.cursor() as cursor:
        cursor.execute(statement, [(" " if sqlite else " & ").join(terms), before, size])
        return [int(row[0]) for row in cursor.fetchall()]


def _by_number(by: Actor, words: str) -> UUID | None:
    prefix = desk_queries.institution().number_prefix
    number = ids.parse_case_number(words, prefix) or ids.said_case_number(words, prefix)
    if number is None:
        return None
    return access.visible(by).filter(number=str(number)).values_list("id", flat=True).first()


def _key(case_id: UUID) -> Any:
    """The key as the database keeps it: SQLite has no type for it."""
    return case_id.hex if connection.vendor == "sqlite" else case_id
