"""Events of a trip: leaving, stops, guests, explanations, promises, accompaniment, coming back."""

from __future__ import annotations

from collections.abc import Mapping

from simpul.outreach import access as outreach_access
from simpul.outreach import actions as outreach_actions
from simpul.sync.handlers.frame import Done, FileWanted, Given, Handler, Input, Work, handler


def _start(work: Work, given: Given) -> Done:
    trip = outreach_access.trip_for(work.by, given["trip_id"])
    if trip.started_at is None:  # another phone of the team may have said so first
        outreach_actions.start_trip(
            by=work.by,
            at=work.at,
            trip_id=trip.id,
            started_at=given["started_ms"] or work.happened,
            happened=True,
        )
        if trip.state == "planned":
            return Done("flagged", "trip.unchecked", region_code=trip.region_code)
    return Done(region_code=trip.region_code)


def _return(work: Work, given: Given) -> Done:
    trip = outreach_access.trip_for(work.by, given["trip_id"])
    outreach_actions.return_trip(
        by=work.by,
        at=work.at,
        trip_id=trip.id,
        returned_at=given["returned_ms"] or work.happened,
        fuel_actual=given["fuel"],
        cost_actual=given["cost"],
        words=given["words"],
    )
    return Done(region_code=trip.region_code)


def _arrive(work: Work, given: Given) -> Done:
    stop = outreach_actions.arrive_stop(
        by=work.by,
        at=work.at,
        stop_id=given["stop_id"],
        arrived_at=given["arrived_ms"] or work.happened,
        official=given["official"],
        official_office=given["office"],
    )
    return Done(region_code=stop.region_code)


def _open(work: Work, given: Given) -> Done:
    stop = outreach_actions.open_stop(
        by=work.by,
        at=work.at,
        stop_id=given["stop_id"],
        opened_at=given["opened_ms"] or work.happened,
        place=given["place"],
        shut_at=given["shut_ms"],
    )
    return Done(region_code=stop.region_code)


def _close(work: Work, given: Given) -> Done:
    stop = outreach_actions.close_stop(
        by=work.by,
        at=work.at,
        stop_id=given["stop_id"],
        left_at=None if given["never"] else given["left_ms"] or work.happened,
        not_done=given["not_done"],
        not_done_why=given["why"],
    )
    return Done(region_code=stop.region_code)


def _sign_guest(work: Work, given: Given) -> Done:
    guest = outreach_actions.sign_guest(
        by=work.by,
        at=work.at,
        stop_id=given["stop_id"],
        guest=outreach_actions.GuestSaid(
            given["name"], given["person_id"], given["origin"], given["purpose"]
        ),
        came_at=given["came_ms"] or work.happened,
        guest_id=given["guest_id"],
    )
    return Done(region_code=guest.stop.region_code)


def _socialise(work: Work, given: Given) -> Done:
    row = outreach_actions.record_socialisation(
        by=work.by,
        at=work.at,
        stop_id=given["stop_id"],
        topic=given["topic"],
        held_at=given["held_ms"] or work.happened,
        attendance=outreach_actions.Attendance(
            *(given[name] or 0 for name in ("men", "women", "elderly", "disabled", "youth"))
        ),
        words=given["words"],
        photos=given["photos"],
        socialisation_id=given["socialisation_id"],
    )
    files = tuple(FileWanted("socialisation", row.id, one) for one in given["photos"])
    return Done(region_code=row.stop.region_code, files=files)


def _promise(work: Work, given: Given) -> Done:
    trip = outreach_access.trip_for(work.by, given["trip_id"])
    outreach_actions.record_promise(
        by=work.by,
        at=work.at,
        trip_id=trip.id,
        words=given["words"],
        promised_at=given["promised_ms"] or work.happened,
        due_date=given["due"],
        to_name=given["name"],
        stop_id=given["stop_id"],
        household_id=given["household_id"],
        person_id=given["person_id"],
        promise_id=given["promise_id"],
    )
    return Done(region_code=trip.region_code)


def _open_accompaniment(work: Work, given: Given) -> Done:
    row = outreach_actions.open_accompaniment(
        by=work.by,
        at=work.at,
        what=given["what"],
        household_id=given["household_id"],
        person_id=given["person_id"],
        words=given["words"],
        case_id=given["case_id"],
        stop_id=given["stop_id"],
        next_date=given["next"],
        opened_at=work.happened,
        accompaniment_id=given["accompaniment_id"],
    )
    return Done(region_code=row.region_code)


def _accompany(work: Work, given: Given) -> Done:
    row = outreach_access.accompaniment_for(work.by, given["accompaniment_id"])
    outreach_actions.record_accompaniment(
        by=work.by,
        at=work.at,
        accompaniment_id=row.id,
        seen_at=given["seen_ms"] or work.happened,
        how=given["how"],
        outcome=given["outcome"],
        words=given["words"],
        next_date=given["next"],
        visit_id=given["visit_id"],
    )
    return Done(region_code=row.region_code)


def _tie(work: Work, given: Given) -> Done:
    stop = outreach_access.stop_for(work.by, given["stop_id"])
    outreach_actions.tie_matter(by=work.by, at=work.at, stop_id=stop.id, case_id=given["case_id"])
    return Done(region_code=stop.region_code)


_TRIP = Input("trip_id", "key", True)
_STOP = Input("stop_id", "key", True)

HANDLERS: Mapping[str, Handler] = {
    "trip.start/1": handler(_start, "The team left.", _TRIP, Input("started_ms", "ms")),
    "trip.return/1": handler(
        _return,
        "The team is back.",
        _TRIP,
        Input("returned_ms", "ms"),
        Input("fuel", "rupiah"),
        Input("cost", "rupiah"),
        Input("words", "text"),
    ),
    "stop.arrive/1": handler(
        _arrive,
        "The team arrived, and who of the village was there. The earliest arrival stands.",
        _STOP,
        Input("arrived_ms", "ms"),
        Input("official", "text"),
        Input("office", "text"),
    ),
    "stop.open/1": handler(
        _open,
        "The door of the service is open.",
        _STOP,
        Input("opened_ms", "ms"),
        Input("place", "text"),
        Input("shut_ms", "ms"),
    ),
    "stop.close/1": handler(
        _close,
        "The team leaves, and says what could not be done and why.",
        _STOP,
        Input("left_ms", "ms"),
        Input("never", "yes", about="true: the team never reached it"),
        Input("not_done", "text"),
        Input("why", "text"),
    ),
    "guest.sign/1": handler(
        _sign_guest,
        "A line of the guest book.",
        Input("guest_id", "new", True),
        _STOP,
        Input("name", "text"),
        Input("person_id", "person"),
        Input("origin", "text"),
        Input("purpose", "text"),
        Input("came_ms", "ms"),
    ),
    "socialisation.record/1": handler(
        _socialise,
        "Something was explained; how many of which groups were there.",
        Input("socialisation_id", "new", True),
        _STOP,
        Input("topic", "text", True),
        Input("held_ms", "ms"),
        Input("men", "number"),
        Input("women", "number"),
        Input("elderly", "number", about="of these"),
        Input("disabled", "number", about="of these"),
        Input("youth", "number", about="of these"),
        Input("words", "text"),
        Input("photos", "files"),
    ),
    "matter.tie/1": handler(
        _tie, "A matter was taken in at this stop.", _STOP, Input("case_id", "key", True)
    ),
    "promise.record/1": handler(
        _promise,
        "Something was promised, with a day.",
        Input("promise_id", "new", True),
        _TRIP,
        Input("words", "text", True),
        Input("promised_ms", "ms"),
        Input("due", "day"),
        Input("name", "text", about="to whom"),
        Input("stop_id", "key"),
        Input("household_id", "household"),
        Input("person_id", "person"),
    ),
    "accompaniment.open/1": handler(
        _open_accompaniment,
        "Somebody is accompanied until the service is really received.",
        Input("accompaniment_id", "new", True),
        Input("what", "choice", True, "kis, house, document, aid, health, school, other"),
        Input("household_id", "household"),
        Input("person_id", "person"),
        Input("words", "text"),
        Input("case_id", "key"),
        Input("stop_id", "key"),
        Input("next", "day"),
    ),
    "accompaniment.record/1": handler(
        _accompany,
        "How it stands.",
        Input("visit_id", "new", True),
        Input("accompaniment_id", "key", True),
        Input("seen_ms", "ms"),
        Input("how", "choice", True, "visit, phone, office"),
        Input("outcome", "choice", True, "waiting, progress, obstacle, said_done"),
        Input("words", "text"),
        Input("next", "day"),
    ),
}
