"""Asking for a letter: one act for the portal, the kiosk page, the counter, a WhatsApp message and another room's matter.

The request opens a matter of the kind ``letter_request`` with its receipt, or joins one that is there: a visit's, or a dispute whose
parties are summoned. The letter has the key of the matter it opened, so the same press gives the same receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.desks import queries as desk_queries
from simpul.desks.models import Desk
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter, LetterType, Requirement, TypeVersion
from simpul.letters.queries import requests as queries
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import flow
from simpul.lib import media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.people.models import Person

LONGEST_INPUT = 2000
MOST_INPUTS = 120


class TypeUnknown(Refused):
    """There is no such letter in this village."""

    code = "letter.type_unknown"
    sentence = _("This village does not write such a letter. Choose one of the list.")
    field = "type"


class ComeToThePost(Refused):
    """Some letters are only asked for face to face."""

    code = "letter.come_to_the_post"
    sentence = _(
        "This letter is asked for at the post, because papers have to be seen first. Please come to the post."
    )
    field = "type"


class NameMissing(Refused):
    """A letter is for somebody."""

    code = "letter.name_missing"
    sentence = _("Write the name of the person who asks for the letter.")
    field = "name"


class LetterTaken(Refused):
    """The key of a request stands for another one."""

    code = "letter.taken"
    sentence = _("This was already sent as another request. Load the page again.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo or PDF as it was sent, for one requirement."""

    data: bytes
    name: str = "foto.jpg"


@dataclass(frozen=True, slots=True)
class Requested:
    """The letter, and the receipt of the matter it opened; ``opened`` is None when it joined a matter that was there."""

    letter: Letter
    opened: intake.Opened | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, cleaned, before anything is written."""

    type: LetterType
    version: TypeVersion
    name: str
    purpose: str
    inputs: dict[str, str]
    subject_name: str
    channel: str
    photos: dict[str, media.CleanFile] = field(default_factory=dict)


def request_letter(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    type_code: str,
    channel: str,
    applicant: intake.PersonGiven,
    purpose: str,
    inputs: Mapping[str, str],
    letter_id: UUID | None = None,
    subject_name: str = "",
    requirements: Mapping[str, Upload] | None = None,
    desk_id: UUID | None = None,
    visit_id: UUID | None = None,
    consent: str = "",
    case_id: UUID | None = None,
    message: str = "",
) -> Requested:
    """Ask for a letter. It gets a receipt, not a number: the number is taken at release.

    Args:
        letter_id: made by the door before the button was pressed: the same id again returns the same letter and receipt.
        inputs: what the type asks beyond the register, by the keys of its inputs; what is missing is asked for when it is drafted.
        requirements: photos of what is to be shown, by the requirement's code.
        desk_id: where the matter starts, in place of its kind's route.
        visit_id: the visit whose receipt the matter shares.
        message: the words it was asked with, pasted from a chat; they become the matter's own words.
        case_id: a matter that is there already and to which this letter belongs; then no receipt is given.

    Raises:
        TypeUnknown, ComeToThePost, NameMissing, LetterTaken; lib.media.FileRefused for a photo that is none.
        intake's refusals: no such place, nobody there.
        NotAllowed: this actor asks for no letters of this village.
        NotFound: no such matter for this actor.
    """
    roles.require(by, "letter.request", roles.Place(region_code=region_code, holder_ids=by.desk_ids))
    asked = _asked(by, region_code, type_code, channel, applicant, purpose, inputs, subject_name)
    asked.photos.update(_cleaned(asked.version, requirements or {}))
    with transaction.atomic():
        known = _known(letter_id, region_code)
        key = letter_id or uuid7()
        opened = None
        if case_id is None:
            opened = _open(by, at, key, region_code, asked, applicant, desk_id, visit_id, consent, message)
        if known is not None:
            return Requested(known, opened)
        case = opened.case if opened is not None else case_access.get_for(by, case_id or key)
        letter = _create(by, at, key, region_code, asked, case, _person(by, applicant, opened), desk_id)
        steps.line(
            by,
            at,
            "letter.request",
            letter,
            facts={
                "type": type_code,
                "channel": channel,
                "case": case.number if opened else "",
                "joined": opened is None,
            },
            inputs={"name": asked.name, "purpose": asked.purpose, "inputs": asked.inputs},
        )
        return Requested(letter, opened)


def _asked(
    by: Actor,
    region_code: str,
    type_code: str,
    channel: str,
    applicant: intake.PersonGiven,
    purpose: str,
    inputs: Mapping[str, str],
    subject_name: str,
) -> _Asked:
    if channel not in flow.CHANNELS:
        raise steps.ChoiceUnknown(field="channel")
    offer = type_queries.find(type_code, region_code)
    if offer is None:
        raise TypeUnknown
    kind, version = offer.type, offer.version
    if by.is_public and not version.self_service:
        raise ComeToThePost
    name = text.clean_line(applicant.name)[:150]
    if not name and applicant.person_id is not None:
        name = people_access.person_for(by, applicant.person_id).full_name[:150]
    if len(name) < 2:
        raise NameMissing
    said = {
        key[:60]: text.clean_text(value)[:LONGEST_INPUT]
        for key, value in list(inputs.items())[:MOST_INPUTS]
        if value.strip()
    }
    about = text.clean_line(subject_name)[:150]
    return _Asked(kind, version, name, text.clean_line(purpose)[:300], said, about, channel)


def _cleaned(version: TypeVersion, given: Mapping[str, Upload]) -> dict[str, media.CleanFile]:
    """The photos, made anew, of requirements that the type has."""
    wanted = queries.requirement_codes(version)
    return {
        code: media.inspect_and_clean(one.data, one.name, max_bytes=settings.SIMPUL_MAX_FILE)
        for code, one in given.items()
        if code in wanted
    }


def _known(letter_id: UUID | None, region_code: str) -> Letter | None:
    known = Letter.objects.select_related("type", "case").filter(id=letter_id).first() if letter_id else None
    if known is not None and known.region_code != region_code:
        raise LetterTaken
    return known


def _open(
    by: Actor,
    at: datetime,
    key: UUID,
    region_code: str,
    asked: _Asked,
    applicant: intake.PersonGiven,
    desk_id: UUID | None,
    visit_id: UUID | None,
    consent: str,
    message: str,
) -> intake.Opened:
    """The matter that this letter is asked for in, with its receipt."""
    said = asked.version.name if not asked.purpose else f"{asked.version.name}: {asked.purpose}"
    return intake.open_case(
        by=by,
        at=at,
        kind_code="letter_request",
        text_given=message.strip() or said,
        title=asked.version.name,
        region_code=region_code,
        channel=flow.CASE_CHANNEL.get(asked.channel, asked.channel),
        answers={
            "letter": flow.case_letter(asked.type.code),
            "purpose": (asked.purpose or asked.version.name)[:200],
        },
        reporter=applicant,
        consent=consent,
        desk_id=desk_id,
        visit_id=visit_id,
        case_id=key,
    )


def _person(by: Actor, applicant: intake.PersonGiven, opened: intake.Opened | None) -> Person | None:
    """Who asks: the matter's reporter, or the registered person who was named."""
    if opened is not None:
        return opened.case.reporter
    return people_access.person_for(by, applicant.person_id) if applicant.person_id is not None else None


def _create(
    by: Actor,
    at: datetime,
    key: UUID,
    region_code: str,
    asked: _Asked,
    case: Case,
    person: Person | None,
    desk_id: UUID | None,
) -> Letter:
    place = desk_id or by.desk_id
    desk = desk_queries.desk(place) if place is not None else None
    if case.region_code[:10] != region_code and not region_code.startswith(case.region_code):
        raise NotFound
    letter = Letter.objects.create(
        id=key,
        region_code=region_code,
        type=asked.type,
        version=asked.version,
        case=case,
        person=person,
        applicant_name=asked.name,
        subject_name=asked.subject_name,
        purpose=asked.purpose,
        inputs=steps.packed(asked.inputs),
        channel=asked.channel,
        desk=desk,
        outside_hours=_outside(region_code, desk, case, at),
        requested_at=at,
        changed_at=at,
    )
    store = queries.store()
    Requirement.objects.bulk_create(
        Requirement(
            letter=letter,
            code=code,
            file_sha256=store.put(asked.photos[code].data) if code in asked.photos else "",
            file_mime=asked.photos[code].mime if code in asked.photos else "",
        )
        for code in queries.requirement_codes(asked.version)
    )
    return letter


def _outside(region_code: str, desk: Desk | None, case: Case, at: datetime) -> bool:
    """Whether it was asked for when the village office is closed, though the post may be open: that is what the post is for.

    By the office's own hours; without them by the desk that took it in, else by the matter's.
    """
    office = desk_queries.nearest("village_office", region_code)
    if office is not None and desk_queries.openings_of(office):
        return not desk_queries.is_open_now(office, at)
    return case.outside_hours if desk is None else not desk_queries.is_open_now(desk, at)
