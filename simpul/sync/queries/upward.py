"""Which acts of this node the server above does as well, and what becomes of the others.

The table is explicit: the kind of a journal line -> what makes an event of it. Every other line of a person travels as ``line.note/1`` and
is kept above as evidence without being done. Lines of the machine do not travel: what it does follows from what people did, and the
server above does the same. Source: docs/sync-protocol.md section 12.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import ForeignKey, UUIDField

from simpul.journal.models import Line
from simpul.lib.actor import SYSTEM
from simpul.sync import handlers
from simpul.sync.models import Mirrored, Parent
from simpul.sync.queries import mirror, upward_field, upward_register
from simpul.sync.queries.upward_frame import Builder, Built, clean
from simpul.sync.rules import chain
from simpul.sync.rules.canonical import NotCanonical, check

TABLE: Mapping[str, Builder] = {**upward_register.BUILDERS, **upward_field.BUILDERS}
"""Kind of the line -> its event. Kinds that the server above has no handler for must not stand here (a test compares)."""

OWN = frozenset(
    {
        "envelopes.carry", "files.carry", "forwarded.note", "missing.note", "letters.keep", "packs.keep", "carried.forget",
        "bundle.import", "bundle.export", "bundle.carry", "parent.join", "parent.note", "parent.mirror", "parent.retry",
        "numbers.keep", "erasures.obey", "lines.write", "password.issue", "password.change", "user.add", "seat.give", "desk.open",
        "institution.change", "journal.seal", "turn.claim", "turn.finish", "hours.set", "device.invite", "device.enrol",
    }
)  # fmt: skip
"""What concerns this machine alone."""
LONGEST_NOTE = 8_000


def lines_after(position: int, most: int) -> list[Line]:
    """Sealed lines of people, in the order of the seal. A line without a position is not sealed yet, and its turn comes."""
    return list(Line.objects.filter(position__gt=position).order_by("position")[:most])


def newest_position() -> int:
    """Up to where the journal of this node is sealed."""
    last = (
        Line.objects.exclude(position=None).order_by("-position").values_list("position", flat=True).first()
    )
    return last or 0


def travels(line: Line) -> bool:
    """Whether the server above hears of a line: it is a person's, and about more than this machine."""
    return line.role != SYSTEM and line.kind not in OWN


def built_of(line: Line) -> Built:
    """The event of a line; as a note when nothing can be done of it above."""
    build = TABLE.get(line.kind)
    found = build(line) if build is not None else None
    if found is not None and found.kind in handlers.TABLE:
        data = {**found.data, "by.seat": str(line.seat_id or "")}
        try:
            check([data, found.seen])
        except NotCanonical:
            return note_of(line)
        return Built(found.kind, _subject(found.subject), data, found.seen)
    return note_of(line)


def note_of(line: Line) -> Built:
    """A line as evidence: what kind of act, on what, what it told. Nothing is done with it above."""
    told = json.dumps(
        {"facts": line.facts, "inputs": line.inputs or {}, "by": line.actor_name, "at": line.at.isoformat()},
        ensure_ascii=False,
        sort_keys=True,
    )
    data: dict[str, Any] = clean(
        line_id=line.id,
        kind=line.kind,
        subject_kind=line.subject_kind,
        subject_id=line.subject_id,
        region=line.region_code,
        told=told[:LONGEST_NOTE].encode("utf-8", "replace").decode(),
    )
    return Built(
        "line.note/1",
        _subject(f"{line.subject_kind}:{line.subject_id}"),
        {**data, "by.seat": str(line.seat_id or "")},
    )


def _subject(words: str) -> str:
    return words if len(words) <= chain.LONGEST_SUBJECT else ""


def apart() -> set[str]:
    """Subjects on which this node did something that the server above keeps as a note only, what its lines name, and what hangs on them."""
    lines = (
        Line.objects.exclude(role=SYSTEM)
        .exclude(kind__in=[*TABLE, *OWN, "view.record", "export.record"])
        .exclude(subject_kind__in=["desk", "seat", "user", "installation", "link", "text"])
        .exclude(seat_id=None)
    )
    found: set[str] = set()
    for subject_id, facts in lines.values_list("subject_id", "facts").iterator():
        found.add(str(subject_id))
        found |= {str(value) for value in facts.values() if isinstance(value, str) and _KEY.fullmatch(value)}
    near = found
    for _turn in range(2):
        near = _hanging_on(near) - found
        found |= near
    return found


_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOT_OVER = frozenset({"desks.Desk", "desks.Seat", "accounts.User", "regions.Region", "cases.Kind"})


def _hanging_on(keys: Collection[str]) -> set[str]:
    """Rows that belong to these things, such as the lines of a meeting's list; not what merely names a desk or a person who sits there."""
    found: set[str] = set()
    wanted = sorted(keys)
    for table in mirror.TABLES:
        if table.natural:
            continue
        for one in table.model._meta.concrete_fields:
            if not isinstance(one, ForeignKey) or one.related_model._meta.label in _NOT_OVER:
                continue
            if not isinstance(one.target_field, UUIDField):
                continue
            for start in range(0, len(wanted), 400):
                rows = table.model._base_manager.filter(**{f"{one.attname}__in": wanted[start : start + 400]})
                found |= {str(key) for key in rows.values_list("pk", flat=True)}
    return found


def unsent(parent: Parent) -> int:
    """Lines of people that no event was written of yet."""
    rows = Line.objects.exclude(role=SYSTEM).exclude(kind__in=OWN)
    return rows.filter(position__gt=parent.sent_position).count() + rows.filter(position=None).count()


def is_here(kind: str, key: str) -> bool:
    """Whether a row of the server above is still here: one that was destroyed there goes with the tables."""
    table = {"case": "cases.Case", "household": "people.Household"}.get(kind, "")
    return Mirrored.objects.filter(table=table, key=key).exists()


def mirrored_rows() -> int:
    """How many rows of the server above are here."""
    return Mirrored.objects.count()
