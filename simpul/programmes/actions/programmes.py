"""Acts on programmes and their rules: load what ships, add one's own, end a version. What ships is never changed, only dated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.models import Programme, RuleVersion
from simpul.programmes.queries import catalogue, words
from simpul.programmes.rules import rows

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,58}")


class ProgrammeWrong(Refused):
    """A programme that cannot be kept as it is."""

    code = "programme.wrong"
    sentence = _("This programme cannot be kept: %(what)s Correct it and save again.")


class ProgrammeTaken(Refused):
    """The key is in use."""

    code = "programme.taken"
    sentence = _("There is a programme with this key already. Choose another key.")
    field = "code"


class RuleWrong(Refused):
    """A rule that cannot be kept: each fault names its row."""

    code = "rule.wrong"
    sentence = _("The rule cannot be kept. %(what)s")
    field = "criteria"


class RuleTaken(Refused):
    """A version of this name is there already."""

    code = "rule.taken"
    sentence = _("This programme has a version of this name here already. Give the new one another name.")
    field = "version"


class RuleEndWrong(Refused):
    """A version cannot end before it began."""

    code = "rule.end_wrong"
    sentence = _("A version cannot end before the day it begins (%(begins)s).")
    field = "valid_until"


def load_programmes(*, by: Actor, at: datetime) -> int:
    """Bring in the programmes and rules that ship; returns how many rows were new or changed. What was added here stays."""
    roles.require(by, "programmes.load")
    programmes, rules = catalogue.shipped()
    changed = 0
    with transaction.atomic():
        for one in programmes:
            values = {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "code"}
            changed += _keep_programme(one.code, values)
        for rule in rules:
            changed += _keep_version(rule, at)
        if changed:
            journal_actions.record(
                by=by,
                at=at,
                kind="programmes.load",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"rows": changed, "programmes": len(programmes), "rules": len(rules)},
            )
    return changed


def _keep_programme(code: str, values: Mapping[str, Any]) -> int:
    known = Programme.objects.filter(code=code).first()
    if known is None:
        Programme.objects.create(code=code, **values)
        return 1
    if known.is_own or all(getattr(known, name) == value for name, value in values.items()):
        return 0
    Programme.objects.filter(code=code).update(**values)
    return 1


def _keep_version(rule: rows.RuleGiven, at: datetime) -> int:
    values = version_values(rule)
    known = RuleVersion.objects.filter(
        programme_id=rule.programme, version=rule.version, region_code=""
    ).first()
    if known is None:
        RuleVersion.objects.create(
            programme_id=rule.programme, version=rule.version, added_at=at, added_by="", **values
        )
        return 1
    if known.is_own or all(getattr(known, name) == value for name, value in values.items()):
        return 0
    RuleVersion.objects.filter(id=known.id).update(**values)
    return 1


def version_values(rule: rows.RuleGiven) -> dict[str, Any]:
    """The columns of a version, plain enough for JSON."""
    names = set(rule.__dataclass_fields__) - {"programme", "version", "region_code", "amounts", "figures"}
    return {
        **{name: getattr(rule, name) for name in names},
        "amounts": [dict(one) for one in rule.amounts],
        "figures": {name: dict(one) for name, one in rule.figures.items()},
    }


def add_programme(*, by: Actor, at: datetime, given: rows.ProgrammeGiven, region_code: str = "") -> Programme:
    """Add a programme of the district's own. It gets its rule by ``add_rule``.

    Raises:
        ProgrammeWrong: a key, a name or the authority is missing or not well formed.
        ProgrammeTaken: the key is in use.
    """
    roles.require(by, "programme.add", roles.Place(region_code=region_code))
    clean = replace(
        given,
        name=text.clean_line(given.name, 150),
        name_en=text.clean_line(given.name_en or given.name, 150),
        authority=text.clean_line(given.authority, 80),
        about=text.clean_line(given.about, 400),
        about_en=text.clean_line(given.about_en, 400),
    )
    if not _CODE.fullmatch(clean.code):
        raise ProgrammeWrong(field="code", what=_("the key takes small letters, digits and hyphens."))
    if clean.kind not in rows.KINDS:
        raise ProgrammeWrong(field="kind", what=_("choose what sort of programme it is."))
    for name in ("name", "authority"):
        if len(getattr(clean, name)) < 2:
            raise ProgrammeWrong(field=name, what=_("a name and who gives it are needed."))
    with transaction.atomic():
        if Programme.objects.filter(code=clean.code).exists():
            raise ProgrammeTaken
        made = Programme.objects.create(
            **{name: getattr(clean, name) for name in clean.__dataclass_fields__},
            is_own=True,
            region_code=region_code,
        )
        _line(by, at, "programme.add", made.code, region_code, name=made.name, authority=made.authority)
    return made


def add_rule(*, by: Actor, at: datetime, given: rows.RuleGiven) -> RuleVersion:
    """Add a version of a programme's rule: for everybody, or for one area, where it goes before the general one.

    Raises:
        NotFound: there is no such programme.
        RuleWrong: no source, dates upside down, a circle, an unknown fact or a value of the wrong kind; each named.
        RuleTaken: a version of this name is there already.
    """
    roles.require(by, "rule.add", roles.Place(region_code=given.region_code))
    programme = Programme.objects.filter(code=given.programme).first()
    if programme is None:
        raise NotFound
    clean = replace(
        given,
        version=text.clean_line(given.version, 60),
        source=text.clean_line(given.source, 250),
        note=text.clean_line(given.note, 500),
        note_en=text.clean_line(given.note_en, 500),
    )
    if not clean.version:
        raise RuleWrong(
            field="version", what=_("Give the version a name, for example the number of the letter.")
        )
    shared = catalogue.shared_rules()
    if programme.kind == "criterion":
        shared = {**shared, programme.code: clean}
    faults = rows.check_rules([clean], catalogue.vocabulary(), shared)
    if faults:
        raise RuleWrong(what=" ".join(words.fault(one) for one in faults[:8]))
    with transaction.atomic():
        if RuleVersion.objects.filter(
            programme=programme, version=clean.version, region_code=clean.region_code
        ).exists():
            raise RuleTaken
        made = RuleVersion.objects.create(
            programme=programme,
            version=clean.version,
            region_code=clean.region_code,
            is_own=True,
            added_at=at,
            added_by=by.name,
            **version_values(clean),
        )
        _line(
            by,
            at,
            "rule.add",
            programme.code,
            clean.region_code,
            version=clean.version,
            source=clean.source,
            valid_from=str(clean.valid_from),
        )
    return made


def end_rule(*, by: Actor, at: datetime, version_id: UUID, valid_until: date) -> RuleVersion:
    """Let a version end on a day; what was judged before keeps it. A version that ships ends too, where a district has read otherwise.

    Raises:
        NotFound: there is no such version.
        RuleEndWrong: the day lies before its first.
    """
    known = RuleVersion.objects.filter(id=version_id).first()
    roles.require(by, "rule.end", roles.Place(region_code=known.region_code if known else ""))
    if known is None:
        raise NotFound
    if valid_until < known.valid_from:
        raise RuleEndWrong(begins=words.day(known.valid_from))
    with transaction.atomic():
        RuleVersion.objects.filter(id=version_id).update(valid_until=valid_until, is_own=True)
        known.refresh_from_db()
        _line(
            by,
            at,
            "rule.end",
            known.programme_id,
            known.region_code,
            version=known.version,
            valid_until=str(valid_until),
        )
    return known


def _line(by: Actor, at: datetime, kind: str, code: str, region_code: str, **facts: Any) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="programme",
        subject_id=catalogue.subject_of(code),
        facts={"programme": code, **facts},
        region_code=region_code,
    )
