"""Taking a matter in: one act for every door.

Content comes first, identity is optional. The act screens the words, finds the first desk, stamps the clocks, gives the
receipt, queues the message and writes the line, all in one transaction: a number that was shown exists exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access, search
from simpul.cases.actions import files, protection, steps
from simpul.cases.models import Case, Exclusion, Kind, Link, NumberSeries, Party, Visit
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import receipts as receipt_queries
from simpul.cases.queries import screening as screening_queries
from simpul.cases.queries import similar as similar_queries
from simpul.cases.rules import kinds as kind_rules
from simpul.cases.rules import moves, receipts
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import ids, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.lib.media import CleanFile
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.regions import queries as region_queries

if TYPE_CHECKING:
    from simpul.desks.models import Desk
    from simpul.people.models import Person

CHANNELS = ("web", "desk", "phone", "whatsapp", "sms", "email", "telegram", "paper", "field", "open311")
MODES = ("self", "proxy", "group", "anonymous")
URGENCIES = ("normal", "urgent", "danger")
LONGEST_TEXT = 5000


class TextMissing(Refused):
    """Nothing was told."""

    code = "case.text_missing"
    sentence = _("Tell in a few words what happened or what is needed.")
    field = "text"


class PlaceUnknown(Refused):
    """The village is not known here."""

    code = "case.place_unknown"
    sentence = _("Choose the village this is about, so that it reaches the right desk.")
    field = "region_code"


class KindUnknown(Refused):
    """This kind of matter is not taken here."""

    code = "case.kind_unknown"
    sentence = _("Choose what this is about from the list.")
    field = "kind_code"


class NobodyThere(Refused):
    """No desk is set up for this kind and place."""

    code = "case.no_desk"
    sentence = _(
        "No desk is set up yet for this kind of matter in this place. Please call or visit the office; its administrator must set the route."
    )


class AnonymousNotPossible(Refused):
    """This kind needs somebody to answer to."""

    code = "case.anonymous_not_possible"
    sentence = _(
        "This kind of request needs a name, because the result is given to a person. Please give a name, or choose another kind."
    )
    field = "mode"


class AnswersWrong(Refused):
    """The kind's own questions are not answered properly; ``errors`` says which and why."""

    code = "case.answers_wrong"
    sentence = _("Some answers need another look.")

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """A person as a door heard of them; ``person_id`` when they are already registered."""

    name: str = ""
    person_id: UUID | None = None
    phone: str = ""
    email: str = ""
    nik: str = ""
    sex: str = ""
    birth_date: date | None = None
    address: str = ""
    landmark: str = ""
    needs: str = ""
    owner: str = "own"
    owner_name: str = ""
    safe_to_call: bool = True
    safe_to_write: bool = True
    warning: str = ""


@dataclass(frozen=True, slots=True)
class PartyGiven:
    """Somebody named in the matter. An accused officer is kept away from it by ``user_id`` and ``desk_id``."""

    role: str
    name: str
    office: str = ""
    user_id: UUID | None = None
    desk_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """The sheet a matter came on: its own number and date stay true, whenever it is typed in."""

    number: str = ""
    written_date: date | None = None
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the person takes home. ``pin`` is empty for anonymous and sealed matters, which have a 16-digit receipt."""

    case: Case
    number: str
    pin: str
    receipt16: str
    again: bool = False


@dataclass(slots=True)
class _Plan:
    """What was decided before anything is written."""

    kind: Kind
    answers: dict[str, object]
    sensitivity: str
    screening: str
    screen_words: list[str]
    desk: Desk
    calm: bool = field(default=True)


def open_visit(
    *, by: Actor, at: datetime, channel: str, person_id: UUID | None = None, visit_id: UUID | None = None
) -> Visit:
    """One person with one or several matters: they share one receipt. Repeating with the same id changes nothing."""
    roles.require(by, "visit.open", roles.Place(region_code=by.region_code, holder_ids=by.desk_ids))
    with transaction.atomic():
        known = Visit.objects.filter(id=visit_id).first() if visit_id else None
        if known is not None:
            return known
        visit = Visit.objects.create(
            id=visit_id or uuid7(),
            desk_id=by.desk_id,
            person_id=person_id,
            channel=channel,
            opened_at=at,
            opened_by=by.name,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="visit.open",
            subject_kind="visit",
            subject_id=visit.id,
            facts={"channel": channel},
        )
        return visit


def open_case(
    *,
    by: Actor,
    at: datetime,
    kind_code: str,
    text_given: str,
    region_code: str,
    channel: str,
    title: str = "",
    answers: Mapping[str, object] | None = None,
    mode: str = "self",
    reporter: PersonGiven | None = None,
    about: PersonGiven | None = None,
    relation: str = "",
    group_size: int | None = None,
    hamlet_id: UUID | None = None,
    place: str = "",
    happened_date: date | None = None,
    urgency: str = "normal",
    consent: str = "",
    hide_name: bool = False,
    notice_version: str = "",
    paper: Paper | None = None,
    parties: Sequence[PartyGiven] = (),
    clean_files: Sequence[CleanFile] = (),
    language: str = "id",
    device_at: datetime | None = None,
    visit_id: UUID | None = None,
    incident_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Opened:
    """Take a matter in and give its receipt.

    Args:
        at: when it was received; clocks run from here. A sheet's own date is in ``paper``.
        text_given: the person's own words, up to 5,000 characters.
        region_code: the village (or district, when the village is not known) it is about.
        case_id: made by the door before the person pressed the button: the same id again returns the same receipt.

    Raises:
        TextMissing, PlaceUnknown, KindUnknown, AnonymousNotPossible, AnswersWrong, NobodyThere.
        NotAllowed: this actor does not take matters in for this place.
    """
    roles.require(by, "case.open", roles.Place(region_code=region_code, holder_ids=by.desk_ids))
    with transaction.atomic():
        known = Case.objects.filter(id=case_id).select_related("kind").first() if case_id else None
        if known is not None:
            return _same_again(by, known)
        words = text.clean_text(text_given, LONGEST_TEXT)
        plan = _plan(by, kind_code, region_code, words, title, answers or {}, mode)
        if by.is_public and incident_id and similar_queries.open_incident(incident_id) is None:
            raise NotFound
        new_id = case_id or uuid7()
        receipt = receipt_queries.derive(
            new_id, visit_id, secret=plan.sensitivity == "sealed" or mode == "anonymous"
        )
        case = Case.objects.create(
            id=new_id,
            number=_number(at, region_code),
            receipt_index=receipt_queries.receipt_index(receipt.receipt16),
            visit_id=visit_id,
            incident_id=incident_id,
            title=text.clean_line(title)[:150] or receipts.title_from(words),
            text=words,
            region_code=region_code,
            hamlet_id=hamlet_id,
            place=text.clean_line(place)[:200],
            happened_date=happened_date,
            channel=channel,
            mode=mode,
            reporter=_person(by, at, reporter, region_code, language) if mode != "anonymous" else None,
            about=_person(by, at, about, region_code, language),
            relation=text.clean_line(relation)[:60],
            group_size=group_size,
            assisted_by="" if by.is_public else by.name,
            consent=consent,
            hide_name=hide_name,
            notice_version=notice_version,
            language=language,
            device_at=device_at,
            urgency=urgency,
            **_decided(plan, at),
            **_written(paper),
        )
        _begin_life(by, at, case, parties, clean_files)
        steps.journal(
            by,
            at,
            "case.open",
            case,
            {
                "number": case.number if plan.sensitivity != "sealed" else "",
                "kind": kind_code,
                "channel": channel,
                "desk": plan.desk.name,
            },
            {"title": case.title, "text": words, "answers": plan.answers, "mode": mode},
        )
        return Opened(case, case.number, receipt.pin, receipt.receipt16)


def _decided(plan: _Plan, at: datetime) -> dict[str, Any]:
    """The columns that follow from the plan and the moment."""
    return {
        "kind": plan.kind,
        "kind_version": plan.kind.version,
        "answers": plan.answers,
        "state": moves.NEW,
        "sensitivity": plan.sensitivity,
        "screening": plan.screening,
        "screen_words": plan.screen_words,
        "holder": plan.desk,
        "acting": plan.desk,
        "first_desk": plan.desk,
        "outside_hours": not desk_queries.is_open_now(plan.desk, at),
        "received_at": at,
        "recorded_at": timezone.now(),
        "changed_at": at,
    }


def _written(paper: Paper | None) -> dict[str, Any]:
    """The columns of the sheet a matter came on."""
    if paper is None:
        return {}
    return {
        "paper_number": text.clean_line(paper.number)[:60],
        "paper_date": paper.written_date,
        "paper_writer": text.clean_line(paper.writer)[:150],
    }


def _begin_life(
    by: Actor, at: datetime, case: Case, parties: Sequence[PartyGiven], clean_files: Sequence[CleanFile]
) -> None:
    """Put the new case on its chain, stamp its clocks, keep its files, index it, tell the person."""
    sealed = case.sensitivity == "sealed"
    steps.join_chain(case, case.holder, at)
    if by.desk_id and not sealed and by.desk_id != case.holder_id:
        taker = desk_queries.desk(by.desk_id)
        if taker is not None:
            steps.join_chain(case, taker, at)
    for party in parties:
        _add_party(case, at, party)
    for clean in clean_files:
        files.keep_clean(case, clean, at, by_name=by.name, from_resident=by.is_public)
    steps.start_kind_clocks(case, "received", at, case.holder)
    if sealed:
        protection.start_protection(case, at)
    if case.visit_id:
        siblings = Case.objects.filter(visit_id=case.visit_id).exclude(id=case.id)
        Link.objects.bulk_create(
            [Link(case=case, other=other, kind="visit", made_at=at) for other in siblings]
        )
    if not sealed:
        search.index_case(case)
    steps.tell(case, "receipt", at, once="1", values={"desk": case.holder.name})
    steps.tell_desk(case, case.holder, "desk_new", at, once="1")


def _add_party(case: Case, at: datetime, party: PartyGiven) -> None:
    name = text.clean_line(party.name)[:150]
    if name:
        Party.objects.create(
            case=case, role=party.role, name=name, office=text.clean_line(party.office)[:100]
        )
    if party.role == "accused" and (party.user_id or party.desk_id):
        reason = str(_("Named in the matter"))
        if party.user_id:
            Exclusion.objects.create(case=case, user_id=party.user_id, reason=reason, made_at=at)
        if party.desk_id:
            Exclusion.objects.create(case=case, desk_id=party.desk_id, reason=reason, made_at=at)


def _plan(
    by: Actor,
    kind_code: str,
    region_code: str,
    words: str,
    title: str,
    answers: Mapping[str, object],
    mode: str,
) -> _Plan:
    """Decide kind, sensitivity and first desk, or refuse."""
    kind = kind_queries.get_kind(kind_code)
    if kind is None or not kind.is_active:
        raise KindUnknown
    if len(words.strip()) < 3:
        raise TextMissing
    if region_queries.find_region(region_code) is None:
        raise PlaceUnknown
    if mode == "anonymous" and not kind.anonymous_allowed:
        raise AnonymousNotPossible
    clean, errors = kind_rules.check_answers(kind.fields, answers)
    if errors:
        raise AnswersWrong(errors)
    screened = screening_queries.screen((words, title, *(str(value) for value in clean.values())))
    sensitivity = kind_rules.sensitivity_from(kind.sensitivity, kind.fields, clean)
    if screened.flagged:
        sensitivity = "sealed"
    desk = _first_desk(by, kind, region_code, clean, sealed=sensitivity == "sealed")
    return _Plan(
        kind, clean, sensitivity, "flagged" if screened.flagged else "clear", list(screened.words), desk
    )


def _first_desk(
    by: Actor, kind: Kind, region_code: str, answers: Mapping[str, object], *, sealed: bool
) -> Desk:
    """The desk that the matter starts at: the protected one for sealed matters, else the route's, else the taker's own."""
    desk = kind_queries.first_desk(kind, region_code, answers)
    if sealed and (desk is None or not desk.protected):
        desk = desk_queries.nearest("protected", region_code) or desk
    if desk is None and by.desk_id:
        desk = desk_queries.desk(by.desk_id)
        desk = desk if desk is not None and desk.closed_at is None else None
    desk = desk or desk_queries.nearest("call_centre", region_code)
    if desk is None:
        raise NobodyThere
    return desk


def _number(at: datetime, region_code: str) -> str:
    """The next number of the month, in the zone of the place. The row is locked until the transaction ends."""
    prefix = desk_queries.institution().number_prefix
    local = at.astimezone(ZoneInfo(region_queries.zone_of(region_code)))
    key = f"{prefix}-{local:%y%m}"
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key).update(last=F("last") + 1)
    last = NumberSeries.objects.values_list("last", flat=True).get(key=key)
    return ids.format_case_number(prefix, local.year, local.month, last)


def _same_again(by: Actor, case: Case) -> Opened:
    """The receipt of a case that was already opened with this id: after a lost reply, a second press, the back button."""
    if not by.is_public and case.assisted_by != by.name:
        raise NotFound
    receipt = receipt_queries.derive(case.id, case.visit_id, secret=bool(case.receipt_index))
    return Opened(case, case.number, receipt.pin, receipt.receipt16, again=True)


def _person(
    by: Actor, at: datetime, given: PersonGiven | None, region_code: str, language: str
) -> Person | None:
    """The person a door heard of, registered with what is known; None when nothing is."""
    if given is None:
        return None
    if given.person_id is not None:
        return _known_person(by, given.person_id)
    if not any((given.name, given.phone, given.email)):
        return None
    place = roles.Place(region_code=region_code, holder_ids=by.desk_ids)
    registered = people_actions.register_person(
        by=by,
        at=at,
        full_name=given.name,
        sex=given.sex,
        birth_date=given.birth_date,
        nik=given.nik,
        region_code=region_code,
        address=given.address,
        landmark=given.landmark,
        needs=given.needs,
        language=language,
        place=place,
    )
    for channel, value in (("phone", given.phone), ("email", given.email)):
        if value.strip():
            people_actions.add_contact(
                by=by,
                at=at,
                person_id=registered.person.id,
                channel=channel,
                as_typed=value,
                owner=given.owner,
                owner_name=given.owner_name,
                safe_to_call=given.safe_to_call,
                safe_to_write=given.safe_to_write,
                warning=given.warning,
                place=place,
            )
    return registered.person


def _known_person(by: Actor, person_id: UUID) -> Person:
    """A registered person whom the actor may see: in the register of their area, or through a matter of theirs.

    Raises:
        NotFound: unknown, or not for this actor.
    """
    concerned = (
        access.visible(by)
        .filter(Q(reporter_id=person_id) | Q(about_id=person_id))
        .select_related("reporter", "about")
        .first()
    )
    if concerned is not None:
        person = concerned.reporter if concerned.reporter_id == person_id else concerned.about
        if person is not None:
            return person
    return people_access.person_for(by, person_id)
