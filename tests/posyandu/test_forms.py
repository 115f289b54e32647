"""The sheets as data, how what is typed on them is read, and lines of paper that become entries."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.posyandu.actions import forms as actions
from simpul.posyandu.models import Examination, PaperLine, Participant
from simpul.posyandu.queries import forms as queries
from simpul.posyandu.queries import forms_grid as grid
from simpul.posyandu.queries import forms_sheets
from simpul.posyandu.rules import examinations as examination_rules
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import forms_catalogue
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import TODAY, Furnished, enrol, person, record

VERSIONS = [one for versions in queries.versions().values() for one in versions]
CARD_B = queries.card("B")
CHILD = {"sex": "P", "age_months": 12}


# --- the catalogue


def test_there_are_thirteen_sheets_and_nine_checklists() -> None:
    assert tuple(queries.versions()) == rules.CODES
    assert len(rules.CODES) == 13 + 9
    assert [one.version for one in queries.versions()["card_D"]] == ["2023", "2025"]
    assert queries.form_on("card_D", date(2024, 5, 1)).version == "2023"
    assert queries.form("card_D").version == queries.form("card_D", "unknown").version == "2025"


@pytest.mark.parametrize("form", VERSIONS, ids=lambda one: f"{one.code}-{one.version}")
def test_every_field_has_words_in_both_languages_and_every_form_a_source(form: rules.Form) -> None:
    assert form.title and form.title_en and form.source and form.valid_from
    assert form.confidence in ("confirmed", "secondary", "unconfirmed")
    known = {one.code for one in form.sections}
    parts = {one.code for one in form.parts}
    for one in form.fields():
        assert one.label and one.label_en, one.key
        assert all(option.label and option.label_en and option.code for option in one.options), one.key
        assert len({option.code for option in one.options}) == len(one.options), one.key
        assert set(one.parts) <= parts, one.key
        assert not one.beside or form.field(one.beside) is not None
        if form.layout == "checklist" and one in form.row:
            assert one.section in known, one.key


def _named(code: str, part: str = "", version: str = "") -> int:
    return len(queries.form(code, version).columns(part))


def test_the_cards_have_the_columns_of_the_official_sheets() -> None:
    assert _named("card_A", "pregnant") == queries.form("card_A").columns_named == 19
    assert _named("card_B") == queries.form("card_B").columns_named == 26
    assert _named("card_D", version="2023") == queries.form("card_D", "2023").columns_named == 29
    assert {"6-14", "15-18"} == {one.code for one in queries.form("card_C").parts}
    newer = {one.key for one in queries.form("card_D", "2025").columns()}
    assert {"cholesterol", "tbc_cough_short", "tbc_sweat", "tbc_blood", "tbc_breathless"} <= newer
    assert len([one for one in queries.form("card_D", "2023").columns() if one.section == "puma"]) == 8
    lansia = queries.form("card_lansia")
    most = sum(
        max(int(o.code) for o in one.options)
        for one in lansia.row
        if one.key.startswith("aks_") and one.type == rules.POINTS
    )
    assert most == 20


@pytest.mark.parametrize(
    ("number", "signs"), [(1, 10), (2, 14), (3, 12), (4, 8), (5, 0), (6, 0), (7, 0), (8, 3)]
)
def test_the_checklists_have_their_danger_signs(number: int, signs: int) -> None:
    form = queries.checklist(number)
    found = [one for one in form.row if one.danger and one.key != "fever"]
    assert len(found) == signs
    assert (form.field("fever") is None) == (number == 8)
    keys = {one.key for one in form.row}
    assert {"education_topics", "education_date", "initials", "reported_date", "reminded"} <= keys


def test_checks_are_written_with_date_place_and_officer() -> None:
    keys = {one.key for one in queries.checklist(1).row}
    wanted = {f"anc_{number}_{part}" for number in range(1, 7) for part in ("date", "place", "officer")}
    assert wanted <= keys
    assert {"kf_1_date", "kf_4_officer"} <= {one.key for one in queries.checklist(2).row}
    assert {"kn_0_date", "kn_3_place"} <= {one.key for one in queries.checklist(3).row}


def test_the_columns_of_fields_are_those_of_an_entry() -> None:
    for form in VERSIONS:
        for one in form.row:
            if one.column and form.code.startswith("card_"):
                assert examination_rules.COLUMNS[one.key] == one.column


def test_a_wrong_row_of_the_catalogue_is_named() -> None:
    given = {"code": "card_X", "title": "a", "title_en": "b", "layout": "card"}
    version = {"version": "1", "source": "s", "confidence": "confirmed", "valid_from": date(2024, 1, 1)}
    for row in (["unknown"], [{"key": "x", "label": "x", "label_en": "", "type": "text"}]):
        with pytest.raises(forms_catalogue.FormUnsound, match=r"unknown|x"):
            forms_catalogue.read_form({**given, "row": row}, {}, version)
    twice = {"key": "x", "label": "x", "label_en": "x", "type": "text"}
    with pytest.raises(forms_catalogue.FormUnsound, match="twice"):
        forms_catalogue.read_form({**given, "row": [twice, twice]}, {}, version)


# --- reading


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("8,9", 8900), ("8.9", 8900), ("8,905", 8905), ("8900 g", 8900), ("8,9 kg", 8900), ("9", 9000)],
)
def test_numbers_are_read_as_people_write_them(typed: str, kept: int) -> None:
    read = rules.read(CARD_B, {"weight": typed}, **CHILD)
    assert read.is_whole and read.values == {"weight": kept} and read.columns == {"weight_g": kept}


@pytest.mark.parametrize(
    ("key", "typed", "better"),
    [
        ("weight", "12000", "12,0"),
        ("weight", "89", "8,9"),
        ("weight", "0,009", "9,0"),
        ("height", "740", "74,0"),
        ("height", "7,4", "74,0"),
    ],
)
def test_a_wrong_unit_is_a_question_with_a_proposal(key: str, typed: str, better: str) -> None:
    read = rules.read(CARD_B, {key: typed}, **CHILD)
    (question,) = read.questions
    assert (question.code, question.suggestion) == ("unit", better)
    assert rules.written(CARD_B.field(key), read.values[key]).rstrip("0").rstrip(",") == typed.rstrip(
        "0"
    ).rstrip(",") or read.values[key] == rules.value_of(CARD_B.field(key), typed)


def test_metres_are_not_taken_for_centimetres() -> None:
    (fault,) = rules.read(CARD_B, {"height": "0,74"}, **CHILD).faults
    assert (fault.code, fault.suggestion) == ("metres", "74,0")


def test_what_cannot_be_stays_a_question_though_somebody_is_sure() -> None:
    read = rules.read(CARD_B, {"weight": "12000"}, sure=("unit.weight",), **CHILD)
    assert read.questions and read.questions[0].must and not read.flags


def test_what_is_unusual_is_taken_with_a_flag_once_somebody_is_sure() -> None:
    asked = rules.read(CARD_B, {"weight": "4,5"}, **CHILD)
    assert [one.token for one in asked.questions] == ["unusual.weight"] and not asked.questions[0].must
    taken = rules.read(CARD_B, {"weight": "4,5"}, sure=("unusual.weight",), **CHILD)
    assert taken.is_whole and taken.values == {"weight": 4500} and taken.flags == ("unusual.weight",)


def test_weight_and_height_in_each_others_place_are_asked_about() -> None:
    read = rules.read(CARD_B, {"weight": "74", "height": "8,9"}, **CHILD)
    found = {one.field: one.suggestion for one in read.questions if one.code == "swapped"}
    assert found == {"weight": "8,9", "height": "74,0"}
    assert read.values == {"weight": 74000, "height": 89}


def test_a_child_that_shrank_is_asked_about_but_not_one_that_stood_up() -> None:
    before = {"height": 745, "measured": "l", "days": 30}
    read = rules.read(CARD_B, {"height": "74"}, before=before, **CHILD)
    assert [one.token for one in read.questions] == ["shorter.height"]
    stood = rules.read(CARD_B, {"height": "74", "measured": "h"}, before=before, **CHILD)
    assert stood.is_whole
    sure = rules.read(CARD_B, {"height": "74"}, before=before, sure=("shorter.height",), **CHILD)
    assert sure.flags == ("shorter.height",)


def test_a_leap_of_the_weight_is_asked_about_when_the_last_time_is_near() -> None:
    near = {"weight": 9000, "days": 30}
    assert [one.code for one in rules.read(CARD_B, {"weight": "13"}, before=near, **CHILD).questions] == [
        "jump"
    ]
    far = {"weight": 9000, "days": 400}
    assert rules.read(CARD_B, {"weight": "13"}, before=far, **CHILD).is_whole


def test_a_pressure_is_written_in_one_cell_and_kept_as_two_numbers() -> None:
    form = queries.card("D")
    read = rules.read(form, {"systolic": "130/85"}, sex="L", age_months=600)
    assert read.values == {"systolic": 130, "diastolic": 85} == read.columns
    turned = rules.read(form, {"systolic": "85/130"}, sex="L", age_months=600)
    assert [(one.code, one.suggestion) for one in turned.questions] == [("swapped", "130/85")]
    short = rules.read(form, {"systolic": "13/8"}, sex="L", age_months=600)
    assert {one.field: one.suggestion for one in short.questions} == {"systolic": "130", "diastolic": "80"}
    twice = rules.read(form, {"systolic": "130/85", "diastolic": "80"})
    assert [one.code for one in twice.faults] == ["twice"]


def test_answers_are_read_by_code_or_by_words() -> None:
    raw = {"vitamin_a": "Ya", "vaccines": "Campak-rubela 1; hb0", "measured": "Berdiri", "said_status": "n"}
    read = rules.read(CARD_B, raw, sex="P", age_months=12)
    assert read.values == {
        "vitamin_a": True,
        "vaccines": ["hb0", "mr1"],
        "measured": "h",
        "said_status": "N",
    }
    wrong = rules.read(CARD_B, {"vitamin_a": "x", "vaccines": "sputnik", "illness": "a" * 300})
    assert {one.field: one.code for one in wrong.faults} == {
        "vitamin_a": "yesno",
        "vaccines": "choice",
        "illness": "long",
    }


def test_what_is_not_asked_of_this_age_is_asked_about() -> None:
    read = rules.read(CARD_B, {"vitamin_a": "ya"}, sex="P", age_months=2)
    assert [one.token for one in read.questions] == ["not_asked.vitamin_a"]
    assert rules.read(CARD_B, {"vitamin_a": "tidak"}, sex="P", age_months=2).is_whole


def test_dates_are_read_as_written_here() -> None:
    form = queries.checklist(1)
    read = rules.read(
        form, {"anc_1_date": "05-11-2026", "anc_2_date": "2026-11-06", "anc_3_date": "31/02/2026"}
    )
    assert read.values == {"anc_1_date": "2026-11-05", "anc_2_date": "2026-11-06"}
    assert [one.field for one in read.faults] == ["anc_3_date"]


_FIELDS = [(form, one) for form in VERSIONS for one in form.row if one.type != rules.COMPUTED]
_TYPED = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"\d{0,6}[.,]?\d{0,4} ?(kg|cm|g|mm|m)?", fullmatch=True),
    st.sampled_from(["ya", "tidak", "120/80", "l", "h", "N", "05-11-2026", "hb0,bcg", "1"]),
)


@given(data=st.data(), age=st.one_of(st.none(), st.integers(0, 1300)), sex=st.sampled_from(["", "L", "P"]))
@settings(max_examples=250, deadline=None)
def test_reading_never_raises_and_what_was_written_is_read_the_same(
    data: st.DataObject, age: int | None, sex: str
) -> None:
    form = data.draw(st.sampled_from(VERSIONS))
    fields = [one for one in form.row if one.type != rules.COMPUTED]
    if not fields:
        return
    keys = data.draw(st.lists(st.sampled_from([one.key for one in fields]), max_size=6))
    raw = {key: data.draw(_TYPED) for key in keys}
    before = data.draw(
        st.fixed_dictionaries({}, optional={"height": st.integers(1, 3000), "weight": st.integers(1, 10**6)})
    )
    first = rules.read(form, raw, sex=sex, age_months=age, before=before)
    back = {key: rules.written(form.field(key), value) for key, value in first.values.items()}
    again = rules.read(form, back, sex=sex, age_months=age, before=before)
    assert again.values == first.values and not again.faults
    assert {one.token for one in again.questions} == {one.token for one in first.questions}
    for one in form.row:  # what is kept is exactly what was typed, never the proposal
        if (
            one.type in (rules.WHOLE, rules.DECIMAL)
            and one.key in first.values
            and "/" not in "".join(raw.values())
        ):
            assert first.values[one.key] == rules.value_of(one, raw[one.key].strip())
    for one in form.row:
        for language in ("id", "en"):
            rules.shown(one, first.values.get(one.key), language)


# --- lines of paper


@pytest.fixture
def cast(db: Any) -> Cast:
    return assemble()


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child)


def _enter(cast: Cast, card: Participant, raw: dict[str, str], **more: Any) -> actions.Entered:
    given = {"by": cast.cadre, "at": NOW, "form_code": "card_B", "date": TODAY, **more}
    return actions.enter_paperline(participant_id=card.id, raw=raw, **given)


def _seen(cast: Cast, card: Participant, form_code: str = "card_B", date: date = TODAY) -> str:
    """The mark of the line as a page shows it now."""
    found = grid.lines(cast.cadre, card.posyandu, queries.form(form_code), date)
    return next(one.seen for one in found if one.participant.id == card.id)


def test_a_line_of_paper_becomes_an_entry_and_leaves_a_line(cast: Cast, card: Participant) -> None:
    done = _enter(cast, card, {"weight": "8,9", "height": "74", "measured": "l", "said_status": "N"})
    assert done.examination is not None and done.examination.source == "paper"
    assert done.examination.weight_g == 8900 and done.examination.said_status == "N"
    assert Line.objects.filter(kind="paperline.enter", facts__form="card_B").count() == 1
    again = _enter(cast, card, {"weight": "8,9", "height": "74"})
    assert again.examination is not None and again.examination.id == done.examination.id
    assert Examination.objects.count() == 1


def test_a_line_with_questions_is_kept_as_typed_and_nothing_is_lost(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    raw = {"weight": "12000", "illness": "batuk"}
    done = _enter(cast, card, raw)
    assert done.kept and done.examination is None and not Examination.objects.exists()
    assert PaperLine.objects.get().raw == raw
    (line,) = grid.lines(cast.cadre, there.melati, CARD_B, TODAY)
    assert line.kept and line.raw == raw
    _enter(cast, card, {"weight": "8,9", "illness": "batuk"})
    assert not PaperLine.objects.exists()
    (line,) = grid.lines(cast.cadre, there.melati, CARD_B, TODAY)
    assert line.entry is not None and line.raw == {"weight": "8,9", "illness": "batuk"}


def test_who_is_sure_says_so_and_the_entry_carries_it(cast: Cast, card: Participant) -> None:
    done = _enter(cast, card, {"weight": "4,5"}, sure=("unusual.weight",))
    assert done.examination is not None and "sure:unusual.weight" in done.examination.flags


def test_paper_that_contradicts_the_day_stands_beside_it_and_paper_corrects_paper(
    cast: Cast, card: Participant
) -> None:
    record(cast, card, TODAY, weight=8900)
    beside = _enter(cast, card, {"weight": "9,4"})
    assert beside.rival and Examination.objects.count() == 2
    other = TODAY.replace(day=20)
    _enter(cast, card, {"weight": "8,8"}, date=other)
    _enter(cast, card, {"weight": "8,7"}, date=other, seen=_seen(cast, card, date=other))
    assert Examination.objects.get(date=other).weight_g == 8700


def test_a_line_that_moved_on_is_kept_beside_and_the_same_press_twice_makes_no_third(
    cast: Cast, card: Participant
) -> None:
    _enter(cast, card, {"weight": "8,9", "illness": "batuk"})
    old = _seen(cast, card)
    _enter(cast, card, {"weight": "9,0", "illness": "batuk"}, seen=old, by=cast.second_cadre)
    for _turn in range(2):
        assert _enter(cast, card, {"weight": "8,8", "illness": "batuk"}, seen=old).rival
    first, second = Examination.objects.order_by("recorded_at", "id")
    assert (first.weight_g, first.stands, second.weight_g, second.stands) == (9000, True, 8800, False)
    adds = _enter(cast, card, {"weight": "9,0", "height": "74"}, seen=old)
    assert adds.examination is not None and not adds.rival
    assert adds.examination.values == {"weight": 9000, "illness": "batuk", "height": 740}


def test_an_emptied_cell_is_emptied_for_one_who_saw_it(cast: Cast, there: Furnished) -> None:
    card = enrol(cast, there.melati, person("Daeng Ngai", date(1970, 3, 1), "L"), "D")
    given = {"form_code": "card_D"}
    _enter(cast, card, {"weight": "60", "systolic": "120/80"}, **given)
    _enter(cast, card, {"weight": "60"}, **given)
    assert Examination.objects.get().values == {"weight": 60000, "systolic": 120, "diastolic": 80}
    _enter(cast, card, {"weight": "60"}, seen=_seen(cast, card, **given), **given)
    row = Examination.objects.get()
    assert row.values == {"weight": 60000} and row.systolic is None and row.diastolic is None


def test_a_kept_line_goes_with_one_who_saw_it(cast: Cast, card: Participant) -> None:
    _enter(cast, card, {"weight": "12000"})
    kept = _seen(cast, card)
    _enter(cast, card, {}, seen="")
    _enter(cast, card, {"height": "74"}, by=cast.second_cadre)
    with pytest.raises(actions.LineMoved):
        _enter(cast, card, {"weight": "9000"}, by=cast.second_cadre)
    assert PaperLine.objects.get().raw == {"weight": "12000"}
    done = _enter(cast, card, {"weight": "8,9"}, seen=kept, by=cast.second_cadre)
    assert not PaperLine.objects.exists()
    assert done.examination is not None and done.examination.values == {"height": 740, "weight": 8900}
    _enter(cast, card, {"weight": "12000"}, seen=_seen(cast, card), by=cast.second_cadre)
    _enter(cast, card, {}, seen=_seen(cast, card))
    assert not PaperLine.objects.exists()


def test_ones_own_slip_of_the_pen_is_corrected_also_after_a_question(cast: Cast, card: Participant) -> None:
    _enter(cast, card, {"weight": "8,9"})
    _enter(cast, card, {"weight": "9000"}, seen=_seen(cast, card))
    assert PaperLine.objects.exists()
    _enter(cast, card, {"weight": "9,0"}, seen=_seen(cast, card))
    assert Examination.objects.get().weight_g == 9000 and not PaperLine.objects.exists()


def test_paper_that_adds_to_the_day_is_joined_to_it(cast: Cast, there: Furnished) -> None:
    elder = person("Daeng Ngai", date(1950, 3, 1), "L")
    card = enrol(cast, there.melati, elder, "D")
    record(cast, card, TODAY, weight=52000, values={"systolic": 150, "diastolic": 95})
    done = _enter(cast, card, {"aks_bathing": "0", "skilas_eyes": "ya"}, form_code="card_lansia")
    row = Examination.objects.get()
    assert done.examination is not None and done.examination.id == row.id
    assert row.values["aks_bathing"] == 0 and row.systolic == 150
    lines = grid.lines(cast.cadre, there.melati, queries.form("card_lansia"), TODAY)
    assert [one.participant.id for one in lines] == [card.id]


def test_an_empty_line_makes_nothing(cast: Cast, card: Participant) -> None:
    assert _enter(cast, card, {"weight": " "}).examination is None
    assert not Examination.objects.exists() and not PaperLine.objects.exists()


def test_a_kept_line_is_thrown_away_once(cast: Cast, card: Participant) -> None:
    _enter(cast, card, {"weight": "12000"})
    given = {"by": cast.cadre, "at": NOW, "participant_id": card.id, "form_code": "card_B", "date": TODAY}
    assert actions.drop_paperline(**given) and not actions.drop_paperline(**given)
    assert Line.objects.filter(kind="paperline.drop").count() == 1


@pytest.mark.parametrize("part", ["neighbour_cadre", "village_head", "secretary"])
def test_others_enter_nothing(cast: Cast, card: Participant, part: str) -> None:
    by = getattr(cast, part)
    with pytest.raises(NotFound):
        _enter(cast, card, {"weight": "8,9"}, by=by)
    with pytest.raises(NotFound):
        actions.drop_paperline(by=by, at=NOW, participant_id=card.id, form_code="card_B", date=TODAY)


def test_the_same_key_gives_the_same_entry(cast: Cast, card: Participant) -> None:
    key = uuid4()
    first = _enter(cast, card, {"weight": "8,9"}, examination_id=key)
    again = _enter(cast, card, {"weight": "8,9"}, examination_id=key)
    assert first.examination is not None and again.examination is not None
    assert first.examination.id == again.examination.id == key


def test_a_sheet_costs_a_fixed_number_of_queries(
    cast: Cast, there: Furnished, card: Participant, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        enrol(cast, there.melati, person(f"Anak {'abcdef'[number]}"))
    with django_assert_max_num_queries(4):
        found = grid.lines(cast.cadre, there.melati, CARD_B, TODAY)
        assert len([one.participant.person.full_name for one in found]) == 7


@pytest.mark.parametrize(
    ("code", "heads"), [("card_B", ("BB/U", "PB/U", "BB/PB", "Status LK")), ("card_C", ("IMT/U",))]
)
def test_classes_of_growth_stand_whole_in_their_columns(code: str, heads: tuple[str, ...]) -> None:
    """ "Normal" and "Gizi kurang" need more room than a tick."""
    for table in forms_sheets.empty(queries.form(code)).tables:
        wide = [one.wide for one in table.columns if one.head.startswith(heads)]
        assert len(wide) == len(heads) and min(wide) > 1


@pytest.mark.parametrize("code", ["card_A", "card_B", "card_C", "card_D", "card_lansia"])
def test_no_head_of_a_card_breaks_within_a_word(code: str) -> None:
    for table in forms_sheets.empty(queries.form(code)).tables:
        room = forms_sheets.LETTERS / len(table.columns)
        for one in table.columns:
            words = max(len(word) for word in one.head.split())
            assert one.upright or words <= max(room, forms_sheets.LYING.get(one.wide, 0)), one.head
        for group in table.groups:
            words = max((len(word) for word in group.words.split()), default=0)
            assert group.upright or words <= room * group.span, group.words
    first = forms_sheets.empty(queries.form("card_A")).tables[0]
    assert {one.head: one.upright for one in first.columns}["Hijau/merah"]
