"""Keys of a village: made once, followed by a new one when the old may be known to others.

The first key is made by ``simpul init``, by the act here, or with the first letter that is released. A retired key signs nothing more;
what it signed before stays true.
"""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters.models import VillageKey
from simpul.letters.queries import keys as queries
from simpul.letters.render import signing
from simpul.letters.rules import proof
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries


class NoVillage(Refused):
    """Keys belong to a village, not to a regency or a district."""

    code = "letter_key.no_village"
    sentence = _("Letters are signed for a village. Choose one of the list.")
    field = "region_code"


class NoKeyYet(Refused):
    """There is nothing to replace."""

    code = "letter_key.none_yet"
    sentence = _("This village has no key yet. Make its first one.")


class ReasonMissing(Refused):
    """A key is replaced for a reason that stands in the journal."""

    code = "letter_key.reason_missing"
    sentence = _("Write why the key is replaced.")
    field = "why"


def make_letterkey(*, by: Actor, at: datetime, region_code: str, key_id: UUID | None = None) -> VillageKey:
    """Make the first key of a village, with its certificate. When there is one in use it is returned as it is.

    Raises:
        NoVillage: the code is none of a village.
    """
    roles.require(by, "letterkey.make", roles.Place(region_code))
    with transaction.atomic():
        found = queries.key_in_use(region_code)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                made = _new(region_code, at, key_id)
        except IntegrityError:  # another worker made it between the two
            found = queries.key_in_use(region_code)
            if found is None:
                raise
            return found
        _line(by, at, "letterkey.make", made, {})
        return made


def rotate_letterkey(
    *, by: Actor, at: datetime, region_code: str, why: str, key_id: UUID | None = None
) -> VillageKey:
    """Retire the key in use and make a new one. Letters signed before stay true; the old key signs nothing more.

    Raises:
        NoKeyYet, ReasonMissing.
    """
    roles.require(by, "letterkey.rotate", roles.Place(region_code))
    reason = text.clean_line(why)[:300]
    if len(reason) < 3:
        raise ReasonMissing
    with transaction.atomic():
        if key_id is not None and (made := VillageKey.objects.filter(id=key_id).first()) is not None:
            return made
        old = VillageKey.objects.select_for_update().filter(region_code=region_code, retired_at=None).first()
        if old is None:
            raise NoKeyYet
        VillageKey.objects.filter(id=old.id).update(
            retired_at=at, private="", certificate_private=""
        )  # a key that signs nothing more is not kept
        made = _new(region_code, at, key_id)
        _line(by, at, "letterkey.rotate", made, {"old": old.code, "why": reason})
        return made


def first_key(region_code: str, at: datetime) -> VillageKey:
    """The key a letter is signed with: made by the machine when the village has none."""
    return queries.key_in_use(region_code) or make_letterkey(by=MACHINE, at=at, region_code=region_code)


def _new(region_code: str, at: datetime, key_id: UUID | None) -> VillageKey:
    region = region_queries.find_region(region_code)
    if region is None or len(region.code) != 10:
        raise NoVillage
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    code = proof.key_code(public)
    pair = signing.make_certificate(region.short_name, region.code, code, at)
    return VillageKey.objects.create(
        **({"id": key_id} if key_id else {}),
        region_code=region.code,
        code=code,
        public=public,
        private=base64.b64encode(private.private_bytes_raw()).decode(),
        certificate=pair.certificate,
        certificate_private=pair.private,
        made_at=at,
    )


def _line(by: Actor, at: datetime, kind: str, key: VillageKey, facts: dict[str, str]) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="letter_key",
        subject_id=key.id,
        facts={"code": key.code, **facts},
        region_code=key.region_code,
    )
