"""The acts of a musyawarah: who may, what is refused, what is written, and that a closed list is never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.meetings import access, actions, queries
from simpul.meetings.actions import closing, moving, names, objecting, planning, steps
from simpul.meetings.models import Attendance, Count, Decision, Item, Meeting, Minutes, Objection, Package
from simpul.people import queries as people_queries
from simpul.people.models import Family, House, Household, Person
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast
from tests.meetings.conftest import closed, decide, held, name, plan


def household(code: str = DUNGKAIT, words: str = "Sitti Hasnah", nik: str = "7602136101800001") -> Household:
    house = House.objects.create(region_code=code, address="RT 02", changed_at=NOW)
    home = Household.objects.create(
        region_code=code, house=house, name=words, registered_at=NOW, changed_at=NOW
    )
    family = Family.objects.create(
        region_code=code, household=home, kk="7602130101800009", registered_at=NOW, changed_at=NOW
    )
    head = Person.objects.create(
        full_name=words,
        name_key=words.lower(),
        nik=nik,
        nik_index=people_queries.nik_index(nik),
        region_code=code,
        household=home,
        family=family,
        resident=True,
        registered_at=NOW,
    )
    home.head = head
    home.save()
    return home


def guest(cast: Cast, meeting: Meeting, words: str = "Rusli", **given: Any) -> Attendance:
    return actions.add_attendance(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, guest=actions.Guest(name=words, **given)
    )


def objection(cast: Cast, meeting: Meeting, **given: Any) -> Objection:
    heard = actions.Heard(**{"kind": "sanggah", "reasons": "sudah mampu", "by_name": "Ani", **given})
    return actions.record_objection(by=cast.village_officer, at=NOW, meeting_id=meeting.id, heard=heard)


def line_of(kind: str) -> Line:
    return Line.objects.filter(kind=kind).latest("recorded_at")


# --- planning -------------------------------------------------------------------------------------------------------------


def test_a_plan_takes_the_quorum_of_its_kind_unless_told_otherwise(cast: Cast) -> None:
    meeting = actions.plan_meeting(
        by=cast.village_officer,
        at=NOW,
        kind="special_blt",
        region_code=DUNGKAIT,
        planned_at=NOW,
        plan=actions.Plan(title="BLT 2027", hamlet_id=cast.hamlet.id),
    )
    proposed = queries.all_kinds()["special_blt"]
    assert (meeting.state, meeting.quorum_people, tuple(meeting.quorum_groups)) == (
        "planned",
        proposed.quorum_people,
        proposed.quorum_groups,
    )
    assert (
        line_of("meeting.plan").subject_id == meeting.id and line_of("meeting.plan").region_code == DUNGKAIT
    )


def test_the_same_plan_sent_twice_is_one_meeting(cast: Cast) -> None:
    key = uuid7()
    assert plan(cast, meeting_id=key) == plan(cast, meeting_id=key)
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"title": " "}, steps.WordsMissing),
        ({"kind": "party"}, steps.ChoiceUnknown),
        ({"quorum_groups": ("cats",)}, steps.ChoiceUnknown),
        ({"hamlet_id": uuid4()}, steps.ChoiceUnknown),
        ({"region_code": DUNGKAIT + "9"}, planning.PlaceUnknown),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(cast: Cast, given: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        plan(cast, **given)
    assert not Meeting.objects.exists()


def test_who_serves_elsewhere_or_holds_no_meetings_plans_none(cast: Cast) -> None:
    for part in ("neighbour_coordinator", "manager", "partner", "administrator", "pokja"):
        with pytest.raises(NotAllowed):
            plan(cast, by=getattr(cast, part))
    with pytest.raises(NotAllowed):
        plan(cast, by=ANYBODY)


def test_a_plan_is_changed_and_a_meeting_is_called_off_before_it_begins(cast: Cast) -> None:
    meeting = plan(cast)
    later = NOW + timedelta(days=3)
    actions.change_meeting(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        planned_at=later,
        plan=actions.Plan(title="Musyawarah baru", quorum_people=4),
    )
    meeting.refresh_from_db()
    assert (meeting.title, meeting.planned_at, meeting.quorum_people) == ("Musyawarah baru", later, 4)
    assert line_of("meeting.change").facts["planned_at"]
    with pytest.raises(steps.WordsMissing):
        actions.withdraw_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id, why="")
    actions.withdraw_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id, why="hujan deras")
    assert line_of("meeting.withdraw").inputs == {"why": "hujan deras"}
    with pytest.raises(steps.MeetingHeld):
        actions.hold_meeting(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            held_at=NOW,
            chair="A b",
            minute_taker="C d",
        )


def test_a_meeting_that_began_is_a_fact(cast: Cast) -> None:
    meeting = held(cast)
    assert line_of("meeting.hold").subject_id == meeting.id
    with pytest.raises(steps.MeetingHeld):
        actions.withdraw_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id, why="tidak jadi")


def test_no_meeting_begins_in_the_future_or_without_a_chair(cast: Cast) -> None:
    meeting = plan(cast)
    with pytest.raises(planning.HeldTooEarly):
        actions.hold_meeting(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            held_at=NOW + timedelta(hours=1),
            chair="Rusli",
            minute_taker="Ilham",
        )
    with pytest.raises(steps.WordsMissing):
        actions.hold_meeting(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            held_at=NOW,
            chair="",
            minute_taker="Ilham",
        )


# --- who is there ---------------------------------------------------------------------------------------------------------


def test_attendance_by_name_and_by_count(cast: Cast) -> None:
    meeting = held(cast)
    row = guest(cast, meeting, groups=("women", "poor"), came=None)
    actions.mark_attendance(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, attendance_id=row.id, came=True, signed=True
    )
    guest(cast, meeting, "Tidak Datang", came=False)
    for _press in range(2):
        actions.count_attendance(by=cast.village_officer, at=NOW, meeting_id=meeting.id, group="women")
    left = actions.count_attendance(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, group="women", number=-1
    )
    found = queries.present(meeting)
    assert (left, found.people, found.by_group["women"], found.by_group["poor"], found.absent) == (
        1,
        2,
        2,
        1,
        1,
    )
    assert line_of("attendance.add").inputs == {"name": "Tidak Datang"}
    assert (
        line_of("attendance.mark").facts["signed"] is True
        and line_of("attendance.count").facts["number"] == -1
    )


def test_a_count_never_goes_below_nought_and_a_repeated_press_counts_once(cast: Cast) -> None:
    meeting = held(cast)
    key = uuid7()
    for _press in range(3):
        actions.count_attendance(
            by=cast.village_officer, at=NOW, meeting_id=meeting.id, group="youth", number=2, count_id=key
        )
    assert queries.counted(meeting) == {"youth": 2} and Count.objects.count() == 1
    assert (
        actions.count_attendance(
            by=cast.village_officer, at=NOW, meeting_id=meeting.id, group="youth", number=-9
        )
        == 0
    )
    assert (
        actions.count_attendance(
            by=cast.village_officer, at=NOW, meeting_id=meeting.id, group="youth", number=-1
        )
        == 0
    )
    for group, number in (("cats", 1), ("youth", 0), ("youth", 999)):
        with pytest.raises(steps.ChoiceUnknown):
            actions.count_attendance(
                by=cast.village_officer, at=NOW, meeting_id=meeting.id, group=group, number=number
            )


def test_a_repeated_name_on_the_list_is_one_line_and_a_key_belongs_to_one_meeting(cast: Cast) -> None:
    meeting, other, key = held(cast), held(cast), uuid7()
    said: dict[str, Any] = {
        "by": cast.village_officer,
        "at": NOW,
        "guest": actions.Guest(name="Rusli"),
        "attendance_id": key,
    }
    assert actions.add_attendance(meeting_id=meeting.id, **said) == actions.add_attendance(
        meeting_id=meeting.id, **said
    )
    with pytest.raises(steps.KeyTaken):
        actions.add_attendance(meeting_id=other.id, **said)
    with pytest.raises(steps.ChoiceUnknown):
        guest(cast, meeting, groups=("cats",))
    with pytest.raises(steps.WordsMissing):
        guest(cast, meeting, "")
    with pytest.raises(NotFound):
        actions.mark_attendance(
            by=cast.village_officer, at=NOW, meeting_id=other.id, attendance_id=key, came=True, signed=False
        )


# --- names ----------------------------------------------------------------------------------------------------------------


def test_a_household_of_the_register_brings_its_name_and_keys(cast: Cast) -> None:
    meeting, home = plan(cast), household()
    item = Item.objects.get(id=name(cast, meeting, "", household_id=home.id))
    assert (item.name, item.address, item.person_id, item.household_id, item.source) == (
        "Sitti Hasnah",
        "RT 02",
        home.head_id,
        home.id,
        "register",
    )
    assert name(cast, meeting, "", household_id=home.id) == item.id
    assert line_of("item.add").facts["from"] == "register"


def test_a_household_of_another_area_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        name(cast, plan(cast), "", household_id=household(BONTO_JAI).id)


def test_a_list_is_taken_in_order_tied_by_nik_and_never_twice(cast: Cast) -> None:
    meeting, home = plan(cast), household()
    rows = [
        actions.NameGiven(name="Baso", address="Taludu"),
        actions.NameGiven(name="Sitti H.", nik="7602136101800001"),
    ]
    done = actions.add_items(by=cast.village_officer, at=NOW, meeting_id=meeting.id, given=[*rows, rows[0]])
    assert (done.added, done.passed_over) == (2, 1)
    assert [(one.position, one.name, one.household_id) for one in queries.items(meeting)] == [
        (1, "Baso", None),
        (2, "Sitti H.", home.id),
    ]
    assert line_of("items.add").facts == {"names": 2, "from": "list"}
    with pytest.raises(names.NothingNew):
        actions.add_items(by=cast.village_officer, at=NOW, meeting_id=meeting.id, given=rows)
    with pytest.raises(names.ListTooLong):
        actions.add_items(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            given=[actions.NameGiven(name=f"Orang {n}") for n in range(1001)],
        )
    with pytest.raises(steps.ChoiceUnknown):
        actions.add_items(by=cast.village_officer, at=NOW, meeting_id=meeting.id, given=rows, source="moon")


def test_a_decision_is_replaced_and_both_stay_written(cast: Cast) -> None:
    meeting = held(cast)
    item = name(cast, meeting)
    decide(cast, meeting, item)
    decide(cast, meeting, item, "deferred", "menunggu data", at=NOW + timedelta(minutes=1))
    assert queries.rows(meeting)[0].outcome == "deferred" and Decision.objects.count() == 2
    assert line_of("item.decide").inputs["reason"] == "menunggu data"


def test_decisions_that_make_no_sense_are_refused(cast: Cast) -> None:
    meeting = held(cast)
    item = name(cast, meeting)
    with pytest.raises(names.ReasonMissing):
        decide(cast, meeting, item, "out", "")
    with pytest.raises(names.TooManyVotes):
        decide(cast, meeting, item, votes=actions.Votes(for_it=5))
    with pytest.raises(steps.ChoiceUnknown):
        decide(cast, meeting, item, "perhaps")
    with pytest.raises(NotFound):
        decide(cast, held(cast), item)
    early = plan(cast)
    with pytest.raises(steps.MeetingNotHeld):
        decide(cast, early, name(cast, early))


def test_the_rest_is_decided_at_once_but_never_what_somebody_objected_to(cast: Cast) -> None:
    meeting = held(cast)
    first, second, third = (name(cast, meeting, words) for words in ("Ali", "Bunga", "Cici"))
    objection(cast, meeting, item_id=second)
    decide(cast, meeting, third, "out", "pindah")
    done = actions.decide_items(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, item_ids=[first, second, third], outcome="in"
    )
    assert done == 1 and [row.outcome for row in queries.rows(meeting)] == ["in", "", "out"]
    assert line_of("items.decide").facts == {"names": 1, "outcome": "in"}
    with pytest.raises(names.ReasonMissing):
        actions.decide_items(
            by=cast.village_officer, at=NOW, meeting_id=meeting.id, item_ids=[second], outcome="out"
        )


def test_a_decider_whose_own_house_is_read_is_flagged(cast: Cast) -> None:
    meeting, home = held(cast), household()
    name(cast, meeting, "", household_id=home.id)
    guest(cast, meeting, "", person_id=home.head_id, decides=True)
    found = queries.conflicts(meeting)
    assert [(one.decider, one.sure) for one in found] == [("Sitti Hasnah", True)]
    assert queries.rows(meeting)[0].conflicts == tuple(found)


# --- usul and sanggah -----------------------------------------------------------------------------------------------------


def test_a_proposed_name_joins_the_list_and_an_objection_waits_for_its_answer(cast: Cast) -> None:
    meeting = held(cast)
    item = name(cast, meeting)
    usul = objection(cast, meeting, kind="usul", name="Hasan", address="Taludu", reasons="rumah roboh")
    sanggah = objection(cast, meeting, item_id=item)
    assert (usul.item.source, usul.phase, sanggah.about_name) == ("usul", "during", "Sitti Hasnah")
    assert objection(cast, meeting, kind="usul", name="Sitti Hasnah").item_id == item
    assert line_of("objection.record").facts["phase"] == "during"
    with pytest.raises(steps.WordsMissing):
        actions.answer_objection(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            objection_id=sanggah.id,
            outcome="refused",
            answer="",
        )
    with pytest.raises(steps.ChoiceUnknown):
        actions.answer_objection(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            objection_id=sanggah.id,
            outcome="maybe",
            answer="nanti",
        )
    actions.answer_objection(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        objection_id=sanggah.id,
        outcome="refused",
        answer="Sudah diperiksa.",
    )
    sanggah.refresh_from_db()
    assert (sanggah.outcome, sanggah.answered_by) == ("refused", "Ilham Rasyid")
    assert line_of("objection.answer").facts["outcome"] == "refused"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"item_id": None}, objecting.ItemMissing),
        ({"item_id": uuid4()}, objecting.ItemMissing),
        ({"kind": "usul", "name": ""}, steps.WordsMissing),
        ({"kind": "usul", "name": "Hasan", "reasons": ""}, steps.WordsMissing),
        ({"kind": "shout"}, steps.ChoiceUnknown),
        ({"kind": "usul", "name": "Hasan", "by_group": "cats"}, steps.ChoiceUnknown),
    ],
)
def test_an_objection_that_says_nothing_is_refused(cast: Cast, given: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        objection(cast, held(cast), **given)


def test_nobody_objects_to_a_meeting_that_was_called_off(cast: Cast) -> None:
    meeting = plan(cast)
    actions.withdraw_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id, why="batal")
    with pytest.raises(objecting.CalledOff):
        objection(cast, meeting, kind="usul", name="Hasan")


# --- taking back ----------------------------------------------------------------------------------------------------------


def _take_back(cast: Cast, meeting: Meeting, kind: str, key: Any) -> None:
    actions.withdraw_entry(by=cast.village_officer, at=NOW, meeting_id=meeting.id, kind=kind, entry_id=key)


def test_the_last_entry_is_taken_back_and_stays_in_the_table(cast: Cast) -> None:
    meeting = held(cast)
    item = name(cast, meeting)
    decide(cast, meeting, item, at=NOW + timedelta(seconds=5))
    kind, row = queries.last_entry(cast.village_officer, meeting) or ("", None)
    assert kind == "decision" and row is not None
    take = partial(_take_back, cast, meeting)
    with pytest.raises(closing.EntryHasMore):
        take("item", item)
    take(kind, row.id)
    assert queries.rows(meeting)[0].outcome == "" and Decision.objects.get().withdrawn_at
    take("item", item)
    assert queries.items(meeting) == [] and queries.last_entry(cast.village_officer, meeting) is None
    assert line_of("entry.withdraw").facts["kind"] == "item"
    for kind, key in (("item", item), ("moon", item), ("item", uuid4())):
        with pytest.raises(NotFound):
            take(kind, key)


def test_a_proposal_that_is_taken_back_takes_its_name_along(cast: Cast) -> None:
    meeting = held(cast)
    usul = objection(cast, meeting, kind="usul", name="Hasan")
    decide(cast, meeting, usul.item_id)
    with pytest.raises(closing.EntryHasMore):
        actions.withdraw_entry(
            by=cast.village_officer, at=NOW, meeting_id=meeting.id, kind="objection", entry_id=usul.id
        )
    actions.withdraw_entry(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        kind="decision",
        entry_id=Decision.objects.get().id,
    )
    actions.withdraw_entry(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, kind="objection", entry_id=usul.id
    )
    assert queries.items(meeting) == [] and queries.objections(meeting) == []


# --- closing --------------------------------------------------------------------------------------------------------------


def test_a_list_closes_only_when_everything_was_said(cast: Cast) -> None:
    meeting = held(cast)
    shut = partial(actions.close_meeting, by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    with pytest.raises(closing.NothingDecided):
        shut()
    item = name(cast, meeting)
    sanggah = objection(cast, meeting, item_id=item)
    with pytest.raises(closing.StillOpen, match="1 "):
        shut()
    decide(cast, meeting, item)
    with pytest.raises(closing.StillOpen):
        shut()
    actions.answer_objection(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        objection_id=sanggah.id,
        outcome="refused",
        answer="Tidak benar.",
    )
    frozen = shut()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.objections_until) == ("closed", date(2026, 11, 30))
    assert line_of("meeting.close").facts["digest"] == frozen.digest and queries.is_unchanged(meeting)


def test_a_meeting_that_is_not_held_is_not_closed(cast: Cast) -> None:
    with pytest.raises(steps.MeetingNotHeld):
        actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=plan(cast).id)


def test_a_quorum_that_is_short_needs_a_reason_that_stands_in_the_minutes(cast: Cast) -> None:
    meeting = held(cast, quorum_people=5, quorum_groups=("women",))
    decide(cast, meeting, name(cast, meeting))
    with pytest.raises(closing.QuorumShort):
        actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    frozen = actions.close_meeting(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, short_because="Jalan putus karena banjir"
    )
    assert "Jalan putus karena banjir" in frozen.content


def test_a_planning_meeting_closes_with_its_course_alone(cast: Cast) -> None:
    meeting = held(cast, kind="village_planning")
    actions.write_minutes(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, course="Disepakati jalan tani."
    )
    assert line_of("minutes.write").facts == {"signs": 22}
    assert (
        "Disepakati jalan tani."
        in actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id).content
    )


def every_change(by: Actor, meeting: Meeting) -> dict[str, Callable[[], Any]]:
    """Every act that changes a meeting, with arguments that would be taken while it is open."""
    said: dict[str, Any] = {"by": by, "at": NOW, "meeting_id": meeting.id}
    item = Item.objects.filter(meeting=meeting).first()
    told = Objection.objects.filter(meeting=meeting, phase="during").first()
    row = Attendance.objects.filter(meeting=meeting).first()
    assert item is not None and told is not None and row is not None
    return {
        "change_meeting": lambda: actions.change_meeting(
            **said, planned_at=NOW, plan=actions.Plan(title="Lain lagi")
        ),
        "hold_meeting": lambda: actions.hold_meeting(
            **said, held_at=NOW, chair="Ali Baba", minute_taker="Umar"
        ),
        "withdraw_meeting": lambda: actions.withdraw_meeting(**said, why="batal saja"),
        "close_meeting": lambda: actions.close_meeting(**said),
        "add_attendance": lambda: actions.add_attendance(**said, guest=actions.Guest(name="Baru")),
        "mark_attendance": lambda: actions.mark_attendance(
            **said, attendance_id=row.id, came=False, signed=False
        ),
        "count_attendance": lambda: actions.count_attendance(**said, group="women"),
        "add_item": lambda: actions.add_item(**said, given=actions.NameGiven(name="Baru")),
        "add_items": lambda: actions.add_items(**said, given=[actions.NameGiven(name="Baru")]),
        "decide_item": lambda: actions.decide_item(**said, item_id=item.id, outcome="in"),
        "decide_items": lambda: actions.decide_items(**said, item_ids=[item.id], outcome="in"),
        "answer_objection": lambda: actions.answer_objection(
            **said, objection_id=told.id, outcome="upheld", answer="Benar."
        ),
        "write_minutes": lambda: actions.write_minutes(**said, course="Lain."),
        "withdraw_item": lambda: actions.withdraw_entry(**said, kind="item", entry_id=item.id),
        "withdraw_objection": lambda: actions.withdraw_entry(**said, kind="objection", entry_id=told.id),
        "withdraw_attendance": lambda: actions.withdraw_entry(**said, kind="attendance", entry_id=row.id),
    }


def shut_with_everything(cast: Cast) -> Meeting:
    meeting = held(cast)
    guest(cast, meeting, groups=("women",))
    item = name(cast, meeting)
    told = objection(cast, meeting, item_id=item)
    actions.answer_objection(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        objection_id=told.id,
        outcome="refused",
        answer="Tidak benar.",
    )
    decide(cast, meeting, item)
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    meeting.refresh_from_db()
    return meeting


def test_nothing_in_a_closed_meeting_can_be_changed(cast: Cast) -> None:
    meeting = shut_with_everything(cast)
    before, lines = queries.content(meeting), Line.objects.count()
    for change in every_change(cast.village_officer, meeting).values():
        with pytest.raises(steps.MeetingClosed):
            change()
    meeting.refresh_from_db()
    assert (
        queries.content(meeting) == before and Line.objects.count() == lines and queries.is_unchanged(meeting)
    )


def test_a_change_behind_the_acts_is_seen(cast: Cast) -> None:
    meeting = shut_with_everything(cast)
    Item.objects.update(name="Orang Lain")
    assert not queries.is_unchanged(meeting)
    Minutes.objects.update(content="{}")
    assert not queries.is_unchanged(meeting)


def test_whoever_may_not_run_a_meeting_runs_none_of_its_acts(cast: Cast) -> None:
    meeting = shut_with_everything(cast)
    Meeting.objects.update(state="held", closed_at=None)
    for part in ("neighbour_coordinator", "manager", "partner", "pokja"):
        other = getattr(cast, part)
        for change in every_change(other, meeting).values():
            with pytest.raises(NotFound):
                change()
        said: dict[str, Any] = {"by": other, "at": NOW, "meeting_id": meeting.id}
        with pytest.raises(NotFound):
            actions.record_objection(**said, heard=actions.Heard("usul", "tolong dibantu", name="Ali"))
        with pytest.raises(NotFound):
            actions.renew_meeting(**said, because="salah", planned_at=NOW)
    assert queries.present(meeting).people == 1


# --- after closing --------------------------------------------------------------------------------------------------------


def late(cast: Cast, meeting: Meeting, days: int, **given: Any) -> Objection:
    heard = actions.Heard(**{"kind": "usul", "name": "Hasan", "reasons": "terlewat", **given})
    return actions.record_objection(
        by=cast.village_officer, at=NOW + timedelta(days=days), meeting_id=meeting.id, heard=heard
    )


def test_an_objection_after_closing_changes_nothing_and_is_heard_by_a_new_version(cast: Cast) -> None:
    meeting = closed(cast)
    digest = meeting.minutes.digest
    in_time, too_late = (
        late(cast, meeting, 3),
        late(cast, meeting, 9, kind="sanggah", item_id=queries.items(meeting)[0].id),
    )
    assert (in_time.phase, in_time.item, in_time.late, too_late.late) == ("after", None, False, True)
    actions.answer_objection(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        objection_id=in_time.id,
        outcome="upheld",
        answer="Akan dibahas lagi.",
    )
    assert queries.is_unchanged(meeting) and meeting.minutes.digest == digest
    key = uuid7()
    new = actions.renew_meeting(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, because="ada usul", planned_at=NOW, new_id=key
    )
    assert (new.version, new.replaces, new.state) == (2, meeting, "planned")
    assert [(one.name, one.before, one.source) for one in queries.items(new)] == [
        ("Sitti Hasnah", "in", "older"),
        ("Baso Lurang", "out", "older"),
        ("Hasan", "", "usul"),
    ]
    assert [(one.phase, one.answer, one.item.name) for one in queries.objections(new)] == [
        ("before", "", "Hasan"),
        ("before", "", "Sitti Hasnah"),
    ]
    assert (
        actions.renew_meeting(
            by=cast.village_officer,
            at=NOW,
            meeting_id=meeting.id,
            because="ada usul",
            planned_at=NOW,
            new_id=key,
        )
        == new
    )
    assert line_of("meeting.renew").facts["replaces"] == str(meeting.id)
    with pytest.raises(planning.ReplacedAlready):
        actions.renew_meeting(
            by=cast.village_officer, at=NOW, meeting_id=meeting.id, because="lagi", planned_at=NOW
        )


def test_an_open_meeting_gets_no_new_version_and_one_that_was_called_off_makes_room(cast: Cast) -> None:
    with pytest.raises(planning.NotClosedYet):
        actions.renew_meeting(
            by=cast.village_officer, at=NOW, meeting_id=held(cast).id, because="salah", planned_at=NOW
        )
    meeting = closed(cast)
    said: dict[str, Any] = {"meeting_id": meeting.id, "because": "salah nama", "planned_at": NOW}
    renew = partial(actions.renew_meeting, by=cast.village_officer, at=NOW, **said)
    actions.withdraw_meeting(by=cast.village_officer, at=NOW, meeting_id=renew().id, why="tidak perlu")
    assert renew().version == 2


# --- what others read -----------------------------------------------------------------------------------------------------


def test_the_list_that_stands_is_the_newest_closed_version(cast: Cast) -> None:
    meeting = closed(cast, programme="blt_desa")
    assert [(one.outcome, one.name) for one in queries.decided(cast.manager, meeting.id)] == [
        ("in", "Sitti Hasnah"),
        ("out", "Baso Lurang"),
    ]
    assert [(one.meeting_id, one.names_in) for one in queries.lists_of("blt_desa", "7602")] == [
        (meeting.id, 1)
    ]
    new = actions.renew_meeting(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, because="koreksi", planned_at=NOW
    )
    assert [one.meeting_id for one in queries.lists_of("blt_desa", DUNGKAIT)] == [meeting.id]
    actions.hold_meeting(
        by=cast.village_officer, at=NOW, meeting_id=new.id, held_at=NOW, chair="Rusli", minute_taker="Ilham"
    )
    assert queries.decided(cast.village_officer, new.id) == []
    for one in queries.items(new):
        decide(cast, new, one.id)
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=new.id)
    assert [(one.meeting_id, one.version, one.names_in) for one in queries.lists_of("blt_desa", "")] == [
        (new.id, 2, 2)
    ]
    assert queries.lists_of("blt_desa", "73") == [] and queries.lists_of("pkh", DUNGKAIT) == []
    with pytest.raises(NotFound):
        queries.decided(cast.neighbour_coordinator, meeting.id)


def test_who_stands_where_by_household(cast: Cast) -> None:
    home, meeting = household(), held(cast, programme="blt_desa")
    decide(cast, meeting, name(cast, meeting, "", household_id=home.id))
    assert queries.standing_in([home.id]) == {}
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    assert queries.standing_in([home.id], "blt_desa") == {home.id: [(meeting.id, "in")]}


def test_the_area_decides_who_sees_a_meeting(cast: Cast) -> None:
    meeting = plan(cast)
    for part, sees in (
        ("village_officer", True),
        ("manager", True),
        ("neighbour_coordinator", False),
        ("partner", False),
        ("administrator", False),
    ):
        assert (meeting in access.visible(getattr(cast, part))) is sees
    assert meeting not in access.visible(ANYBODY)
    page = queries.listed(
        cast.manager, queries.Filters(state="planned", kind="beneficiary_list", words="daftar")
    )
    assert (
        page.rows == (meeting,) and queries.listed(cast.manager, queries.Filters(state="closed")).rows == ()
    )


# --- the file -------------------------------------------------------------------------------------------------------------


def test_the_file_holds_who_is_on_the_list_and_leaves_a_line_among_the_exports(cast: Cast) -> None:
    home, meeting = household(), held(cast, programme="blt_desa")
    decide(cast, meeting, name(cast, meeting, "", household_id=home.id))
    decide(cast, meeting, name(cast, meeting, "Baso"), "out", "pindah")
    with pytest.raises(NotFound):
        actions.make_package(by=cast.village_officer, at=NOW, meeting_id=meeting.id, purpose="ke Dinsos")
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    with pytest.raises(closing.PurposeMissing):
        actions.make_package(by=cast.village_officer, at=NOW, meeting_id=meeting.id, purpose="")
    made = actions.make_package(by=cast.village_officer, at=NOW, meeting_id=meeting.id, purpose="ke Dinsos")
    assert b"Sitti Hasnah" in made.data and b"Baso" not in made.data and b"7602136101800001" not in made.data
    assert (made.package.rows, line_of("export.record").inputs) == (1, {"purpose": "ke Dinsos"})
    assert line_of("package.make").facts["digest"] == made.package.digest
    again = actions.make_package(by=cast.manager, at=NOW, meeting_id=meeting.id, purpose="ke bupati")
    assert again.package.digest == made.package.digest


def test_nik_and_kk_only_for_those_who_send_it_on(cast: Cast) -> None:
    home, meeting = household(), held(cast)
    decide(cast, meeting, name(cast, meeting, "", household_id=home.id))
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    with pytest.raises(NotAllowed):
        actions.make_full_package(by=cast.village_officer, at=NOW, meeting_id=meeting.id, purpose="ke Dinsos")
    made = actions.make_full_package(by=cast.manager, at=NOW, meeting_id=meeting.id, purpose="ke Dinsos")
    assert b"'7602136101800001" in made.data and b"'7602130101800009" in made.data
    assert Package.objects.get().with_nik and line_of("package.make_full").facts["rows"] == 1


def test_minutes_say_the_moment_in_one_way(cast: Cast) -> None:
    meeting = held(cast)
    decide(cast, meeting, name(cast, meeting))
    local = NOW.astimezone(datetime.now().astimezone().tzinfo or UTC)
    actions.close_meeting(by=cast.village_officer, at=local, meeting_id=meeting.id)
    meeting.refresh_from_db()
    assert queries.is_unchanged(meeting) and "+00:00" in meeting.minutes.content


def test_places_in_meetings_go_to_the_other_row_of_a_person_and_back(cast: Cast) -> None:
    meeting, home, other = held(cast), household(), household(words="St. Hasnah", nik="7602136101800002")
    name(cast, meeting, "", household_id=home.id)
    said: dict[str, Any] = {"by": MACHINE, "at": NOW, "region_code": DUNGKAIT}
    moved = moving.move_attendances(**said, origin_id=home.head_id, target_id=other.head_id)
    assert Item.objects.get().person_id == other.head_id and line_of("attendances.move").facts["from"] == str(
        home.head_id
    )
    moving.move_attendances(**said, origin_id=other.head_id, target_id=home.head_id, only=moved)
    assert Item.objects.get().person_id == home.head_id


def test_whose_data_stand_still_is_in_no_file(cast: Cast) -> None:
    home, meeting = household(), held(cast)
    decide(cast, meeting, name(cast, meeting, "", household_id=home.id))
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    Person.objects.filter(id=home.head_id).update(restricted_at=NOW)
    made = actions.make_full_package(by=cast.manager, at=NOW, meeting_id=meeting.id, purpose="ke Dinsos")
    assert made.package.rows == 0 and b"Sitti Hasnah" not in made.data
