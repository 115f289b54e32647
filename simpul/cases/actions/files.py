"""Acts on files: attach, remove, black out parts of a photo.

What comes in is judged by its bytes and made anew without hidden data (``lib.media``), kept by its content, and never served as it
came. Removing hides a file; destroying it for good is a later, two-person act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import steps
from simpul.cases.models import Attachment, Case, Publication
from simpul.cases.queries import files as queries
from simpul.cases.queries import following as following_queries
from simpul.lib import media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

MOST_FILES = 30
MOST_BY_RESIDENT = 15
MOST_BOXES = 40
_ENDINGS = {"photo": "jpg", "audio": "ogg", "pdf": "pdf"}


class TooManyFiles(Refused):
    """A matter holds a bounded number of files."""

    code = "file.too_many"
    sentence = _(
        "This matter already has %(most)s files. Remove one first, or bring the rest to the counter."
    )
    field = "file"


class NotAPhoto(Refused):
    """Only photos have parts to black out."""

    code = "photo.not_a_photo"
    sentence = _("Only photos can be blacked out.")


class BoxesWrong(Refused):
    """A box that is not one."""

    code = "photo.boxes_wrong"
    sentence = _("Draw at most %(most)s boxes inside the photo.")
    field = "boxes"


def attach_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    data: bytes,
    declared_name: str,
    proof: str = "",
    transcript: str = "",
) -> Attachment:
    """Add a photo, recording or PDF to a matter.

    A resident gives the ``proof`` they got by following their own matter; without it the public can attach nothing.

    Raises:
        lib.media.FileRefused: one of its subclasses, each with its own sentence; nothing else that was typed is lost.
        TooManyFiles, NotFound.
    """
    roles.require(by, "case.attach", _seen(by, case_id, proof))
    clean = media.inspect_and_clean(data, declared_name, max_bytes=settings.SIMPUL_MAX_FILE)
    with transaction.atomic():
        case = (
            following_queries.own_case(proof, lock=True)
            if by.is_public
            else steps.begin(by, "case.attach", case_id)
        )
        attachment = keep_clean(
            case, clean, at, by_name=by.name, from_resident=by.is_public, transcript=transcript
        )
        Case.objects.filter(id=case.id).update(changed_at=at)
        steps.journal(
            by,
            at,
            "case.attach",
            case,
            {"kind": attachment.kind, "size": attachment.size},
            {"name": declared_name[:100]},
        )
        return attachment


def _seen(by: Actor, case_id: UUID, proof: str) -> roles.Place:
    """Where the matter is, before any work is done on the bytes."""
    if not by.is_public:
        return access.place_of(access.get_for(by, case_id))
    case = following_queries.own_case(proof)
    if case.id != case_id:
        raise NotFound
    return access.place_of(case)


def keep_clean(
    case: Case,
    clean: media.CleanFile,
    at: datetime,
    *,
    by_name: str,
    from_resident: bool,
    transcript: str = "",
) -> Attachment:
    """Keep a cleaned file with a name of our own: a step shared with intake. The file is on disk before the row is.

    Raises:
        TooManyFiles.
    """
    held = Attachment.objects.filter(case=case, removed_at=None)
    most = MOST_BY_RESIDENT if from_resident else MOST_FILES
    number = held.filter(from_resident=from_resident).count()
    if number >= most:
        raise TooManyFiles(most=most)
    total = Attachment.objects.filter(case=case).count()
    return Attachment.objects.create(
        case=case,
        sha256=queries.store().put(clean.data),
        kind=clean.kind,
        mime=clean.mime,
        size=len(clean.data),
        name=f"{clean.kind}-{total + 1}.{_ENDINGS[clean.kind]}",
        transcript=text.clean_text(transcript)[:5000],
        by_name=by_name[:150],
        from_resident=from_resident,
        added_at=at,
    )


def remove_attachment(*, by: Actor, at: datetime, attachment_id: UUID, reason: str) -> None:
    """Take a file off a matter: it is shown and served no more, also where its photo was published.

    Raises:
        NotFound: no such file for this actor.
        WordsMissing: no reason.
    """
    with transaction.atomic():
        attachment = queries.attachment_for(by, attachment_id)
        case = steps.begin(by, "attachment.remove", attachment.case_id)
        why = steps.words(reason, field="reason")
        if Attachment.objects.filter(id=attachment_id, removed_at=None).update(removed_at=at) != 1:
            raise NotFound
        _replace_published(case, attachment.masked_sha256, "")
        steps.journal(
            by,
            at,
            "attachment.remove",
            case,
            {"kind": attachment.kind},
            {"name": attachment.name, "reason": why},
        )


def mask_photo(
    *, by: Actor, at: datetime, attachment_id: UUID, boxes: Sequence[tuple[float, float, float, float]]
) -> Attachment:
    """Black out faces, plates and signs for the public copy; the original stays for those who work on the matter.

    Each box is (left, top, right, bottom) as fractions of width and height. No box at all says "looked at, nothing to hide": only
    photos that somebody looked at can be published. A photo that is public already is replaced at once.

    Raises:
        NotAPhoto, BoxesWrong, NotFound.
    """
    with transaction.atomic():
        attachment = queries.attachment_for(by, attachment_id)
        case = steps.begin(by, "photo.mask", attachment.case_id)
        if attachment.kind != "photo":
            raise NotAPhoto
        drawn = [_box(box) for box in boxes]
        if len(drawn) > MOST_BOXES:
            raise BoxesWrong(most=MOST_BOXES)
        masked = queries.store().put(media.black_out(queries.read(attachment), drawn))
        _replace_published(case, attachment.masked_sha256, masked)
        Attachment.objects.filter(id=attachment_id).update(masked_sha256=masked, boxes=drawn)
        attachment.refresh_from_db()
        steps.journal(by, at, "photo.mask", case, {"boxes": len(drawn)})
        return attachment


def _box(box: Sequence[float]) -> tuple[float, float, float, float]:
    if len(box) != 4 or not all(0 <= part <= 1 for part in box):
        raise BoxesWrong(most=MOST_BOXES)
    left, top, right, bottom = (float(part) for part in box)
    return left, top, right, bottom


def _replace_published(case: Case, old: str, new: str) -> None:
    """A photo that changed or went must not live on in what the public reads."""
    publication = Publication.objects.filter(case=case).first()
    if publication is None or not old or old not in publication.photos:
        return
    photos = [new if sha256 == old else sha256 for sha256 in publication.photos]
    Publication.objects.filter(id=publication.id).update(photos=[sha256 for sha256 in photos if sha256])
