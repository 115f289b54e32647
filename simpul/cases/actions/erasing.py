"""Emptying matters: at a person's wish, or because their time is over. Whether it may be done is decided by ``upkeep``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.cases import search
from simpul.cases.models import Case, CaseSet, Party, Visit
from simpul.cases.queries import keeping as queries
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor


def blank_matters(
    *, by: Actor, at: datetime, person_id: UUID, words: Collection[str], held: Collection[UUID] = ()
) -> erasing.Emptied:
    """Empty the closed matters of a person; black their names and numbers out of matters that are mostly somebody else's.

    Number, kind, area, dates and decision stay: the register of matters and its figures stay true. ``held`` are matters under a
    legal hold; they stay whole, as do protected and open ones, each counted under its ground.
    """
    roles.require(by, "matters.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        theirs = queries.own(person_id)
        done.keep("protected", theirs.filter(sensitivity="sealed").count())
        done.keep("hold", theirs.unsealed().filter(id__in=held).count())
        done.keep("open", theirs.unsealed().open().exclude(id__in=held).count())
        free = theirs.unsealed().filter(is_open=False).exclude(id__in=held)
        for case in free.filter(reporter_id__in=(person_id,)).select_related("kind"):
            _empty_or_mask(case, person_id, words, done)
        _mask(free.exclude(reporter_id=person_id), person_id, words, done)
        _parties(person_id, words, done)
        done.count("cases.Visit", Visit.objects.filter(person_id=person_id).update(person=None))
        _record(by, at, "matters.blank", person_id, done)
    return done


def _empty_or_mask(case: Case, person_id: UUID, words: Collection[str], done: erasing.Emptied) -> None:
    one = Case.objects.filter(id=case.id)
    if case.about_id in (None, person_id):
        _empty(one, done)
    else:
        _mask(one, person_id, words, done)


def _empty(found: CaseSet, done: erasing.Emptied) -> None:
    search.forget_cases(found.values_list("id", flat=True))
    erasing.empty_rows(found, done)


def _mask(found: CaseSet, person_id: UUID, words: Collection[str], done: erasing.Emptied) -> None:
    keys = list(found.values_list("id", flat=True))
    search.forget_cases(keys)
    erasing.mask_rows(found, words, done)
    done.subjects |= set(keys)
    Case.objects.filter(id__in=keys, reporter_id=person_id).update(reporter=None, hide_name=True)
    Case.objects.filter(id__in=keys, about_id=person_id).update(about=None)
    for case in Case.objects.filter(id__in=keys).select_related("kind", "reporter", "hamlet"):
        search.index_case(case)


def _parties(person_id: UUID, words: Collection[str], done: erasing.Emptied) -> None:
    """Named in somebody else's matter: a closed one forgets who it was, an open one still needs to know."""
    named = Party.objects.filter(person_id=person_id)
    done.keep("others_matter", named.filter(case__is_open=True).count())
    closed = named.filter(case__is_open=False).exclude(case__sensitivity="sealed")
    erasing.mask_rows(Case.objects.filter(id__in=closed.values("case_id")), words, done)
    done.count("cases.Party", closed.update(name=erasing.ERASED, office="", person=None))


def destroy_matters(*, by: Actor, at: datetime, case_ids: Collection[UUID]) -> erasing.Emptied:
    """Destroy the content of matters whose time is over (UU 43/2009); their numbers stay on the list of what was destroyed.

    Only closed ones: one that was reopened meanwhile stays.
    """
    roles.require(by, "matters.destroy")
    done = erasing.Emptied()
    with transaction.atomic():
        _empty(Case.objects.filter(id__in=list(case_ids), is_open=False), done)
        _record(by, at, "matters.destroy", None, done)
    return done


def _record(by: Actor, at: datetime, kind: str, person_id: UUID | None, done: erasing.Emptied) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="person" if person_id else "installation",
        subject_id=person_id or journal_actions.NOWHERE,
        facts={"rows": done.rows, "kept": done.kept},
    )
