"""Acts on areas: load the list, record a change decided by law, add a hamlet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries, rules
from simpul.regions.data import areas as shipped
from simpul.regions.models import Hamlet, Region, RegionChange

LONGEST_SOURCE = 120
_BATCH = 2000


class UnknownRegion(Refused):
    """A code that the list does not have, or that has ended."""

    code = "region.unknown"
    sentence = _("There is no area with the code %(code)s on that day. Look the code up and enter it again.")
    field = "code"


class NotThatChange(Refused):
    """Codes that do not fit the kind of change."""

    code = "region.not_that_change"
    sentence = _(
        "These codes do not fit this kind of change. A renamed area keeps its code, a moved one gets another; "
        "one area is split into several; several are merged into one. All codes are of the same level."
    )
    field = "into"


class NoSource(Refused):
    """A change of a public list without its legal source."""

    code = "region.no_source"
    sentence = _(
        "Enter the decree or other source of this, with its number and year (at most %(most)s characters)."
    )
    field = "source"


class AlreadyThere(Refused):
    """The new code, or the hamlet, exists already."""

    code = "region.already_there"
    sentence = _("%(name)s is on the list already. Check the list before you add it again.")
    field = "name"


class EmptyName(Refused):
    """A name is missing or too long."""

    code = "region.empty_name"
    sentence = _("Enter a name of at most %(most)s characters.")
    field = "name"


class WrongHamlet(Refused):
    """A kind of hamlet we do not know, or a place it cannot lie in."""

    code = "hamlet.wrong"
    sentence = _(
        "Choose dusun, lingkungan, RW or RT, in a village. An RT lies in an RW or a dusun, and an RW in a dusun, "
        "of the same village."
    )
    field = "kind"


def load_regions(*, by: Actor, at: datetime, only: str = "") -> dict[str, int]:
    """Load the shipped list of areas, or with ``only`` (a code) that area, all inside it and those above it.

    Harmless when repeated: rows an administrator has changed or added stay as they are; rows from an older version of
    the list take the newer name. Returns how many rows were ``added`` and ``changed``, and how many there are in ``all``.
    """
    roles.require(by, "regions.load")
    prefix = rules.plain_code(only)
    if only and not prefix:
        raise UnknownRegion(code=only)
    with transaction.atomic():
        here = {
            region.code: region
            for region in Region.objects.inside(prefix[:2]).only(
                "code", "name", "source", "search_key", "kind"
            )
        }
        added, changed, total = [], [], 0
        for area in shipped.areas(prefix):
            total += 1
            row = here.get(area.code)
            if row is None:
                added.append(_row_of(area))
            elif row.source.startswith(shipped.FAMILY) and row.source != shipped.SOURCE:
                row.name, row.search_key, row.kind = area.name, area.search_key, area.kind
                row.source = shipped.SOURCE
                changed.append(row)
        Region.objects.bulk_create(added, batch_size=_BATCH, ignore_conflicts=True)
        Region.objects.bulk_update(changed, ["name", "search_key", "kind", "source"], batch_size=200)
        transaction.on_commit(queries.forget)
        counts = {"added": len(added), "changed": len(changed), "all": total}
        journal_actions.record(
            by=by,
            at=at,
            kind="regions.load",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"source": shipped.SOURCE, "only": prefix, **counts},
            region_code=prefix,
        )
        return counts


def _row_of(area: shipped.Area) -> Region:
    return Region(
        code=area.code,
        name=area.name,
        level=area.level,
        kind=area.kind,
        search_key=area.search_key,
        zone=area.zone,
        source=shipped.SOURCE,
    )


def change_region(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    codes: Sequence[str],
    into: Sequence[rules.Successor],
    on_date: date,
    source: str,
) -> list[Region]:
    """Record that areas were renamed, moved to another code, split or merged from ``on_date``, by a decree.

    The old codes stay, valid until the day before, and lead to the new ones; matters keep the code they were taken in
    with. ``codes`` and ``into`` may be written with dots. Returns the areas that there are from that day.

    Refuses codes that do not fit the change or do not exist that day, a missing source, and a new code that is taken.
    """
    roles.require(by, "region.change")
    old = [rules.plain_code(code) for code in codes]
    new = [rules.Successor(rules.plain_code(part.code), part.name.strip(), part.kind) for part in into]
    _check_change(kind, old, new, source)
    with transaction.atomic():
        olds = _living(old, on_date)
        _check_new_codes(new, old, on_date)
        for row in olds.values():
            for part in new:
                RegionChange.objects.create(
                    old_code=row.code,
                    new_code=part.code,
                    kind=kind,
                    old_name=row.name,
                    on_date=on_date,
                    source=source.strip(),
                )
        going = set(old) - {part.code for part in new}
        Region.objects.filter(code__in=going).update(valid_to=on_date - timedelta(days=1))
        zone = next(iter(olds.values())).zone
        result = [_become(part, olds.get(part.code), on_date, source.strip(), zone) for part in new]
        transaction.on_commit(queries.forget)
        journal_actions.record(
            by=by,
            at=at,
            kind="region.change",
            subject_kind="region",
            subject_id=rules.subject_id(old[0]),
            facts={
                "change": kind,
                "from": [{"code": row.code, "name": row.name} for row in olds.values()],
                "into": [{"code": part.code, "name": part.name} for part in new],
                "on_date": on_date,
                "source": source.strip(),
            },
            region_code=old[0],
        )
        return result


def _check_change(kind: str, old: list[str], new: list[rules.Successor], source: str) -> None:
    if rules.fault_of_change(kind, old, [part.code for part in new]):
        raise NotThatChange
    if not source.strip() or len(source.strip()) > LONGEST_SOURCE:
        raise NoSource(most=LONGEST_SOURCE)
    for part in new:
        if not rules.search_key(part.name) or len(part.name) > 100:
            raise EmptyName(most=100)


def _living(codes: list[str], day: date) -> dict[str, Region]:
    """The areas that are about to change, locked; each must exist the day before and on the day."""
    found = {region.code: region for region in Region.objects.select_for_update().filter(code__in=codes)}
    for code in codes:
        if (
            code not in found
            or not found[code].exists_on(day)
            or not found[code].exists_on(day - timedelta(days=1))
        ):
            raise UnknownRegion(code=code)
    return {code: found[code] for code in codes}


def _check_new_codes(new: list[rules.Successor], old: list[str], day: date) -> None:
    """A new code is free, and the area it lies in exists."""
    fresh = [part.code for part in new if part.code not in old]
    taken = Region.objects.filter(code__in=fresh).first()
    if taken is not None:
        raise AlreadyThere(field="into", name=f"{taken.dotted} {taken.name}")
    for code in fresh:
        parents = rules.lineage(code)[:-1]
        if parents and not Region.objects.current(day).filter(code=parents[-1]).exists():
            raise UnknownRegion(field="into", code=parents[-1])


def _become(part: rules.Successor, row: Region | None, day: date, source: str, zone: str) -> Region:
    """The row of one successor: the old one under its new name, or a new one."""
    kind = part.kind or (row.kind if row else rules.kind_of(part.code, part.name))
    if row is None:
        return Region.objects.create(
            code=part.code,
            name=part.name,
            level=rules.level_of(part.code),
            kind=kind,
            search_key=rules.search_key(part.name),
            zone=rules.zone(part.code) or zone,
            valid_from=day,
            source=source,
        )
    row.name, row.kind, row.search_key, row.source = part.name, kind, rules.search_key(part.name), source
    row.save(update_fields=["name", "kind", "search_key", "source"])
    return row


def add_hamlet(
    *,
    by: Actor,
    at: datetime,
    village_code: str,
    kind: str,
    name: str,
    inside_id: UUID | None = None,
    hamlet_id: UUID | None = None,
) -> Hamlet:
    """Add a dusun, lingkungan, RW or RT to a village.

    Refuses an unknown village, a kind or place that is none, an empty name, and a hamlet that is there already.
    """
    village = Region.objects.filter(code=rules.plain_code(village_code), level=rules.VILLAGE).first()
    place = roles.Place(region_code=village.code if village else "")
    roles.require(by, "hamlet.add", place)
    if village is None:
        raise UnknownRegion(code=village_code, field="village_code")
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise EmptyName(most=80)
    with transaction.atomic():
        inside = _inside(inside_id, village, kind)
        if Hamlet.objects.filter(village=village, kind=kind, name__iexact=name, inside=inside).exists():
            raise AlreadyThere(name=name)
        hamlet, made = Hamlet.objects.get_or_create(
            village=village, kind=kind, name=name, inside=inside, defaults={"id": hamlet_id or uuid7()}
        )
        if not made:  # somebody else added it a moment ago
            raise AlreadyThere(name=name)
        journal_actions.record(
            by=by,
            at=at,
            kind="hamlet.add",
            subject_kind="hamlet",
            subject_id=hamlet.id,
            facts={
                "village": village.code,
                "kind": kind,
                "name": name,
                "inside": inside.name if inside else "",
            },
            region_code=village.code,
        )
        return hamlet


def _inside(inside_id: UUID | None, village: Region, kind: str) -> Hamlet | None:
    """The hamlet that the new one lies in; refuses what cannot hold it."""
    if kind not in rules.HAMLET_RANKS:
        raise WrongHamlet
    if inside_id is None:
        return None
    inside = Hamlet.objects.filter(id=inside_id, village=village).first()
    if inside is None:
        raise NotFound
    if rules.HAMLET_RANKS[inside.kind] >= rules.HAMLET_RANKS[kind]:
        raise WrongHamlet(field="inside_id")
    return inside
