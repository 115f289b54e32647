"""Evidence: files that somebody brought, cleaned like every file here, with their digests, their source, and who opened them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.queries import files as file_queries
from simpul.lib import media
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.mediation import access
from simpul.mediation.actions import _steps
from simpul.mediation.models import Evidence, Party

MOST_FILES = 60


class TooMuchEvidence(Refused):
    """A dispute holds a bounded number of files."""

    code = "evidence.too_many"
    sentence = _("This dispute already has %(most)s files. Remove one that is not needed first.")
    field = "file"


def add_evidence(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    data: bytes,
    declared_name: str,
    title: str,
    source: str,
    party_id: UUID | None = None,
    evidence_id: UUID | None = None,
) -> Evidence:
    """Keep a photo, recording or PDF with its source. The digest of the bytes as they were brought is kept beside that of the cleaned ones.

    Raises:
        lib.media.FileRefused: one of its subclasses. TooMuchEvidence, NotFound, and _steps' refusals.
    """
    place = access.place_of(access.dispute_for(by, dispute_id))
    roles.require(by, "evidence.add", place)
    clean = media.inspect_and_clean(data, declared_name, max_bytes=settings.SIMPUL_MAX_FILE)
    with transaction.atomic():
        dispute = _steps.begin(by, "evidence.add", dispute_id)
        known = _steps.again(Evidence, evidence_id, dispute=dispute)
        if known is not None:
            return known
        if Evidence.objects.filter(dispute=dispute, withdrawn_at=None).count() >= MOST_FILES:
            raise TooMuchEvidence(most=MOST_FILES)
        party = _steps.entry(Party, party_id, dispute=dispute) if party_id else None
        evidence = Evidence.objects.create(
            **_steps.written(by, at, evidence_id),
            dispute=dispute,
            party=party,
            title=_steps.words(title, field="title", most=150),
            source=_steps.words(source, field="source", most=200),
            kind=clean.kind,
            mime=clean.mime,
            size=len(clean.data),
            sha256=file_queries.store().put(clean.data),
            brought_digest=hashlib.sha256(data).hexdigest(),
        )
        facts = {"evidence": str(evidence.id), "kind": evidence.kind, "sha256": evidence.sha256}
        _steps.line(by, at, "evidence.add", dispute, facts=facts, inputs={"title": evidence.title})
    return evidence


def read_evidence(*, by: Actor, at: datetime, evidence_id: UUID) -> tuple[Evidence, bytes]:
    """The bytes of a file; every opening leaves a line.

    Raises:
        NotFound: no such file for this actor, or it is gone.
    """
    evidence = access.evidence_for(by, evidence_id)
    dispute = access.dispute_for(by, evidence.dispute_id)
    roles.require(by, "evidence.read", access.place_of(dispute))
    data = file_queries.store().read(evidence.sha256)
    with transaction.atomic():
        _steps.line(by, at, "evidence.read", dispute, facts={"evidence": str(evidence.id)})
    return evidence, data


def withdraw_evidence(*, by: Actor, at: datetime, dispute_id: UUID, evidence_id: UUID, why: str) -> None:
    """Take a file out: it is shown and counted no more.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "evidence.withdraw", dispute_id)
        evidence = _steps.entry(Evidence, evidence_id, dispute=dispute)
        said = _steps.words(why, field="why", most=300, least=3)
        Evidence.objects.filter(id=evidence.id).update(withdrawn_at=at)
        facts = {"evidence": str(evidence.id), "sha256": evidence.sha256}
        _steps.line(by, at, "evidence.withdraw", dispute, facts=facts, inputs={"why": said})
