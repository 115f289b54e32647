"""What the acts on the institution share: rows locked with permission, words that must be there, the line."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import phone, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, Refused
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Posyandu
from simpul.posyandu.queries import institution as queries


class WordMissing(Refused):
    """Something must be written."""

    code = "posyandu.word_missing"
    sentence = _("Write a few words here.")


class ChoiceNotThere(Refused):
    """A value that no form offers."""

    code = "posyandu.choice_not_there"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class DayAhead(Refused):
    """What has been done was done by today."""

    code = "posyandu.day_ahead"
    sentence = _("This day lies ahead. Write down what has been done already.")


class PosyanduClosed(Refused):
    """A closed posyandu gets no new people or papers."""

    code = "posyandu.closed"
    sentence = _("This posyandu is closed. Open it again first.")


def words(given: str, *, field: str, most: int, least: int = 2) -> str:
    """One cleaned line that cannot be left out.

    Raises:
        WordMissing: nothing is left.
    """
    clean = text.clean_line(given)[:most]
    if len(clean) < least:
        raise WordMissing(field=field)
    return clean


def line_of(given: str, most: int) -> str:
    """One cleaned line that may be empty."""
    return text.clean_line(given)[:most]


def number_of(given: str) -> str:
    """A telephone number in its one form when it has one, else as it was typed."""
    clean = text.clean_line(given)
    return (phone.normalise(clean).e164 or clean)[:30] if clean else ""


def chosen(code: str, known: Container[str], field: str = "") -> str:
    """A code of a table.

    Raises:
        ChoiceNotThere: it is not in the table.
    """
    if code not in known:
        raise ChoiceNotThere(field=field)
    return code


def done(day: date, posyandu: Posyandu, at: datetime, field: str = "done_date") -> date:
    """A day on which something was done, at the latest today.

    Raises:
        DayAhead: it lies ahead.
    """
    if day > queries.today_at(posyandu, at):
        raise DayAhead(field=field)
    return day


def begin(by: Actor, act: str, posyandu_id: UUID, *, closed_too: bool = False) -> Posyandu:
    """Lock a posyandu and ask for permission.

    Raises:
        NotFound, PosyanduClosed.
    """
    posyandu = access.posyandu_for(by, posyandu_id, lock=True)
    roles.require(by, act, own_access.place(posyandu))
    if posyandu.closed_date is not None and not closed_too:
        raise PosyanduClosed
    return posyandu


def again(table: Any, key: UUID | None, **same: Any) -> Any:
    """What was made under this key before, so that a press that repeats itself changes nothing.

    Raises:
        NotAllowed: the key belongs to something else.
    """
    found = table._default_manager.filter(id=key).first() if key else None
    if found is not None and any(getattr(found, name) != value for name, value in same.items()):
        raise NotAllowed
    return found


def line(
    by: Actor,
    at: datetime,
    kind: str,
    posyandu: Posyandu,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
    subject: tuple[str, UUID] | None = None,
) -> None:
    """Write the act's line. Names and words of people go into ``inputs``, which can be removed."""
    kind_, key = subject or ("posyandu", posyandu.id)
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=kind_,
        subject_id=key,
        facts={"posyandu": str(posyandu.id), **(facts or {})},
        inputs=inputs,
        region_code=posyandu.region_code,
    )
