"""Taking a matter in: one act for every door.

Content comes first, identity is optional. The act screens the words, finds the first desk, stamps the clocks, gives the
receipt, queues the message and writes the line, all in one transaction: a number that was shown exists exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access, search
from simpul.cases.actions import _planning, files, named, numbers, protection, reporters, steps
from simpul.cases.models import Case, Link, Visit
from simpul.cases.queries import receipts as receipt_queries
from simpul.cases.queries import similar as similar_queries
from simpul.cases.queries import triage as triage_queries
from simpul.cases.rules import moves, receipts
from simpul.cases.rules import triage as triage_rules
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.lib.media import CleanFile

CHANNELS = (
    "web",
    "desk",
    "phone",
    "whatsapp",
    "sms",
    "email",
    "telegram",
    "paper",
    "field",
    "open311",
    "lapor",
)
MODES = ("self", "proxy", "group", "anonymous")
URGENCIES = ("normal", "urgent", "danger")
CONSENTS = ("", "spoken", "ticked", "paper", "proxy")
DECLARED_WITHIN = timedelta(days=30)
"""So long before it arrives a matter may have been taken in without a network, and its clocks still run from then; beyond, they run from
its arrival, and the line says so. Unconfirmed: no law names a limit; it keeps a clock that stands in 1970 from making promises late."""
LARGEST_GROUP = 1_000_000
LONGEST_TEXT = 5000


TextMissing = _planning.TextMissing
PlaceUnknown = _planning.PlaceUnknown
KindUnknown = _planning.KindUnknown
NobodyThere = _planning.NobodyThere
NumberNotFree = numbers.NumberNotFree
AnonymousNotPossible = _planning.AnonymousNotPossible
AnswersWrong = _planning.AnswersWrong


class ChoiceUnknown(Refused):
    """A value that no form offers: the page is older than this version, or was changed by hand."""

    code = "case.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


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
    safe_to_call: bool | None = True
    safe_to_write: bool | None = True
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


def open_visit(
    *, by: Actor, at: datetime, channel: str, person_id: UUID | None = None, visit_id: UUID | None = None
) -> Visit:
    """One person with one or several matters: they share one receipt. Repeating with the same id changes nothing.

    Raises:
        NotFound: the visit with this id is somebody else's.
    """
    roles.require(by, "visit.open", roles.Place(region_code=by.region_code, holder_ids=by.desk_ids))
    with transaction.atomic():
        known = Visit.objects.filter(id=visit_id).first() if visit_id else None
        if known is not None and (known.desk_id, known.opened_by) != (by.desk_id, by.name):
            raise NotFound
        if known is not None:
            return known
        desk = desk_queries.desk(by.desk_id) if by.desk_id else None
        visit = Visit.objects.create(
            id=visit_id or uuid7(),
            desk_id=by.desk_id,
            person_id=person_id,
            channel=channel,
            opened_at=at,
            opened_by=by.name,
            outside_hours=desk is not None and not desk_queries.is_open_now(desk, at),
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
    origin: Case | None = None,
    desk_id: UUID | None = None,
    quiet: bool = False,
    triage: Sequence[str] = (),
    number: str = "",
    declared_at: datetime | None = None,
) -> Opened:
    """Take a matter in and give its receipt.

    Args:
        at: when it was received; clocks run from here. A sheet's own date is in ``paper``.
        number: the number that was reserved for ``case_id`` and handed over with its PIN (``reserve_numbers``). Without it a matter whose
            key was reserved has got its 16-digit receipt. Such a matter shares no receipt with others of its visit.
        declared_at: when it was taken in without a network, by the clock there; ``at`` is then when it arrived. Clocks run from it, unless
            it lies ahead or more than ``DECLARED_WITHIN`` back: then from ``at``.
        text_given: the person's own words, up to 5,000 characters.
        region_code: the village (or district, when the village is not known) it is about.
        case_id: made by the door before the person pressed the button: the same id again returns the same receipt.
        origin: the matter this one is taken out of or appeals against: as closed as that one, the same people kept away.
        desk_id: where it starts, in place of its kind's route; a sealed matter starts at a protected desk all the same.
        triage: what was ticked of the life-safety questions of an emergency; it makes a matter more urgent, never less.
        quiet: queue no receipt, because whoever takes it in gives it themselves, or because nothing may be written there.

    Raises:
        TextMissing, PlaceUnknown, KindUnknown, AnonymousNotPossible, AnswersWrong, ChoiceUnknown, NobodyThere, NumberNotFree.
        NotAllowed: this actor does not take matters in for this place.
        NotFound: no such visit of this officer, or no such shared cause.
    """
    roles.require(by, "case.open", roles.Place(region_code=region_code, holder_ids=by.desk_ids))
    _check_choices(channel, mode, urgency, consent, group_size)
    with transaction.atomic():
        known = _known(by, case_id)
        if known is not None:
            return known
        _check_joined(by, visit_id, incident_id)
        words = text.clean_text(text_given, LONGEST_TEXT)
        lax = triage_queries.relaxes_identity(region_code, at)
        asked = (kind_code, region_code, words, title, answers or {}, mode, named.desks_away(parties, origin))
        plan = _planning.plan(by, *asked, origin, desk_id, nameless_allowed=lax)
        series = numbers.series_of(at, region_code)
        known = _known(by, case_id)  # by the same press, while this one waited for its turn
        if known is not None:
            return known
        new_id, number, reserved = numbers.begun(case_id, number)
        received, handed_out = _received(declared_at, at), reserved is not None and not reserved.receipt
        visit_id = None if handed_out else visit_id
        secret = plan.sensitivity == "sealed" or mode == "anonymous"
        receipt = receipt_queries.derive(new_id, visit_id, secret=not number if handed_out else secret)
        taken = partial(reporters.person_of, by, at, region_code=region_code, language=language, nameless=lax)
        case = Case.objects.create(
            id=new_id,
            number=numbers.number_for(reserved, number, series, at, region_code),
            receipt_index=receipt_queries.receipt_index(receipt.receipt16),
            visit_id=visit_id,
            incident_id=incident_id if plan.sensitivity == "normal" else None,
            title=text.clean_line(title)[:150] or receipts.title_from(words),
            text=words,
            region_code=region_code,
            hamlet_id=hamlet_id,
            place=text.clean_line(place)[:200],
            happened_date=happened_date,
            channel=channel,
            mode=mode,
            reporter=None if mode == "anonymous" else taken(reporter),
            about=taken(about),
            relation=text.clean_line(relation)[:60],
            group_size=group_size,
            assisted_by=_helper(by),
            consent=consent,
            hide_name=hide_name,
            notice_version=notice_version,
            language=language,
            device_at=declared_at or device_at,
            **_urgent(urgency, triage),
            **_decided(plan, received, at),
            **_written(paper),
        )
        _begin_life(by, at, received, case, parties, clean_files, origin, quiet=quiet)
        steps.journal(
            by,
            at,
            "case.open",
            case,
            {**_shown_facts(case), "desk": plan.desk.name, **_declared(declared_at, received)},
            {"title": case.title, "text": words, "answers": plan.answers, "mode": mode},
        )
        return Opened(case, case.number, receipt.pin, receipt.receipt16)


def _shown_facts(case: Case) -> dict[str, str]:
    """What the line may say for ever: never the number of a sealed matter."""
    return {"number": steps.shown_number(case), "kind": case.kind_id, "channel": case.channel}


def _received(declared_at: datetime | None, at: datetime) -> datetime:
    """From when clocks run: the declared moment, where it can be one; no clock is ever a reason to refuse."""
    return declared_at if declared_at is not None and at - DECLARED_WITHIN <= declared_at <= at else at


def _declared(declared_at: datetime | None, received: datetime) -> dict[str, str]:
    """What the line says of a matter that was taken in without a network: when, and from when its clocks run."""
    if declared_at is None:
        return {}
    since = "declared" if received == declared_at else "receipt"
    return {"declared_at": declared_at.isoformat(), "clocks_from": since}


def _decided(plan: _planning.Plan, received: datetime, at: datetime) -> dict[str, Any]:
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
        "outside_hours": not desk_queries.is_open_now(plan.desk, received),
        "received_at": received,
        "recorded_at": timezone.now(),
        "changed_at": at,
    }


def _urgent(said: str, ticked: Sequence[str]) -> dict[str, Any]:
    """How urgent it is: what was said, raised by what was ticked of the life-safety questions."""
    asked = triage_queries.questions()
    return {
        "urgency": triage_rules.urgency(said, ticked, asked),
        "triage": triage_rules.known(ticked, asked),
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
    by: Actor,
    at: datetime,
    received: datetime,
    case: Case,
    parties: Sequence[PartyGiven],
    clean_files: Sequence[CleanFile],
    origin: Case | None,
    *,
    quiet: bool = False,
) -> None:
    """Put the new case on its chain, stamp its clocks, keep its files, index it, tell the person."""
    sealed = case.sensitivity == "sealed"
    own = by.desk_id if by.desk_id != case.holder_id and not sealed else None
    taker = desk_queries.desk(own) if own else None
    steps.begin_chain(case, [case.holder, taker] if taker else [case.holder], at)
    for party in parties:
        named.add_party(case, at, party)
    if origin is not None:
        named.keep_as_closed(case, origin, at)
    for clean in clean_files:
        files.keep_clean(case, clean, at, by_name=by.name, from_resident=by.is_public)
    steps.start_kind_clocks(case, "received", received, case.holder)
    if sealed:
        protection.start_protection(case, received)
    if case.visit_id:
        siblings = Case.objects.filter(visit_id=case.visit_id).exclude(id=case.id)
        Link.objects.bulk_create(
            [Link(case=case, other=other, kind="visit", made_at=at) for other in siblings]
        )
    if not sealed:
        search.index_case(case)
    if not quiet:
        steps.tell(case, "receipt", at, once="1", values={"desk": case.holder.name})
    steps.tell_desk(case, case.holder, "desk_new", at, once="1")


def _check_choices(channel: str, mode: str, urgency: str, consent: str, group_size: int | None) -> None:
    for field_, value, known in (
        ("channel", channel, CHANNELS),
        ("mode", mode, MODES),
        ("urgency", urgency, URGENCIES),
        ("consent", consent, CONSENTS),
    ):
        if value not in known:
            raise ChoiceUnknown(field=field_)
    if group_size is not None and not 1 <= group_size <= LARGEST_GROUP:
        raise ChoiceUnknown(field="group_size")


def _check_joined(by: Actor, visit_id: UUID | None, incident_id: UUID | None) -> None:
    """A visit's matters share one PIN, so only who opened the visit adds to it; a shared cause must be one, and open to residents."""
    visit = Visit.objects.filter(id=visit_id).first() if visit_id is not None else None
    if visit_id is not None and (visit is None or (visit.desk_id, visit.opened_by) != (by.desk_id, by.name)):
        raise NotFound
    if incident_id is None or similar_queries.open_incident(incident_id) is not None:
        return
    if by.is_public or not access.visible(by).filter(id=incident_id, is_incident=True).exists():
        raise NotFound


def _helper(by: Actor) -> str:
    """The officer who took it in; nobody when the person did so themselves, on a page or by a message that the machine took in."""
    return "" if by.is_public or by.role == SYSTEM else by.name


def _known(by: Actor, case_id: UUID | None) -> Opened | None:
    """The receipt of a case that was already opened with this id: after a lost reply, a second press, the back button.

    Raises:
        NotFound: somebody else opened it.
    """
    key = numbers.pressed(case_id)
    case = Case.objects.filter(id=key).select_related("kind").first() if key else None
    if case is None:
        return None
    if case.assisted_by != _helper(by):
        raise NotFound
    receipt = receipt_queries.derive(case.id, case.visit_id, secret=bool(case.receipt_index))
    return Opened(case, case.number, receipt.pin, receipt.receipt16, again=True)
