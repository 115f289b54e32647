"""Copying rows of one installation to another: the server above a village node gives whole rows, the node lays them down as they are.

Which rows belong to an area is each room's own knowledge (its ``actions.mirroring`` names them as ``Table``); what is the same for all
stands here: values as JSON, digests, references that lead outside the area, and laying rows down without touching what the node has
written itself and the server above does not know yet. A sealed value travels as plain text, because each installation has keys of its
own: the whole answer is sealed to the node (``lib.sealing``).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError

from simpul.lib.fields import EncryptedText

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a node is given: its areas (dotless prefixes) and the desks that lie in them."""

    areas: tuple[str, ...]
    desk_ids: frozenset[UUID]
    at: datetime


@dataclass(frozen=True)
class Table:
    """Rows of one model that travel. The order of tables is that of their references: what is pointed at comes first.

    ``leave_out``: columns that are each installation's own. ``under``: the column that names what a row belongs to: when the server above
    sends rows of that thing, rows which the node's own acts made under other keys give way to them. ``natural``: columns that name a row
    whose number is each database's own.
    """

    model: type[models.Model]
    rows: Callable[[Scope], models.QuerySet[Any]]
    leave_out: frozenset[str] = frozenset()
    under: str = ""
    natural: tuple[str, ...] = ()
    first: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How it is called on the wire."""
        return self.model._meta.label

    @property
    def columns(self) -> list[str]:
        """Attribute names of the columns that travel; a key that is the database's own does not."""
        own = {self.model._meta.pk.attname} if self.natural else set()
        return [
            one.attname
            for one in self.model._meta.concrete_fields
            if one.attname not in self.leave_out and one.attname not in own
        ]

    def key_of(self, values: Mapping[str, Any]) -> str:
        """What names a row."""
        names = self.natural or (self.model._meta.pk.attname,)
        return "|".join(str(values[name]) for name in names)


@dataclass(slots=True)
class Part:
    """Rows of one table on their way: by key, each in the order of ``columns``; and the keys that are not there any more."""

    columns: list[str]
    rows: dict[str, list[Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Done:
    """What was laid down: the digest of each row as it came, keys that went, and how many stayed as they are here."""

    written: dict[str, dict[str, str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    kept: int = 0
    clashes: int = 0
    gave_way: int = 0

    @property
    def facts(self) -> dict[str, int]:
        """What the line of a room's act says of it."""
        return {"rows": sum(map(len, self.written.values())), "gone": sum(map(len, self.gone.values()))}

    def add(self, other: Done) -> None:
        """Count another room's rows as well."""
        self.written |= other.written
        self.gone |= other.gone
        self.kept += other.kept
        self.clashes += other.clashes
        self.gave_way += other.gave_way


@dataclass(frozen=True, slots=True)
class Ground:
    """What the node knows before it lays rows down.

    ``base``: table -> key -> digest of what came last. ``settled``: the server above has decided about everything this node did, so its
    word is the newest on every row, but for ``apart``: subjects on which the node did something that is not applied above. ``roots``: keys
    of everything that is the server's above.
    """

    base: Mapping[str, Mapping[str, str]]
    settled: bool
    apart: frozenset[str] = frozenset()
    roots: frozenset[str] = frozenset()


# --- values ---------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A column's value as JSON."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(bytes(value)).decode()
    return value


def _back(one: models.Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(one, models.BinaryField) and not isinstance(one, EncryptedText):
        return base64.b64decode(value)
    if isinstance(one, models.ForeignKey | models.OneToOneField):
        return one.target_field.to_python(value)
    return one.to_python(value)


def digest(row: Row) -> str:
    """Sixteen signs that are equal exactly when the values are."""
    spelled = json.dumps(list(row), separators=(",", ":"), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(spelled.encode()).hexdigest()[:16]


def dump(table: Table, rows: models.QuerySet[Any]) -> Part:
    """Rows of a table as they travel."""
    part = Part(table.columns)
    for values in rows.order_by().distinct().values(*part.columns).iterator(chunk_size=2000):
        ready = {name: plain(value) for name, value in values.items()}
        part.rows[table.key_of(ready)] = [ready[name] for name in part.columns]
    return part


def snapshot(tables: Sequence[Table], scope: Scope) -> dict[str, Part]:
    """Every row of an area, closed: a reference that leads outside is emptied, and a row that cannot be without it stays away."""
    parts = {table.name: dump(table, table.rows(scope)) for table in tables}
    models_here = {table.model: table for table in tables}
    changed = True
    while changed:
        changed = False
        for table in tables:
            for one in table.model._meta.concrete_fields:
                if isinstance(one, models.ForeignKey) and one.attname in parts[table.name].columns:
                    changed |= _close(parts, table, one, models_here)
    return parts


def _close(
    parts: dict[str, Part],
    table: Table,
    one: models.ForeignKey[Any, Any],
    here: Mapping[type[models.Model], Table],
) -> bool:
    if one.related_model._meta.label == "regions.Region":
        return False  # every installation has the whole list
    aim = here.get(one.related_model)
    known = parts[aim.name].rows.keys() if aim is not None else ()
    part, changed = parts[table.name], False
    place = part.columns.index(one.attname)
    for key, row in list(part.rows.items()):
        if row[place] is None or str(row[place]) in known:
            continue
        changed = True
        if one.null:
            row[place] = None
        else:
            del part.rows[key]
    return changed


# --- comparing ------------------------------------------------------------------------------------------------------


def bucket(key: str, count: int) -> int:
    """In which of ``count`` groups a key stands: the same on both sides."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % count


def sums(digests: Mapping[str, str], count: int) -> list[str]:
    """For each group a sum over its keys and digests, whatever their order."""
    totals = [0] * count
    for key, one in digests.items():
        totals[bucket(key, count)] ^= int.from_bytes(
            hashlib.sha256(f"{key}={one}".encode()).digest()[:6], "big"
        )
    return [f"{total:012x}" for total in totals]


# --- laying down ----------------------------------------------------------------------------------------------------


def lay(tables: Sequence[Table], parts: Mapping[str, Part], ground: Ground) -> Done:
    """Lay rows down in the order of the tables, and take away, backwards, what left the area. Inside the caller's transaction."""
    done = Done()
    for table in tables:
        part = parts.get(table.name)
        for key in orphans(table, part, ground):
            done.gave_way += _delete(table.model._base_manager.filter(pk=key))
        if part is not None and part.rows:
            _lay_one(table, part, ground, done)
    for table in reversed(tables):
        part = parts.get(table.name)
        if part is not None and part.gone:
            _take_away(table, part.gone, ground, done)
    return done


def _lay_one(table: Table, part: Part, ground: Ground, done: Done) -> None:
    base = ground.base.get(table.name, {})
    written = done.written.setdefault(table.name, {})
    here = _digests(table, part.rows)
    wanted: dict[str, list[Any]] = {}
    for key, row in part.rows.items():
        wished = digest(row)
        if here.get(key) == wished:
            written[key] = wished
        elif _is_own(table, key, row, part.columns, here.get(key), base.get(key), ground):
            done.kept += 1
        else:
            wanted[key] = row
    for key in _write(table, part.columns, wanted, done):
        written[key] = digest(wanted[key])


def _is_own(
    table: Table,
    key: str,
    row: Row,
    columns: Sequence[str],
    now: str | None,
    before: str | None,
    ground: Ground,
) -> bool:
    """True for a row that this node has changed, or made, and about which the server above has not spoken yet."""
    if now is None or now == before:
        return False
    if not ground.settled:
        return True
    about = {key}
    if table.under:
        about.add(str(row[columns.index(table.under)]))
    return not about.isdisjoint(ground.apart)


def _digests(table: Table, keys: Collection[str]) -> dict[str, str]:
    """Of the rows that are here under these keys: their digests as they are now."""
    found: dict[str, str] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), 400):
        some = dump(table, _by_keys(table, wanted[start : start + 400]))
        found |= {key: digest(row) for key, row in some.rows.items()}
    return found


def _by_keys(table: Table, keys: Sequence[str]) -> models.QuerySet[Any]:
    rows = table.model._base_manager.all()
    if not table.natural:
        return rows.filter(pk__in=list(keys))
    found = models.Q(pk__in=[])
    for key in keys:
        found |= models.Q(**dict(zip(table.natural, key.split("|"), strict=True)))
    return rows.filter(found)


def orphans(table: Table, part: Part | None, ground: Ground) -> list[Any]:
    """Rows that this node's acts made under keys of their own, on things of the server above: they give way to those which the same acts
    made there. None before everything is settled, and none on what stands apart."""
    if not ground.settled or not table.under or table.natural:
        return []
    known = {*ground.base.get(table.name, ()), *(part.rows if part is not None else ())}
    rows = table.model._base_manager.values_list("pk", table.under)
    return [
        key
        for key, root in rows.iterator(chunk_size=5000)
        if str(key) not in known and str(root) in ground.roots and str(root) not in ground.apart
    ]


def _write(table: Table, columns: Sequence[str], rows: Mapping[str, list[Any]], done: Done) -> list[str]:
    """Insert or update; returns the keys that were written. A row that clashes with one of this node's own is left out and counted."""
    fields = {one.attname: one for one in table.model._meta.concrete_fields}
    names = [name for name in columns if name in fields]
    ready: dict[str, models.Model] = {}
    for key, row in rows.items():
        values = dict(zip(columns, row, strict=True))
        ready[key] = table.model(**table.first, **{name: _back(fields[name], values[name]) for name in names})
    try:
        with transaction.atomic():
            _upsert(table, names, list(ready.values()))
        return list(ready)
    except IntegrityError:
        return [key for key, one in ready.items() if _alone(table, names, one, done)]


def _alone(table: Table, names: Sequence[str], one: models.Model, done: Done) -> bool:
    try:
        with transaction.atomic():
            _upsert(table, names, [one])
    except IntegrityError:
        done.clashes += 1
        return False
    return True


def _upsert(table: Table, names: Sequence[str], rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    pk = table.model._meta.pk
    unique = list(table.natural) or [pk.attname]
    fields = {one.attname: one.name for one in table.model._meta.concrete_fields}
    changing = [fields[name] for name in names if name not in unique]
    manager = table.model._base_manager
    if changing:
        manager.bulk_create(
            rows,
            batch_size=200,
            update_conflicts=True,
            update_fields=changing,
            unique_fields=[fields[name] for name in unique],
        )
    else:
        manager.bulk_create(rows, batch_size=200, ignore_conflicts=True)


def _take_away(table: Table, keys: Iterable[str], ground: Ground, done: Done) -> None:
    """Rows that left the area go, unless this node changed them and nobody above knows it yet, or something of its own hangs on them."""
    base = ground.base.get(table.name, {})
    gone = done.gone.setdefault(table.name, [])
    wanted = list(keys)
    here = _digests(table, wanted)
    for key in wanted:
        own = key in here and here[key] != base.get(key) and not ground.settled
        if own or key in ground.apart:
            done.kept += 1
        elif key not in here or _delete(_by_keys(table, [key])):
            gone.append(key)
        else:
            done.kept += 1


def _delete(rows: models.QuerySet[Any]) -> bool:
    try:
        with transaction.atomic():
            rows.delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True


def mend(tables: Sequence[Table]) -> int:
    """After a clash: let no row point at one that is not here. A reference that may be empty is emptied, else the row goes; how many."""
    mended, again = 0, True
    while again:
        again = False
        for table in tables:
            for one in table.model._meta.concrete_fields:
                if isinstance(one, models.ForeignKey):
                    loose = _loose(table.model, one)
                    if loose:
                        rows = table.model._base_manager.filter(pk__in=loose)
                        if one.null:
                            rows.update(**{one.attname: None})
                        else:
                            rows._raw_delete(rows.db)
                            again = True
                        mended += len(loose)
    return mended


def _loose(model: type[models.Model], one: models.ForeignKey[Any, Any]) -> list[Any]:
    aim = one.related_model._base_manager.filter(**{one.target_field.attname: models.OuterRef(one.attname)})
    rows = model._base_manager.filter(**{f"{one.name}__isnull": False}).filter(~models.Exists(aim))
    return list(rows.values_list("pk", flat=True)[:5000])
