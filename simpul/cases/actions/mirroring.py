"""Matters of an area and of its desks, as the server above has them (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from simpul import roles
from simpul.cases import access
from simpul.cases.models import (
    Answer,
    Attachment,
    Case,
    CaseDesk,
    CaseWords,
    Clock,
    Exclusion,
    Hop,
    Kind,
    Note,
    Party,
    Question,
    Reader,
    Route,
    Visit,
)
from simpul.journal import actions as journal_actions
from simpul.lib import areas, mirror
from simpul.lib.actor import Actor

RECENT = timedelta(days=180)
"""How long a closed matter is still given to a node: product default, no law."""


def _cases(scope: mirror.Scope) -> QuerySet[Case]:
    """Open and recent matters on whose chain a desk of the area is, or that lie in it and are not restricted.

    Never a sealed one, nor one that is confined to readers.
    """
    chain = CaseDesk.objects.filter(desk__in=scope.desk_ids, extract_only=False)
    seen = Q(pk__in=chain.values("case_id")) | Q(areas.inside_any(scope.areas), sensitivity="normal")
    fresh = Q(is_open=True) | Q(received_at__gt=scope.at - RECENT)
    confined = access.confined().values("id")
    return Case.objects.filter(seen, fresh).exclude(sensitivity="sealed").exclude(id__in=confined)


TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(Kind, lambda _scope: Kind.objects.all()),
    mirror.Table(Route, lambda _scope: Route.objects.all()),
    mirror.Table(Visit, lambda scope: Visit.objects.filter(cases__in=_cases(scope))),
    mirror.Table(Case, _cases, leave_out=frozenset({"receipt_index"})),
    mirror.Table(
        CaseDesk,
        lambda scope: CaseDesk.objects.filter(case__in=_cases(scope)),
        natural=("case_id", "desk_id"),
    ),
    mirror.Table(
        CaseWords, lambda scope: CaseWords.objects.filter(case__in=_cases(scope)), natural=("case_id",)
    ),
    mirror.Table(Party, lambda scope: Party.objects.filter(case__in=_cases(scope)), under="case_id"),
    mirror.Table(Attachment, lambda scope: Attachment.objects.filter(case__in=_cases(scope))),
    mirror.Table(Hop, lambda scope: Hop.objects.filter(case__in=_cases(scope)), under="case_id"),
    mirror.Table(Clock, lambda scope: Clock.objects.filter(case__in=_cases(scope)), under="case_id"),
    mirror.Table(Note, lambda scope: Note.objects.filter(case__in=_cases(scope)), under="case_id"),
    mirror.Table(Question, lambda scope: Question.objects.filter(case__in=_cases(scope)), under="case_id"),
    mirror.Table(Answer, lambda scope: Answer.objects.filter(case__in=_cases(scope)), under="case_id"),
    mirror.Table(Exclusion, lambda scope: Exclusion.objects.filter(case__in=_cases(scope))),
    mirror.Table(Reader, lambda scope: Reader.objects.filter(case__in=_cases(scope))),
)
"""A receipt's blind look-up is the server's own: residents follow their matter there."""


def mirror_matters(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay kinds, routes and matters down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "matters.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)
        journal_actions.record(
            by=by,
            at=at,
            kind="matters.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done
