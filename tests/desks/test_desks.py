"""Desks, seats, delegations, links, hours: who may, what is refused, what the actor becomes, what the journal keeps."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from simpul import roles
from simpul.accounts import actions as account_actions
from simpul.desks import access, queries
from simpul.desks import actions as desk_actions
from simpul.desks.actions import desks, institution, links, seats
from simpul.desks.models import Desk, Institution, PersonalLink, Seat
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused

ADMINISTRATOR = Actor(role="administrator", name="Admin", strong=True)
MAMUJU, DUNGKAIT, BONTO_JAI = "7602", "7602132001", "7303012008"

pytestmark = pytest.mark.django_db


def _desk(
    now: datetime,
    code: str,
    kind: str = "puskesos",
    level: str = "village",
    region: str = DUNGKAIT,
    **more: Any,
) -> Desk:
    return desk_actions.open_desk(
        by=MACHINE, at=now, code=code, name=code.title(), kind=kind, level=level, region_code=region, **more
    )


def _person(now: datetime, username: str) -> Any:
    return account_actions.add_user(by=MACHINE, at=now, username=username, full_name=username.title()).user


def _seat(now: datetime, user: Any, desk: Desk, role: str, **more: Any) -> Seat:
    return desk_actions.give_seat(by=MACHINE, at=now, user_id=user.id, desk_id=desk.id, role=role, **more)


def _last(kind: str) -> Line:
    return Line.objects.filter(kind=kind).order_by("-recorded_at").first()  # type: ignore[return-value]


@pytest.fixture
def counter(now: datetime) -> Desk:
    return _desk(now, "puskesos-dungkait")


@pytest.fixture
def centre(now: datetime) -> Desk:
    return _desk(now, "pusat-mamuju", "call_centre", "regency", MAMUJU)


@pytest.fixture
def ani(now: datetime) -> Any:
    return _person(now, "ani")


@pytest.fixture
def budi(now: datetime) -> Any:
    return _person(now, "budi")


# --- the institution ------------------------------------------------------------------------------------------------


def _picture() -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(target, "PNG")
    return target.getvalue()


def test_the_institution_gets_its_name_colour_and_emblem(now: datetime) -> None:
    assert queries.institution().name == "Simpul"
    desk_actions.change_institution(
        by=ADMINISTRATOR, at=now, name="Pemerintah Kabupaten Mamuju", short_name="Mamuju", region_code=MAMUJU,
        brand="#0b4f6c", emblem=_picture(), quiet_from=time(21),
    )  # fmt: skip

    home = queries.institution()
    assert (home.short_name, home.quiet_from, home.quiet_to) == ("Mamuju", time(21), time(7))
    assert home.emblem_url == f"/lambang/{home.emblem_sha256}"
    stored = queries.emblem()
    assert stored is not None
    assert stored[1].startswith("image/")
    assert _last("institution.change").facts["changed"]

    desk_actions.change_institution(by=ADMINISTRATOR, at=now, emblem=b"")
    assert queries.institution().emblem_url == ""
    assert queries.emblem() is None
    assert queries.institution().short_name == "Mamuju"
    assert Institution.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": " "}, institution.InstitutionNameless),
        ({"brand": "blue"}, institution.ColourUnknown),
        ({"brand": "#ffd54f"}, institution.ColourUnreadable),
        ({"region_code": "76021"}, institution.RegionUnknown),
        ({"number_prefix": "sp1"}, institution.PrefixUnusable),
        ({"emblem": b"MZ not a picture"}, Refused),
    ],
)
def test_the_institution_refuses_what_residents_could_not_read(
    now: datetime, change: dict[str, Any], refusal: type[Exception]
) -> None:
    desk_actions.change_institution(
        by=MACHINE, at=now, name="Mamuju", short_name="Mamuju", region_code=MAMUJU
    )
    with pytest.raises(refusal):
        desk_actions.change_institution(by=ADMINISTRATOR, at=now, **change)
    assert queries.institution().name == "Mamuju"


def test_an_unreadable_colour_is_refused_with_its_figures() -> None:
    assert "4.5" in str(institution.ColourUnreadable(colour="#ffd54f", ratio="1.4", least=4.5))


# --- desks ----------------------------------------------------------------------------------------------------------


def test_a_desk_is_opened_changed_and_closed_and_every_step_leaves_a_line(
    now: datetime, counter: Desk, centre: Desk
) -> None:
    assert _last("desk.open").facts["kind"] == "call_centre"

    changed = desk_actions.change_desk(
        by=ADMINISTRATOR, at=now, desk_id=counter.id, above_id=centre.id, week="123456", hop_days=2
    )
    assert (changed.above_id, changed.week, changed.hop_days) == (centre.id, "123456", 2)
    assert _last("desk.change").facts["changed"] == ["above_id", "hop_days", "week"]
    free = desk_actions.change_desk(by=ADMINISTRATOR, at=now, desk_id=counter.id, no_above=True)
    assert free.above_id is None

    closed = desk_actions.close_desk(by=ADMINISTRATOR, at=now, desk_id=counter.id, reason="merged")
    assert closed.is_closed
    assert _last("desk.close").inputs == {"reason": "merged"}
    with pytest.raises(desks.DeskIsClosed):
        desk_actions.close_desk(by=ADMINISTRATOR, at=now, desk_id=counter.id)
    with pytest.raises(NotFound):
        desk_actions.close_desk(by=ADMINISTRATOR, at=now, desk_id=uuid4())


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": " "}, desks.DeskNameless),
        ({"code": "A B"}, desks.DeskCodeInvalid),
        ({"code": "PUSKESOS-dungkait"}, desks.DeskCodeTaken),
        ({"kind": "counter"}, desks.DeskKindUnknown),
        ({"level": "planet"}, desks.DeskLevelUnknown),
        ({"region_code": "76.02"}, desks.DeskRegionUnknown),
        ({"outside": True}, desks.DeskCannotBeOutside),
        ({"week": ""}, desks.DeskWeekInvalid),
        ({"week": "11"}, desks.DeskWeekInvalid),
        ({"week": "8"}, desks.DeskWeekInvalid),
        ({"hop_days": 0}, desks.DeskDaysInvalid),
        ({"their_days": 366}, desks.DeskDaysInvalid),
        ({"above_id": uuid4()}, desks.DeskAboveUnusable),
    ],
)
def test_a_desk_is_not_opened_with_details_that_cannot_be(
    now: datetime, counter: Desk, change: dict[str, Any], refusal: type[Exception]
) -> None:
    details = {
        "code": "new",
        "name": "New",
        "kind": "puskesos",
        "level": "village",
        "region_code": DUNGKAIT,
        **change,
    }
    with pytest.raises(refusal):
        desk_actions.open_desk(by=ADMINISTRATOR, at=now, **details)
    assert Desk.objects.count() == 1


def test_silence_always_has_somebody_above_who_hears_it(now: datetime, counter: Desk, centre: Desk) -> None:
    desk_actions.change_desk(by=MACHINE, at=now, desk_id=counter.id, above_id=centre.id)
    with pytest.raises(desks.DeskAboveUnusable):
        desk_actions.change_desk(by=MACHINE, at=now, desk_id=centre.id, above_id=counter.id)
    with pytest.raises(desks.DeskAboveUnusable):
        desk_actions.change_desk(by=MACHINE, at=now, desk_id=centre.id, above_id=centre.id)
    with pytest.raises(desks.DeskHasDesksBelow, match="Puskesos-Dungkait"):
        desk_actions.close_desk(by=MACHINE, at=now, desk_id=centre.id)


def test_a_closed_desk_takes_no_new_work_but_its_people_finish_what_it_holds(
    now: datetime, counter: Desk, ani: Any, budi: Any
) -> None:
    seat = _seat(now, ani, counter, "front_office")
    desk_actions.close_desk(by=MACHINE, at=now, desk_id=counter.id)

    assert queries.nearest("puskesos", DUNGKAIT) is None
    assert counter not in queries.desks_for_referral(ADMINISTRATOR, DUNGKAIT)
    assert not queries.is_open_now(Desk.objects.get(), now)
    with pytest.raises(desks.DeskIsClosed):
        _seat(now, budi, counter, "front_office")
    actor = queries.actor_for(ani, seat.id, strong=False, at=now)
    assert actor is not None
    assert actor.desk_id == counter.id


def test_a_matter_finds_the_desk_whose_area_covers_it_most_closely(
    now: datetime, counter: Desk, centre: Desk
) -> None:
    wide = _desk(now, "puskesos-mamuju", level="regency", region=MAMUJU)
    neighbour = _desk(now, "puskesos-bonto-jai", region=BONTO_JAI)
    baznas = _desk(now, "baznas", "outside_body", "national", "", outside=True)

    assert queries.nearest("puskesos", DUNGKAIT) == counter
    assert queries.nearest("puskesos", "7602122003") == wide
    assert queries.nearest("puskesos", "8101011001") is None
    own = Actor(role="front_office", desk_id=counter.id, desk_ids=frozenset({counter.id}))
    offered = queries.desks_for_referral(own, DUNGKAIT)
    assert offered == [centre, wide, baznas]
    assert neighbour not in offered
    assert queries.by_code("baznas") == baznas
    assert queries.by_codes(["baznas", "none"]) == {"baznas": baznas}
    assert queries.names([baznas.id]) == {baznas.id: "Baznas"}
    assert queries.desk(baznas.id) == baznas


def test_residents_and_partners_see_only_the_desks_that_concern_them(now: datetime, counter: Desk) -> None:
    sealed = _desk(now, "terlindung", "protected", "regency", MAMUJU, protected=True)
    partner = _desk(now, "mitra", "partner", "partner", MAMUJU)
    assert set(queries.desks_visible(ANYBODY)) == {counter, partner}
    its_own = Actor(role="partner", desk_ids=frozenset({partner.id}), strong=True)
    assert list(queries.desks_visible(its_own)) == [partner]
    assert sealed in access.visible(Actor(role="front_office"))
    assert queries.desk_for(ANYBODY, counter.id) == counter
    with pytest.raises(NotFound):
        queries.desk_for(its_own, counter.id)


# --- service hours --------------------------------------------------------------------------------------------------


def test_a_post_that_closes_after_midnight_is_open_in_the_small_hours(now: datetime, counter: Desk) -> None:
    desk_actions.set_hours(
        by=ADMINISTRATOR, at=now, desk_id=counter.id,
        hours=[(3, time(16), time(7)), (1, time(8), time(12)), (1, time(13), time(16)), (2, time(8), time(12)), (2, time(13), time(16))],
    )  # fmt: skip
    wednesday_evening = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 20.00 in Mamuju
    assert queries.is_open_now(counter, wednesday_evening)
    assert queries.is_open_now(counter, wednesday_evening + timedelta(hours=10, minutes=59))
    assert not queries.is_open_now(counter, wednesday_evening + timedelta(hours=11))
    opens = queries.opens_next(counter, now)
    assert opens is not None
    assert opens.hour == 16
    assert queries.hours_text(counter) == ["Senin sampai Selasa 08.00–12.00, 13.00–16.00", "Rabu 16.00–07.00"]
    assert len(_last("hours.set").facts["hours"]) == 5

    desk_actions.set_hours(
        by=ADMINISTRATOR, at=now, desk_id=counter.id, hours=[(7, time(0), time(0)), (8, time(9), time(10))]
    )
    assert queries.hours_text(counter) == ["Minggu sepanjang hari", "Hari libur 09.00–10.00"]
    with pytest.raises(desks.HoursOverlap):
        desk_actions.set_hours(
            by=ADMINISTRATOR,
            at=now,
            desk_id=counter.id,
            hours=[(1, time(8), time(12)), (1, time(11), time(13))],
        )
    with pytest.raises(desks.HoursInvalid):
        desk_actions.set_hours(by=ADMINISTRATOR, at=now, desk_id=counter.id, hours=[(9, time(8), time(12))])
    assert len(queries.openings_of(counter)) == 2


# --- seats and the actor --------------------------------------------------------------------------------------------


def test_a_seat_makes_the_actor_in_few_queries(now: datetime, counter: Desk, ani: Any) -> None:
    seat = _seat(now, ani, counter, "front_office", areas=["7602132001", "7602122003"], title="Petugas loket")
    with CaptureQueriesContext(connection) as asked:
        actor = queries.actor_for(ani, seat.id, strong=False, at=now, device="web")
    assert len(asked) <= 3
    assert actor == Actor(
        role="front_office", name="Ani", user_id=ani.id, seat_id=seat.id, desk_id=counter.id,
        desk_ids=frozenset({counter.id}), region_code=DUNGKAIT, areas=("7602122003", "7602132001"), device="web",
    )  # fmt: skip
    assert queries.seat_label(seat) == "Petugas loket, Puskesos-Dungkait"
    line = _last("seat.give")
    assert (line.facts["role"], line.facts["to_self"]) == ("front_office", False)


def test_the_seat_is_the_one_chosen_else_the_last_else_the_only_one(
    now: datetime, counter: Desk, ani: Any
) -> None:
    first = _seat(now, ani, counter, "front_office")
    assert queries.actor_for(ani, None, strong=False, at=now).seat_id == first.id  # type: ignore[union-attr]
    second = _seat(now, ani, counter, "back_office")
    assert queries.actor_for(ani, None, strong=False, at=now) is None
    ani.last_seat_id = second.id
    assert queries.actor_for(ani, None, strong=False, at=now).seat_id == second.id  # type: ignore[union-attr]
    assert queries.actor_for(ani, str(first.id), strong=False, at=now).seat_id == first.id  # type: ignore[union-attr]
    assert queries.actor_for(ani, "nonsense", strong=False, at=now) is None
    assert queries.actor_for(ani, uuid4(), strong=False, at=now) is None


def test_a_seat_counts_from_its_start_until_its_end_and_never_when_switched_off(
    now: datetime, counter: Desk, ani: Any
) -> None:
    later = now + timedelta(days=10)
    seat = _seat(now, ani, counter, "front_office", from_at=now + timedelta(days=1), until_at=later)
    assert queries.actor_for(ani, seat.id, strong=False, at=now) is None
    assert queries.actor_for(ani, seat.id, strong=False, at=now + timedelta(days=1)) is not None
    assert queries.actor_for(ani, seat.id, strong=False, at=later) is None
    again = _seat(later, ani, counter, "front_office")
    assert queries.actor_for(ani, again.id, strong=False, at=later) is not None
    ani.is_active = False
    assert queries.actor_for(ani, again.id, strong=False, at=later) is None


def test_a_strong_role_without_a_second_factor_may_do_nothing(now: datetime, counter: Desk, ani: Any) -> None:
    seat = _seat(now, ani, counter, "manager")
    weak = queries.actor_for(ani, seat.id, strong=False, at=now)
    strong = queries.actor_for(ani, seat.id, strong=True, at=now)
    assert weak is not None
    assert strong is not None
    assert queries.demands_second_factor(weak)
    assert not queries.demands_second_factor(strong)
    assert not any(roles.may_somewhere(weak, act) for act in roles.ACTS)
    assert roles.may_somewhere(strong, "case.verify")
    assert queries.holds_strong_seat(ani, now)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"role": "public"}, seats.RoleUnseated),
        ({"role": "partner"}, seats.RoleUnseated),
        ({"role": "king"}, seats.RoleUnseated),
        ({"role": "front_office"}, seats.SeatTaken),
        ({"role": "protection_officer"}, seats.SeatClash),
        ({"role": "back_office", "areas": ["x"]}, seats.SeatAreaUnknown),
        ({"role": "back_office", "areas": [""]}, seats.SeatAreaUnknown),
        ({"role": "back_office", "until_at": datetime(2026, 1, 1, tzinfo=UTC)}, seats.SeatEndsBeforeItStarts),
        ({"role": "back_office", "user_id": uuid4()}, NotFound),
        ({"role": "back_office", "desk_id": uuid4()}, NotFound),
    ],
)
def test_a_seat_is_not_given_when_it_cannot_be(
    now: datetime, counter: Desk, ani: Any, change: dict[str, Any], refusal: type[Exception]
) -> None:
    _seat(now, ani, counter, "front_office")
    _seat(now, ani, counter, "administrator")
    with pytest.raises(refusal):
        desk_actions.give_seat(
            by=ADMINISTRATOR, at=now, **{"user_id": ani.id, "desk_id": counter.id, **change}
        )
    assert Seat.objects.count() == 2


def test_no_seat_at_an_outside_desk_and_none_for_a_sign_in_switched_off(
    now: datetime, counter: Desk, ani: Any
) -> None:
    baznas = _desk(now, "baznas", "outside_body", "national", "", outside=True)
    with pytest.raises(seats.DeskOutside):
        _seat(now, ani, baznas, "agency")
    account_actions.disable_user(by=MACHINE, at=now, user_id=ani.id)
    with pytest.raises(seats.UserDisabled):
        _seat(now, ani, counter, "front_office")


def test_a_withdrawn_seat_is_gone_with_its_sessions_and_delegations(
    now: datetime, counter: Desk, centre: Desk, ani: Any, budi: Any
) -> None:
    seat, other = _seat(now, ani, counter, "coordinator"), _seat(now, budi, centre, "centre_admin")
    _delegate(now, seat, other)
    before = ani.get_session_auth_hash()

    desk_actions.withdraw_seat(by=ADMINISTRATOR, at=now, seat_id=seat.id, reason="moved")

    ani.refresh_from_db()
    assert ani.get_session_auth_hash() != before
    assert queries.actor_for(ani, seat.id, strong=False, at=now) is None
    assert queries.actor_for(budi, other.id, strong=False, at=now).desk_ids == {centre.id}  # type: ignore[union-attr]
    assert _last("seat.withdraw").facts["role"] == "coordinator"
    with pytest.raises(seats.SeatGone):
        desk_actions.withdraw_seat(by=ADMINISTRATOR, at=now, seat_id=seat.id)
    with pytest.raises(NotFound):
        desk_actions.withdraw_seat(by=ADMINISTRATOR, at=now, seat_id=uuid4())
    assert _seat(now, ani, counter, "coordinator").id != seat.id


def test_the_last_administrator_keeps_the_seat(now: datetime, counter: Desk, ani: Any, budi: Any) -> None:
    last = _seat(now, ani, counter, "administrator")
    with pytest.raises(seats.LastAdministrator):
        desk_actions.withdraw_seat(by=ADMINISTRATOR, at=now, seat_id=last.id)
    _seat(now, budi, counter, "administrator")
    desk_actions.withdraw_seat(by=ADMINISTRATOR, at=now, seat_id=last.id)


# --- delegations ----------------------------------------------------------------------------------------------------


def _delegate(now: datetime, seat: Seat, to_seat: Seat, by: Actor = ADMINISTRATOR, **change: Any) -> Any:
    details = {
        "decision": "SK 800/12/2026",
        "from_date": date(2026, 11, 25),
        "to_date": date(2026, 12, 5),
        **change,
    }
    return desk_actions.give_delegation(by=by, at=now, seat_id=seat.id, to_seat_id=to_seat.id, **details)


@pytest.fixture
def lender(now: datetime, counter: Desk, ani: Any) -> Seat:
    return _seat(now, ani, counter, "coordinator", from_at=now - timedelta(days=9))


@pytest.fixture
def helper(now: datetime, centre: Desk, budi: Any) -> Seat:
    return _seat(now, budi, centre, "centre_admin", from_at=now - timedelta(days=9))


def test_a_delegation_lends_the_desk_on_its_days_at_the_desk_and_no_longer(
    now: datetime, lender: Seat, helper: Seat, budi: Any
) -> None:
    given = _delegate(now, lender, helper)

    def desks_on(at: datetime) -> set[Any]:
        return set(queries.actor_for(budi, helper.id, strong=False, at=at).desk_ids)  # type: ignore[union-attr]

    both = {lender.desk_id, helper.desk_id}
    assert desks_on(datetime(2026, 11, 24, 15, 59, tzinfo=UTC)) == {helper.desk_id}
    assert desks_on(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == both, "midnight in Mamuju"
    assert desks_on(datetime(2026, 12, 5, 15, 59, tzinfo=UTC)) == both
    assert desks_on(datetime(2026, 12, 5, 16, 0, tzinfo=UTC)) == {helper.desk_id}
    actor = queries.actor_for(budi, helper.id, strong=False, at=now)
    assert actor is not None
    assert (actor.role, actor.delegated_from) == ("centre_admin", lender.id)
    assert _last("delegation.give").facts["decision"] == "SK 800/12/2026"

    desk_actions.end_delegation(by=ADMINISTRATOR, at=now, delegation_id=given.id)
    assert desks_on(now) == {helper.desk_id}
    assert _last("delegation.end").facts["decision"] == "SK 800/12/2026"
    with pytest.raises(seats.DelegationOver):
        desk_actions.end_delegation(by=ADMINISTRATOR, at=now, delegation_id=given.id)
    with pytest.raises(NotFound):
        desk_actions.end_delegation(by=ADMINISTRATOR, at=now, delegation_id=uuid4())
    assert queries.delegations(ADMINISTRATOR) == [given]


def test_a_seat_that_has_ended_lends_nothing_more(
    now: datetime, lender: Seat, helper: Seat, budi: Any
) -> None:
    _delegate(now, lender, helper)
    Seat.objects.filter(id=lender.id).update(until_at=now + timedelta(days=2))
    before = queries.actor_for(budi, helper.id, strong=False, at=now + timedelta(days=1))
    after = queries.actor_for(budi, helper.id, strong=False, at=now + timedelta(days=3))
    assert before is not None and before.desk_ids == {lender.desk_id, helper.desk_id}
    assert after is not None and (after.desk_ids, after.delegated_from) == ({helper.desk_id}, None)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"decision": " "}, seats.DelegationUndecided),
        ({"to_date": date(2026, 11, 24), "from_date": date(2026, 11, 25)}, seats.DelegationDates),
        ({"to_date": date(2026, 11, 24), "from_date": date(2026, 11, 1)}, seats.DelegationDates),
        ({"to_date": date(2028, 1, 1)}, seats.DelegationDates),
    ],
)
def test_a_delegation_stands_on_a_decision_and_sensible_dates(
    now: datetime, lender: Seat, helper: Seat, change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _delegate(now, lender, helper, **change)


def test_a_delegation_goes_to_another_person_at_another_desk_once(
    now: datetime, lender: Seat, helper: Seat, ani: Any, budi: Any, counter: Desk, centre: Desk
) -> None:
    with pytest.raises(seats.DelegationToOneself):
        _delegate(now, lender, _seat(now, ani, centre, "front_office"))
    with pytest.raises(seats.DelegationSameDesk):
        _delegate(now, lender, _seat(now, budi, counter, "front_office"))
    _delegate(now, lender, helper)
    with pytest.raises(seats.DelegationTwice):
        _delegate(now, lender, helper)
    sealed = _desk(now, "terlindung", "protected", "regency", MAMUJU, protected=True)
    with pytest.raises(seats.DelegationNotAllowedFor):
        _delegate(now, _seat(now, ani, sealed, "focal_point"), helper)
    desk_actions.withdraw_seat(by=MACHINE, at=now, seat_id=helper.id)
    with pytest.raises(NotFound):
        _delegate(now, lender, helper, from_date=date(2027, 1, 1), to_date=date(2027, 1, 2))


def test_a_manager_delegates_in_the_area_and_nobody_else_does(
    now: datetime, lender: Seat, helper: Seat
) -> None:
    here = Actor(role="manager", region_code=MAMUJU, strong=True)
    for by in (
        Actor(role="manager", region_code="7303", strong=True),
        Actor(role="manager", region_code=MAMUJU, strong=False),
        Actor(role="front_office", region_code=MAMUJU),
        ANYBODY,
    ):
        with pytest.raises(NotAllowed):
            _delegate(now, lender, helper, by=by)
    given = _delegate(now, lender, helper, by=here)
    with pytest.raises(NotAllowed):
        desk_actions.end_delegation(by=ANYBODY, at=now, delegation_id=given.id)
    desk_actions.end_delegation(by=here, at=now, delegation_id=given.id)


# --- personal links -------------------------------------------------------------------------------------------------


@pytest.fixture
def partner(now: datetime) -> Desk:
    return _desk(now, "mitra-hunian", "partner", "partner", MAMUJU)


@pytest.fixture
def issued(now: datetime, partner: Desk) -> desk_actions.IssuedLink:
    return desk_actions.issue_link(
        by=ADMINISTRATOR, at=now, desk_id=partner.id, holder_name="Rahma", holder_contact="0812"
    )


def _open(at: datetime, token: str, pin: str) -> Actor:
    return desk_actions.open_link(by=ANYBODY, at=at, token=token, pin=pin)


def test_a_link_and_its_pin_open_the_partners_desk_and_nothing_else(
    now: datetime, issued: Any, partner: Desk
) -> None:
    assert len(issued.token) >= 43
    assert issued.link.expires_at == now + timedelta(days=90)

    spaced = f" {issued.pin[:3]} {issued.pin[3:]} "
    actor = _open(now, issued.token, spaced)

    assert (actor.role, actor.desk_ids, actor.strong, actor.user_id) == ("partner", {partner.id}, True, None)
    assert roles.may_somewhere(actor, "referral.answer")
    assert not roles.may_somewhere(actor, "case.answer")
    assert not roles.may(
        actor, "case.open", roles.Place(region_code="7303")
    )  # in its own area its program may
    assert queries.partner_actor(issued.link.id, at=now) == actor
    assert queries.partner_actor(uuid4(), at=now) is None
    assert _last("link.open").subject_id == issued.link.id
    assert PersonalLink.objects.get().last_opened_at == now


def test_the_secrets_of_a_link_are_stored_nowhere(issued: Any) -> None:
    row = PersonalLink.objects.values().get()
    written = json.dumps([[line.facts, line.inputs] for line in Line.objects.all()]) + str(row)
    assert issued.token not in written
    assert issued.pin not in written.replace(str(issued.link.id), "")
    assert row["pin_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_unknown_expired_withdrawn_and_wrong_read_the_same(now: datetime, issued: Any, partner: Desk) -> None:
    told = set()
    withdrawn = desk_actions.issue_link(by=MACHINE, at=now, desk_id=partner.id, holder_name="Sita")
    desk_actions.withdraw_link(by=ADMINISTRATOR, at=now, link_id=withdrawn.link.id)
    wrong = "000000" if issued.pin != "000000" else "111111"
    for at, token, pin in (
        (now, "unknown", issued.pin),
        (now, "", ""),
        (now, issued.token, wrong),
        (now, issued.token, "x" * 10_000),
        (now + timedelta(days=90), issued.token, issued.pin),
        (now, withdrawn.token, withdrawn.pin),
    ):
        with pytest.raises(links.LinkRefused) as refused:
            _open(at, token, pin)
        told.add((refused.value.code, str(refused.value), refused.value.field))
    assert len(told) == 1
    assert queries.partner_actor(issued.link.id, at=now + timedelta(days=90)) is None
    assert queries.partner_actor(withdrawn.link.id, at=now) is None


def test_five_wrong_pins_rest_the_link_for_a_quarter_of_an_hour(
    now: datetime, issued: Any, partner: Desk
) -> None:
    neighbour = desk_actions.issue_link(by=MACHINE, at=now, desk_id=partner.id, holder_name="Sita")
    wrong = "000000" if issued.pin != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(links.LinkRefused):
            _open(now, issued.token, wrong)
    with pytest.raises(links.LinkRefused):
        _open(now + timedelta(minutes=14, seconds=59), issued.token, issued.pin)
    assert _open(now, neighbour.token, neighbour.pin)
    assert {state.state for state in queries.links(ADMINISTRATOR, now)} == {"open", "locked"}

    assert _open(now + timedelta(minutes=15), issued.token, issued.pin)
    row = PersonalLink.objects.get(id=issued.link.id)
    assert (row.wrong_tries, row.locked_until) == (0, None)


def test_the_fifth_try_may_still_be_the_right_one(now: datetime, issued: Any) -> None:
    wrong = "000000" if issued.pin != "000000" else "111111"
    for _try in range(4):
        with pytest.raises(links.LinkRefused):
            _open(now, issued.token, wrong)
    assert _open(now, issued.token, issued.pin)
    assert _last("link.open").facts["wrong_tries_before"] == 4


def test_a_link_is_not_issued_when_it_cannot_be(now: datetime, partner: Desk, counter: Desk) -> None:
    for change, refusal in (
        ({"holder_name": " "}, links.HolderNameless),
        ({"desk_id": counter.id}, links.LinkDeskUnusable),
        ({"desk_id": uuid4()}, NotFound),
        ({"days": 0}, links.LinkDaysInvalid),
        ({"days": 367}, links.LinkDaysInvalid),
    ):
        with pytest.raises(refusal):
            desk_actions.issue_link(
                by=ADMINISTRATOR, at=now, **{"desk_id": partner.id, "holder_name": "Rahma", **change}
            )
    desk_actions.close_desk(by=MACHINE, at=now, desk_id=partner.id)
    with pytest.raises(desks.DeskIsClosed):
        desk_actions.issue_link(by=ADMINISTRATOR, at=now, desk_id=partner.id, holder_name="Rahma")


def test_a_link_is_withdrawn_once(now: datetime, issued: Any) -> None:
    desk_actions.withdraw_link(by=ADMINISTRATOR, at=now, link_id=issued.link.id)
    assert _last("link.withdraw").subject_id == issued.link.id
    with pytest.raises(links.LinkGone):
        desk_actions.withdraw_link(by=ADMINISTRATOR, at=now, link_id=issued.link.id)
    with pytest.raises(NotFound):
        desk_actions.withdraw_link(by=ADMINISTRATOR, at=now, link_id=uuid4())
    with pytest.raises(NotFound):
        queries.links(ANYBODY, now)


# --- who may --------------------------------------------------------------------------------------------------------

ACTS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (desk_actions.change_institution, {"name": "x"}),
    (
        desk_actions.open_desk,
        {"code": "x1", "name": "x", "kind": "puskesos", "level": "village", "region_code": ""},
    ),
    (desk_actions.change_desk, {"desk_id": uuid4()}),
    (desk_actions.close_desk, {"desk_id": uuid4()}),
    (desk_actions.set_hours, {"desk_id": uuid4(), "hours": []}),
    (desk_actions.give_seat, {"user_id": uuid4(), "desk_id": uuid4(), "role": "cadre"}),
    (desk_actions.withdraw_seat, {"seat_id": uuid4()}),
    (desk_actions.issue_link, {"desk_id": uuid4(), "holder_name": "x"}),
    (desk_actions.withdraw_link, {"link_id": uuid4()}),
]


@pytest.mark.parametrize(("act", "inputs"), ACTS)
@pytest.mark.parametrize(
    "by",
    [
        ANYBODY,
        Actor(role="manager", strong=True),
        Actor(role="administrator"),
        Actor(role="protection_officer", strong=True),
    ],
    ids=lambda by: f"{by.role}-{by.strong}",
)
def test_only_an_administrator_with_a_second_factor_changes_the_house(
    now: datetime, act: Callable[..., Any], inputs: dict[str, Any], by: Actor
) -> None:
    with pytest.raises(NotAllowed):
        act(by=by, at=now, **inputs)
    assert not Line.objects.exists()


def test_officers_see_who_sits_in_their_area_only(
    now: datetime, counter: Desk, lender: Seat, helper: Seat
) -> None:
    neighbour = _desk(now, "puskesos-bonto-jai", region=BONTO_JAI)
    theirs = _seat(now, _person(now, "citra"), neighbour, "front_office")
    here = Actor(role="manager", region_code=MAMUJU, seat_id=uuid4(), strong=True)
    assert set(queries.seats_visible(here, now)) == {lender, helper}
    assert theirs in queries.seats_visible(ADMINISTRATOR, now)
    assert queries.seats_visible(ANYBODY, now) == []
    assert queries.seats_at(here, counter.id, now) == [lender]
    assert queries.seat(theirs.id) == theirs


def test_every_refusal_says_what_to_do_next() -> None:
    for module in (desks, institution, links, seats):
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, Refused) and thing.__module__ == module.__name__:
                assert "." in thing.code, name
                assert str(thing.sentence).endswith("."), name
