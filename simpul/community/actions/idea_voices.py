"""One person, one voice: shown at the counter or by a code to a telephone; supporting an idea, and taking it back.

A resident's device keeps the key of its ``Voter``; nobody is asked for a name to support an idea, and nobody sees who did.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.actions import _ideas as steps
from simpul.community.actions import _voices as voices
from simpul.community.models import Comment, PhoneCode, Voice, Voter
from simpul.community.queries import voters as voter_queries
from simpul.community.rules import ideas as rules
from simpul.journal import actions as journal_actions
from simpul.lib import ids, phone
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.messages import actions as message_actions
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries

if TYPE_CHECKING:
    from simpul.people.models import Person


class NotAResident(Refused):
    """A voice belongs to somebody of the village's register."""

    code = "idea.not_a_resident"
    sentence = _(
        "This person is not in the register of this village as living here. Write them into the register first, "
        "or let them support by phone."
    )


class PhoneUnusable(Refused):
    """A code needs a telephone that can be written to."""

    code = "idea.phone_unusable"
    sentence = _("We cannot send a code to this number. Check it, or support the idea at the village post.")
    field = "phone"


class TooManyCodes(Refused):
    """Somebody asks again and again."""

    code = "idea.too_many_codes"
    sentence = _(
        "Several codes were sent to this number within the hour. Use the newest one, or try again in an hour."
    )
    field = "phone"


class CodeWrong(Refused):
    """The code is not the one that was sent, or its time is over."""

    code = "idea.code_wrong"
    sentence = _(
        "This code is not right, or its quarter of an hour is over. Look at the newest message, or ask for a new code."
    )
    field = "code"


# --- who has a voice ------------------------------------------------------------------------------------------------------


def verify_voter(*, by: Actor, at: datetime, region_code: str, person_id: UUID) -> Voter:
    """Make sure at the counter that a voice is one resident's. A voice that the same person showed by phone before is the same one.

    Raises:
        NotAResident.
        NotFound: no such person for this actor, or not allowed here.
    """
    roles.require(by, "voter.verify", access.place_of(region_code))
    with transaction.atomic():
        person = people_access.active_for(by, person_id)
        if not person.resident or person.life != "here" or person.region_code != region_code:
            raise NotAResident
        known = _voter_of(region_code, person)
        if known is not None:
            if known.person_id is None:
                known.person = person
                known.save(update_fields=["person"])
            return known
        made, _new = Voter.objects.get_or_create(
            region_code=region_code,
            key=_person_key(person.id),
            defaults={"person": person, "how": "counter", "verified_at": at, "verified_by": by.name[:150]},
        )
        steps.line(by, at, "voter.verify", ("voter", made.id), region_code, {"how": "counter"})
    return made


def _person_key(person_id: UUID) -> str:
    return ring().blind_index(str(person_id), "voter-person")


def _phone_key(e164: str) -> str:
    return ring().blind_index(e164, "voter-phone")


def _voter_of(region_code: str, person: Person) -> Voter | None:
    """The voter a person is already: by their key, by the row a merge brought, or by a telephone that is theirs alone."""
    own = Q(key=_person_key(person.id)) | Q(person=person)
    found = Voter.objects.filter(own, region_code=region_code).order_by("verified_at").first()
    if found is not None:
        return found
    numbers = {
        one.address
        for one in people_queries.contacts_of(person.id)
        if one.is_current and one.owner == "own" and one.address
    }
    keys = [_phone_key(number) for number in numbers if voter_queries.residents_at(number, region_code) == 1]
    return (
        Voter.objects.filter(region_code=region_code, phone_key__in=keys, person=None).order_by("id").first()
    )


def send_code(
    *, by: Actor, at: datetime, region_code: str, number: str, code_id: UUID | None = None
) -> PhoneCode:
    """Send a code to a telephone. The number is kept as a keyed mark only, the code not at all. The same ``code_id`` sends no second one.

    Raises:
        PhoneUnusable, TooManyCodes.
    """
    roles.require(by, "code.send", access.place_of(region_code))
    address = phone.normalise(number).e164
    if not address or len(region_code) != 10 or region_queries.find_region(region_code) is None:
        raise PhoneUnusable
    with transaction.atomic():
        known = PhoneCode.objects.filter(id=code_id).first() if code_id else None
        if known is not None:
            return known
        key = _phone_key(address)
        recent = PhoneCode.objects.filter(phone_key=key, sent_at__gt=at - timedelta(hours=1)).count()
        if recent >= rules.CODES_AN_HOUR:
            raise TooManyCodes
        person = _addressee(at, address, region_code)
        made = PhoneCode(
            id=code_id or uuid7(),
            region_code=region_code,
            phone_key=key,
            person=person,
            sent_at=at,
            until_at=at + rules.CODE_LASTS,
        )
        code = ids.new_pin()
        made.mark = _mark(made.id, code)
        made.save(force_insert=True)
        message = message_actions.queue_message(
            by=MACHINE,
            at=at,
            subject_kind="phone_code",
            subject_id=made.id,
            once_key=f"{made.id}:code",
            text_key="idea_code",
            values={"code": code},
            person_id=person.id,
            region_code=region_code,
            expires_at=made.until_at,
        )
        if message is None:
            raise PhoneUnusable
        steps.line(by, at, "code.send", ("phone_code", made.id), region_code, {"road": message.road})
    return made


def _mark(key: UUID, code: str) -> str:
    return ring().blind_index(f"{key}:{code}", "voter-code")


def _addressee(at: datetime, address: str, region_code: str) -> Person:
    """Whom the code is sent to: the one person with this number, else somebody of whom only the number is known."""
    known = voter_queries.only_person_at(address, region_code)
    if known is not None:
        return known
    place = access.place_of(region_code)
    made = people_actions.register_person(
        by=MACHINE, at=at, full_name=str(_("Supporter by phone")), region_code=region_code, place=place
    ).person
    people_actions.add_contact(
        by=MACHINE,
        at=at,
        person_id=made.id,
        channel="phone",
        as_typed=address,
        owner="own",
        safe_to_write=True,
        place=place,
    )
    return made


def confirm_code(*, by: Actor, at: datetime, code_id: UUID, code: str) -> Voter:
    """Check a code; whoever holds the telephone has one voice in that village.

    A wrong try counts although the act is refused: five close the code.

    Raises:
        CodeWrong.
    """
    held = PhoneCode.objects.filter(id=code_id).first()
    if held is None:
        raise CodeWrong
    roles.require(by, "code.confirm", access.place_of(held.region_code))
    right = hmac.compare_digest(_mark(held.id, ids.clean_pin(code)), held.mark)
    open_now = PhoneCode.objects.filter(id=held.id, used_at=None, until_at__gt=at, tries__lt=rules.CODE_TRIES)
    if not right:
        open_now.update(tries=F("tries") + 1)
        raise CodeWrong
    with transaction.atomic():
        if open_now.update(used_at=at) != 1:
            raise CodeWrong
        made = _voter_by_phone(at, held)
        steps.line(by, at, "code.confirm", ("voter", made.id), held.region_code, {"how": "phone"})
    return made


def _voter_by_phone(at: datetime, held: PhoneCode) -> Voter:
    known = Voter.objects.filter(
        Q(phone_key=held.phone_key) | Q(key=held.phone_key), region_code=held.region_code
    ).first()
    if known is not None:
        return known
    person = held.person if held.person is not None and held.person.resident else None
    if person is not None:
        counted = Voter.objects.filter(
            Q(person=person) | Q(key=_person_key(person.id)), region_code=held.region_code
        ).first()
        if counted is not None:
            counted.phone_key = held.phone_key
            counted.save(update_fields=["phone_key"])
            return counted
    made, _new = Voter.objects.get_or_create(
        region_code=held.region_code,
        key=held.phone_key,
        defaults={"phone_key": held.phone_key, "person": person, "how": "phone", "verified_at": at},
    )
    return made


def sweep_codes(*, by: Actor, at: datetime) -> int:
    """Remove codes older than a day, and the words of comments that were refused 90 days ago. Returns how many rows."""
    roles.require(by, "codes.sweep")
    with transaction.atomic():
        old, _kinds = PhoneCode.objects.filter(until_at__lt=at - timedelta(days=1)).delete()
        refused = (
            Comment.objects.filter(state="refused", judged_at__lt=at - timedelta(days=90))
            .exclude(words="")
            .update(words="", name="")
        )
        if old or refused:
            journal_actions.record(
                by=by,
                at=at,
                kind="codes.sweep",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"codes": old, "comments": refused},
            )
    return old + refused


# --- voices ---------------------------------------------------------------------------------------------------------------


def give_voice(
    *,
    by: Actor,
    at: datetime,
    idea_id: UUID,
    voter_id: UUID,
    assistance_id: UUID | None = None,
    voice_id: UUID | None = None,
) -> Voice:
    """Support an idea with one's voice. Giving it again changes nothing; what was taken back is given anew.

    Raises:
        NoVoiceNow, VoiceUnproved, steps.AssistanceMissing, steps.AssistanceOver.
        NotFound: no such idea for this actor.
    """
    with transaction.atomic():
        idea, voter, helped = voices.heard(by, at, "voice.give", idea_id, voter_id, assistance_id)
        known = Voice.objects.select_for_update().filter(idea=idea, voter=voter).first()
        if known is not None and known.withdrawn_at is None:
            return known
        if known is None:
            known = Voice(id=voice_id or uuid7(), idea=idea, voter=voter)
        known.given_at, known.withdrawn_at = at, None
        known.assistance, known.recorded_by = helped, by.name[:150]
        known.save()
        steps.line(
            by,
            at,
            "voice.give",
            ("idea", idea.id),
            idea.region_code,
            {"assistance": str(assistance_id or "")},
        )
    return known


def withdraw_voice(
    *, by: Actor, at: datetime, idea_id: UUID, voter_id: UUID, assistance_id: UUID | None = None
) -> None:
    """Take one's support back. Where there is none, nothing changes.

    Raises:
        VoiceUnproved, steps.AssistanceMissing, steps.AssistanceOver.
        NotFound: no such idea for this actor.
    """
    with transaction.atomic():
        idea, voter, _helped = voices.heard(
            by, at, "voice.withdraw", idea_id, voter_id, assistance_id, ended=True
        )
        if Voice.objects.filter(idea=idea, voter=voter, withdrawn_at=None).update(withdrawn_at=at):
            steps.line(by, at, "voice.withdraw", ("idea", idea.id), idea.region_code)
