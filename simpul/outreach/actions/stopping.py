"""What happens at a stop: arriving, opening the door, leaving; who came, what was explained, which matters, what was promised.

Everything here is a fact. It is never refused because it contradicts: it is kept and flagged. Two phones that tell the same stop are
united: the earliest arrival, the latest leaving, both texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import _trips, steps
from simpul.outreach.models import Guest, Promise, Socialisation, Stop, StopMatter
from simpul.outreach.rules import trips as rules
from simpul.people import access as people_access
from simpul.people.models import Person


class PeopleMissing(Refused):
    """An explanation without anybody is none."""

    code = "socialisation.nobody"
    sentence = _("Count at least one man or woman who was there.")
    field = "men"


@dataclass(frozen=True, slots=True)
class Attendance:
    """People counted at an explanation: men and women make the whole, the others are part of it."""

    men: int = 0
    women: int = 0
    elderly: int = 0
    disabled: int = 0
    youth: int = 0


@dataclass(frozen=True, slots=True)
class GuestSaid:
    """A line of the guest book."""

    name: str = ""
    person_id: UUID | None = None
    origin: str = ""
    purpose: str = ""


def arrive_stop(
    *,
    by: Actor,
    at: datetime,
    stop_id: UUID,
    arrived_at: datetime,
    official: str = "",
    official_office: str = "",
) -> Stop:
    """Arrive, and say who of the village was there. The earliest arrival stands; the same again changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        stop = _trips.begin_stop(by, "stop.arrive", stop_id)
        before = _state(stop)
        stop.arrived_at = min(arrived_at, stop.arrived_at or arrived_at)
        stop.official = _trips.joined(stop.official, text.clean_line(official, 150))[:150]
        stop.official_office = _trips.joined(stop.official_office, text.clean_line(official_office, 100))[
            :100
        ]
        if before == _state(stop):
            return stop
        _keep(stop, at)
        _trips.line(
            by,
            at,
            "stop.arrive",
            stop.trip,
            facts={"stop": str(stop.id), "arrived_at": arrived_at, "flags": stop.flags},
            inputs={"official": stop.official},
        )
    return stop


def open_stop(
    *,
    by: Actor,
    at: datetime,
    stop_id: UUID,
    opened_at: datetime,
    place: str = "",
    shut_at: datetime | None = None,
) -> Stop:
    """Open the door of the service: where, from when and until when. Earliest opening and latest shutting stand.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        stop = _trips.begin_stop(by, "stop.open", stop_id)
        before = _state(stop)
        stop.opened_at = min(opened_at, stop.opened_at or opened_at)
        stop.opened_place = _trips.joined(stop.opened_place, text.clean_line(place, 150))[:150]
        if shut_at is not None:
            stop.shut_at = max(shut_at, stop.shut_at or shut_at)
        if before == _state(stop):
            return stop
        _keep(stop, at)
        _trips.line(
            by,
            at,
            "stop.open",
            stop.trip,
            facts={
                "stop": str(stop.id),
                "opened_at": opened_at,
                "shut_at": stop.shut_at,
                "flags": stop.flags,
            },
        )
    return stop


def close_stop(
    *,
    by: Actor,
    at: datetime,
    stop_id: UUID,
    left_at: datetime | None,
    not_done: str = "",
    not_done_why: str = "",
) -> Stop:
    """Leave a stop, and say what could not be done there and why; ``left_at`` None: the team never reached it.

    Raises:
        steps.WordsMissing: never reached, and no reason.
    """
    with transaction.atomic():
        stop = _trips.begin_stop(by, "stop.close", stop_id)
        before = (*_state(stop), stop.closed_at is not None)
        why = text.clean_line(not_done_why, 300)
        if left_at is None and stop.arrived_at is None and not (why or stop.not_done_why):
            raise steps.WordsMissing(field="not_done_why")
        if left_at is not None:
            stop.left_at = max(left_at, stop.left_at or left_at)
        stop.not_done = _trips.joined(stop.not_done, text.clean_text(not_done, 4000), "\n")
        stop.not_done_why = _trips.joined(stop.not_done_why, why)[:300]
        if before == (*_state(stop), True):
            return stop
        stop.closed_at, stop.closed_by = stop.closed_at or at, by.name[:150]
        _keep(stop, at)
        _trips.line(
            by,
            at,
            "stop.close",
            stop.trip,
            facts={"stop": str(stop.id), "left_at": left_at, "flags": stop.flags},
            inputs={"not_done": stop.not_done, "why": stop.not_done_why},
        )
    return stop


def _state(stop: Stop) -> tuple[object, ...]:
    return (
        stop.arrived_at,
        stop.official,
        stop.official_office,
        stop.opened_at,
        stop.opened_place,
        stop.shut_at,
        stop.left_at,
        stop.not_done,
        stop.not_done_why,
    )


def _keep(stop: Stop, at: datetime) -> None:
    stop.flags = _trips.stop_flags(stop.trip, stop, at)
    stop.save()


# --- explained, and who came --------------------------------------------------------------------------------------------------


def record_socialisation(
    *,
    by: Actor,
    at: datetime,
    stop_id: UUID,
    topic: str,
    held_at: datetime,
    attendance: Attendance,
    words: str = "",
    photos: Sequence[str] = (),
    socialisation_id: UUID | None = None,
) -> Socialisation:
    """Write down that something was explained, and how many of which groups were there.

    Raises:
        PeopleMissing, steps.WordsMissing, steps.ChoiceUnknown, _trips.KeyTaken.
    """
    with transaction.atomic():
        stop = _trips.begin_stop(by, "socialisation.record", stop_id)
        known: Socialisation | None = _trips.again(Socialisation, socialisation_id, stop_id=stop.id)
        if known is not None:
            return known
        counts = (
            attendance.men,
            attendance.women,
            attendance.elderly,
            attendance.disabled,
            attendance.youth,
        )
        if any(not 0 <= one < 100_000 for one in counts):
            raise steps.ChoiceUnknown
        if attendance.men + attendance.women == 0:
            raise PeopleMissing
        flags = _trips.course(stop.trip)
        row = Socialisation.objects.create(
            id=socialisation_id or uuid7(),
            stop=stop,
            topic=_trips.words(topic, field="topic", most=150),
            held_at=held_at,
            men=attendance.men,
            women=attendance.women,
            elderly=attendance.elderly,
            disabled=attendance.disabled,
            youth=attendance.youth,
            words=text.clean_text(words, 4000),
            photos=[text.clean_line(one, 80) for one in photos][:20],
            flags=sorted(
                {
                    *rules.flags_of(flags, held_at, at),
                    *rules.flags_of_groups(attendance.men, attendance.women, counts[2:]),
                }
            ),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _trips.line(
            by,
            at,
            "socialisation.record",
            stop.trip,
            facts={"stop": str(stop.id), "socialisation": str(row.id), "men": row.men, "women": row.women},
        )
    return row


def withdraw_socialisation(*, by: Actor, at: datetime, socialisation_id: UUID) -> None:
    """Take back an explanation that was written down wrongly; the row stays, marked. Again changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = Socialisation.objects.select_for_update().filter(id=socialisation_id).first()
        if row is None:
            raise NotFound
        stop = _trips.begin_stop(by, "socialisation.withdraw", row.stop_id)
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at = at
        row.save()
        _trips.line(by, at, "socialisation.withdraw", stop.trip, facts={"socialisation": str(row.id)})


def sign_guest(
    *,
    by: Actor,
    at: datetime,
    stop_id: UUID,
    guest: GuestSaid,
    came_at: datetime,
    guest_id: UUID | None = None,
) -> Guest:
    """Write somebody into the guest book. A person whom this actor does not know stays a name.

    Raises:
        steps.WordsMissing: neither a name nor a person.
        _trips.KeyTaken.
    """
    with transaction.atomic():
        stop = _trips.begin_stop(by, "guest.sign", stop_id)
        known: Guest | None = _trips.again(Guest, guest_id, stop_id=stop.id)
        if known is not None:
            return known
        person = _person(by, guest.person_id)
        name = guest.name or (person.full_name if person else "")
        row = Guest.objects.create(
            id=guest_id or uuid7(),
            stop=stop,
            person=person,
            name=_trips.words(name, field="name", most=150),
            origin=text.clean_line(guest.origin, 100),
            purpose=text.clean_line(guest.purpose, 200),
            came_at=came_at,
            flags=rules.flags_of(_trips.course(stop.trip), came_at, at),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _trips.line(
            by,
            at,
            "guest.sign",
            stop.trip,
            facts={"stop": str(stop.id), "guest": str(row.id)},
            inputs={"name": row.name, "purpose": row.purpose},
        )
    return row


def _person(by: Actor, person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    try:
        return people_access.active_for(by, person_id)
    except NotFound:
        return None


def withdraw_guest(*, by: Actor, at: datetime, guest_id: UUID) -> None:
    """Take a line of the guest book back; the row stays, marked. Again changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = Guest.objects.select_for_update().filter(id=guest_id).first()
        if row is None:
            raise NotFound
        stop = _trips.begin_stop(by, "guest.withdraw", row.stop_id)
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at = at
        row.save()
        _trips.line(by, at, "guest.withdraw", stop.trip, facts={"guest": str(row.id)})


# --- matters and promises -----------------------------------------------------------------------------------------------------


def tie_matter(*, by: Actor, at: datetime, stop_id: UUID, case_id: UUID) -> StopMatter:
    """Note that a matter was taken in at a stop; it belongs to one stop, the first that was told.

    Raises:
        NotFound: no such matter for this actor.
    """
    with transaction.atomic():
        stop = _trips.begin_stop(by, "matter.tie", stop_id)
        case = case_access.get_for(by, case_id)
        known = StopMatter.objects.filter(case=case).first()
        if known is not None:
            return known
        row = StopMatter.objects.create(stop=stop, case=case, tied_at=at, tied_by=by.name[:150])
        _trips.line(by, at, "matter.tie", stop.trip, facts={"stop": str(stop.id), "case": str(case.id)})
    return row


def record_promise(
    *,
    by: Actor,
    at: datetime,
    trip_id: UUID,
    words: str,
    promised_at: datetime,
    due_date: date | None = None,
    to_name: str = "",
    stop_id: UUID | None = None,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    promise_id: UUID | None = None,
) -> Promise:
    """Write down what was promised, to whom and until when. The same ``promise_id`` again gives the same promise.

    Raises:
        steps.WordsMissing, _trips.KeyTaken, NotFound.
    """
    with transaction.atomic():
        trip = access.trip_for(by, trip_id, lock=True)
        roles.require(by, "promise.record", access.place_of_trip(by, trip))
        known: Promise | None = _trips.again(Promise, promise_id, trip_id=trip.id)
        if known is not None:
            return known
        stop = _trips.stop_or_none(by, stop_id)
        person = _person(by, person_id)
        home = people_access.households(by).filter(id=household_id).first() if household_id else None
        row = Promise.objects.create(
            id=promise_id or uuid7(),
            trip=trip,
            stop=stop if stop is not None and stop.trip_id == trip.id else None,
            household=home,
            person=person,
            to_name=text.clean_line(to_name, 150) or (person.full_name if person else ""),
            words=_trips.words(words, field="words", most=300, least=3),
            due_date=due_date,
            promised_at=promised_at,
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _trips.line(
            by,
            at,
            "promise.record",
            trip,
            facts={"promise": str(row.id), "due": due_date},
            inputs={"words": row.words, "to": row.to_name},
        )
    return row


def keep_promise(
    *, by: Actor, at: datetime, promise_id: UUID, how: str, words: str, kept_at: datetime
) -> None:
    """Finish a promise: it was kept, or who waits for it was told why not. The first word stands.

    Raises:
        steps.ChoiceUnknown, steps.WordsMissing, NotFound.
    """
    with transaction.atomic():
        row = Promise.objects.select_for_update().filter(id=promise_id).first()
        if row is None:
            raise NotFound
        trip = access.trip_for(by, row.trip_id)
        roles.require(by, "promise.keep", access.place_of_trip(by, trip))
        if row.kept_at is not None:
            return
        row.kept_how = _trips.known(how, ("kept", "told"))
        row.kept_words = _trips.words(words, field="words", most=300)
        row.kept_at = kept_at
        row.save()
        _trips.line(
            by,
            at,
            "promise.keep",
            trip,
            facts={"promise": str(row.id), "how": how},
            inputs={"words": row.kept_words},
        )
