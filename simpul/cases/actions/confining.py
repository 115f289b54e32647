"""Acts that keep a restricted matter to named people until somebody releases it: a request about public order before the village head.

It is less than a seal: the matter stays with its desk, its clocks run, and no protected desk is called. Only nobody but the readers
named finds it: not the other seats of its desk, not a list, not the search. Nor can it be handed on meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.accounts import queries as account_queries
from simpul.cases import access
from simpul.cases.actions import protection, steps
from simpul.cases.models import Case, Reader
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused


class NotRestricted(Refused):
    """Only a restricted matter is kept to named people."""

    code = "case.not_restricted"
    sentence = _(
        "Only a matter that its kind restricts is kept to named people. Seal it instead, if somebody has to be protected."
    )


def confine_case(
    *, by: Actor, at: datetime, case_id: UUID, reader_ids: Collection[UUID], reason: str
) -> None:
    """Keep a restricted matter to the readers named; more can be named by calling it again.

    Raises:
        NotRestricted; protection.ReaderUnknown: none was named, or one does not sign in; WordsMissing; NotFound.
    """
    with transaction.atomic():
        case = _held(by, "case.confine", case_id)
        why = steps.words(reason, field="reason")
        if case.sensitivity != "restricted":
            raise NotRestricted
        if not reader_ids:
            raise protection.ReaderUnknown
        for user_id in dict.fromkeys(reader_ids):
            user = account_queries.user(user_id)
            if user is None or not user.is_active:
                raise protection.ReaderUnknown
            Reader.objects.update_or_create(
                case=case, user_id=user_id, defaults={"named_at": at, "until_at": None}
            )
        steps.change(case, at)
        steps.journal(by, at, "case.confine", case, {"readers": len(set(reader_ids))}, {"reason": why})


def free_case(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Let the desks of its chain see a confined matter again. One that is not confined stays as it is.

    Raises:
        WordsMissing, NotFound.
    """
    with transaction.atomic():
        case = _held(by, "case.free", case_id)
        why = steps.words(reason, field="reason")
        if case.sensitivity != "restricted":
            return
        Reader.objects.filter(case=case).delete()
        steps.change(case, at)
        steps.journal(by, at, "case.free", case, {}, {"reason": why})


def _held(by: Actor, act: str, case_id: UUID) -> Case:
    """The matter, locked; it need not be on a list of the actor, whom the table alone admits.

    Raises:
        NotFound: no such matter, or one that the actor is kept away from.
    """
    rows = Case.objects.select_related("kind", "holder", "hamlet").exclude(access.kept_away(by))
    case = rows.filter(id=case_id).select_for_update(of=("self",)).first()
    if case is None:
        raise NotFound
    roles.require(by, act, access.place_of(case))
    return case
