"""Acts on kinds of letter: load what ships, write a village's own text, add and end kinds, go back to an earlier text.

Texts are never changed: each change is a new version, so that a released letter always shows the words it was made of, and every change
can be taken back. A village that ends a kind ends it for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters.models import LetterType, TypeVersion
from simpul.letters.queries import catalogue, type_words
from simpul.letters.queries import types as queries
from simpul.letters.rules import types as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries

VILLAGE = 10
"""Digits of a village's code: only villages write letters."""
_LINES = {"name": 120, "name_en": 120, "about": 300, "about_en": 300, "heading": 150, "source": 200}


class VersionWrong(Refused):
    """A text that cannot be kept; every fault is named."""

    code = "version.wrong"
    sentence = _("The letter cannot be saved as it is. %(what)s")
    field = "body"

    def __init__(self, faults: Sequence[rules.Fault]) -> None:
        super().__init__(
            field=faults[0].field if faults else None,
            what=" ".join(type_words.fault(one) for one in faults[:8]),
        )
        self.faults = tuple(faults)


class TypeNameMissing(Refused):
    """People choose a letter by its name."""

    code = "type.name_missing"
    sentence = _("Write the name of the letter and what it is for; residents choose by them.")
    field = "name"


class TypeTaken(Refused):
    """The key is in use in this village."""

    code = "type.taken"
    sentence = _(
        "There is a letter with this key already. Open that one and change it, or choose another key."
    )
    field = "code"


class TypeCodeWrong(Refused):
    """A key that cannot be kept."""

    code = "type.code_wrong"
    sentence = _(
        "The key takes small letters, digits and low lines, and begins with a letter: keterangan_contoh."
    )
    field = "code"


class TypeNeedsVillage(Refused):
    """Letters are a village's."""

    code = "type.needs_village"
    sentence = _("Choose the village whose letters these are.")
    field = "region_code"


class TypeGroupUnknown(Refused):
    """A group that no page has."""

    code = "type.group_unknown"
    sentence = _("Choose what the letter is about from the list.")
    field = "group"


def load_types(*, by: Actor, at: datetime) -> int:
    """Bring in the kinds of letter that ship; returns how many rows are new. What villages wrote stays, and stands before it.

    A text that changed in a newer program becomes a new version; letters drafted before keep the old one.
    """
    roles.require(by, "types.load")
    added = 0
    with transaction.atomic():
        kinds = {one.code: one for one in LetterType.objects.filter(region_code="")}
        newest: dict[UUID, TypeVersion] = {}
        for one in TypeVersion.objects.filter(region_code="", type__region_code="").order_by("version"):
            newest[one.type_id] = one
        for given in catalogue.shipped():
            added += _load(given, kinds.get(given.code), newest, at)
        if added:
            journal_actions.record(
                by=by,
                at=at,
                kind="types.load",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"rows": added, "types": len(catalogue.shipped())},
            )
    return added


def _load(
    given: catalogue.Shipped, kind: LetterType | None, newest: dict[UUID, TypeVersion], at: datetime
) -> int:
    if kind is None:
        kind = LetterType.objects.create(
            id=catalogue.type_id(given.code),
            code=given.code,
            position=given.position,
            group=given.group,
            added_at=at,
        )
    elif (kind.position, kind.group) != (given.position, given.group):
        LetterType.objects.filter(id=kind.id).update(position=given.position, group=given.group)
    known = newest.get(kind.id)
    if known is not None and all(getattr(known, name) == value for name, value in given.columns.items()):
        return 0
    number = known.version + 1 if known is not None else 1
    key = catalogue.version_id(given, number)
    TypeVersion.objects.create(id=key, type=kind, version=number, written_at=at, **given.columns)
    return 1


def write_version(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    type_code: str,
    given: rules.VersionGiven,
    version_id: UUID | None = None,
) -> TypeVersion:
    """Give a village its own text of a kind, as a new version. Saving what is there already changes nothing.

    Raises:
        NotFound: the village does not write this kind.
        VersionWrong: unknown places, keys used twice, an archive code that is none ...; each named, with what was probably meant.
        TypeNameMissing: no name, or nothing about what it is for.
    """
    roles.require(by, "version.write", roles.Place(region_code=region_code))
    _require_village(region_code)
    with transaction.atomic():
        offer = _offer(type_code, region_code, ended=True)
        known = TypeVersion.objects.filter(id=version_id).first() if version_id else None
        if known is not None:
            if known.type_id != offer.type.id or known.region_code != region_code:
                raise NotFound
            return known
        columns = _columns(given)
        if offer.own_text and all(getattr(offer.version, name) == value for name, value in columns.items()):
            return offer.version
        made = _write(by, at, offer.type, region_code, columns, version_id)
        _line(by, at, "version.write", made)
    return made


def add_type(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    code: str,
    group: str,
    given: rules.VersionGiven,
    type_id: UUID | None = None,
) -> LetterType:
    """Add a kind of letter that only this village writes, with its first text.

    Raises:
        TypeCodeWrong, TypeTaken, TypeGroupUnknown, TypeNameMissing, VersionWrong.
    """
    roles.require(by, "type.add", roles.Place(region_code=region_code))
    _require_village(region_code)
    if not rules.is_code(code):
        raise TypeCodeWrong
    if group not in catalogue.groups():
        raise TypeGroupUnknown
    columns = _columns(given)
    with transaction.atomic():
        known = LetterType.objects.filter(id=type_id, region_code=region_code).first() if type_id else None
        if known is not None:
            return known
        if LetterType.objects.filter(code=code, region_code__in=["", region_code]).exists():
            raise TypeTaken
        position = (list(catalogue.groups()).index(group) + 1) * 100 + 90
        kind = LetterType.objects.create(
            id=type_id or uuid7(),
            code=code,
            region_code=region_code,
            position=position,
            group=group,
            added_at=at,
        )
        made = _write(by, at, kind, region_code, columns, None)
        _line(by, at, "type.add", made)
    return kind


def end_type(*, by: Actor, at: datetime, region_code: str, type_code: str) -> None:
    """Let nobody in this village ask for a kind any more; letters asked for before go on. Ending it twice changes nothing.

    Raises:
        NotFound: the village does not write this kind.
    """
    roles.require(by, "type.end", roles.Place(region_code=region_code))
    _require_village(region_code)
    with transaction.atomic():
        offer = _offer(type_code, region_code, ended=True)
        if offer.ended_at is not None:
            return
        # A shipped kind is ended for this village alone: by a row of its own, which stands before the shipped one.
        LetterType.objects.update_or_create(
            code=type_code,
            region_code=region_code,
            defaults={"ended_at": at},
            create_defaults={
                "ended_at": at,
                "added_at": at,
                "group": offer.type.group,
                "position": offer.type.position,
            },
        )
        _line(by, at, "type.end", offer.version, region_code)


def resume_type(*, by: Actor, at: datetime, region_code: str, type_code: str) -> None:
    """Offer a kind again that was ended.

    Raises:
        NotFound: the village does not write this kind.
    """
    roles.require(by, "type.resume", roles.Place(region_code=region_code))
    with transaction.atomic():
        offer = _offer(type_code, region_code, ended=True)
        changed = LetterType.objects.filter(
            code=type_code, region_code=region_code, ended_at__isnull=False
        ).update(ended_at=None)
        if changed:
            _line(by, at, "type.resume", offer.version, region_code)


def restore_version(
    *, by: Actor, at: datetime, region_code: str, version_id: UUID, new_id: UUID | None = None
) -> TypeVersion:
    """Let an earlier text hold again, the village's or the shipped one, as a new version of this village.

    Raises:
        NotFound: no such version for this village.
    """
    roles.require(by, "version.restore", roles.Place(region_code=region_code))
    _require_village(region_code)
    with transaction.atomic():
        old = (
            TypeVersion.objects.select_related("type")
            .filter(id=version_id, region_code__in=["", region_code])
            .first()
        )
        if old is None:
            raise NotFound
        known = TypeVersion.objects.filter(id=new_id, region_code=region_code).first() if new_id else None
        if known is not None:
            return known
        offer = _offer(old.type.code, region_code, ended=True)
        columns = {name: getattr(old, name) for name in _columns(queries.given_of(old))}
        if all(getattr(offer.version, name) == value for name, value in columns.items()):
            return offer.version
        made = _write(by, at, old.type, region_code, columns, new_id)
        _line(by, at, "version.restore", made)
    return made


def _require_village(region_code: str) -> None:
    if len(region_code) != VILLAGE or region_queries.find_region(region_code) is None:
        raise TypeNeedsVillage


def _offer(type_code: str, region_code: str, *, ended: bool = False) -> queries.Offer:
    found = queries.find(type_code, region_code, ended=ended)
    if found is None:
        raise NotFound
    return found


def _columns(given: rules.VersionGiven) -> dict[str, Any]:
    """The columns of a version, checked.

    Raises:
        TypeNameMissing, VersionWrong.
    """
    lines = {name: text.clean_line(getattr(given, name), most) for name, most in _LINES.items()}
    if len(lines["name"]) < 3 or len(lines["about"]) < 3:
        raise TypeNameMissing(field="name" if len(lines["name"]) < 3 else "about")
    lines["heading"] = lines["heading"] or lines["name"]
    body = text.clean_text(given.body)
    faults = rules.faults_of(
        body=body,
        inputs=given.inputs,
        parties=given.parties,
        wanted=given.wanted,
        common=catalogue.requirements(),
        archive_code=given.archive_code.strip(),
        validity_amount=given.validity_amount,
        validity_unit=given.validity_unit,
    )
    if faults:
        raise VersionWrong(faults)
    confidence = given.archive_confidence
    return {
        **lines,
        "body": body,
        "inputs": rules.write_inputs(given.inputs),
        "parties": rules.write_parties(given.parties),
        "requirements": [
            {"code": one.code, "name": one.name} if one.name else one.code for one in given.wanted
        ],
        "forms": [one for one in given.forms if one in catalogue.forms()],
        "archive_code": given.archive_code.strip(),
        "archive_confidence": confidence if confidence in rules.CONFIDENCES else "unconfirmed",
        "validity_amount": given.validity_amount,
        "validity_unit": given.validity_unit,
        "self_service": given.self_service,
        "nonresidents": given.nonresidents,
        "confirm": given.confirm,
    }


def _write(
    by: Actor,
    at: datetime,
    kind: LetterType,
    region_code: str,
    columns: dict[str, Any],
    version_id: UUID | None,
) -> TypeVersion:
    """The next version of a kind in a village; the kind is locked, so that two writers get two numbers."""
    LetterType.objects.select_for_update().get(id=kind.id)
    last = (
        TypeVersion.objects.filter(type=kind, region_code=region_code)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return TypeVersion.objects.create(
        id=version_id or uuid7(),
        type=kind,
        region_code=region_code,
        version=(last or 0) + 1,
        written_at=at,
        written_by=by.name[:150],
        **columns,
    )


def _line(by: Actor, at: datetime, kind: str, version: TypeVersion, region_code: str = "") -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="letter_type",
        subject_id=version.type_id,
        facts={"type": version.type.code, "name": version.name, "version": version.version},
        region_code=region_code or version.region_code,
    )
