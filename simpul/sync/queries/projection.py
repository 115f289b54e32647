"""What comes down to a device: snapshots of the things of its scope, as columns (docs/sync-protocol.md, section 9).

A *pack* is what everybody of a role sees in some areas: the index of the register, open rounds, and the book of questions and answers.
A *pull* brings what changed since a position of the sealed journal, whole; and what is the seat's own (its work, matters, cards, trips,
goods, meetings) whenever that is another than the device has. Nothing goes down that the seat's own pages would not show; sealed
matters never.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from django.utils import timezone

from simpul.journal.models import Line
from simpul.lib import areas as areas_lib
from simpul.people.models import Batch, Belonging, Household, LifeEvent, Observation, Person
from simpul.programmes.models import RoundEntry
from simpul.sync.models import Device
from simpul.sync.queries import down_aid, down_book, down_register, down_rules, down_work, short
from simpul.sync.queries import view as views
from simpul.sync.queries.down_register import Tables
from simpul.sync.queries.view import Names, View
from simpul.sync.rules import columns

VERSION = 1
OWN = ("work", "cases", "kis", "goods", "trips", "meetings", "attendees")
"""Tables that are the seat's own: in a pull they are whole, and what is not in them any more is gone."""
BOOK = ("places", "hamlets", "desks", "kinds", "fields", "lists", "rules")
"""Tables that change rarely: whole as well."""
MOST_ASKED = 200
PAGE = 500


def everything(view: View, names: Names) -> Tables:
    """What a scope shares: of a pack."""
    tables = down_register.index(view, names)
    tables |= down_aid.rounds(view, names)
    tables |= book_of(view)
    return tables


def book_of(view: View) -> Tables:
    """The book, as everybody of the role has it in these areas; its words are in both languages."""
    return down_book.tables(views.shared(view.by.role, tuple(sorted(view.by.served_areas)), view.at))


def own(view: View, names: Names) -> tuple[Tables, set[UUID], set[UUID]]:
    """What is the seat's own, and the households and persons that it is about."""
    tables, homes, people = down_work.work(view, names)
    found = down_work.cases(view)
    tables["cases"] = [down_work.case_row(view, case, names) for case in found]
    tables["kis"] = down_work.cards(view, names)
    tables |= down_aid.own_goods(view)
    tables |= down_aid.own_trips(view)
    tables |= down_aid.meetings(view, names)
    return tables, homes, people


# --- pulls --------------------------------------------------------------------------------------------------------------------


def changes(
    device: Device,
    cursor: int,
    most: int,
    *,
    own_digest: str | None = None,
    book_digest: str | None = None,
    asked: Sequence[str] = (),
    at: datetime | None = None,
) -> dict[str, Any]:
    """What changed in the scope of a device since its cursor: whole rows, what is gone, and what is its own when that is another now.

    Args:
        most: lines of the journal that are looked through at once; ``more`` says that there are further ones.
        own_digest: the name of what the device has of its own tables; None for a caller that has none.
        book_digest: the same of the book; None: the book is not asked for.
        asked: households whose whole rows are wanted, by the keys that the device has.
    """
    view = views.of_device(device, at or timezone.now())
    return views.in_language(
        view, lambda: _changes(view, device, cursor, most, own_digest, book_digest, asked)
    )


def _changes(
    view: View,
    device: Device,
    cursor: int,
    most: int,
    own_digest: str | None,
    book_digest: str | None,
    asked: Sequence[str],
) -> dict[str, Any]:
    names = Names.of_area(view)
    found = changed_since(view, cursor, most, names)
    tables, whole, book = found.tables, list(found.tables) if found.is_all else [], ""
    if found.is_all:
        own_digest, book_digest = None, None
        book = down_rules.digest({name: tables[name] for name in BOOK})
    answer_own, homes, people = own(view, names)
    digest = down_rules.digest(answer_own)
    if digest != own_digest:
        tables |= answer_own
        whole += OWN
    if book_digest is not None:
        made = book_of(view)
        book = down_rules.digest(made)
        if book != book_digest:
            tables |= made
            whole += BOOK
    _add_whole(
        view,
        tables,
        homes if digest != own_digest else set(),
        people if digest != own_digest else set(),
        asked,
        names,
    )
    return {
        "v": VERSION,
        "cursor": found.cursor,
        "more": found.more,
        "scope_version": device.scope_version,
        "tables": turned(tables),
        "gone": {name: keys for name, keys in found.gone.items() if keys},
        "whole": sorted(set(whole)),
        "own": digest,
        **({"book": book} if book else {}),
    }


@dataclass(slots=True)
class Changed:
    """What lies between two positions of the journal. ``is_all``: the tables are everything that the scope shares, not what changed."""

    tables: Tables
    gone: dict[str, list[str]]
    cursor: int
    more: bool = False
    is_all: bool = False


def changed_since(view: View, cursor: int, most: int, names: Names) -> Changed:
    """What changed since a position; everything for who begins, and when a long list was taken in."""
    touched, position, more = _touched(view, cursor, min(max(most, 1), 5000), newest_position())
    if touched is None:
        return Changed(everything(view, names), {}, position, is_all=True)
    tables, gone = _rows(view, touched, names)
    return Changed(tables, gone, position, more)


def turned(tables: Tables) -> dict[str, Any]:
    """Tables as columns; one without rows too, when it is whole."""
    return {name: {"n": len(rows), "c": columns.turn(rows)} for name, rows in tables.items()}


def newest_position() -> int:
    """The newest position of the sealed journal."""
    return (
        Line.objects.exclude(position=None).order_by("-position").values_list("position", flat=True).first()
        or 0
    )


def _add_whole(
    view: View,
    tables: Tables,
    homes: Collection[UUID],
    people: Collection[UUID],
    asked: Sequence[str],
    names: Names,
) -> None:
    """Whole rows of what the own work is about, and of what was asked for, unless they are there already."""
    known = {row["id"] for row in tables.get("households", ()) if "f" in row}
    wanted = {key for key in homes if names(key) not in known} | set(_asked(view, asked))
    folk = {row["id"] for row in tables.get("persons", ()) if "f" in row}
    more = down_register.whole(view, wanted, [key for key in people if names(key) not in folk], names)
    for name, rows in more.items():
        fresh = {row["id"] for row in rows}
        kept = [row for row in tables.get(name, []) if row["id"] not in fresh]
        if kept or rows:
            tables[name] = kept + rows


def _asked(view: View, said: Sequence[str]) -> list[UUID]:
    """The keys of households that a device asks for by the names it has."""
    found: list[UUID] = []
    for one in said[:MOST_ASKED]:
        if short.is_short(one):
            found += short.keys(view.by, "household", one)[:1]
            continue
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


# --- what changed -------------------------------------------------------------------------------------------------------------


class Touched:
    """Households, persons and rounds that lines of the journal speak of, with those that left the area."""

    def __init__(self) -> None:
        self.households: set[UUID] = set()
        self.persons: set[UUID] = set()
        self.rounds: set[UUID] = set()
        self.left: set[UUID] = set()


_KINDS = ("household", "person", "house", "family", "round", "batch")
MOST_OF_A_LIST = 3_000
"""A list that brought more households than this comes down as the whole index."""


def _touched(view: View, cursor: int, most: int, top: int) -> tuple[Touched | None, int, bool]:
    """What the lines behind the cursor speak of; how far that goes; whether there is more. None: too much to name row by row."""
    inside = areas_lib.inside_any(view.by.served_areas)
    if cursor <= 0:
        return None, top, False
    lines = Line.objects.filter(position__gt=cursor, position__lte=top, subject_kind__in=_KINDS)
    own_lines = lines.filter(inside | Q(region_code="")).order_by("position")
    found = list(own_lines.values_list("position", "subject_kind", "subject_id", "facts")[: most + 1])
    more = len(found) > most
    found = found[:most]
    until = int(found[-1][0] or top) if more else top
    touched = Touched()
    houses: set[UUID] = set()
    families: set[UUID] = set()
    for _position, kind, key, facts in found:
        if kind == "batch":
            continue
        {
            "household": touched.households,
            "person": touched.persons,
            "house": houses,
            "family": families,
            "round": touched.rounds,
        }[kind].add(key)
        _from_facts(facts or {}, touched)
    batches = {key for _position, kind, key, _facts in found if kind == "batch"}
    if batches and not _taken_in(view, batches, touched):
        return None, top, False
    _spread(touched, houses, families)
    _departed(view, lines.filter(position__lte=until).exclude(inside), touched)
    return touched, max(until, cursor), more


def _taken_in(view: View, batches: set[UUID], touched: Touched) -> bool:
    """Add what lists have brought, of which one line speaks; False when it is too much."""
    begun = Batch.objects.filter(id__in=batches).aggregate(first=Min("started_at"))["first"]
    if begun is None:
        return True
    homes = down_register.present(view).filter(changed_at__gte=begun).values_list("id", flat=True)
    people = down_register.living(view).filter(registered_at__gte=begun).values_list("id", flat=True)
    told = Observation.objects.filter(recorded_at__gte=begun, source="import", subject_kind="person")
    touched.households |= set(homes[: MOST_OF_A_LIST + 1])
    touched.persons |= set(people[: 5 * MOST_OF_A_LIST])
    touched.persons |= set(told.values_list("subject_id", flat=True).distinct()[: 5 * MOST_OF_A_LIST])
    return len(touched.households) <= MOST_OF_A_LIST


def _from_facts(facts: dict[str, Any], touched: Touched) -> None:
    """Persons and households that a line names besides its subject."""
    for name, into in (
        ("person_id", touched.persons),
        ("household_id", touched.households),
        ("new_household_id", touched.households),
        ("household", touched.households),
    ):
        try:
            into.add(UUID(str(facts.get(name) or "")))
        except ValueError:
            continue


def _spread(touched: Touched, houses: set[UUID], families: set[UUID]) -> None:
    """From houses and cards to households; from persons to where they live and lived."""
    for keys in down_register.parts(houses):
        touched.households |= set(Household.objects.filter(house_id__in=keys).values_list("id", flat=True))
    for keys in down_register.parts(families):
        rows = Person.objects.filter(family_id__in=keys).values_list("id", "household_id")
        touched.households |= {home for _person, home in rows if home}
        touched.persons |= {person for person, _home in rows}
    for keys in down_register.parts(touched.persons):
        lived = Belonging.objects.filter(person_id__in=keys, household__isnull=False).values_list(
            "household_id", flat=True
        )
        touched.households |= {key for key in lived if key}
        touched.households |= set(
            Person.objects.filter(id__in=keys, household__isnull=False).values_list("household_id", flat=True)
        )


def _departed(view: View, elsewhere: Any, touched: Touched) -> None:
    """Persons of whom another area writes now, and who had left this one: only they are looked for, not everybody of the regency."""
    people = set(elsewhere.filter(subject_kind="person").values_list("subject_id", flat=True)[:5000])
    for facts in elsewhere.filter(subject_kind="household").values_list("facts", flat=True)[:5000]:
        _from_facts(facts or {}, extra := Touched())
        people |= extra.persons
    for keys in down_register.parts(people):
        left = LifeEvent.objects.filter(
            areas_lib.inside_any(view.by.served_areas, "from_region"), person_id__in=keys
        )
        gone = set(left.values_list("person_id", flat=True))
        touched.persons |= gone
        lived = Belonging.objects.filter(person_id__in=gone, household__isnull=False)
        touched.households |= {key for key in lived.values_list("household_id", flat=True) if key}


def _rows(view: View, touched: Touched, names: Names) -> tuple[Tables, dict[str, list[str]]]:
    """Whole rows of what changed and is still to be seen; the names of what is not."""
    seen = set()
    for keys in down_register.parts(touched.households):
        seen |= set(down_register.present(view).filter(id__in=keys).values_list("id", flat=True))
    tables = down_register.whole(view, seen, touched.persons, names, with_people=False)
    folk = {row["id"] for row in tables["persons"]}
    gone: dict[str, list[str]] = defaultdict(list)
    gone["households"] = sorted(_both(touched.households - seen, names))
    gone["persons"] = sorted(
        one for key in touched.persons for one in _both([key], names) if names(key) not in folk
    )
    rounds = touched.rounds
    if rounds:
        tables |= {name: rows for name, rows in down_aid.rounds(view, names).items() if name == "rounds"}
        known = {row["id"] for row in tables["rounds"]}
        gone["rounds"] = sorted(str(key) for key in rounds if str(key) not in known)
        tables["entries"] = down_aid.entries(
            view, names, [UUID(one) for one in known & {str(key) for key in rounds}]
        )
    elif touched.households:
        listed = set(
            RoundEntry.objects.filter(household_id__in=list(seen)[:PAGE]).values_list("round_id", flat=True)
        )
        tables["entries"] = down_aid.entries(view, names, listed, only=seen) if listed else []
    return {name: rows for name, rows in tables.items() if rows}, gone


def _both(keys: Iterable[UUID], names: Names) -> list[str]:
    """The names under which a device may have rows."""
    return [names(key) for key in keys]
