"""Acts on kinds and their routes: load the catalogue, change a kind, set where it goes.

A change raises the kind's version. Open matters keep the clocks that were stamped when they came: a promise once given is
never recomputed (PermenPANRB 62/2018 gives the limits, the institution may only promise more).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.models import Kind, Route
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import approvals as approval_rules
from simpul.cases.rules import kinds as rules
from simpul.cases.rules import tiers as tier_rules
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

_LINES = {"name": 100, "name_en": 100, "icon": 30, "source": 200, "basis": 200}
_TEXTS = ("about", "about_en")
_FLAGS = (
    "publishable",
    "anonymous_allowed",
    "needs_verification",
    "is_active",
    "is_public",
    "asks_consent",
)
_NUMBERS = {"position": 9999, "reaction_days": 365, "retention_years": 100}
CHANGEABLE = frozenset(
    {
        *_LINES,
        *_TEXTS,
        *_FLAGS,
        *_NUMBERS,
        "fields",
        "clocks",
        "decisions",
        "standard",
        "sensitivity",
        "confidence",
        "falls_through",
        "approvals",
    }
)
"""What an administrator may change. The code and the group stay: figures and cases hang on them."""

CONFIDENCES = ("confirmed", "secondary", "unconfirmed")


class KindNameMissing(Refused):
    """Residents choose by name, in both languages."""

    code = "kind.name_missing"
    sentence = _("Write the name in Indonesian and in English; residents choose by it.")
    field = "name"


class KindValueWrong(Refused):
    """A value that cannot be kept."""

    code = "kind.value_wrong"
    sentence = _("This value does not fit: %(what)s. Correct it and save again.")


class KindFieldsWrong(Refused):
    """The questions of the kind are not well formed."""

    code = "kind.fields_wrong"
    sentence = _(
        "The questions cannot be used as they are: %(what)s. "
        "Every question needs its own key, a type, labels in both languages, and its choices."
    )
    field = "fields"


class KindClocksWrong(Refused):
    """The promises of the kind are not well formed."""

    code = "kind.clocks_wrong"
    sentence = _(
        "The time limits cannot be used as they are: %(what)s. "
        "Each needs a number, a unit and its source, and there must be one for the answer."
    )
    field = "clocks"


class KindDecisionsWrong(Refused):
    """The decisions of the kind are not known."""

    code = "kind.decisions_wrong"
    sentence = _("Choose at least one decision from the list: %(what)s.")
    field = "decisions"


class KindApprovalsWrong(Refused):
    """Who has to look at a decision is not well formed."""

    code = "kind.approvals_wrong"
    sentence = _(
        "A decision that is checked or initialled is also signed. Choose “Signature” too, or nothing."
    )
    field = "approvals"


class RouteDeskMissing(Refused):
    """A route leads to desks that are open."""

    code = "route.desk_missing"
    sentence = _("Choose desks that are open, each only once.")
    field = "desk_ids"


class RouteAnswerUnknown(Refused):
    """A route for an answer that the kind does not offer would never be used."""

    code = "route.answer_unknown"
    sentence = _("This answer is not one of those that choose the way for this kind.")
    field = "field_value"


class RouteRegionUnknown(Refused):
    """A route for a place that does not exist would never be used."""

    code = "route.region_unknown"
    sentence = _(
        "Choose a province, regency, district or village from the list, or leave the place empty for everywhere."
    )
    field = "region_code"


def load_kinds(*, by: Actor, at: datetime) -> dict[str, int]:
    """Load the kinds that ship with the program; repeating changes nothing.

    A kind that an administrator has changed here is left alone, whatever the catalogue says. Returns how many were added, renewed
    and left.
    """
    roles.require(by, "kinds.load")
    counts = {"added": 0, "renewed": 0, "left": 0}
    with transaction.atomic():
        known = {kind.code: kind for kind in Kind.objects.select_for_update()}
        for columns in kind_queries.catalogue():
            counts[_load_one(columns, known.get(columns["code"]))] += 1
        if counts["added"] or counts["renewed"]:
            journal_actions.record(
                by=by,
                at=at,
                kind="kinds.load",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts=counts,
            )
    return counts


def _load_one(columns: Mapping[str, Any], kind: Kind | None) -> str:
    if kind is None:
        Kind.objects.create(**columns)
        return "added"
    differs = any(getattr(kind, name) != value for name, value in columns.items())
    if not differs or kind_queries.changed_here(kind.code):
        return "left"
    Kind.objects.filter(code=kind.code).update(**columns, version=kind.version + 1)
    return "renewed"


def change_kind(*, by: Actor, at: datetime, code: str, changes: Mapping[str, Any]) -> Kind:
    """Change a kind and raise its version. Matters that are open keep the clocks they were given.

    Raises:
        NotFound: there is no such kind.
        Refused: a value that cannot be used (see the subclasses above).
    """
    roles.require(by, "kind.change")
    with transaction.atomic():
        kind = Kind.objects.select_for_update().filter(code=code).first()
        if kind is None:
            raise NotFound
        columns = {name: value for name, value in _columns(changes).items() if getattr(kind, name) != value}
        if not columns:
            return kind
        before = {name: getattr(kind, name) for name in columns}
        Kind.objects.filter(code=code).update(**columns, version=kind.version + 1)
        kind.refresh_from_db()
        journal_actions.record(
            by=by,
            at=at,
            kind="kind.change",
            subject_kind="kind",
            subject_id=kind_queries.subject_of(code),
            facts={"kind": code, "version": kind.version, "changed": sorted(columns)},
            inputs={"before": before, "after": columns},
        )
        return kind


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values by column; what is not named stays."""
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise KindValueWrong(what=", ".join(unknown))
    columns = dict(changes)
    for name in set(columns) & {*_LINES, *_TEXTS}:
        columns[name] = _words(name, columns[name])
    for name in set(columns) & set(_FLAGS):
        if not isinstance(columns[name], bool):
            raise KindValueWrong(field=name, what=name)
    for name in set(columns) & set(_NUMBERS):
        number = columns[name]
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _NUMBERS[name]:
            raise KindValueWrong(field=name, what=name)
    _check_lists(columns)
    return columns


def _words(name: str, value: object) -> str:
    clean = text.clean_line(str(value)) if name in _LINES else text.clean_text(str(value))
    if name in ("name", "name_en") and not clean:
        raise KindNameMissing(field=name)
    if len(clean) > _LINES.get(name, 2000):
        raise KindValueWrong(field=name, what=name)
    return clean


def _check_lists(columns: dict[str, Any]) -> None:
    for name, options in (
        ("sensitivity", rules.SENSITIVITIES),
        ("confidence", CONFIDENCES),
        ("falls_through", tier_rules.FALLS),
    ):
        if name in columns and columns[name] not in options:
            raise KindValueWrong(field=name, what=name)
    for name, faults_of, refusal in (
        ("fields", rules.faults_of_fields, KindFieldsWrong),
        ("clocks", rules.faults_of_clocks, KindClocksWrong),
        ("decisions", rules.faults_of_decisions, KindDecisionsWrong),
    ):
        if name in columns:
            faults = faults_of(columns[name]) if isinstance(columns[name], list) else [name]
            if faults:
                raise refusal(what=", ".join(faults))
    if "approvals" in columns:
        if approval_rules.faults_of_approvals(columns["approvals"]):
            raise KindApprovalsWrong
        columns["approvals"] = approval_rules.in_order(columns["approvals"])
    standard = columns.get("standard", {})
    if not isinstance(standard, dict) or not all(isinstance(value, str) for value in standard.values()):
        raise KindValueWrong(field="standard", what="standard")


def set_route(
    *, by: Actor, at: datetime, kind_code: str, region_code: str, field_value: str, desk_ids: Sequence[UUID]
) -> list[Route]:
    """Say where a kind goes in a region: the first desk, and those proposed after it. An empty list removes the route.

    Raises:
        NotFound: there is no such kind.
        RouteAnswerUnknown, RouteDeskMissing.
    """
    roles.require(by, "route.set")
    with transaction.atomic():
        kind = Kind.objects.select_for_update().filter(code=kind_code).first()
        if kind is None:
            raise NotFound
        if field_value and field_value not in _routing_options(kind):
            raise RouteAnswerUnknown
        if not (region_code == "" or (region_code.isdigit() and len(region_code) in (2, 4, 6, 10))):
            raise RouteRegionUnknown
        desks = [desk_queries.desk(desk_id) for desk_id in desk_ids]
        if len(set(desk_ids)) != len(desk_ids) or any(desk is None or desk.closed_at for desk in desks):
            raise RouteDeskMissing
        Route.objects.filter(kind=kind, region_code=region_code, field_value=field_value).delete()
        made = [
            Route(
                kind=kind,
                region_code=region_code,
                field_value=field_value,
                position=position,
                desk_id=desk_id,
            )
            for position, desk_id in enumerate(desk_ids)
        ]
        Route.objects.bulk_create(made)
        journal_actions.record(
            by=by,
            at=at,
            kind="route.set",
            subject_kind="kind",
            subject_id=kind_queries.subject_of(kind_code),
            facts={
                "kind": kind_code,
                "region": region_code,
                "answer": field_value,
                "desks": [desk.name for desk in desks if desk],
            },
            region_code=region_code,
        )
        return made


def _routing_options(kind: Kind) -> set[str]:
    return {
        option["value"] for field in kind.fields if field.get("routes") for option in field.get("options", ())
    }
