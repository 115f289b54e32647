"""What is done by itself after release: telling people that a letter ends soon, and letting go of the photos they showed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.letters import access
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter, Requirement
from simpul.letters.queries import proof as proof_queries
from simpul.letters.rules import validity
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.messages import actions as message_actions


def remind_expiry(*, by: Actor, at: datetime, letter_id: UUID) -> bool:
    """Tell the applicant once that the letter ends soon; False when that is not so, or was told before.

    Raises:
        NotFound: no such letter.
    """
    roles.require(by, "expiry.remind")
    with transaction.atomic():
        letter = access.letter_for(by, letter_id, lock=True)
        today = steps.day_of(letter.region_code, at)
        if (
            letter.released_at is None
            or letter.valid_until is None
            or proof_queries.state_of(letter, today) != "valid"
            or not validity.ends_soon(letter.valid_until, proof_queries.day_of(letter), today)
            or Letter.objects.filter(id=letter.id, expiry_told_at=None).update(expiry_told_at=at) != 1
        ):
            return False
        if letter.person_id is not None:
            message_actions.queue_message(
                by=by,
                at=at,
                subject_kind="letter",
                subject_id=letter.id,
                once_key=f"letter_ending:{letter.id}",
                text_key="letter_ending",
                values={
                    "title": letter.version.name if letter.version is not None else letter.type.code,
                    "number": letter.number,
                    "due": when.format_short_date(letter.valid_until),
                },
                person_id=letter.person_id,
                region_code=letter.region_code,
            )
        steps.line(by, at, "expiry.remind", letter, facts={"until": letter.valid_until.isoformat()})
        return True


def drop_photos(*, by: Actor, at: datetime, letter_id: UUID) -> list[str]:
    """Forget the photos of requirements of a letter whose time for them is over; the marks stay. Returns the files' hashes.

    The bytes go when no other row speaks of them: the caller asks ``upkeep.queries.files``.

    Raises:
        NotFound: no such letter.
    """
    roles.require(by, "photos.drop")
    with transaction.atomic():
        letter = access.letter_for(by, letter_id, lock=True)
        rows = Requirement.objects.filter(letter_id=letter.id).exclude(file_sha256="")
        digests = sorted(set(rows.values_list("file_sha256", flat=True)))
        if not digests or not proof_queries.photos_are_over(letter, at):
            return []
        gone = rows.update(file_sha256="", file_mime="")
        steps.line(by, at, "photos.drop", letter, facts={"photos": gone})
        return digests
