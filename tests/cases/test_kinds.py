"""Kinds: what ships, what an institution changes, where a kind goes first, and what an answer must look like."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.actions import kinds as actions
from simpul.cases.models import Case, Clock, Kind, Route
from simpul.cases.queries import kinds as queries
from simpul.cases.rules import decisions
from simpul.cases.rules import kinds as rules
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from tests.cast import BOTTENG, DUNGKAIT, NOW, Cast

ALL = {
    "complaint", "complaint_oversight", "complaint_light", "aid_complaint", "information", "aspiration", "idea", "social_problem",
    "kis_reactivation", "letter_request", "dispute", "spm_request", "ppid_request", "rights_request", "election_report", "protected_report",
}  # fmt: skip

COMPONENTS = {
    "legal", "requirements", "procedure", "time", "fee", "product", "facilities", "competence", "supervision", "complaints", "staff",
    "guarantee", "safety", "evaluation",
}  # fmt: skip


def clock(code: str, key: str) -> dict[str, object]:
    """A clock of a kind as it ships."""
    kind = next(kind for kind in queries.catalogue() if kind["code"] == code)
    return next(row for row in kind["clocks"] if row["key"] == key)


# --- the catalogue --------------------------------------------------------------------------------------------------


def test_every_kind_of_the_service_ships() -> None:
    assert {kind["code"] for kind in queries.catalogue()} == ALL


def test_every_kind_says_its_source_its_confidence_and_all_fourteen_components() -> None:
    for kind in queries.catalogue():
        assert kind["source"] and kind["basis"] and kind["confidence"] in actions.CONFIDENCES, kind["code"]
        assert set(kind["standard"]) >= COMPONENTS | {f"{name}_en" for name in COMPONENTS}, kind["code"]
        assert all(row["source"] and row["confidence"] in actions.CONFIDENCES for row in kind["clocks"]), (
            kind["code"]
        )
        assert set(kind["decisions"]) <= set(decisions.DECISIONS), kind["code"]


@pytest.mark.parametrize(
    ("code", "key", "unit", "amount"),
    [
        ("complaint", "answer", "working_days", 14),
        ("complaint", "screen", "working_days", 3),
        ("complaint", "follow_up", "working_days", 5),
        ("complaint_oversight", "answer", "working_days", 60),
        ("complaint_light", "answer", "working_days", 2),
        ("information", "answer", "working_days", 5),
        ("aspiration", "answer", "working_days", 5),
        ("kis_reactivation", "answer", "working_days", 3),
        ("spm_request", "answer", "working_days", 5),
        ("ppid_request", "answer", "working_days", 10),
        ("rights_request", "answer", "hours", 72),
        ("protected_report", "protect", "hours", 24),
    ],
)
def test_the_legal_clocks_are_those_of_the_reference(code: str, key: str, unit: str, amount: int) -> None:
    assert (clock(code, key)["unit"], clock(code, key)["amount"]) == (unit, amount)


def test_the_clock_of_the_data_protection_law_is_never_paused() -> None:
    assert clock("rights_request", "answer")["pausable"] is False


def test_aid_fails_in_six_ways_and_a_social_problem_has_nine_sectors_and_26_categories() -> None:
    fields = {kind["code"]: {field["key"]: field for field in kind["fields"]} for kind in queries.catalogue()}
    assert len(fields["aid_complaint"]["failure"]["options"]) == 6
    assert len(fields["social_problem"]["sector"]["options"]) == 9
    assert len(fields["social_problem"]["ppks"]["options"]) == 26
    assert len(fields["spm_request"]["field"]["options"]) == 8, (
        "six of the law, and two that some regencies add"
    )


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_leaves_one_line() -> None:
    assert actions.load_kinds(by=MACHINE, at=NOW)["added"] == len(ALL)
    assert actions.load_kinds(by=MACHINE, at=NOW) == {"added": 0, "renewed": 0, "left": len(ALL)}
    assert Line.objects.filter(kind="kinds.load").count() == 1
    assert set(Kind.objects.values_list("version", flat=True)) == {1}


def test_loading_renews_what_nobody_changed_here_and_leaves_what_somebody_did(cast: Cast) -> None:
    Kind.objects.filter(code="information").update(name="Nama dari katalog lama")
    actions.change_kind(by=cast.administrator, at=NOW, code="complaint", changes={"name": "Keluhan warga"})
    assert actions.load_kinds(by=MACHINE, at=NOW)["renewed"] == 1
    assert Kind.objects.get(code="information").name == "Bertanya"
    assert Kind.objects.get(code="information").version == 2
    assert Kind.objects.get(code="complaint").name == "Keluhan warga"


# --- changing -------------------------------------------------------------------------------------------------------


def test_a_change_raises_the_version_and_keeps_the_old_value_in_the_journal(cast: Cast) -> None:
    kind = actions.change_kind(by=cast.administrator, at=NOW, code="complaint", changes={"reaction_days": 14})
    assert (kind.version, kind.reaction_days) == (2, 14)
    line = Line.objects.get(kind="kind.change")
    assert line.facts["changed"] == ["reaction_days"] and line.inputs["before"] == {"reaction_days": 10}


def test_saving_without_a_change_raises_nothing(cast: Cast) -> None:
    kind = actions.change_kind(by=cast.administrator, at=NOW, code="complaint", changes={"reaction_days": 10})
    assert kind.version == 1 and not Line.objects.filter(kind="kind.change").exists()


def test_open_matters_keep_the_promise_they_were_given(cast: Cast) -> None:
    case = cast.case()
    due = Clock.objects.get(case=case, key="answer").due_at
    rows = [{**row, "amount": 1} for row in Kind.objects.get(code="complaint").clocks]
    actions.change_kind(by=cast.administrator, at=NOW, code="complaint", changes={"clocks": rows})
    assert Clock.objects.get(case=case, key="answer").due_at == due
    assert Case.objects.get(id=case.id).due_at == due


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "  "}, actions.KindNameMissing),
        ({"code": "other"}, actions.KindValueWrong),
        ({"publishable": "yes"}, actions.KindValueWrong),
        ({"reaction_days": -1}, actions.KindValueWrong),
        ({"reaction_days": True}, actions.KindValueWrong),
        ({"sensitivity": "secret"}, actions.KindValueWrong),
        ({"standard": ["gratis"]}, actions.KindValueWrong),
        ({"source": "x" * 201}, actions.KindValueWrong),
        ({"clocks": []}, actions.KindClocksWrong),
        (
            {"clocks": [{"key": "answer", "unit": "days", "amount": 3, "source": "x"}]},
            actions.KindClocksWrong,
        ),
        (
            {"clocks": [{"key": "answer", "unit": "working_days", "amount": 0, "source": "x"}]},
            actions.KindClocksWrong,
        ),
        (
            {"clocks": [{"key": "answer", "unit": "working_days", "amount": 3, "source": ""}]},
            actions.KindClocksWrong,
        ),
        ({"fields": [{"key": "Ä", "type": "text", "label": "a", "label_en": "b"}]}, actions.KindFieldsWrong),
        (
            {"fields": [{"key": "a", "type": "colour", "label": "a", "label_en": "b"}]},
            actions.KindFieldsWrong,
        ),
        (
            {"fields": [{"key": "a", "type": "choice", "label": "a", "label_en": "b", "options": []}]},
            actions.KindFieldsWrong,
        ),
        ({"fields": [{"key": "a", "type": "text", "label": "a", "label_en": ""}]}, actions.KindFieldsWrong),
        ({"decisions": ["perhaps"]}, actions.KindDecisionsWrong),
        ({"decisions": []}, actions.KindDecisionsWrong),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_changes(
    cast: Cast, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.change_kind(by=cast.administrator, at=NOW, code="complaint", changes=changes)
    assert Kind.objects.get(code="complaint").version == 1


def test_only_administrators_change_kinds_and_routes(cast: Cast) -> None:
    for by in (cast.admin, cast.manager, cast.focal, cast.neighbour_manager):
        with pytest.raises(NotAllowed):
            actions.change_kind(by=by, at=NOW, code="complaint", changes={"reaction_days": 1})
        with pytest.raises(NotAllowed):
            actions.set_route(
                by=by, at=NOW, kind_code="complaint", region_code="", field_value="", desk_ids=[]
            )
        with pytest.raises(NotAllowed):
            actions.load_kinds(by=by, at=NOW)


def test_an_unknown_kind_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        actions.change_kind(by=cast.administrator, at=NOW, code="nothing", changes={})


# --- routes ---------------------------------------------------------------------------------------------------------


def route(cast: Cast, region: str, value: str, *desks: str) -> None:
    """Set a route of the complaint about aid."""
    ids = [cast.desk(code).id for code in desks]
    actions.set_route(
        by=cast.administrator,
        at=NOW,
        kind_code="aid_complaint",
        region_code=region,
        field_value=value,
        desk_ids=ids,
    )


def first(cast: Cast, region: str, **answers: str) -> list[str]:
    """Codes of the tiers for a place and answers."""
    kind = Kind.objects.get(code="aid_complaint")
    return [desk.code for desk in queries.tiers(kind, region, answers)]


def test_the_smallest_region_wins_and_in_it_the_answer_that_was_given(cast: Cast) -> None:
    route(cast, "", "", "secretariat")
    route(cast, "7602", "", "centre", "leaders-mamuju")
    route(cast, "7602", "shelter", "shelter", "centre")
    route(cast, DUNGKAIT, "", "village")
    assert first(cast, BOTTENG) == ["centre", "leaders-mamuju"]
    assert first(cast, BOTTENG, programme="shelter") == ["shelter", "centre"]
    assert first(cast, BOTTENG, programme="food") == ["centre", "leaders-mamuju"]
    assert first(cast, DUNGKAIT, programme="shelter") == ["village"]
    assert first(cast, "3171010001") == ["secretariat"]


def test_a_closed_desk_is_passed_over(cast: Cast) -> None:
    route(cast, "7602", "", "shelter", "centre")
    desk = cast.desk("shelter")
    desk.closed_at = NOW
    desk.save()
    assert first(cast, BOTTENG) == ["centre"]


def test_setting_a_route_replaces_it_and_an_empty_one_removes_it(cast: Cast) -> None:
    route(cast, "76", "", "centre")
    route(cast, "76", "", "shelter")
    assert Route.objects.filter(region_code="76").count() == 1
    route(cast, "76", "")
    assert not Route.objects.filter(region_code="76").exists()
    assert Line.objects.filter(kind="route.set").count() == 3


def test_routes_that_would_never_be_used_are_refused(cast: Cast) -> None:
    with pytest.raises(actions.RouteAnswerUnknown):
        route(cast, "7602", "helicopters", "centre")
    with pytest.raises(actions.RouteDeskMissing):
        route(cast, "7602", "", "centre", "centre")
    with pytest.raises(actions.RouteRegionUnknown):
        route(cast, "760", "", "centre")


def test_a_kind_without_any_route_is_named_to_the_administrator(cast: Cast) -> None:
    Route.objects.filter(kind_id="idea").delete()
    assert [kind.code for kind in queries.kinds_without_route()] == ["idea"]


# --- answers --------------------------------------------------------------------------------------------------------

FIELDS = [
    {"key": "office", "type": "text", "label": "a", "label_en": "a"},
    {"key": "story", "type": "long", "label": "a", "label_en": "a"},
    {"key": "failure", "type": "choice", "required": True, "options": [{"value": "time", "label": "x"}, {"value": "price", "label": "y"}]},
    {"key": "aid", "type": "choices", "options": [{"value": "pkh", "label": "x"}, {"value": "kis", "label": "y"}]},
    {"key": "day", "type": "date"},
    {"key": "people", "type": "number"},
    {"key": "paid", "type": "money"},
    {"key": "safe", "type": "yes_no"},
]  # fmt: skip


def test_answers_are_read_as_people_write_them_and_unknown_keys_are_dropped() -> None:
    clean, errors = rules.check_answers(
        FIELDS,
        {
            "office": "  Puskesmas   Tapalang ",
            "story": "satu\r\ndua",
            "failure": "time",
            "aid": ["kis", "pkh"],
            "day": "3/4/2026",
            "people": "4",
            "paid": "Rp 50.000,-",
            "safe": "Ya",
            "status": "closed",
        },
    )
    assert errors == {}
    assert clean == {
        "office": "Puskesmas Tapalang",
        "story": "satu\ndua",
        "failure": "time",
        "aid": ["pkh", "kis"],
        "day": "2026-04-03",
        "people": 4,
        "paid": 50000,
        "safe": "yes",
    }


def test_not_knowing_is_an_answer_except_where_one_is_required() -> None:
    clean, errors = rules.check_answers(
        FIELDS, {"day": "Tidak tahu", "paid": "tidak tahu", "failure": "tidak tahu"}
    )
    assert clean == {"day": rules.UNKNOWN, "paid": rules.UNKNOWN}
    assert errors == {"failure": rules.REQUIRED}


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("failure", "colour", rules.NOT_OFFERED),
        ("failure", "", rules.REQUIRED),
        ("aid", ["pkh", "gold"], rules.NOT_OFFERED),
        ("aid", {"pkh": 1}, rules.NOT_OFFERED),
        ("day", "11/22/2026", rules.NOT_A_DATE),
        ("day", "31/2/2026", rules.NOT_A_DATE),
        ("day", "1/1/0001", rules.NOT_A_DATE),
        ("people", "empat", rules.NOT_A_NUMBER),
        ("people", "-3", rules.NOT_A_NUMBER),
        ("people", True, rules.NOT_A_NUMBER),
        ("paid", "1,25 juta", rules.NOT_MONEY),
        ("safe", "mungkin", rules.NOT_YES_NO),
        ("office", "x" * 201, rules.TOO_LONG),
        ("story", "x" * 5001, rules.TOO_LONG),
    ],
)
def test_an_answer_that_cannot_be_read_says_how_to_write_it(key: str, value: object, sentence: str) -> None:
    _clean, errors = rules.check_answers(FIELDS, {"failure": "time", key: value})
    assert errors == {key: sentence}


ANYTHING = st.one_of(st.text(), st.integers(), st.lists(st.text()), st.none(), st.booleans())


@given(st.dictionaries(st.sampled_from([str(field["key"]) for field in FIELDS]), ANYTHING))
def test_any_input_is_either_kept_clean_or_explained(answers: dict[str, object]) -> None:
    clean, errors = rules.check_answers(FIELDS, answers)
    assert not set(clean) & set(errors)
    again, _errors = rules.check_answers(FIELDS, clean)
    assert again == clean


def test_a_matter_is_as_closed_as_its_most_closed_answer() -> None:
    kind = next(kind for kind in queries.catalogue() if kind["code"] == "social_problem")
    for category, expected in (
        ("24", "normal"),
        ("16", "restricted"),
        ("6", "sealed"),
        ("unknown", "normal"),
    ):
        assert rules.sensitivity_from("normal", kind["fields"], {"ppks": category}) == expected
    assert rules.sensitivity_from("restricted", kind["fields"], {"ppks": "24"}) == "restricted"
    assert rules.sensitivity_from("sealed", kind["fields"], {}) == "sealed"


def test_partners_and_search_never_get_the_personal_answers() -> None:
    kind = next(kind for kind in queries.catalogue() if kind["code"] == "dispute")
    assert rules.public_answers(kind["fields"], {"subject": "land", "parties": "A dan B"}) == {
        "subject": "land"
    }


def test_a_matter_that_was_answered_late_stays_on_its_stamped_version(cast: Cast) -> None:
    case = cast.case(at=NOW - timedelta(days=3))
    assert case.kind_version == Kind.objects.get(code="complaint").version
