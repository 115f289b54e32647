"""Keys of villages as everybody may know them, and what a checker without a network carries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from simpul.desks import queries as desk_queries
from simpul.letters.models import Letter, VillageKey
from simpul.letters.render import signing
from simpul.letters.rules import proof
from simpul.lib.actor import Actor
from simpul.lib.areas import inside_any
from simpul.lib.keys import ring
from simpul.regions import queries as region_queries

TAKEN_BACK = Q(revoked_at__isnull=False) | Q(cancelled_at__isnull=False) | Q(superseded_by__isnull=False)
"""Released letters that are worth nothing any more, whatever their last day is."""


def key_in_use(region_code: str) -> VillageKey | None:
    """The key a village signs with now; None before its first letter."""
    return VillageKey.objects.filter(region_code=region_code, retired_at=None).first()


def keys_of(by: Actor) -> list[VillageKey]:
    """The keys of this actor's villages, the newest first."""
    return list(
        VillageKey.objects.filter(inside_any(by.served_areas)).order_by("region_code", "-made_at", "-id")
    )


def public_key(code: str) -> proof.PublicKey | None:
    """One key by the code that is printed in every signed code."""
    found = VillageKey.objects.filter(code=code).first()
    return _public([found])[0] if found is not None else None


def known(at: datetime, *, areas: Iterable[str] = ("",)) -> proof.Known:
    """Every key of some areas, and the letters that were taken back: public knowledge, without a name in it. Three queries."""
    codes = tuple(areas)
    keys = _public(VillageKey.objects.filter(inside_any(codes)))
    rows = (
        Letter.objects.filter(TAKEN_BACK, inside_any(codes), released_at__isnull=False)
        .exclude(digest="")
        .values_list("digest", "cancelled_at", "revoked_at")
    )
    taken = {digest[:32]: _why(cancelled, revoked) for digest, cancelled, revoked in rows}
    return proof.Known({one.code: one for one in keys}, taken, at)


def keys_file(at: datetime, *, areas: Iterable[str] = ("",)) -> str:
    """What ``simpul letter keys`` writes and the checking page keeps: keys and list, signed by this installation."""
    body: dict[str, Any] = proof.keys_body(known(at, areas=areas))
    body["signer"] = ring().public_key().hex()
    body["signature"] = ring().sign(proof.signed_bytes(body)).hex()
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _why(cancelled: object, revoked: object) -> str:
    return "cancelled" if cancelled else "revoked" if revoked else "superseded"


def _public(rows: Iterable[VillageKey]) -> list[proof.PublicKey]:
    keys = list(rows)
    names = {
        code: region.short_name
        for code, region in region_queries.regions_by_code(one.region_code for one in keys).items()
    }
    return [
        proof.PublicKey(
            one.code,
            one.region_code,
            names.get(one.region_code, one.region_code),
            bytes(one.public),
            one.retired_at.astimezone(desk_queries.zone_of(one.region_code)).date()
            if one.retired_at
            else None,
            signing.fingerprint(one.certificate),
        )
        for one in keys
    ]
