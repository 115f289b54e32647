"""Files of a matter: which one somebody may open, and its bytes. Always served as a download by an authorised page."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from simpul.cases import access
from simpul.cases.models import Attachment, Publication
from simpul.cases.queries import following
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore


def store() -> FileStore:
    """Where files are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


def attachments_of(case_ids: Iterable[UUID]) -> list[Attachment]:
    """Files that were not removed, oldest first. The caller has checked that its actor may see the cases."""
    return list(
        Attachment.objects.filter(case_id__in=list(case_ids), removed_at=None).order_by("added_at", "id")
    )


def attachment_for(by: Actor, attachment_id: UUID) -> Attachment:
    """A file of a matter the actor may see. A partner, who sees an extract only, gets none of the person's own files.

    Raises:
        NotFound: no such file for this actor.
    """
    found = Attachment.objects.filter(
        id=attachment_id, removed_at=None, case__in=access.visible(by).values("id")
    )
    if by.role == "partner":
        found = found.filter(by_name=by.name, from_resident=False)
    attachment = found.first()
    if attachment is None:
        raise NotFound
    return attachment


def own_attachment(proof: str, attachment_id: UUID) -> Attachment:
    """A file that the resident added to their own matter.

    Raises:
        NotFound: no such file, or the proof is not for its matter.
    """
    case_id = following.case_of(proof)
    attachment = Attachment.objects.filter(
        id=attachment_id, case_id=case_id, from_resident=True, removed_at=None
    ).first()
    if attachment is None:
        raise NotFound
    return attachment


def public_photo(slug: str, sha256: str) -> bytes:
    """The bytes of a photo of a released publication: the masked copy, never the original.

    Raises:
        NotFound: the publication is not public, or has no such photo.
    """
    publication = Publication.objects.released().filter(slug=slug).only("photos").first()
    if publication is None or sha256 not in publication.photos:
        raise NotFound
    return store().read(sha256)


def read(attachment: Attachment, *, masked: bool = False) -> bytes:
    """The bytes of a file, or of its masked copy.

    Raises:
        NotFound: there is no masked copy, or the file is gone.
    """
    if masked and not attachment.masked_sha256:
        raise NotFound
    return store().read(attachment.masked_sha256 if masked else attachment.sha256)
