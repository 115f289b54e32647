"""What a device wrote and the server has not brought back yet, laid over the snapshots: snapshot rows + own events -> rows. Pure.

The server alone decides; this says what a device shows of its own work meanwhile, and is the twin of ``static/field/core/reduce.js``:
``tests/vectors/sync/reduce.json`` holds the two together. Two edits of different fields merge. Of one field, an author who had seen what
stands replaces it; one who had not makes a doubt: both values stand in ``doubt``, and what was shown stays shown (rule 6 of
``people.rules.history``). Every row an own event touches has ``_``: how many of them are unsent, and how many were put aside.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from simpul.people.rules import history

SHORT = 10
TITLE = 80
Row = dict[str, Any]
Tables = Mapping[str, Mapping[str, Row]]

TABLES = {
    "household": "households",
    "person": "persons",
    "case": "cases",
    "family": "families",
    "contact": "contacts",
    "trip": "trips",
    "meeting": "meetings",
    "round": "rounds",
    "card": "kis",
    "entry": "entries",
}
"""Kind of subject -> table."""

_BESIDE: Mapping[str, Mapping[str, str]] = {
    "person": {
        "full_name": "name",
        "called": "called",
        "sex": "sex",
        "birth_date": "birth",
        "region_code": "region",
        "hamlet_id": "hamlet",
        "needs": "needs",
        "nik": "nik",
    },
    "household": {"name": "name"},
    "house": {"address": "address", "landmark": "landmark"},
    "family": {"kk": "kk"},
}
"""Register fields that stand beside the others in a row, by what they are about."""
_SECRET = frozenset({"nik", "kk"})


@dataclass(frozen=True, slots=True)
class Told:
    """An own event as the outbox has it; ``data`` is None after an erasure, ``state`` what became of it so far."""

    kind: str
    at: int
    subject: str
    data: Mapping[str, Any] | None
    seen: Mapping[str, str] = field(default_factory=dict)
    state: str = ""


def reduce(tables: Tables, events: Sequence[Told], zone: int = 420) -> dict[str, dict[str, Row]]:
    """The rows that own events change, by table and key. ``zone``: minutes east of Greenwich, for days."""
    world = World(tables)
    for event in events:
        if event.data is None or event.state == "erased":
            continue
        act = _ACTS.get(event.kind.partition("/")[0])
        if act is not None:
            act(world, event.data, event, zone)
        _mark(world, event)
    return world.changed


def alike(one: str, other: str) -> bool:
    """True when two keys name the same thing: packs write the last ten signs."""
    if one == other:
        return True
    if not one or not other or SHORT not in (len(one), len(other)):
        return False
    return one[-SHORT:] == other[-SHORT:]


def as_text(value: Any) -> str:
    """A value's text, as the register's history keeps it; "" for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


class World:
    """The snapshots, and what was changed on top of them."""

    def __init__(self, base: Tables) -> None:
        self.base = base
        self.changed: dict[str, dict[str, Row]] = {}

    def _before(self, table: str, key: str) -> Row | None:
        return self.base.get(table, {}).get(key)

    def key(self, table: str, key: str) -> str:
        """The key under which a thing stands."""
        here = self.changed.get(table, {})
        if key in here or self._before(table, key):
            return key
        short = key[-SHORT:]
        return short if short in here or self._before(table, short) else key

    def row(self, table: str, key: str | None) -> Row | None:
        """A row that may be changed; None when there is none."""
        if not key:
            return None
        name = self.key(table, key)
        here = self.changed.get(table, {}).get(name)
        if here is not None:
            return here
        before = self._before(table, name)
        return None if before is None else self.put(table, name, copy.deepcopy(before))

    def has(self, table: str, key: str | None) -> bool:
        """True when a thing came down already, by its whole key or the ten signs."""
        return bool(key and (self._before(table, key) or self._before(table, key[-SHORT:])))

    def put(self, table: str, key: str, row: Row) -> Row:
        """Lay a row on top."""
        self.changed.setdefault(table, {})[key] = row
        return row

    def where(self, table: str, name: str, key: str | None) -> list[Row]:
        """Rows whose field names this thing."""
        if not key:
            return []
        keys = {one["id"] for one in self.base.get(table, {}).values() if alike(one.get(name) or "", key)}
        keys |= {one for one, row in self.changed.get(table, {}).items() if alike(row.get(name) or "", key)}
        rows = [self.row(table, one) for one in sorted(keys)]
        return [one for one in rows if one is not None and alike(one.get(name) or "", key)]


def _mark(world: World, event: Told) -> None:
    data, named = event.data or {}, set()
    kind, _sep, key = event.subject.partition(":")
    for one, table in TABLES.items():
        for said in (data.get(f"{one}_id"), key if one == kind else ""):
            if isinstance(said, str) and said and world.row(table, said) is not None:
                named.add((table, world.key(table, said)))
    for table, name in sorted(named):
        row = world.row(table, name)
        if row is None:
            continue
        before = row.get("_") or {"unsent": 0, "put_aside": 0}
        counted = "put_aside" if event.state == "quarantined" else "unsent"
        row["_"] = {**before, counted: before[counted] + 1}


def _said(row: Row | None, about: str, data: Mapping[str, Any], seen: Mapping[str, str]) -> None:
    """Write what was said about a thing into its row."""
    if row is None:
        return
    for name in sorted(data):
        if name.startswith("f."):
            _tell(row, about, name[2:], as_text(data[name]), seen.get(name[2:], seen.get(name)))


def _tell(row: Row, about: str, name: str, value: str, seen: str | None) -> None:
    """One field: replaced by who had seen it, doubted otherwise."""
    beside = _BESIDE.get(about, {}).get(name)
    bag = "hf" if about == "house" else "f"
    shown = value[-4:] if name in _SECRET else value
    now = as_text(row.get(beside) if beside else (row.get(bag) or {}).get(name))
    stands = [as_text(one) for one in (row.get("doubt") or {}).get(name) or ([now] if now else [])]
    if stands and all(one == shown for one in stands):
        return
    known = seen is None or name in _SECRET or (len(stands) < 2 and history.seen_of(stands) == seen)
    kept = [] if known else [one for one in stands if history.seen_hash(one) != seen and one != shown]
    if kept:
        row["doubt"] = {**(row.get("doubt") or {}), name: [*kept, shown]}
        if now in kept:
            return
    elif (row.get("doubt") or {}).get(name):
        row["doubt"] = {key: one for key, one in row["doubt"].items() if key != name}
    if beside:
        row[beside] = shown
    else:
        row[bag] = {**(row.get(bag) or {}), name: shown}


def _day_of(moment: int, zone: int) -> str:
    """The day of a moment (ms)."""
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return (start + timedelta(milliseconds=moment, minutes=zone)).date().isoformat()


def _given(row: Row) -> Row:
    """Only what was given."""
    return {key: value for key, value in row.items() if value is not None and value != ""}


def _picked(data: Mapping[str, Any], names: str) -> Row:
    """Columns of a new row: "id=household_id name" takes them from the inputs."""
    pairs = (one.partition("=") for one in names.split())
    return _given({column: data.get(source or column) for column, _sep, source in pairs})


def _count(world: World, household: str | None, by: int) -> None:
    row = world.row("households", household)
    if row is not None and isinstance(row.get("count"), int):
        row["count"] = max(0, row["count"] + by)


Act = Callable[[World, Mapping[str, Any], Told, int], None]


def _visit(world: World, d: Mapping[str, Any], event: Told, zone: int) -> None:
    row = world.row("households", d.get("household_id"))
    if row is not None:
        row |= {"last_kind": "visit", "last_date": _day_of(d.get("visited_ms", event.at), zone)}
    for one in world.where("work", "household", d.get("household_id")):
        if one.get("kind") == "visit":
            one["done"] = True


def _household_open(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    if world.has("households", d["household_id"]):
        return
    row = _picked(d, "id=household_id name region hamlet address landmark lat lon house=house_id")
    row |= {"count": 0, "f": {}, "hf": {}}
    world.put("households", d["household_id"], row)
    _said(row, "household", d, event.seen)
    head = world.row("persons", d.get("head_id"))
    if head is not None:
        _count(world, head.get("household"), -1)
        head["household"] = d["household_id"]
        row["count"] = 1
        if not row.get("name") and head.get("name"):
            row["name"] = head["name"]


def _household_change(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    _said(world.row("households", d.get("household_id")), "household", d, event.seen)


def _house_change(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    own = world.row("households", d.get("household_id"))
    house = d.get("house_id") or (own or {}).get("house")
    rows = world.where("households", "house", house) if house else []
    if own is not None and not any(one is own for one in rows):
        rows = [own, *rows]
    for row in rows:
        _said(row, "house", d, event.seen)


def _person_register(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    if world.has("persons", d["person_id"]):
        return
    names = "id=person_id household=household_id name called sex birth rough relation region hamlet needs"
    row = _picked(d, names) | _given({"nik": as_text(d.get("nik"))[-4:]})
    world.put("persons", d["person_id"], row)["f"] = {}
    _count(world, d.get("household_id"), 1)
    if d.get("phone"):
        key = f"{d['person_id']}:phone"
        contact = {"id": key, "channel": "phone", "owner": "own"}
        contact |= _picked(d, "person=person_id address=phone safe_call safe_write")
        world.put("contacts", key, contact)


def _person_change(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    _said(world.row("persons", d.get("person_id")), "person", d, event.seen)


def _contact_add(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    if world.has("contacts", d["contact_id"]):
        return
    plain = {"channel": "phone", "owner": "own", **d}
    names = "id=contact_id person=person_id channel address owner owner_name safe_call safe_write"
    world.put("contacts", d["contact_id"], _picked(plain, names))


_CONTACT = ("address", "channel", "current", "owner", "owner_name", "safe_call", "safe_write")


def _contact_change(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    row = world.row("contacts", d.get("contact_id"))
    if row is None:
        return
    for name in _CONTACT:
        if name not in d:
            continue
        now, next_ = as_text(row.get(name)), as_text(d[name])
        if name in event.seen and now and now != next_ and history.seen_hash(now) != event.seen[name]:
            before = row.get("doubt")
            row["doubt"] = {**(before if isinstance(before, dict) else {}), name: [now, next_]}
        else:
            row[name] = d[name]


def _household_join(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    row = world.row("persons", d.get("person_id"))
    if row is None:
        return
    before = row.get("household") or ""
    if alike(before, d["household_id"]):
        return
    if before and "household_id" in event.seen and history.seen_hash(before) != event.seen["household_id"]:
        row["doubt"] = {**(row.get("doubt") or {}), "household": [before, d["household_id"]]}
        return
    _count(world, before, -1)
    row["household"] = world.key("households", d["household_id"])
    _count(world, d["household_id"], 1)
    if d.get("relation"):
        row["relation"] = d["relation"]


def _household_leave(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    row = world.row("persons", d.get("person_id"))
    if row is None or not row.get("household"):
        return
    _count(world, row["household"], -1)
    row["household"] = ""


def _family_open(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    if world.has("families", d["family_id"]):
        return
    row = _picked(d, "id=family_id head=head_id household=household_id")
    row |= _given({"kk": as_text(d.get("kk"))[-4:]})
    _said(world.put("families", d["family_id"], row), "family", d, event.seen)
    head = world.row("persons", d.get("head_id"))
    if head is not None:
        head["family"] = d["family_id"]


def _family_change(world: World, d: Mapping[str, Any], event: Told, _zone: int) -> None:
    _said(world.row("families", d.get("family_id")), "family", d, event.seen)


def _family_join(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    row = world.row("persons", d.get("person_id"))
    if row is not None:
        row["family"] = world.key("families", d["family_id"])


def _death(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    row = world.row("persons", d.get("person_id"))
    if row is not None:
        row["life"] = "dead"


def _birth(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    if world.has("persons", d["person_id"]):
        return
    home = world.row("households", d.get("household_id")) or {}
    names = "id=person_id household=household_id name birth sex relation family=family_id"
    row = _picked({"relation": "3", **d}, names) | _given({"nik": as_text(d.get("nik"))[-4:]})
    row |= _given({"region": home.get("region"), "hamlet": home.get("hamlet")})
    world.put("persons", d["person_id"], row)["f"] = {}
    _count(world, d.get("household_id"), 1)


def _move(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    for key in d.get("person_ids") or []:
        row = world.row("persons", key)
        if row is not None:
            row["life"] = "here" if d.get("back") else "moved"


def _case_open(world: World, d: Mapping[str, Any], event: Told, zone: int) -> None:
    if world.has("cases", d["case_id"]):
        return
    about = world.row("persons", d.get("about_id")) or {}
    title = as_text(d.get("title") or d.get("text")).split("\n")[0].strip()[:TITLE]
    row = _picked(d, "id=case_id number kind region person=about_id") | {"state": "unsent"}
    row |= _given({"title": title, "household": about.get("household"), "opened": _day_of(event.at, zone)})
    world.put("cases", d["case_id"], row)


def _delivery(world: World, d: Mapping[str, Any], event: Told, zone: int) -> None:
    entry = world.row("entries", d.get("entry_id"))
    fresh = not (entry or {}).get("given")
    if entry is not None:
        entry |= {"state": d.get("outcome") or "delivered", "given": True}
    household = world.row("households", d.get("household_id"))
    if household is not None:
        household |= {"last_kind": "delivery", "last_date": _day_of(d.get("delivered_ms", event.at), zone)}
    for row in world.where("goods", "round", d.get("round_id")):
        quantity = d.get(f"l.{row.get('item')}")
        if fresh and isinstance(quantity, int) and not isinstance(quantity, bool):
            row["given"] = (row.get("given") or 0) + quantity
    for one in world.where("work", "household", d.get("household_id")):
        if one.get("kind") == "delivery" and alike(one.get("ref") or "", d.get("entry_id") or ""):
            one["done"] = True


def _attendance_mark(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    row = world.row("attendees", d.get("attendance_id"))
    if row is not None and "came" in d:
        row["present"] = d["came"]


def _attendance_add(world: World, d: Mapping[str, Any], _event: Told, _zone: int) -> None:
    key = d.get("attendance_id")
    if key and not world.has("attendees", key):
        names = "id=attendance_id meeting=meeting_id person=person_id name present=came"
        world.put("attendees", key, _picked(d, names))


_ACTS: Mapping[str, Act] = {
    "visit.record": _visit,
    "household.open": _household_open,
    "household.change": _household_change,
    "house.change": _house_change,
    "person.register": _person_register,
    "person.change": _person_change,
    "profile.change": _person_change,
    "contact.add": _contact_add,
    "contact.change": _contact_change,
    "household.join": _household_join,
    "household.leave": _household_leave,
    "family.open": _family_open,
    "family.change": _family_change,
    "family.join": _family_join,
    "birth.record": _birth,
    "death.record": _death,
    "move.record": _move,
    "case.open": _case_open,
    "delivery.record": _delivery,
    "attendance.mark": _attendance_mark,
    "attendance.add": _attendance_add,
}
