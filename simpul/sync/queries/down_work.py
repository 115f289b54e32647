"""What a person has to do, with the reason in words; the matters and the switched-off cards that are theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from simpul.cases import access as case_access
from simpul.cases.models import Case, Question
from simpul.cases.rules import moves
from simpul.lib import when
from simpul.messages import access as message_access
from simpul.outreach import access as outreach_access
from simpul.outreach.queries import doors as door_queries
from simpul.outreach.queries import trips as trip_queries
from simpul.outreach.rules import accompanying as accompanying_rules
from simpul.outreach.rules import need as need_rules
from simpul.outreach.rules import trips as trip_rules
from simpul.outreach.rules import verification as verification_rules
from simpul.programmes.access import kis as kis_access
from simpul.programmes.access import rounds as round_access
from simpul.programmes.models import Card, Delivery
from simpul.programmes.queries import kis as kis_queries
from simpul.programmes.rules import kis as kis_rules
from simpul.regions import queries as region_queries
from simpul.sync.queries.down_register import Row, Tables, told
from simpul.sync.queries.view import Names, View

MOST_OF_A_KIND = 300


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


CASE_STATES: Mapping[str, str] = {
    "new": _("Nobody has taken it on yet"),
    "working": _("A desk is at work on it"),
    "offered": _("Offered to another desk"),
    "waiting": _("Waits for the person's answer"),
    "handed_in": _("The answer is being checked"),
    "answered": _("Answered"),
    "closed": _("Closed"),
    "merged": _("Joined to another matter"),
    "withdrawn": _("Taken back by the person"),
}
"""States of a matter in words for the field."""


def work(view: View, names: Names) -> tuple[Tables, set[UUID], set[UUID]]:
    """The work of the seat, the overdue first; the households and the persons that it is about."""
    rows: list[Row] = []
    homes: set[UUID] = set()
    people: set[UUID] = set()
    for one in _everything(view):
        rows.append(
            told(
                {
                    **one,
                    "household": names(one["household"]),
                    "person": names(one["person"]),
                    "due": _iso(one["due"]),
                }
            )
        )
        homes |= {one["household"]} - {None}
        people |= {one["person"]} - {None}
    rows.sort(key=lambda row: (row.get("due", "9999"), row["kind"], row["id"]))
    return {"work": rows}, homes, people


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _task(
    kind: str,
    ref: UUID,
    why: str,
    *,
    household: UUID | None = None,
    person: UUID | None = None,
    due: date | None = None,
) -> Row:
    return {
        "id": f"{kind}:{ref}",
        "kind": kind,
        "ref": str(ref),
        "why": why,
        "household": household,
        "person": person,
        "due": due,
    }


def _everything(view: View) -> Iterator[Row]:
    yield from _doors(view)
    yield from _trip_doors(view)
    yield from _cards(view)
    yield from _deliveries(view)
    yield from _accompanied(view)
    yield from _promises(view)
    yield from _calls(view)
    yield from _questions(view)


def _doors(view: View) -> Iterator[Row]:
    """Doors on the seat's own list: a visit, or the ministry's verification."""
    for door in door_queries.mine(view.by, view.today, limit=MOST_OF_A_KIND):
        given, check = door.assignment, door.verification
        reasons = [gettext(need_rules.REASONS[name][1]) for name in door.need.reasons[:3]]
        why = (given.note if given else "") or ", ".join(reasons)
        due = given.due_date if given else None
        home = door.household.id
        if (
            check is not None
            and check.state not in verification_rules.SUBMITTED
            and check.approved_at is None
        ):
            state = gettext(verification_rules.HOUSEHOLD_STATES.get(check.state, check.state))
            yield _task(
                "verification",
                check.id,
                check.revoke_note or f"{state}: {why}" if why else state,
                household=home,
                due=due,
            )
        elif given is not None:
            yield _task("visit", given.id, why, household=home, due=due)


def _trip_doors(view: View) -> Iterator[Row]:
    """Doors on the lists of the trips one goes along on, that nobody has been to on the trip."""
    for trip in trip_queries.trips_of_seat(view.by, view.today):
        for seen in trip_queries.doors(trip):
            if not seen.settled:
                why = seen.door.words or gettext(trip_rules.REASONS.get(seen.door.reason, ""))
                yield _task(
                    "trip_door", seen.door.id, why, household=seen.door.household_id, due=trip.end_date
                )


def _cards(view: View) -> Iterator[Row]:
    for card in kis_queries.doors(view.by)[:MOST_OF_A_KIND]:
        why, source = kis_rules.why(card.need, card.need_source)
        words = gettext(why) + (f" ({gettext(source)})" if source else "")
        home = card.person.household_id if card.person is not None else None
        yield _task("kis", card.id, words, household=home, person=card.person_id)


def _deliveries(view: View) -> Iterator[Row]:
    """Names on lists of rounds that run today, to whom nothing was brought yet; a long list is walked from its own page."""
    running = round_access.rounds(view.by).filter(state="open", starts_date__lte=view.today)
    same = Q(household_id=OuterRef("household_id")) | Q(person_id=OuterRef("person_id"))
    given = Delivery.objects.filter(
        same, round_id=OuterRef("round_id"), state="standing", outcome="delivered"
    )
    entries = round_access.entries(view.by).filter(~Exists(given), round__in=running, state="listed")
    waiting = list(
        entries.select_related("round").order_by("round_id", "region_code", "id")[: MOST_OF_A_KIND + 1]
    )
    for one in waiting if len(waiting) <= MOST_OF_A_KIND else ():
        yield _task(
            "delivery",
            one.id,
            one.round.name,
            household=one.household_id,
            person=one.person_id,
            due=one.round.ends_date,
        )


def _accompanied(view: View) -> Iterator[Row]:
    rows = outreach_access.accompaniments(view.by).filter(
        state="open", seat_id=view.by.seat_id or UUID(int=0)
    )
    free = Q(person=None) | Q(person__restricted_at=None)
    for one in rows.filter(free).order_by("next_date", "id")[:MOST_OF_A_KIND]:
        why = gettext(accompanying_rules.WHATS.get(one.what, "")) + (f": {one.words}" if one.words else "")
        yield _task(
            "accompaniment", one.id, why, household=one.household_id, person=one.person_id, due=one.next_date
        )


def _promises(view: View) -> Iterator[Row]:
    for one in trip_queries.open_promises(view.by, limit=MOST_OF_A_KIND):
        yield _task(
            "promise", one.id, one.words, household=one.household_id, person=one.person_id, due=one.due_date
        )


def _calls(view: View) -> Iterator[Row]:
    """Call-backs that were promised at the seat's desks; what is sealed stays at the desk."""
    rows = message_access.calls(view.by).filter(
        desk_id__in=view.by.desk_ids, callback_due_at__isnull=False, callback_done_at=None, sealed=False
    )
    for one in rows.order_by("callback_due_at", "id")[:MOST_OF_A_KIND]:
        words = ", ".join(part for part in (one.caller_name, one.number_typed, one.callback_why) if part)
        yield _task("call", one.id, words, due=_day(view, one.callback_due_at))


def _questions(view: View) -> Iterator[Row]:
    """Matters of the seat's desks that wait for what the person was asked."""
    waiting = _own_cases(view).filter(state=moves.WAITING, holder_id__in=view.by.desk_ids)
    found = {one.id: one for one in waiting.order_by("due_at", "id")[:MOST_OF_A_KIND]}
    asked = Question.objects.filter(case_id__in=list(found), replied_at=None).order_by("asked_at")
    words = dict(asked.values_list("case_id", "text"))
    for key, case in found.items():
        person = _person_of(case)
        yield _task("question", key, words.get(key, case.title), person=person.id if person else None,
                    household=person.household_id if person else None, due=_day(view, case.due_at))  # fmt: skip


def _day(view: View, moment: datetime | None) -> date | None:
    area = view.by.served_areas[0]
    return (
        when.local_date(moment, region_queries.zone_of(area) if area else "Asia/Makassar") if moment else None
    )


# --- matters and cards --------------------------------------------------------------------------------------------------------


def _own_cases(view: View) -> Any:
    """Open matters that the seat sees; sealed ones never leave the office."""
    return (
        case_access.visible(view.by)
        .exclude(sensitivity="sealed")
        .filter(state__in=sorted(moves.OPEN_STATES | {moves.ANSWERED}))
        .select_related("kind", "reporter", "about")
    )


def _person_of(case: Case) -> Any:
    """Whom a matter is about, as far as a phone may know: nobody where the name was to be hidden."""
    reporter = None if case.hide_name or case.mode == "anonymous" else case.reporter
    found = case.about or reporter
    if found is None or found.restricted_at is not None or found.erased_at is not None:
        return None
    return found


def cases(view: View, only: Collection[UUID] | None = None) -> list[Case]:
    """The matters that go down, the one due first at the top."""
    rows = _own_cases(view)
    if only is not None:
        rows = rows.filter(id__in=list(only))
    return list(rows.order_by("due_at", "received_at")[:MOST_OF_A_KIND])


def case_row(view: View, case: Case, names: Names) -> Row:
    """One matter."""
    person = _person_of(case)
    return told({
        "id": str(case.id), "number": case.number, "kind": case.kind_id, "title": case.title, "state": case.state,
        "state_words": gettext(CASE_STATES.get(case.state, case.state)), "region": case.region_code,
        "household": names(person.household_id) if person else "", "person": names(person.id) if person else "",
        "opened": _iso(_day(view, case.received_at)), "due": _iso(_day(view, case.due_at)), "words": case.text[:500],
    })  # fmt: skip


def cards(view: View, names: Names, only: Collection[UUID] | None = None) -> list[Row]:
    """Switched-off cards on the seat's own list, and of roles that see all of the area those that still wait for their door."""
    rows = kis_access.visible(view.by).select_related("person", "hamlet")
    mine = Q(seat_id=view.by.seat_id or UUID(int=0))
    rows = (
        rows.filter(id__in=list(only))
        if only is not None
        else rows.filter(mine).exclude(state__in=sorted(kis_rules.ENDED))
    )
    return [_card(one, names) for one in rows.order_by("rank", "id")[:MOST_OF_A_KIND]]


def _card(one: Card, names: Names) -> Row:
    why, _source = kis_rules.why(one.need, one.need_source)
    words = (
        kis_rules.STATES[one.state] if one.state in kis_rules.STATES else kis_rules.DOORS.get(one.door, "")
    )
    home = one.person.household_id if one.person is not None else None
    following = ["door.record"] if not one.state else []
    row = {
        "id": str(one.id),
        "person": names(one.person_id),
        "household": names(home),
        "name": one.name,
        "address": one.address,
        "landmark": one.landmark,
        "state": one.state or one.door,
        "state_words": gettext(words) if words else "",
        "why": gettext(why),
        "next": [*following, *(act for act in kis_queries.next_steps(one) if act == "card.ask")],
    }
    return told(row)
