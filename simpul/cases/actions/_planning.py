"""What is decided before a matter is written down: its kind, how closed it is, and the desk it starts at. Steps of intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.cases.models import Case, Kind
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import screening as screening_queries
from simpul.cases.rules import kinds as kind_rules
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries

if TYPE_CHECKING:
    from simpul.desks.models import Desk


class TextMissing(Refused):
    """Nothing was told."""

    code = "case.text_missing"
    sentence = _("Tell in a few words what happened or what is needed.")
    field = "text"


class PlaceUnknown(Refused):
    """The village is not known here."""

    code = "case.place_unknown"
    sentence = _("Choose the village this is about, so that it reaches the right desk.")
    field = "region_code"


class KindUnknown(Refused):
    """This kind of matter is not taken here."""

    code = "case.kind_unknown"
    sentence = _("Choose what this is about from the list.")
    field = "kind_code"


class NobodyThere(Refused):
    """No desk is set up for this kind and place."""

    code = "case.no_desk"
    sentence = _(
        "No desk is set up yet for this kind of matter in this place. Please call or visit the office; "
        "its administrator must set the route."
    )


class AnonymousNotPossible(Refused):
    """This kind needs somebody to answer to."""

    code = "case.anonymous_not_possible"
    sentence = _(
        "This kind of request needs a name, because the result is given to a person. Please give a name, or choose another kind."
    )
    field = "mode"


class AnswersWrong(Refused):
    """The kind's own questions are not answered properly; ``errors`` says which and why."""

    code = "case.answers_wrong"
    sentence = _("Some answers need another look.")

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


@dataclass(slots=True)
class Plan:
    """What was decided before anything is written."""

    kind: Kind
    answers: dict[str, object]
    sensitivity: str
    screening: str
    screen_words: list[str]
    desk: Desk
    calm: bool = field(default=True)


def plan(
    by: Actor,
    kind_code: str,
    region_code: str,
    words: str,
    title: str,
    answers: Mapping[str, object],
    mode: str,
    away: frozenset[UUID],
    origin: Case | None,
    desk_id: UUID | None,
    *,
    nameless_allowed: bool,
) -> Plan:
    """Decide kind, sensitivity and first desk, or refuse."""
    kind = kind_queries.get_kind(kind_code)
    if kind is None or not kind.is_active:
        raise KindUnknown
    if len(words.strip()) < 3:
        raise TextMissing
    if region_queries.find_region(region_code) is None:
        raise PlaceUnknown
    if mode == "anonymous" and not (kind.anonymous_allowed or nameless_allowed):
        raise AnonymousNotPossible
    clean, errors = kind_rules.check_answers(kind.fields, answers)
    if errors:
        raise AnswersWrong(errors)
    screened = screening_queries.screen((words, title, *(str(value) for value in clean.values())))
    sensitivity = kind_rules.sensitivity_from(kind.sensitivity, kind.fields, clean)
    if screened.flagged:
        sensitivity = "sealed"
    if origin is not None:
        sensitivity = max(sensitivity, origin.sensitivity, key=kind_rules.SENSITIVITIES.index)
    wanted = desk_queries.desk(desk_id) if desk_id else None
    desk = _first_desk(by, kind, region_code, clean, sensitivity == "sealed", away, wanted)
    return Plan(
        kind, clean, sensitivity, "flagged" if screened.flagged else "clear", list(screened.words), desk
    )


def _first_desk(
    by: Actor,
    kind: Kind,
    region_code: str,
    answers: Mapping[str, object],
    sealed: bool,
    away: frozenset[UUID],
    wanted: Desk | None,
) -> Desk:
    """The desk that the matter starts at: a protected one for sealed matters, else the route's, else the taker's own.

    Never one that the matter is about: then the one above it, or the protected desk of the place.
    """
    routed = wanted or kind_queries.first_desk(kind, region_code, answers)
    if routed is not None and routed.id not in away and (routed.protected or not sealed):
        return routed
    protected = desk_queries.nearest("protected", region_code)
    blamed = routed is not None and routed.id in away
    choices = (
        protected if sealed else None,
        routed,
        routed.above if routed is not None and blamed else None,
        protected if blamed else None,
        desk_queries.desk(by.desk_id) if by.desk_id else None,
        desk_queries.nearest("call_centre", region_code),
    )
    for desk in choices:
        if desk is not None and desk.id not in away and desk.closed_at is None:
            return desk
    raise NobodyThere
