"""Writing down that a person agreed to something, and that they changed their mind (UU 27/2022 art. 20-25, 40)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access
from simpul.people.models import Consent, Person
from simpul.people.queries import consent as queries
from simpul.people.rules import consent as rules

PAPER_BYTES = 8 * 1024 * 1024
VOICE_SECONDS = 180


class PurposeUnknown(Refused):
    """Nobody can agree to what is not in the catalogue."""

    code = "consent.purpose_unknown"
    sentence = _("Choose what the consent is for.")
    field = "purpose"


class ModeUnknown(Refused):
    """Three ways, all of which leave a proof."""

    code = "consent.mode_unknown"
    sentence = _("Choose how the person agreed: ticked, on paper, or spoken.")
    field = "mode"


class GiverMissing(Refused):
    """A consent is somebody's."""

    code = "consent.giver_missing"
    sentence = _("Write the name of who agreed, as they say it.")
    field = "given_by"


class EvidenceMissing(Refused):
    """Paper is photographed, a spoken consent recorded."""

    code = "consent.evidence_missing"
    sentence = _("Add the photo of the signed paper, or the recording of what the person said.")
    field = "evidence"


class EvidenceDiffers(Refused):
    """A recording is no paper."""

    code = "consent.evidence_differs"
    sentence = _("For a paper, add a photo or a PDF; for a spoken consent, add a recording.")
    field = "evidence"


class ScopeMissing(Refused):
    """Sharing is agreed to for one matter, not for whatever may come."""

    code = "consent.scope_missing"
    sentence = _("This consent is for one matter. Give it from the page of that matter.")
    field = "scope"


class GuardianNeeded(Refused):
    """A child's consent is their parent's or guardian's (UU 27/2022 art. 25)."""

    code = "consent.guardian_needed"
    sentence = _(
        "This person is under 18. A parent or guardian agrees for them. If it is the guardian one has to fear, "
        "choose the legal basis without consent and write why; the guardian is not told."
    )
    field = "relation"


class GroundMissing(Refused):
    """Without consent there must be a reason that can be read later."""

    code = "consent.ground_missing"
    sentence = _("Write why the data are used without asking the guardian.")
    field = "basis_words"


class DayPassed(Refused):
    """A consent cannot have run out before it is given."""

    code = "consent.day_passed"
    sentence = _("This day has passed. Choose a later day, or leave it open.")
    field = "until_date"


class ProofStands(Refused):
    """A proof is never put in another's place."""

    code = "consent.proof_stands"
    sentence = _("This consent has its proof already.")


class AlreadyWithdrawn(Refused):
    """Once is enough."""

    code = "consent.already_withdrawn"
    sentence = _("This consent was withdrawn already.")


def give_consent(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    purpose: str,
    mode: str,
    given_by: str,
    scope: str = "",
    relation: str = "",
    basis: str = "a",
    basis_words: str = "",
    data: bytes = b"",
    declared_name: str = "",
    until_date: date | None = None,
    language: str = "id",
    place: roles.Place | None = None,
    consent_id: UUID | None = None,
    proof_follows: bool = False,
) -> Consent:
    """Write down that a person agreed to one purpose: ticked with a name, on paper (photographed), or spoken (recorded).

    The words that were read and their version are kept with it. ``place`` is the matter through which the actor sees the person; the
    caller has checked that the person belongs to it. ``basis`` d or e: a child's data are used without asking the guardian.
    The same ``consent_id`` again changes nothing. ``proof_follows``: the photo or recording lies on a phone and is still to come
    (``prove_consent``).

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        lib.media.FileRefused: the paper or the recording cannot be read.
        Refused: see the subclasses above.
    """
    person = _person(by, person_id, place)
    roles.require(by, "consent.give", place or _home(by, person))
    known = Consent.objects.filter(id=consent_id).first() if consent_id else None
    if known is not None and known.person_id != person.id:
        raise NotFound
    if known is not None:
        return known
    wanted = _read(purpose, mode, scope)
    giver = text.clean_line(given_by)[:150]
    if not giver:
        raise GiverMissing
    why = _speaker(person, relation, basis, basis_words, at)
    today = timezone.localdate(at)
    if until_date is not None and until_date < today:
        raise DayPassed
    clean = None if proof_follows and not data else _evidence(mode, data, declared_name)
    with transaction.atomic():
        consent = Consent.objects.create(
            id=consent_id or uuid7(),
            person=person,
            purpose=wanted.code,
            scope=scope[:60],
            mode=mode,
            given_by=giver,
            relation=relation,
            basis=basis,
            basis_words=why,
            words=wanted.words.get(language, wanted.words["id"]),
            notice_version=wanted.version,
            evidence_sha256=queries.store().put(clean.data) if clean else "",
            evidence_mime=clean.mime if clean else "",
            given_at=at,
            taken_by=by.name[:150],
            until_date=until_date or rules.last_day(today, wanted.months),
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="consent.give",
            subject_kind="person",
            subject_id=person.id,
            region_code=person.region_code,
            facts={"purpose": wanted.code, "mode": mode, "version": wanted.version, "consent": consent.id},
            inputs={"given_by": giver, "relation": relation, "basis": basis, "basis_words": why},
        )
    return consent


def prove_consent(*, by: Actor, at: datetime, consent_id: UUID, data: bytes, declared_name: str) -> Consent:
    """Keep the photo or the recording of a consent that was written down where there was no network; the same bytes again change nothing.

    Raises:
        NotFound, NotAllowed: only the system does this, for the officer who took the consent.
        lib.media.FileRefused, EvidenceMissing, EvidenceDiffers: the paper or the recording cannot be read.
        ProofStands: it has another proof.
    """
    consent = Consent.objects.select_related("person").filter(id=consent_id).first()
    if consent is None:
        raise NotFound
    roles.require(by, "consent.prove", _home(by, consent.person))
    clean = _evidence(consent.mode, data, declared_name)
    if clean is None:
        return consent
    with transaction.atomic():
        kept = queries.store().put(clean.data)
        consent = Consent.objects.select_for_update().get(id=consent_id)
        if consent.evidence_sha256 == kept:
            return consent
        if consent.evidence_sha256:
            raise ProofStands
        consent.evidence_sha256, consent.evidence_mime = kept, clean.mime
        consent.save(update_fields=["evidence_sha256", "evidence_mime"])
        journal_actions.record(
            by=by,
            at=at,
            kind="consent.prove",
            subject_kind="person",
            subject_id=consent.person_id,
            region_code=consent.person.region_code,
            facts={"purpose": consent.purpose, "consent": consent.id},
        )
    return consent


def withdraw_consent(
    *, by: Actor, at: datetime, consent_id: UUID, why: str = "", place: roles.Place | None = None
) -> Consent:
    """Write down that a person takes a consent back: from this moment it stands no more (the law allows 3 x 24 hours).

    No reason is needed. What was done until now stays lawful, so the row stays (UU 27/2022 art. 40).

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        AlreadyWithdrawn.
    """
    consent = Consent.objects.select_related("person").filter(id=consent_id).first()
    if consent is None:
        raise NotFound
    person = _person(by, consent.person_id, place)
    roles.require(by, "consent.withdraw", place or _home(by, person))
    reason = text.clean_line(why)[:300]
    with transaction.atomic():
        changed = Consent.objects.filter(id=consent_id, withdrawn_at=None).update(
            withdrawn_at=at, why_withdrawn=reason
        )
        if changed != 1:
            raise AlreadyWithdrawn
        consent.refresh_from_db()
        journal_actions.record(
            by=by,
            at=at,
            kind="consent.withdraw",
            subject_kind="person",
            subject_id=person.id,
            region_code=person.region_code,
            facts={"purpose": consent.purpose, "consent": consent.id},
            inputs={"why": reason},
        )
    return consent


def _person(by: Actor, person_id: UUID, place: roles.Place | None) -> Person:
    """The person for this actor: through the area, or through the matter whose place the caller gives."""
    if place is None:
        return access.person_for(by, person_id)
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person


def _home(by: Actor, person: Person) -> roles.Place:
    return roles.Place(region_code=person.region_code or by.served_areas[0])


def _read(purpose: str, mode: str, scope: str) -> rules.Purpose:
    wanted = queries.purposes().get(purpose)
    if wanted is None:
        raise PurposeUnknown
    if mode not in rules.MODES:
        raise ModeUnknown
    if wanted.scoped and not scope:
        raise ScopeMissing
    return wanted


def _speaker(person: Person, relation: str, basis: str, basis_words: str, at: datetime) -> str:
    """Why no consent was asked, "" when it was; refuses who may not speak for this person."""
    if relation not in rules.RELATIONS or basis not in {"a", *rules.WITHOUT_CONSENT}:
        raise ValueError(f"{relation} on basis {basis}")
    why = text.clean_line(basis_words)[:300]
    if basis in rules.WITHOUT_CONSENT:
        if not why:
            raise GroundMissing
        return why
    if rules.is_child(person.birth_date, timezone.localdate(at)) and relation not in rules.ELDERS:
        raise GuardianNeeded
    return ""


def _evidence(mode: str, data: bytes, declared_name: str) -> media.CleanFile | None:
    """The proof made anew without hidden data; None for a tick, whose proof is the name."""
    if mode == "tick":
        return None
    if not data:
        raise EvidenceMissing
    clean = media.inspect_and_clean(data, declared_name, max_bytes=PAPER_BYTES, max_seconds=VOICE_SECONDS)
    if clean.kind not in rules.FAMILIES[mode]:
        raise EvidenceDiffers
    return clean
