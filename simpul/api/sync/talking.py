"""Enrolment, hello, push, carry, pull, letters, numbers."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

from simpul.api.sync import freshening, policy, reading
from simpul.api.sync.policy import Stop
from simpul.cases.actions import reserving
from simpul.cases.queries import reservations
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.sync.actions import (
    bundling,
    enrolling,
    generation,
    greeting,
    judging,
    opening,
    packing,
    receiving,
)
from simpul.sync.queries import devices, hello, packs, projection, tokens, waiting
from simpul.sync.rules import segments
from simpul.sync.rules.canonical import b64, canonical

log = logging.getLogger("simpul.api.sync")
JUDGE_SECONDS = 2.0
"""How long a push may judge at once; the worker does the rest."""
JUDGE_MOST = 100
FAR_BEHIND = 5_000
"""Lines of the journal behind which a new pack is less to fetch than what changed."""
NUMBERS_INFO = b"simpul-numbers"
CARRIED_AN_HOUR = 400_000_000
"""Bytes that one address may hand over unproven in an hour: a village laptop after weeks has a few dozen million."""


@policy.anybody("POST")
def enrol(request: HttpRequest) -> HttpResponseBase:
    """Take a device in by its invitation."""
    at = timezone.now()
    reading.count(request.META.get("REMOTE_ADDR", ""), "enrol", 20, at)
    said = reading.json_of(request)
    generation.begin_generation(by=MACHINE, at=at)
    made = enrolling.enrol_device(
        by=MACHINE,
        at=at,
        code=reading.text(said, "code", 40),
        algorithm=reading.text(said, "algorithm", 10),
        sign_public=reading.raw(said, "sign"),
        seal_public=reading.raw(said, "seal"),
        label=reading.text(said, "name", 100, needed=False),
        app_version=reading.text(said, "app", 40, needed=False),
    )
    device = devices.device(made.id) or made
    answer = {
        "device": str(device.id),
        "kind": device.kind,
        "label": device.label,
        "lease_until": device.lease_until.isoformat(),
        "scope_version": device.scope_version,
        "areas": hello.areas_told(device),
        "seat": hello.seat_told(device),
        "server": hello.server_told(),
        "now": at.isoformat(),
    }
    return JsonResponse(answer, status=201)


@policy.device("POST")
def say_hello(request: HttpRequest) -> HttpResponseBase:
    """Tell a device what is here, what is safe, what became of its entries, and what it should do."""
    at = timezone.now()
    said = reading.json_of(request)
    device = hello.speaker(said)
    spoke_at = device.last_seen_at
    reading.count(device.id.hex, "hello", 60, at)
    heads = reading.rows(said, "heads", (str, int, str), hello.MOST_HEADS)
    wanted = reading.rows(said, "open", (str, int), hello.MOST_OPEN)
    persisted = said.get("persisted")
    device = greeting.greet_device(
        by=MACHINE,
        at=at,
        device_id=device.id,
        said=greeting.Said(
            at_ms=reading.whole(said.get("at"), "at", -(2**53) + 1),
            app=reading.text(said, "app", 40, needed=False),
            persisted=persisted if isinstance(persisted, bool) else None,
            unsent=min(reading.whole(said.get("unsent") or 0, "unsent"), 2**31 - 1),
            erased=reading.keys(said, "erased", 1000),
            letters=reading.whole(said.get("letters") or 0, "letters"),
        ),
    )
    answer = _told(device, at, heads, wanted, said)
    known = {(line[0], line[1], line[2]) for line in answer["outcomes"]}
    settled = hello.settled_since(device.id, spoke_at)
    answer["outcomes"] += [line for line in settled if (line[0], line[1], line[2]) not in known]
    if devices.is_shut(device, at):
        raise Stop(410, "sync.revoked", **answer)
    token, until = tokens.issue(device, at)
    answer |= {"token": token, "token_until": until.isoformat(), "pack": _pack(device, said)}
    return JsonResponse(answer)


def _told(
    device: devices.Row,
    at: datetime,
    heads: list[list[Any]],
    wanted: list[list[Any]],
    said: dict[str, Any],
) -> dict[str, Any]:
    edges = hello.edges_of(device.id)
    told = hello.about_device(device, known={row[0] for row in heads}, edges=edges)
    told |= {"known": hello.digest_of(told)}
    if said.get("known") == told["known"]:
        told = {name: value for name, value in told.items() if name not in hello.SELDOM}
    return {
        **told,
        "now": at.isoformat(),
        "have": hello.have(device.id, edges, heads),
        "outcomes": hello.outcomes_of(device.id, [(row[0], row[1]) for row in wanted]),
        "numbers_left": reservations.held_by(str(device.id)),
        "letters": hello.letters_waiting(device.id, int(said.get("letters") or 0)),
    }


def _pack(device: devices.Row, said: dict[str, Any]) -> dict[str, Any] | None:
    """The pack of this device's scope, for a device that begins or is far behind; the first telephone of a scope has it made."""
    cursor = said.get("cursor") or 0
    scope, ready = packs.scope_of(device), packs.pack_for(device)
    if ready is None and scope is not None and not cursor:
        packing.build_pack(by=MACHINE, at=timezone.now(), role=scope[0], areas=scope[1])
        ready = packs.pack_for(device)
    if ready is None or ready.hash == said.get("pack") or (cursor and ready.cursor - cursor < FAR_BEHIND):
        return None
    key = sealing.seal(bytes(device.seal_public), ready.key, hello.PACK_INFO)
    return {
        "hash": ready.hash,
        "size": ready.size,
        "key": b64(key),
        "cursor": devices.cursor_told(ready.cursor),
        "households": ready.households,
    }


@policy.device("POST")
def push(request: HttpRequest) -> HttpResponseBase:
    """Keep envelopes, and judge what is few at once."""
    at = timezone.now()
    device_id = reading.device_of(request, at)
    reading.count(device_id.hex, "push", 600, at)
    sent = _envelopes(request)
    own = [one for one in sent if one.device == device_id]
    receipts = {one.name: one for one in _kept(own, "direct", at).receipts}
    others = _kept([one for one in sent if one.device != device_id], "node", at)
    receipts |= {one.name: one for one in others.receipts}
    count = sum(one.count for one in sent)
    found = _judged({device_id, *others.devices}, at) if waiting.is_few(device_id, count) else {}
    answer = {
        "received": [_line(receipts[one.name]) for one in sent],
        "outcomes": found.get(device_id, []),
        "have": hello.have(device_id, hello.edges_of(device_id)),
    }
    return JsonResponse(answer)


@policy.anybody("POST")
def carry(request: HttpRequest) -> HttpResponseBase:
    """Keep envelopes that somebody carried here: for us, or to be carried on."""
    at = timezone.now()
    address = request.META.get("REMOTE_ADDR", "")
    reading.count(address, "carry", 300, at)
    data = reading.body_of(request, reading.MOST_BODY)
    reading.weigh(address, "carry", len(data), CARRIED_AN_HOUR, at)
    if data.startswith((b"SMPLB", b"SMPLF")):
        return _carried(bundling.carry_bundle(by=MACHINE, at=at, data=data), at)
    sent = _envelopes(request)
    kept = _kept(sent, "node", at)
    _judged(kept.devices, at)
    letters = hello.highest_letters({one.device for one in sent})
    return JsonResponse({"received": [_line(one) for one in kept.receipts], "letters": letters})


def _carried(found: bundling.Carry, at: datetime) -> HttpResponseBase:
    """What became of a bundle, or of sealed files."""
    _judged(found.judged, at)
    letters = hello.highest_letters(found.devices)
    return JsonResponse({"received": [_line(one) for one in found.receipts], "letters": letters})


def _envelopes(request: HttpRequest) -> list[segments.Envelope]:
    try:
        return segments.read(reading.body_of(request, reading.MOST_BODY))
    except segments.SegmentUnreadable as fault:
        raise Stop(400, "sync.unreadable", detail=fault.reason) from None


def _kept(sent: list[segments.Envelope], road: str, at: datetime) -> receiving.Kept:
    return (
        receiving.keep_envelopes(by=MACHINE, at=at, envelopes=sent, road=road) if sent else receiving.Kept()
    )


def _line(receipt: receiving.Receipt) -> list[str]:
    return [receipt.name, receipt.state, receipt.reason]


def _judged(device_ids: Iterable[UUID], at: datetime) -> dict[UUID, list[list[Any]]]:
    """Open and judge at once what fits into the time; a fault leaves it to the worker, for everything is kept already."""
    ids = sorted(device_ids)
    until = time.monotonic() + JUDGE_SECONDS
    found: dict[UUID, list[list[Any]]] = {}
    try:
        opening.open_envelopes(by=MACHINE, at=at, device_ids=ids, limit=16)
        for device_id in ids:
            left = until - time.monotonic()
            if left > 0:
                done = judging.judge_events(
                    by=MACHINE, at=at, device_id=device_id, limit=JUDGE_MOST, seconds=left
                )
                found[device_id] = hello.outcomes_by_key(done)
    except Exception:
        log.exception("What was pushed is kept, and is judged later")
    return found


@policy.device("GET")
def pull(request: HttpRequest) -> HttpResponseBase:
    """What changed in the scope of a device since its cursor. The journal is sealed first, so that a pull is fresh."""
    at = timezone.now()
    device = reading.served_device(request, at)
    reading.count(device.id.hex, "pull", 240, at)
    freshening.seal_now(at)
    told = projection.changes(
        device,
        devices.position_of(reading.number_of(request, "cursor")),
        min(reading.number_of(request, "most", 500), 2000),
        own_digest=request.GET.get("own"),
        book_digest=request.GET.get("book"),
        asked=request.GET.get("households", "").split(",")[: projection.MOST_ASKED],
        at=at,
    )
    return JsonResponse({**told, "cursor": devices.cursor_told(told["cursor"])})


@policy.device("GET")
def letters(request: HttpRequest) -> HttpResponseBase:
    """Letters of the device that asks."""
    return _letters(request, reading.device_of(request, timezone.now()))


@policy.anybody("GET")
def mail(request: HttpRequest, device_id: UUID) -> HttpResponseBase:
    """Letters of any device, for whoever carries them: they are sealed to it."""
    reading.count(request.META.get("REMOTE_ADDR", ""), "mail", 300, timezone.now())
    return _letters(request, device_id)


def _letters(request: HttpRequest, device_id: UUID) -> HttpResponseBase:
    after = reading.number_of(request, "after")
    found = hello.letters(device_id, after)
    last = found[-1][0] if found else after
    return JsonResponse(
        {
            "letters": [[number, b64(sealed)] for number, sealed in found],
            "more": hello.letters_waiting(device_id, last) > 0,
        }
    )


@policy.device("POST")
def numbers(request: HttpRequest) -> HttpResponseBase:
    """Receipts to hand out without a network, sealed to the device. The same allotment again gives the same receipts."""
    at = timezone.now()
    device = reading.served_device(request, at)
    reading.count(device.id.hex, "numbers", 30, at)
    said = reading.json_of(request)
    count = reading.whole(said.get("count"), "count", 1)
    if count > 50 or reservations.held_by(str(device.id)) + count > MOST_NUMBERS:
        raise Stop(400, "sync.numbers", most=MOST_NUMBERS)
    allotment = reading.keys({"id": [said["id"]]}, "id", 1)[0] if said.get("id") else None
    given = reserving.reserve_numbers(
        by=MACHINE,
        at=at,
        region_code=device.desk.region_code,
        count=count,
        for_device=str(device.id),
        allotment_id=allotment,
    )
    told = {
        "numbers": [
            {"case_id": str(one.case_id), "number": one.number, "pin": one.pin, "receipt16": one.receipt16}
            for one in given
        ]
    }
    sealed = sealing.seal(bytes(device.seal_public), canonical(told), NUMBERS_INFO)
    return JsonResponse({"sealed": b64(sealed), "numbers_left": reservations.held_by(str(device.id))})


MOST_NUMBERS = 200
"""How many unused receipts a device holds at most."""


@policy.device("POST")
def return_numbers(request: HttpRequest) -> HttpResponseBase:
    """Take unused receipts back."""
    at = timezone.now()
    device_id = reading.device_of(request, at)
    wanted = reading.keys(reading.json_of(request), "case_ids", 500)
    held = reservations.cases_held(str(device_id))
    mine = [one for one in wanted if one in held]
    back = reserving.return_numbers(by=MACHINE, at=at, case_ids=mine) if mine else []
    return JsonResponse({"returned": back})
