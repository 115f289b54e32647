"""What a village node is given of the server above: every table of its area, compared by sums, so that only what differs travels.

No list of changes is kept and none can be missed: the node says for each table the sums over what it was given before, in groups of
about thirty rows, and gets the groups that differ. Source: domain rules of offline work, 9; docs/sync-protocol.md section 12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from simpul.accounts import actions as account_actions
from simpul.cases.actions import mirroring as case_mirroring
from simpul.desks.actions import mirroring as desk_mirroring
from simpul.desks.models import Desk
from simpul.journal.models import Line
from simpul.lib import areas as areas_lib
from simpul.lib import mirror
from simpul.meetings.actions import mirroring as meeting_mirroring
from simpul.outreach.actions import mirroring as outreach_mirroring
from simpul.people.actions import mirroring as people_mirroring
from simpul.programmes.actions import mirroring as programme_mirroring
from simpul.regions.actions import mirroring as region_mirroring
from simpul.sync.models import Device, Envelope, Event, Mirrored
from simpul.sync.queries import devices

VERSION = 1
TABLES: Sequence[mirror.Table] = (
    *region_mirroring.TABLES,
    *account_actions.MIRRORED,
    *desk_mirroring.TABLES,
    *people_mirroring.TABLES,
    *case_mirroring.TABLES,
    *meeting_mirroring.TABLES,
    *programme_mirroring.TABLES,
    *outreach_mirroring.TABLES,
)
"""What is pointed at comes first."""
ROWS_OF_A_GROUP = 32
MOST_GROUPS = 4096


# --- on the server above --------------------------------------------------------------------------------------------


def scope_of(device: Device, at: datetime) -> mirror.Scope:
    """What a node is given: its areas and the desks that lie in them."""
    areas = devices.areas_of(device)
    desks = Desk.objects.filter(areas_lib.inside_any(areas))
    return mirror.Scope(areas, frozenset(desks.values_list("id", flat=True)), at)


QUIET = frozenset(
    {
        "device.greet", "lease.renew", "envelopes.keep", "envelopes.open", "events.judge", "letters.write", "bundle.export",
        "turn.claim", "turn.finish", "view.record", "export.record", "blob.receive",
    }
)  # fmt: skip
"""Lines after which no row of a node's tables is another one."""
SETTLES = timedelta(seconds=60)


def newest_mark(areas: Sequence[str], at: datetime) -> str:
    """The newest line about the area, or about no place; "" while it is so fresh that one before it may still be on its way."""
    about = areas_lib.inside_any(areas) | Q(region_code="")
    for length in range(2, max(map(len, areas), default=0)):
        about |= Q(region_code__in=[code[:length] for code in areas])
    newest = (
        Line.objects.filter(about)
        .exclude(kind__in=QUIET)
        .order_by("-id")
        .values_list("id", "recorded_at")
        .first()
    )
    if newest is None or newest[1] > at - SETTLES:
        return ""
    return str(newest[0])


def answer(device: Device, asked: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What differs from what the node has, as it says itself; and whether everything that it sent is decided."""
    mark = newest_mark(devices.areas_of(device), at)
    waiting = undecided(device)
    found: dict[str, Any] = {
        "v": VERSION,
        "now": int(at.timestamp() * 1000),
        "mark": mark,
        "waiting": waiting,
        "areas": list(devices.areas_of(device)),
        "scope_version": device.scope_version,
        "tables": {},
    }
    same_scope = asked.get("scope_version") == device.scope_version
    if mark and asked.get("mark") == mark and same_scope:
        return found
    sums = asked.get("sums")
    sums = sums if isinstance(sums, dict) else {}
    for name, part in mirror.snapshot(TABLES, scope_of(device, at)).items():
        if changed := _changed(part, sums.get(name)):
            found["tables"][name] = changed
    return found


def undecided(device: Device) -> int:
    """Events of a node that are not decided yet: those that are judged later, and those in envelopes that nobody has opened."""
    sealed = Envelope.objects.filter(device=device, state="stored").values_list("first", "last")
    return Event.objects.filter(device=device, state__in=("stored", "held")).count() + sum(
        last - first + 1 for first, last in sealed
    )


def _changed(part: mirror.Part, said: Any) -> dict[str, Any]:
    """Rows of the groups whose sums differ, and the keys of those groups, by which the node sees what is gone."""
    theirs = said if _are_sums(said) else [mirror.sums({}, 1)[0]]
    count = len(theirs)
    digests = {key: mirror.digest(row) for key, row in part.rows.items()}
    ours = mirror.sums(digests, count)
    groups = [place for place in range(count) if ours[place] != theirs[place]]
    if not groups:
        return {}
    wanted = set(groups)
    keys = [key for key in part.rows if mirror.bucket(key, count) in wanted]
    return {"c": part.columns, "g": groups, "of": count, "k": keys, "r": [part.rows[key] for key in keys]}


def _are_sums(said: Any) -> bool:
    return (
        isinstance(said, list)
        and 0 < len(said) <= MOST_GROUPS
        and all(isinstance(one, str) and len(one) == 12 for one in said)
    )


# --- on the node ----------------------------------------------------------------------------------------------------


def base() -> dict[str, dict[str, str]]:
    """Table -> key -> digest of each row as it came last."""
    found: dict[str, dict[str, str]] = {}
    for table, key, digest in Mirrored.objects.values_list("table", "key", "digest").iterator():
        found.setdefault(table, {})[key] = digest
    return found


def own_sums(known: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """What the node says it has: for each table the sums of its groups."""
    return {
        table.name: mirror.sums(digests, groups_for(len(digests)))
        for table in TABLES
        if (digests := known.get(table.name))
    }


def groups_for(rows: int) -> int:
    """In how many groups so many rows are compared."""
    return min(MOST_GROUPS, max(1, rows // ROWS_OF_A_GROUP))


def parts_of(told: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> dict[str, mirror.Part]:
    """The answer's rows by table, with the keys of each group that are not there any more. Tables not known here are passed over."""
    parts: dict[str, mirror.Part] = {}
    for table in TABLES:
        one = told["tables"].get(table.name)
        if one is None:
            continue
        groups, count = set(one["g"]), one["of"]
        rows = dict(zip(one["k"], one["r"], strict=True))
        gone = [
            key
            for key in known.get(table.name, ())
            if key not in rows and mirror.bucket(key, count) in groups
        ]
        parts[table.name] = mirror.Part(list(one["c"]), rows, gone)
    return parts
