"""Feedback: kept without names, coded by a frame, never holding what is sensitive, and answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.cases.models import Case
from simpul.feedback import access, actions, rules
from simpul.feedback.actions import _shared, changes, frame, recording, rumours
from simpul.feedback.models import Change, Code, FrameVersion, Record, Rumour
from simpul.feedback.queries import frame as frame_queries
from simpul.feedback.queries import records, trends
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.messages.models import Correspondent, Incoming
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW, Cast

WORDS = "Kapan pembagian beras berikutnya?"
FLAGGED = "Anak tetangga dipukuli dan diperkosa pamannya."


def heard(cast: Cast, by: Any = None, **given: Any) -> recording.Recorded:
    wanted = {"text_given": WORDS, "region_code": DUNGKAIT, "channel": "field", **given}
    return actions.record_feedback(by=by or cast.admin, at=wanted.pop("at", NOW), **wanted)


def record(cast: Cast, **given: Any) -> Record:
    found = heard(cast, **given).record
    assert found is not None
    return found


def message(cast: Cast, text: str = WORDS, *, sealed: bool = False) -> Incoming:
    who = Correspondent.objects.create(
        channel="sms",
        address=f"+62812{uuid4().int % 10**8}",
        first_at=NOW,
        region_code=DUNGKAIT,
        desk=cast.desk("centre"),
    )
    return Incoming.objects.create(
        correspondent=who, channel="sms", once_key=str(uuid4()), received_at=NOW, kind="text", text=text,
        hear_at=NOW, state="open", sealed=sealed,
    )  # fmt: skip


# --- recording ----------------------------------------------------------------------------------------------------------


def test_it_is_kept_with_its_codes_and_leaves_a_line_without_the_words(cast: Cast) -> None:
    told = recording.Told(sex="female", age_band="60", disability="yes", hamlet_id=cast.hamlet.id, voices=3)
    made = record(cast, codes=["q-when", "r-food"], told=told)
    assert (made.state, made.sex, made.voices, made.hamlet_id) == ("coded", "female", 3, cast.hamlet.id)
    assert set(records.codes_of(made)) == {"q-when", "r-food"}
    line = Line.objects.get(kind="feedback.record")
    assert line.facts["codes"] == ["q-when", "r-food"] or set(line.facts["codes"]) == {"q-when", "r-food"}
    assert WORDS not in str(line.facts) + str(line.inputs)


def test_everything_about_the_person_may_be_left_out(cast: Cast) -> None:
    made = record(cast)
    assert (made.state, made.sex, made.age_band, made.disability, made.hamlet_id) == ("new", "", "", "", None)


def test_paper_keeps_its_own_day_and_never_one_ahead(cast: Cast) -> None:
    before = NOW - timedelta(days=9)
    assert record(cast, received_at=before).received_at == before
    assert record(cast, received_at=NOW + timedelta(days=1)).received_at == NOW


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text_given": " "}, _shared.WordsMissing),
        ({"channel": "smoke"}, recording.ChoiceUnknown),
        ({"codes": ["nothing"]}, _shared.CodesUnknown),
        ({"codes": [f"c{n}" for n in range(9)]}, _shared.CodesUnknown),
        ({"told": recording.Told(sex="x")}, recording.ChoiceUnknown),
        ({"told": recording.Told(voices=0)}, recording.ChoiceUnknown),
        ({"told": recording.Told(hamlet_id=uuid4())}, recording.ChoiceUnknown),
        ({"region_code": "7602999999"}, recording.PlaceUnknown),
    ],
)
def test_what_cannot_be_kept_is_refused(cast: Cast, given: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        heard(cast, **given)
    assert not Record.objects.exists()


def test_the_same_press_twice_is_one_record(cast: Cast) -> None:
    key = uuid7()
    assert heard(cast, record_id=key).record == heard(cast, record_id=key).record
    assert Record.objects.count() == 1
    with pytest.raises(NotFound):
        heard(cast, by=cast.second_admin, record_id=key)


def test_partners_the_public_and_who_serves_elsewhere_take_nothing_in(cast: Cast) -> None:
    for part in ("partner", "neighbour", "administrator", "protection_officer", "custodian", "approver"):
        with pytest.raises(NotAllowed):
            heard(cast, by=getattr(cast, part))


# --- what is sensitive --------------------------------------------------------------------------------------------------


def test_words_that_raise_the_flag_become_a_sealed_matter_and_nothing_is_kept(cast: Cast) -> None:
    done = heard(cast, text_given=FLAGGED)
    assert done.record is None and done.opened is not None
    assert (done.opened.case.sensitivity, done.opened.case.screening) == ("sealed", "flagged")
    assert not Record.objects.exists() and not Line.objects.filter(kind="feedback.record").exists()


def test_what_an_officer_marks_as_sensitive_goes_to_protection(cast: Cast) -> None:
    done = heard(cast, sensitive=True)
    assert done.opened is not None and done.opened.case.kind_id == rules.PROTECTED_KIND
    assert done.opened.case.holder.protected and not Record.objects.exists()


def test_a_protected_message_goes_the_same_way_and_is_settled_sealed(cast: Cast) -> None:
    one = message(cast, sealed=True)
    done = heard(cast, by=cast.focal, text_given="", channel="sms", incoming_id=one.id)
    one.refresh_from_db()
    assert done.opened is not None and not Record.objects.exists()
    assert (one.outcome, one.subject_id, one.sealed) == ("case", done.opened.case.id, True)


def test_a_message_that_is_flagged_only_now_is_sealed_too(cast: Cast) -> None:
    one = message(cast, FLAGGED)
    heard(cast, text_given="", channel="sms", incoming_id=one.id)
    one.refresh_from_db()
    assert (one.state, one.outcome, one.sealed) == ("settled", "case", True)


# --- from messages ------------------------------------------------------------------------------------------------------


def test_a_message_is_settled_as_feedback_once(cast: Cast) -> None:
    one = message(cast)
    made = record(cast, text_given="", channel="sms", incoming_id=one.id)
    again = heard(cast, text_given="", channel="sms", incoming_id=one.id)
    one.refresh_from_db()
    assert (made.text, one.outcome, one.subject_id) == (WORDS, "feedback", made.id)
    assert again.record == made and again.again
    assert records.of_source("incoming", one.id) == made
    with pytest.raises(NotFound):
        heard(cast, by=cast.pokja, text_given="", channel="sms", incoming_id=message(cast).id)
    with pytest.raises(NotFound):
        heard(cast, call_id=uuid4())


# --- coding -------------------------------------------------------------------------------------------------------------


def test_codes_are_exchanged_and_remember_the_frame_they_came_from(cast: Cast) -> None:
    made = record(cast, codes=["q-when"])
    actions.code_feedback(by=cast.admin, at=NOW, record_id=made.id, codes=["c-target", "q-who"])
    assert set(records.codes_of(made)) == {"c-target", "q-who"}
    assert set(made.codings.values_list("frame", flat=True)) == {1}
    assert Line.objects.get(kind="feedback.code").facts["before"] == ["q-when"]
    with pytest.raises(_shared.CodesUnknown):
        actions.code_feedback(by=cast.admin, at=NOW, record_id=made.id, codes=[])


def test_a_code_that_was_switched_off_stays_where_it_stands_and_is_given_no_more(cast: Cast) -> None:
    made = record(cast, codes=["q-when"])
    actions.change_code(by=cast.administrator, at=NOW, code="q-when", changes={"is_active": False})
    actions.code_feedback(by=cast.admin, at=NOW, record_id=made.id, codes=["q-when", "q-who"])
    with pytest.raises(_shared.CodesUnknown):
        heard(cast, codes=["q-when"])


def test_who_only_takes_in_does_not_code_and_sees_their_desk_alone(cast: Cast) -> None:
    made = record(cast)
    own = record(cast, by=cast.village_officer)
    assert list(access.visible(cast.village_officer)) == [own]
    assert access.visible(cast.admin).count() == 2
    for part in ("village_officer", "neighbour_coordinator", "partner", "administrator"):
        with pytest.raises(NotFound):
            actions.code_feedback(by=getattr(cast, part), at=NOW, record_id=made.id, codes=["q-when"])


# --- becoming a matter --------------------------------------------------------------------------------------------------


def test_it_becomes_a_matter_once(cast: Cast) -> None:
    made = record(cast, codes=["c-target"])
    opened = actions.turn_feedback(by=cast.admin, at=NOW, record_id=made.id, kind_code="complaint")
    made.refresh_from_db()
    assert (made.state, made.case_id, opened.case.text) == ("turned", opened.case.id, WORDS)
    assert Line.objects.get(kind="feedback.turn").facts["number"] == opened.number
    with pytest.raises(recording.AlreadyTurned):
        actions.turn_feedback(by=cast.admin, at=NOW, record_id=made.id, kind_code="complaint")
    with pytest.raises(NotFound):
        actions.turn_feedback(by=cast.neighbour, at=NOW, record_id=made.id, kind_code="complaint")


def test_a_sealed_matter_leaves_nothing_behind(cast: Cast) -> None:
    made = record(cast)
    actions.turn_feedback(by=cast.admin, at=NOW, record_id=made.id, kind_code=rules.PROTECTED_KIND)
    assert not Record.objects.exists() and Case.objects.get().sensitivity == "sealed"
    assert Line.objects.get(kind="feedback.turn").facts == {}


# --- the frame ----------------------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing_and_keeps_what_was_changed_here(cast: Cast) -> None:
    assert actions.load_frame(by=MACHINE, at=NOW) == 0
    actions.change_code(by=cast.administrator, at=NOW, code="q-when", changes={"name": "Kapan datang"})
    Code.objects.filter(code="q-who").update(name="alt")
    assert actions.load_frame(by=MACHINE, at=NOW) == 1
    assert Code.objects.get(code="q-when").name == "Kapan datang"
    assert frame_queries.version() == FrameVersion.objects.count() == 3
    assert {one.type for one in frame_queries.codes()} == set(rules.TYPES)
    wanted = {"c-target", "c-time", "c-quantity", "c-price", "c-quality", "c-administration"}
    assert wanted <= {one.code for one in frame_queries.codes()}
    with pytest.raises(NotAllowed):
        actions.load_frame(by=cast.admin, at=NOW)


def new_code(**given: Any) -> rules.CodeGiven:
    wanted = {
        "code": "q-vaccine", "type": "question", "category": "question-service", "category_name": "", "category_name_en": "",
        "name": "Vaksin", "name_en": "Vaccines", **given,
    }  # fmt: skip
    return rules.CodeGiven(**wanted)


def test_administrators_add_codes_and_the_frame_gets_a_version(cast: Cast) -> None:
    made = actions.add_code(by=cast.administrator, at=NOW, given=new_code())
    assert (made.category_name, frame_queries.version()) == ("Pertanyaan tentang layanan", 2)
    assert any(row["code"] == "q-vaccine" for row in FrameVersion.objects.get(number=2).codes)
    assert Line.objects.filter(kind="code.add").count() == 1
    with pytest.raises(frame.CodeTaken):
        actions.add_code(by=cast.administrator, at=NOW, given=new_code())
    for wrong in (
        {"code": "X Y"},
        {"type": "gossip"},
        {"category": "Ü"},
        {"type": "thanks"},
        {"name": ""},
        {"confidence": "sure"},
    ):
        with pytest.raises(frame.CodeWrong):
            actions.add_code(by=cast.administrator, at=NOW, given=new_code(**{"code": "q-new", **wrong}))
    with pytest.raises(NotAllowed):
        actions.add_code(by=cast.admin, at=NOW, given=new_code(code="q-new"))


def test_a_code_keeps_its_key_type_and_category(cast: Cast) -> None:
    for wrong in ({"type": "thanks"}, {"name": "x" * 101}, {"position": -1}, {"confidence": "sure"}):
        with pytest.raises(frame.CodeWrong):
            actions.change_code(by=cast.administrator, at=NOW, code="q-when", changes=wrong)
    with pytest.raises(NotFound):
        actions.change_code(by=cast.administrator, at=NOW, code="nothing", changes={"name": "abc"})
    with pytest.raises(NotAllowed):
        actions.change_code(by=cast.manager, at=NOW, code="q-when", changes={"name": "abc"})
    assert frame_queries.version() == 1


def test_a_catalogue_with_a_wrong_code_is_not_read() -> None:
    row = {"type": "gossip", "key": "a", "name": "A", "name_en": "A", "codes": [["a-b", "A", "A"]]}
    with pytest.raises(ValueError, match="a-b"):
        rules.read_frame({"categories": [row]})


# --- rumours ------------------------------------------------------------------------------------------------------------


def test_a_rumour_is_followed_over_villages_and_answered(cast: Cast) -> None:
    first = record(cast, codes=["b-revenge"])
    rumour = actions.note_rumour(
        by=cast.admin, at=NOW, record_id=first.id, words="Yang mengadu dicoret dari daftar"
    )
    earlier = record(cast, region_code=BOTTENG, received_at=NOW - timedelta(days=3))
    actions.note_rumour(by=cast.pokja, at=NOW, record_id=earlier.id, rumour_id=rumour.id)
    spread = trends.rumours(cast.manager)[0]
    assert (spread.times, spread.villages) == (2, 2)
    assert Rumour.objects.get().first_heard_at == NOW - timedelta(days=3)
    actions.answer_rumour(
        by=cast.manager, at=NOW, rumour_id=rumour.id, verdict="untrue", answer="Tidak ada yang dicoret karena mengadu.", public=True
    )  # fmt: skip
    assert [one.id for one in trends.public_rumours()] == [rumour.id]
    assert {line.kind for line in Line.objects.filter(subject_id=rumour.id)} == {
        "rumour.note",
        "rumour.answer",
    }


def test_a_rumour_is_not_answered_by_saying_nothing_nor_by_naming_somebody(cast: Cast) -> None:
    rumour = actions.note_rumour(
        by=cast.admin, at=NOW, record_id=record(cast).id, words="Bantuan akan berhenti"
    )
    for verdict in ("unknown", "maybe"):
        with pytest.raises(rumours.VerdictMissing):
            actions.answer_rumour(
                by=cast.admin, at=NOW, rumour_id=rumour.id, verdict=verdict, answer="Tidak benar."
            )
    with pytest.raises(_shared.PersonalWords):
        actions.answer_rumour(
            by=cast.admin,
            at=NOW,
            rumour_id=rumour.id,
            verdict="untrue",
            answer="Telepon 0812-4455-6677.",
            public=True,
        )
    with pytest.raises(_shared.WordsMissing):
        actions.note_rumour(by=cast.admin, at=NOW, record_id=record(cast).id)
    for part in ("pokja", "neighbour_manager", "village_officer"):
        with pytest.raises(NotFound):
            actions.answer_rumour(
                by=getattr(cast, part), at=NOW, rumour_id=rumour.id, verdict="untrue", answer="Tidak benar."
            )
    with pytest.raises(NotFound):
        actions.note_rumour(
            by=cast.village_officer, at=NOW, record_id=record(cast).id, words="Bantuan berhenti"
        )


# --- what changed -------------------------------------------------------------------------------------------------------


def change(cast: Cast, by: Any = None, **given: Any) -> Change:
    wanted: dict[str, Any] = {
        "words": "Jadwal pembagian beras kini ditempel di kantor desa tiap tanggal satu.",
        "codes": ["q-when"],
        "since_date": date(2026, 10, 1),
        "until_date": date(2026, 10, 31),
        "region_code": "7602",
        "decided_by": "Rapat Pokja Pelibatan Masyarakat",
        "decided_date": date(2026, 11, 10),
        **given,
    }
    return actions.note_change(by=by or cast.manager, at=NOW, **wanted)


def test_what_changed_is_written_down_and_published(cast: Cast) -> None:
    made = change(cast, public=True)
    assert [one.id for one in trends.public_changes()] == [made.id]
    assert [one.code for one in made.codes.all()] == ["q-when"]
    assert [one.id for one in trends.changes(cast.village_officer)] == [made.id]
    assert trends.changes(cast.neighbour) == []
    actions.withdraw_change(by=cast.manager, at=NOW, change_id=made.id, reason="Belum berjalan di semua desa")
    assert trends.public_changes() == []
    with pytest.raises(NotFound):
        actions.withdraw_change(by=cast.manager, at=NOW, change_id=made.id, reason="lagi")
    assert {line.kind for line in Line.objects.filter(subject_id=made.id)} == {
        "change.note",
        "change.withdraw",
    }


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"words": ""}, _shared.WordsMissing),
        ({"codes": []}, _shared.CodesUnknown),
        ({"decided_by": ""}, changes.WhoMissing),
        ({"until_date": date(2026, 9, 1)}, changes.PeriodWrong),
        ({"decided_date": date(2026, 12, 1)}, changes.PeriodWrong),
        ({"words": "Pak Baso Daeng kini membagi beras.", "public": True}, _shared.PersonalWords),
        ({"region_code": "7602999999"}, NotFound),
        ({"region_code": BONTO_JAI}, NotAllowed),
    ],
)
def test_a_change_that_says_too_little_or_too_much_is_refused(cast: Cast, given: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        change(cast, **given)


def test_who_only_listens_does_not_say_what_changed(cast: Cast) -> None:
    for part in ("village_officer", "pokja", "administrator", "partner"):
        with pytest.raises(NotAllowed):
            change(cast, by=getattr(cast, part))
    made = change(cast)
    with pytest.raises(NotAllowed):
        actions.withdraw_change(by=cast.village_officer, at=NOW, change_id=made.id, reason="bukan")


# --- lists and trends ---------------------------------------------------------------------------------------------------


def weeks(count: int = 4) -> Any:
    zone = rules.ZoneInfo("Asia/Makassar")
    return rules.spans(rules.weeks(NOW.date(), count), zone)


def test_trends_count_by_week_and_code(cast: Cast) -> None:
    for back in (0, 0, 7, 7, 7):
        record(cast, codes=["q-when", "r-food"], received_at=NOW - timedelta(days=back))
    record(cast, region_code=BOTTENG, codes=["q-when"])
    found = {one.code.code: one for one in trends.trends(cast.admin, weeks())}
    assert found["q-when"].weeks == (0, 0, 3, 3) and found["r-food"].weeks == (0, 0, 3, 2)
    assert (found["q-when"].total, found["q-when"].rise) == (6, 6)
    assert trends.trends(cast.neighbour_manager, weeks()) == []
    assert [one.total for one in trends.trends(cast.admin, weeks(), BOTTENG)] == [1]
    assert trends.recorded(cast.admin, weeks()) == [0, 0, 3, 3]


def test_what_leaves_the_house_hides_small_weeks(cast: Cast) -> None:
    for back in (*[0] * 3, *[7] * 9, *[14] * 6):
        record(cast, codes=["q-when"], received_at=NOW - timedelta(days=back))
    _trend, safe = trends.safe_trends(cast.admin, weeks())[0]
    assert [(row.key, row.whole) for row in safe.rows] == [("1", None), ("2", 9), ("3", None)]


def test_who_said_it_is_counted_where_it_was_told(cast: Cast) -> None:
    record(cast, codes=["q-when"], told=recording.Told(sex="female"))
    record(cast, codes=["q-when"])
    assert trends.split(cast.admin, weeks(), "sex") == {"q-when": {"": 1, "female": 1}}


def test_lists_are_narrowed_by_what_the_address_says(cast: Cast) -> None:
    made = record(cast, codes=["q-when"])
    record(cast, text_given="Terima kasih untuk petugas", region_code=BOTTENG, channel="desk")
    for given, number in (
        ({}, 2), ({"state": "new"}, 1), ({"type": "question"}, 1), ({"code": "q-when"}, 1), ({"region": BOTTENG}, 1),
        ({"channel": "desk"}, 1), ({"words": "terima"}, 1), ({"since": NOW + timedelta(days=1)}, 0), ({"until": NOW}, 0),
    ):  # fmt: skip
        assert len(records.listed(cast.admin, records.Filters(**given)).rows) == number, given
    assert records.to_code(cast.admin) == 1
    assert records.next_to_code(cast.admin) not in (None, made.id)
    assert records.next_to_code(cast.admin, records.next_to_code(cast.admin)) is None


def test_lists_and_trends_cost_the_same_queries_however_much_was_said(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for _turn in range(12):
        record(cast, codes=["q-when", "r-food"])
    with django_assert_num_queries(2):
        records.listed(cast.admin, records.Filters())
    with django_assert_num_queries(2):
        trends.trends(cast.admin, weeks(12))


def test_weeks_begin_on_monday_and_types_have_an_order() -> None:
    assert rules.weeks(date(2026, 11, 25), 2) == [date(2026, 11, 16), date(2026, 11, 23)]
    assert rules.spans([], rules.ZoneInfo("Asia/Makassar")) == []
    assert rules.leading_type(["thanks", "complaint"]) == "complaint" and rules.leading_type([]) == ""
