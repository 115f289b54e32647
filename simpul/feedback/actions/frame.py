"""Acts on the coding frame: load the one that ships, add a code, change one. Each leaves a version of the whole frame."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.feedback import rules
from simpul.feedback.actions import _shared
from simpul.feedback.models import Code, FrameVersion
from simpul.feedback.queries import frame as frame_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

CHANGEABLE = frozenset({"name", "name_en", "about", "about_en", "position", "confidence", "is_active"})
"""What may change. Type, category and key stay: figures of other years hang on them."""

_LIMITS = {
    "name": 100,
    "name_en": 100,
    "about": 300,
    "about_en": 300,
    "category_name": 80,
    "category_name_en": 80,
}
_CONFIDENCES = ("confirmed", "secondary", "unconfirmed")


class CodeWrong(Refused):
    """A code that cannot be kept."""

    code = "code.wrong"
    sentence = _("This code cannot be kept as it is: %(what)s. Correct it and save again.")


class CodeTaken(Refused):
    """The key is in use."""

    code = "code.taken"
    sentence = _("There is a code with this key already. Choose another key, or change that code.")
    field = "code"


def load_frame(*, by: Actor, at: datetime) -> int:
    """Bring in the codes that ship; returns how many were new or changed. What was added or changed here stays as it is."""
    roles.require(by, "frame.load")
    changed = 0
    with transaction.atomic():
        for given in frame_queries.shipped():
            values = {key: getattr(given, key) for key in given.__dataclass_fields__ if key != "code"}
            known = Code.objects.filter(code=given.code).first()
            if known is None:
                Code.objects.create(code=given.code, **values)
                changed += 1
            elif not known.is_own and any(getattr(known, key) != value for key, value in values.items()):
                Code.objects.filter(code=given.code).update(**values)
                changed += 1
        if changed:
            number = _keep_version(by, at)
            _shared.line(
                by,
                at,
                "frame.load",
                journal_actions.NOWHERE,
                about="installation",
                facts={"codes": changed, "version": number},
            )
    return changed


def add_code(*, by: Actor, at: datetime, given: rules.CodeGiven) -> Code:
    """Add a code to the frame, in a category that exists or in a new one.

    Raises:
        CodeWrong: a part is missing or not known.
        CodeTaken: the key is in use.
    """
    roles.require(by, "code.add")
    _check_new(given)
    with transaction.atomic():
        if Code.objects.filter(code=given.code).exists():
            raise CodeTaken
        beside = Code.objects.filter(category=given.category).first()
        if beside is not None and beside.type != given.type:
            raise CodeWrong(field="category", what=_("this category belongs to another type"))
        made = Code.objects.create(
            code=given.code,
            type=given.type,
            category=given.category,
            category_name=beside.category_name if beside else _line("category_name", given.category_name),
            category_name_en=beside.category_name_en
            if beside
            else _line("category_name_en", given.category_name_en or given.category_name),
            name=_line("name", given.name),
            name_en=_line("name_en", given.name_en or given.name),
            about=_line("about", given.about, least=0),
            about_en=_line("about_en", given.about_en, least=0),
            position=given.position,
            confidence=given.confidence,
            source=given.source[:200],
            is_own=True,
        )
        number = _keep_version(by, at)
        _line_on(by, at, "code.add", made, number)
    return made


def change_code(*, by: Actor, at: datetime, code: str, changes: Mapping[str, Any]) -> Code:
    """Change the words of a code, its place, or whether it is used; the frame gets a new version.

    Raises:
        NotFound: no such code.
        CodeWrong: a value that cannot be kept.
    """
    roles.require(by, "code.change")
    with transaction.atomic():
        known = Code.objects.select_for_update().filter(code=code).first()
        if known is None:
            raise NotFound
        clean = {key: _read(key, value) for key, value in changes.items()}
        if all(getattr(known, key) == value for key, value in clean.items()):
            return known
        Code.objects.filter(code=code).update(is_own=True, **clean)
        known.refresh_from_db()
        number = _keep_version(by, at)
        _line_on(by, at, "code.change", known, number, changed=sorted(clean))
    return known


def _check_new(given: rules.CodeGiven) -> None:
    if not rules.is_code(given.code):
        raise CodeWrong(field="code", what=_("the key takes small letters, digits and hyphens"))
    if given.type not in rules.TYPES:
        raise CodeWrong(field="type", what=_("the type is not known"))
    if not rules.is_code(given.category):
        raise CodeWrong(field="category", what=_("the key takes small letters, digits and hyphens"))
    if given.confidence not in _CONFIDENCES:
        raise CodeWrong(field="confidence", what=given.confidence)


def _read(key: str, value: Any) -> Any:
    if key not in CHANGEABLE:
        raise CodeWrong(field=key, what=key)
    if key == "is_active":
        return bool(value)
    if key == "position":
        if not isinstance(value, int) or not 0 <= value <= 9999:
            raise CodeWrong(field=key, what=str(value))
        return value
    if key == "confidence":
        if value not in _CONFIDENCES:
            raise CodeWrong(field=key, what=str(value))
        return value
    return _line(key, str(value), least=0 if key.startswith("about") else 2)


def _line(key: str, value: str, *, least: int = 2) -> str:
    clean = text.clean_line(value)
    if len(clean) < least or len(clean) > _LIMITS[key]:
        raise CodeWrong(field=key, what=_("write the name in both languages, at most 100 letters"))
    return clean


def _keep_version(by: Actor, at: datetime) -> int:
    """Keep the whole frame as it is now under the next number."""
    number = (FrameVersion.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    rows = Code.objects.order_by("position", "code").values(
        "code", "type", "category", "category_name", "name", "name_en", "is_active"
    )
    FrameVersion.objects.create(number=number, codes=list(rows), made_at=at, made_by=by.name)
    return number


def _line_on(by: Actor, at: datetime, act: str, code: Code, number: int, **facts: Any) -> None:
    _shared.line(
        by,
        at,
        act,
        journal_actions.NOWHERE,
        about="installation",
        facts={"key": code.code, "name": code.name, "version": number, **facts},
    )
