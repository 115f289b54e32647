"""Closing a month, opening it again, and counting months for wide areas and trends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import frozen_text, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import institution as institution_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import MonthCount, Posyandu, Recap
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules

FORMAT = "simpul-rekap-posyandu-1"


class MonthAhead(Refused):
    """A month that has not begun has nothing to close."""

    code = "recap.month_ahead"
    sentence = _("This month has not begun yet.")


class NothingCounted(Refused):
    """Nobody on the list, nobody came."""

    code = "recap.nothing_counted"
    sentence = _("There is nothing to close in this month: nobody is on the list and nobody came.")


class DoesNotAddUp(Refused):
    """D is not N + T + O + B, or an entry is undecided."""

    code = "recap.does_not_add_up"
    sentence = _(
        "This month cannot be closed yet: %(no_status)s weighings without N, T, O or B, %(rivals)s entries to choose from. "
        "Open them below and put them right."
    )


class ClosedAlready(Refused):
    """One closed recap a month."""

    code = "recap.closed_already"
    sentence = _("This month is closed already.")


class OpenAlready(Refused):
    """It was opened again before."""

    code = "recap.open_already"
    sentence = _("This recap was opened again already. Close the month anew when it is right.")


class WhyReopened(Refused):
    """Opening again needs a reason."""

    code = "recap.why_missing"
    sentence = _("Write why the month is opened again.")
    field = "why"


@dataclass(frozen=True, slots=True)
class Content:
    """What a closed recap says."""

    posyandu: str
    number: str
    region_code: str
    month: str
    version: int
    replaces: str  # digest of the version before
    figures: Mapping[str, int]
    closed_by: str
    closed_at: str


def close_recap(
    *, by: Actor, at: datetime, posyandu_id: UUID, month: date, recap_id: UUID | None = None
) -> Recap:
    """Close a month of a posyandu: its figures are frozen with a digest. What is corrected later is shown as a difference.

    The same ``recap_id`` again changes nothing.

    Raises:
        NotFound, MonthAhead, NothingCounted, DoesNotAddUp, ClosedAlready.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "recap.close", institution_access.place(posyandu))
        month = rules.first_of(month)
        known = Recap.objects.filter(posyandu=posyandu, month=month).order_by("-version")
        if recap_id and (again := known.filter(id=recap_id).first()):
            return again
        if month > at.astimezone(desk_queries.zone_of(posyandu.region_code)).date():
            raise MonthAhead
        last = known.first()
        if last is not None and last.reopened_at is None:
            raise ClosedAlready
        tallies = queries.count(queries.Scope(posyandu.region_code, posyandu.id), month)
        figures = dict(sorted(tallies.get(posyandu.id, {}).items()))
        if not figures:
            raise NothingCounted
        if not rules.may_close(figures):
            raise DoesNotAddUp(no_status=figures.get("no_status", 0), rivals=figures.get("rivals", 0))
        recap = _frozen(by, at, posyandu, month, last, figures)
        recap.id = recap_id or uuid7()
        recap.save(force_insert=True)
        _keep({posyandu.id: figures}, [posyandu], month, at)
        _line(by, at, "recap.close", recap, {"digest": recap.digest, "d": recap.d})
    return recap


def _frozen(
    by: Actor, at: datetime, posyandu: Posyandu, month: date, last: Recap | None, figures: Mapping[str, int]
) -> Recap:
    version = last.version + 1 if last else 1
    content = frozen_text.canonical(
        FORMAT,
        Content(
            posyandu=posyandu.name,
            number=posyandu.number,
            region_code=posyandu.region_code,
            month=rules.written(month),
            version=version,
            replaces=last.digest if last else "",
            figures=figures,
            closed_by=by.name,
            closed_at=at.isoformat(),
        ),
    )
    found = rules.skdn(figures)
    return Recap(
        posyandu=posyandu,
        region_code=posyandu.region_code,
        month=month,
        version=version,
        content=content,
        digest=frozen_text.digest(content),
        **{name: getattr(found, name) for name in ("d", *rules.STATUSES)},
        closed_at=at,
        closed_by=by.name[:150],
    )


def reopen_recap(*, by: Actor, at: datetime, recap_id: UUID, why: str) -> Recap:
    """Open a closed month again, with the reason; the closed figures stay on file.

    Raises:
        NotFound, OpenAlready, WhyReopened.
    """
    with transaction.atomic():
        recap: Recap = access.one(queries.recap_rows(by), recap_id, lock=True)
        roles.require(by, "recap.reopen", institution_access.place(recap.posyandu))
        if recap.reopened_at is not None:
            raise OpenAlready
        reason = text.clean_line(why)[:300]
        if len(reason) < 3:
            raise WhyReopened
        recap.reopened_at, recap.reopened_by, recap.reopened_why = at, by.name[:150], reason
        recap.save(update_fields=["reopened_at", "reopened_by", "reopened_why"])
        _line(by, at, "recap.reopen", recap, {"version": recap.version}, {"why": reason})
    return recap


def count_months(*, by: Actor, at: datetime, months: Collection[date], region_code: str = "") -> int:
    """Count months of every posyandu of an area anew, for wide areas and trends; returns how many rows were written."""
    roles.require(by, "months.count", roles.Place(region_code=region_code))
    scope, written = queries.Scope(region_code), 0
    for month in sorted(months):
        with transaction.atomic():
            rows = list(Posyandu.objects.filter(scope.posyandu_rows(), closed_date=None))
            written += _keep(queries.count(scope, month), rows, month, at)
    with transaction.atomic():
        journal_actions.record(
            by=by,
            at=at,
            kind="months.count",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            region_code=region_code,
            facts={"months": [rules.written(month) for month in sorted(months)], "rows": written},
        )
    return written


def _keep(
    tallies: Mapping[UUID, Mapping[str, int]], rows: Collection[Posyandu], month: date, at: datetime
) -> int:
    """Write what was counted beside what was counted before."""
    made = []
    for posyandu in rows:
        figures = dict(tallies.get(posyandu.id, {}))
        found = rules.skdn(figures)
        made.append(
            MonthCount(
                posyandu=posyandu,
                region_code=posyandu.region_code,
                month=month,
                figures=figures,
                counted_at=at,
                **{name: getattr(found, name) for name in rules.SKDN},
            )
        )
    MonthCount.objects.bulk_create(
        made,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["posyandu", "month"],
        update_fields=["region_code", "figures", "counted_at", *rules.SKDN],
    )
    return len(made)


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    recap: Recap,
    facts: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="recap",
        subject_id=recap.id,
        region_code=recap.region_code,
        facts={"month": rules.written(recap.month), "posyandu": str(recap.posyandu_id), **facts},
        inputs=inputs or {},
    )
