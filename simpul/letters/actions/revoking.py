"""What may become of a letter after its release: taken back, replaced by a newer one; and undoing either.

Nothing about the letter itself changes: number, text and file stay. Checkers learn of it by the short address at once, and without a
network by the next list of keys (``queries.keys.keys_file``). Cancelling (a number that should never have been used) is the releaser's act.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.letters import access
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter
from simpul.letters.rules import flow
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions


class NotReleased(Refused):
    """Only a released letter can be taken back or replaced."""

    code = "letter.not_released"
    sentence = _("Only a released letter can be taken back or replaced. This one is “%(state)s”.")


class TakenBackAlready(Refused):
    """It is worth nothing already."""

    code = "letter.taken_back_already"
    sentence = _("Letter %(number)s was taken back or replaced already. Load the page again.")


class NotTakenBack(Refused):
    """There is nothing to undo."""

    code = "letter.not_taken_back"
    sentence = _("Letter %(number)s was not taken back. Load the page again.")


class NotItsSuccessor(Refused):
    """A letter is replaced by a later one of the same village."""

    code = "letter.not_its_successor"
    sentence = _(
        "Letter %(new)s cannot replace %(old)s: choose another valid letter of the same village that was released later."
    )
    field = "new_id"


def revoke_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """Take a released letter back: it was given for wrong reasons, or what it says is not so any more. The applicant is told.

    Asked again it changes nothing.

    Raises:
        NotReleased, TakenBackAlready (replaced by a newer one), steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        letter = _released(by, "letter.revoke", letter_id)
        if letter.revoked_at is not None:
            return letter
        if _successor(letter) is not None:
            raise TakenBackAlready(number=letter.number)
        letter.revoked_why = steps.words(why, field="why")
        letter.revoked_at = at
        _save(letter, at)
        _tell(letter, at, "letter_taken_back", {"number": letter.number, "reason": letter.revoked_why})
        steps.line(
            by,
            at,
            "letter.revoke",
            letter,
            facts={"number": letter.number},
            inputs={"why": letter.revoked_why},
        )
        return letter


def reinstate_letter(*, by: Actor, at: datetime, letter_id: UUID, why: str) -> Letter:
    """Undo ``revoke_letter``: the letter is worth again what it says.

    Raises:
        NotReleased, NotTakenBack, steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        letter = _released(by, "letter.reinstate", letter_id)
        if letter.revoked_at is None:
            raise NotTakenBack(number=letter.number)
        reason = steps.words(why, field="why")
        letter.revoked_at, letter.revoked_why = None, ""
        _save(letter, at)
        steps.line(
            by, at, "letter.reinstate", letter, facts={"number": letter.number}, inputs={"why": reason}
        )
        return letter


def supersede_letter(*, by: Actor, at: datetime, letter_id: UUID, new_id: UUID) -> Letter:
    """Say that a newer released letter of the village stands in the place of this one. Returns the newer one.

    Asked again it changes nothing.

    Raises:
        NotReleased, TakenBackAlready, NotItsSuccessor, NotFound.
    """
    with transaction.atomic():
        old = _released(by, "letter.supersede", letter_id)
        new = _released(by, "letter.supersede", new_id)
        if new.supersedes_id == old.id:
            return new
        if old.revoked_at is not None or _successor(old) is not None:
            raise TakenBackAlready(number=old.number)
        if not _may_follow(old, new):
            raise NotItsSuccessor(new=new.number, old=old.number)
        new.supersedes = old
        _save(new, at)
        _save(old, at)
        steps.line(
            by, at, "letter.supersede", old, facts={"number": old.number, "new": new.number, "by": new.id}
        )
        return new


def separate_letter(*, by: Actor, at: datetime, letter_id: UUID) -> Letter:
    """Undo ``supersede_letter``, given the older letter: both are valid again side by side.

    Raises:
        NotReleased, NotTakenBack, NotFound.
    """
    with transaction.atomic():
        old = _released(by, "letter.separate", letter_id)
        new = _successor(old)
        if new is None:
            raise NotTakenBack(number=old.number)
        new.supersedes = None
        _save(new, at)
        _save(old, at)
        steps.line(by, at, "letter.separate", old, facts={"number": old.number, "new": new.number})
        return old


def _released(by: Actor, act: str, letter_id: UUID) -> Letter:
    letter = access.letter_for(by, letter_id, lock=True)
    roles.require(by, act, access.place_of(letter))
    if letter.state != flow.RELEASED:
        raise NotReleased(state=steps._State(letter.state))
    return letter


def _successor(letter: Letter) -> Letter | None:
    return Letter.objects.filter(supersedes_id=letter.id).first()


def _may_follow(old: Letter, new: Letter) -> bool:
    return (
        new.id != old.id
        and new.region_code == old.region_code
        and new.revoked_at is None
        and new.supersedes_id is None
        and _successor(new) is None
        and new.released_at is not None
        and old.released_at is not None
        and new.released_at >= old.released_at
    )


def _save(letter: Letter, at: datetime) -> None:
    letter.changed_at = at
    letter.save()


def _tell(letter: Letter, at: datetime, key: str, values: dict[str, Any]) -> None:
    if letter.person_id is None:
        return
    message_actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="letter",
        subject_id=letter.id,
        once_key=f"{key}:{letter.id}:{at:%Y%m%d}",
        text_key=key,
        values=values,
        person_id=letter.person_id,
        region_code=letter.region_code,
    )
