"""Carrying for others what cannot be read here: envelopes and files on their way to another server, letters on their way back.

Whoever carries sees for which device and which numbers an envelope is, and nothing else. What was carried is forgotten only some time
after the server above said that it is there. Source: domain rules of offline work, 6; docs/sync-protocol.md sections 7 and 10.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, Sum

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.sync.actions import _carried
from simpul.sync.models import Carried, Letter, Parent
from simpul.sync.rules import bundles, segments

KEPT_AFTERWARDS = timedelta(days=30)
"""How long what was handed on stays here all the same: the server above may be restored from an older copy. Product default, no law."""
MOST_BYTES = 2_000_000_000
"""What one node carries for others at most: a full disk must not stop its own work."""
LETTERS_LAST = timedelta(days=90)


def carry_envelopes(
    *, by: Actor, at: datetime, envelopes: Sequence[tuple[str, segments.Envelope]]
) -> list[tuple[str, str, str]]:
    """Keep envelopes that are for another server, sealed as they came: (name, held | duplicate | refused, reason) for each.

    Only a village node carries for others: a server that nothing stands above would carry nowhere and says ``foreign``; one whose room
    for it is used up says ``full``. A repeat changes nothing.
    """
    roles.require(by, "envelopes.carry")
    wrapped = [
        _carried.Wrapped("envelope", one.device, name, segments.write([one]), one.epoch, one.first, one.last)
        for name, one in envelopes
    ]
    return _carry(by, at, wrapped, "envelopes.carry")


def carry_files(*, by: Actor, at: datetime, files: Sequence[bundles.File]) -> list[tuple[str, str, str]]:
    """Keep files that are sealed to another server; as ``carry_envelopes``. A file is named by what it holds."""
    roles.require(by, "files.carry")
    wrapped = [_carried.Wrapped("blob", one.device, one.sha256, bundles.write_files([one])) for one in files]
    return _carry(by, at, wrapped, "files.carry")


def _carry(
    by: Actor, at: datetime, things: Sequence[_carried.Wrapped], kind: str
) -> list[tuple[str, str, str]]:
    if not Parent.objects.exists():
        return [(one.name, "refused", "foreign") for one in things]
    with transaction.atomic():
        new, found = _carried.new_ones(things)
        used = Carried.objects.filter(own=False).aggregate(bytes=Sum("size"))["bytes"] or 0
        if used + sum(len(one.content) for one in new) > MOST_BYTES:
            full = {one.name for one in new}
            return [
                (name, "refused", "full") if name in full else (name, state, why)
                for name, state, why in found
            ]
        _carried.keep(new, at)
        if new:
            journal_actions.record(
                by=by,
                at=at,
                kind=kind,
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"things": len(new), "devices": len({one.device_id for one in new})},
            )
    return found


def note_forwarded(*, by: Actor, at: datetime, names: Iterable[str]) -> int:
    """The server above said of these that they are there. Returns how many were noted anew."""
    roles.require(by, "forwarded.note")
    with transaction.atomic():
        noted = Carried.objects.filter(name__in=list(names), forwarded_at=None).update(forwarded_at=at)
        if noted:
            journal_actions.record(
                by=by,
                at=at,
                kind="forwarded.note",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"things": noted},
            )
    return noted


def note_missing(*, by: Actor, at: datetime, epoch: str, after: int) -> int:
    """The server above has less of this node's own work than it once said (it was restored): what is missing is sent again."""
    roles.require(by, "missing.note")
    with transaction.atomic():
        again = Carried.objects.filter(own=True, kind="envelope", epoch=epoch, last__gt=after).exclude(
            forwarded_at=None
        )
        count = again.update(forwarded_at=None)
        if count:
            journal_actions.record(
                by=by,
                at=at,
                kind="missing.note",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"things": count, "after": after},
            )
    return count


def keep_letters(*, by: Actor, at: datetime, letters: Sequence[bundles.Letter]) -> int:
    """Keep letters for devices that this installation carries for, until they are fetched. Returns how many are new here."""
    roles.require(by, "letters.keep")
    with transaction.atomic():
        wanted = {(one.device, one.number): one for one in letters}
        here = set(
            Letter.objects.filter(device_id__in={device for device, _number in wanted}).values_list(
                "device_id", "number"
            )
        )
        new = [one for key, one in wanted.items() if key not in here]
        Letter.objects.bulk_create(
            [Letter(device_id=one.device, number=one.number, sealed=one.sealed, made_at=at) for one in new]
        )
        if new:
            journal_actions.record(
                by=by,
                at=at,
                kind="letters.keep",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"letters": len(new), "devices": len({one.device for one in new})},
            )
    return len(new)


def keep_packs(*, by: Actor, at: datetime, packs: Sequence[bytes]) -> int:
    """Keep encrypted packs for phones that fetch them here: they are of no use without their key. Returns how many are new."""
    roles.require(by, "packs.keep")
    wrapped = [
        _carried.Wrapped("pack", journal_actions.NOWHERE, hashlib.sha256(one).hexdigest(), one)
        for one in packs
    ]
    with transaction.atomic():
        new, _found = _carried.new_ones(wrapped)
        _carried.keep(new, at)
        if new:
            Carried.objects.filter(name__in=[one.name for one in new]).update(forwarded_at=at)
            journal_actions.record(
                by=by,
                at=at,
                kind="packs.keep",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"packs": len(new)},
            )
    return len(new)


def forget_carried(*, by: Actor, at: datetime) -> int:
    """Let go of what arrived above more than 30 days ago, of this node's own work only what is safe there, and of old letters."""
    roles.require(by, "carried.forget")
    parent = Parent.objects.first()
    with transaction.atomic():
        old = Carried.objects.filter(forwarded_at__lt=at - KEPT_AFTERWARDS)
        safe = Q(epoch=parent.epoch, last__lte=parent.safe_seq) if parent else Q(pk__in=[])
        gone = old.filter(Q(own=False) | ~Q(kind="envelope") | safe).delete()[0]
        letters = Letter.objects.filter(made_at__lt=at - LETTERS_LAST)
        if parent is not None:
            gone += letters.delete()[0]
        if gone:
            journal_actions.record(
                by=by,
                at=at,
                kind="carried.forget",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"things": gone},
            )
    return gone
