"""Acts on the institution itself: its name, colour, emblem and contacts."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries, rules
from simpul.desks.models import Institution
from simpul.journal import actions as journal_actions
from simpul.lib import media
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.files import FileStore
from simpul.regions import rules as region_rules


class InstitutionNameless(Refused):
    """Residents must know whose counter this is."""

    code = "institution.nameless"
    sentence = _("Write the name of the institution and its short name.")
    field = "name"


class ColourUnknown(Refused):
    """This is no colour."""

    code = "institution.colour_unknown"
    sentence = _("Write the colour as # and six signs, for example #0b4f6c.")
    field = "brand"


class ColourUnreadable(Refused):
    """White words on this colour cannot be read by many."""

    code = "institution.colour_unreadable"
    sentence = _(
        "White words on %(colour)s reach a contrast of %(ratio)s; %(least)s is needed. Choose a darker colour."
    )
    field = "brand"


class RegionUnknown(Refused):
    """This is no code of an area."""

    code = "institution.region_unknown"
    sentence = _("Write the code of an area with 2, 4, 6 or 10 digits, for example 7305112005.")
    field = "region_code"


class PrefixUnusable(Refused):
    """Case numbers begin with these letters."""

    code = "institution.prefix_unusable"
    sentence = _("The letters before case numbers are two to four capital letters, for example SPL.")
    field = "number_prefix"


class EmblemUnusable(Refused):
    """The emblem has to be a picture."""

    code = "institution.emblem_unusable"
    sentence = _("The emblem has to be a picture (PNG, JPEG or WebP). Choose another file.")
    field = "emblem"


def change_institution(
    *,
    by: Actor,
    at: datetime,
    name: str | None = None,
    short_name: str | None = None,
    service_name: str | None = None,
    region_code: str | None = None,
    brand: str | None = None,
    emblem: bytes | None = None,
    number_prefix: str | None = None,
    phone: str | None = None,
    whatsapp: str | None = None,
    email: str | None = None,
    address: str | None = None,
    opening_words: str | None = None,
    protection_officer: str | None = None,
    ombudsman: str | None = None,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
    is_demo: bool | None = None,
) -> Institution:
    """Change what is given and leave the rest; the first call sets the institution up. ``emblem=b""`` takes the emblem away.

    Raises:
        Refused: the name is missing, the colour or the area is none, white cannot be read on the colour, or the emblem is
            no picture.
    """
    roles.require(by, "institution.change")
    texts = {
        "name": name, "short_name": short_name, "service_name": service_name, "region_code": region_code, "brand": brand,
        "number_prefix": number_prefix, "phone": phone, "whatsapp": whatsapp, "email": email, "address": address,
        "opening_words": opening_words, "protection_officer": protection_officer, "ombudsman": ombudsman,
    }  # fmt: skip
    wanted: dict[str, Any] = {key: value.strip() for key, value in texts.items() if value is not None}
    others = {"quiet_from": quiet_from, "quiet_to": quiet_to, "is_demo": is_demo}
    wanted |= {key: value for key, value in others.items() if value is not None}
    if emblem is not None:
        wanted |= _emblem(emblem)
    with transaction.atomic():
        home = Institution.objects.select_for_update().first() or Institution(id=1)
        before = {key: getattr(home, key) for key in wanted}
        for key, value in wanted.items():
            setattr(home, key, value)
        _check(home)
        home.save()
        changed = sorted(key for key in wanted if before[key] != wanted[key])
        journal_actions.record(
            by=by,
            at=at,
            kind="institution.change",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"changed": changed},
            inputs={
                "before": {key: before[key] for key in changed},
                "after": {key: wanted[key] for key in changed},
            },
            region_code=home.region_code,
        )
        transaction.on_commit(queries.forget_institution)
    return home


def _check(home: Institution) -> None:
    if not home.name or not home.short_name:
        raise InstitutionNameless
    if not region_rules.is_prefix(home.region_code):
        raise RegionUnknown
    if not re.fullmatch("[A-Z]{2,4}", home.number_prefix):
        raise PrefixUnusable
    if not rules.is_colour(home.brand):
        raise ColourUnknown
    ratio = rules.contrast_with_white(home.brand)
    if ratio < rules.LEAST_CONTRAST:
        raise ColourUnreadable(colour=home.brand, ratio=f"{ratio:.1f}", least=rules.LEAST_CONTRAST)


def _emblem(data: bytes) -> dict[str, str]:
    """Store the picture, cleaned and small, and say where it is."""
    if not data:
        return {"emblem_sha256": "", "emblem_mime": ""}
    cleaned = media.inspect_and_clean(data, "")
    if cleaned.kind != "photo":
        raise EmblemUnusable
    return {"emblem_sha256": FileStore(settings.SIMPUL_FILES).put(cleaned.data), "emblem_mime": cleaned.mime}
