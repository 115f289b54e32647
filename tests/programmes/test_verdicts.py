"""Verdicts on the register: the records they are read from, who may see them, deciding, benefits, screening an area."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from simpul.cases.models import Case, Hop
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound
from simpul.people.models import Observation, Person
from simpul.people.queries import records as people_records
from simpul.programmes.actions import benefits, deciding, screenings
from simpul.programmes.actions import programmes as programme_acts
from simpul.programmes.models import Benefit, Card, Deactivation, Decision, RuleVersion, Run
from simpul.programmes.queries import catalogue, reports, runs, screening, sheets, verdicts
from simpul.programmes.rules import subjects
from simpul.programmes.rules import verdicts as rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, PASSWORD, Cast, assemble
from tests.programmes.register import Home, families, home
from tests.web.desk_pages import sit

ON = date(2026, 11, 25)


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the programmes that ship."""
    made = assemble()
    programme_acts.load_programmes(by=MACHINE, at=NOW)
    return made


@pytest.fixture
def homes(cast: Cast) -> dict[str, Home]:
    """Three households."""
    return families()


def words_of(sheet: verdicts.Sheet) -> dict[str, str]:
    """Answers by programme, the first subject's."""
    found: dict[str, str] = {}
    for one in sheet.judged:
        found.setdefault(one.rule.programme_id, one.word)
    return found


def test_the_household_is_poor_for_bps_fit_for_sdg_and_unfit_for_bsps(
    cast: Cast, homes: dict[str, Home]
) -> None:
    sheet = verdicts.side_by_side(cast.neighbour_coordinator, homes["poor"].household.id, ON)
    answers = words_of(sheet)
    assert [answers[code] for code in ("bps-14", "sdg-floor-area", "bsps-floor-area")] == [
        "yes",
        "yes",
        "yes",
    ]
    assert "floor_area" in {one.attribute.code for one in sheet.differences}
    assert answers["pkh"] == "yes" and answers["bsps"] == "unknown"
    asked = [one.missing.seen.fact for one in sheet.questions]
    assert "house.land_proof" in asked and "household.disaster" in asked


def test_letters_of_a_switched_off_card_reach_the_rules_and_a_missing_one_stays_unknown(
    cast: Cast, homes: dict[str, Home]
) -> None:
    by, made = cast.neighbour_coordinator, homes["poor"]
    person = made.people[0]
    group = Deactivation.objects.create(
        name="SK 3", source="Kemensos", off_date=ON, region_code="7303", loaded_at=NOW, loaded_by="x"
    )
    card = Card.objects.create(
        deactivation=group, row_key="1", name=person.full_name, name_key="", region_code=BONTO_JAI, off_date=ON,
        person=person, match="sure", facility="Puskesmas", facility_letter="12/PKM", facility_date=ON,
        listed_at=NOW, changed_at=NOW,
    )  # fmt: skip

    def judged(code: str) -> rules.Verdict:
        sheet = verdicts.side_by_side(by, made.household.id, ON)
        found = [one for one in sheet.positions if one.rule.programme_id == code]
        return next(one.verdict for one in found if one.subject_key == str(person.id))

    before = judged("kis-letter-478")
    assert before.value is None
    assert {one.seen.fact for one in before.missing} == {"person.village_letter"}
    Card.objects.filter(id=card.id).update(village_letter="SKTM/4", village_date=ON, need="emergency")
    assert judged("kis-letter-478").value is True
    sheet = verdicts.side_by_side(by, made.household.id, ON)
    assert sheet.record.said[str(person.id), "facility_letter"].source_words == "Puskesmas 12/PKM"
    assert next(one for one in sheet.record.members if one.key == str(person.id)).values["emergency"] is True
    Card.objects.filter(id=card.id).update(state="reactivated")
    assert judged("kis-letter-478").value is not True  # nobody said that the card is off any more


def test_a_household_is_seen_by_its_own_area_only(cast: Cast, homes: dict[str, Home]) -> None:
    for by in (cast.neighbour, cast.neighbour_coordinator, cast.neighbour_manager):
        assert verdicts.side_by_side(by, homes["poor"].household.id, ON).judged
    for by in (cast.village_officer, cast.admin, cast.partner, cast.administrator, ANYBODY):
        with pytest.raises(NotFound):
            verdicts.side_by_side(by, homes["poor"].household.id, ON)


def test_records_cost_the_same_for_one_household_as_for_many(
    cast: Cast, homes: dict[str, Home], django_assert_max_num_queries: Any
) -> None:
    ids = [one.household.id for one in homes.values()]
    with django_assert_max_num_queries(8):
        one = people_records.records(ids[:1])
    with django_assert_max_num_queries(8):
        all_ = people_records.records(ids)
    assert one[ids[0]] == all_[ids[0]]
    assert [member.name for member in one[ids[0]].members] == ["Baso", "Sitti", "Rahma", "Ali"]
    assert [member.heads_household for member in one[ids[0]].members] == [True, False, False, False]


def test_whose_data_stand_still_is_in_no_record_and_no_screening(cast: Cast, homes: dict[str, Home]) -> None:
    poor = homes["poor"]
    Person.objects.filter(id=poor.people[3].id).update(restricted_at=NOW)
    Person.objects.filter(id=poor.people[2].id).update(life="dead")
    record = people_records.records([poor.household.id])[poor.household.id]
    assert [one.name for one in record.members] == ["Baso", "Sitti"]
    area = screening.load(BONTO_JAI, catalogue.rules_in_force(ON, BONTO_JAI), ON)
    assert area.size("person") == 3


def test_a_value_says_who_said_it_and_when(cast: Cast, homes: dict[str, Home]) -> None:
    house = homes["poor"].house
    Observation.objects.create(
        subject_kind="house", subject_id=house.id, field="floor_area_dm2", value="3000", source="visit",
        source_words="kunjungan kader", observed_date=date(2026, 10, 1), recorded_at=NOW,
    )  # fmt: skip
    sheet = verdicts.side_by_side(cast.neighbour, homes["poor"].household.id, ON)
    row = next(row for row in reports.sheet(sheet)["verdicts"] if row["programme"] == "bps-floor-area")
    assert row["used"][0]["source"] == "kunjungan kader" and row["used"][0]["date"] == "2026-10-01"


def test_the_area_says_what_each_household_says(cast: Cast, homes: dict[str, Home]) -> None:
    shared = home(
        "Serumah", people=[{"name": "Tamu", "birth_date": date(1950, 1, 1), "birth_date_rough": True}]
    )
    type(shared.household).objects.filter(id=shared.household.id).update(house=homes["poor"].house)
    benefits.record_benefit(
        by=cast.neighbour, at=NOW, programme="pkh", scope="family", receiver_id=homes["poor"].family.id,
        state="receives", source="KKS ditunjukkan",
    )  # fmt: skip
    in_force = catalogue.rules_in_force(ON, "73")
    found = screening.screen("73", ON, in_force)
    for place, key in enumerate(found.area.columns.keys["household"]):
        record = verdicts.record_of(MACHINE, key, ON)
        for rule in in_force:
            each = [
                rules.judge(rule.node, one, catalogue.vocabulary(), rule.figures).value
                for one in subjects.subjects(record, rule.unit, ON)
            ]
            expected = -1 if not each else (2 if True in each else (0 if None in each else 1))
            assert screening.per_household(found, rule)[place] == expected, rule.programme_id


def test_a_decision_is_a_persons_and_keeps_what_the_rule_said(cast: Cast, homes: dict[str, Home]) -> None:
    poor = homes["poor"]
    made = deciding.decide_verdict(
        by=cast.neighbour_coordinator, at=NOW, household_id=poor.household.id, programme="pkh",
        subject_key=str(poor.family.id), outcome="no", why="Keluarga menolak bantuan ini.", on=ON,
    )  # fmt: skip
    assert (made.advice, made.outcome, made.decided_by) == ("yes", "no", "Jumriah Saleh")
    assert made.version.version == "2025" and made.facts  # type: ignore[union-attr]
    line = Line.objects.get(kind="verdict.decide")
    assert line.facts["advice"] == "yes" and line.facts["outcome"] == "no"
    assert verdicts.side_by_side(cast.neighbour, poor.household.id, ON).decisions == [made]


def test_a_decision_needs_an_outcome_a_reason_and_somebody_who_may(
    cast: Cast, homes: dict[str, Home]
) -> None:
    poor = homes["poor"]
    given: dict[str, Any] = {
        "at": NOW, "household_id": poor.household.id, "programme": "pkh", "subject_key": str(poor.family.id), "outcome": "yes",
        "why": "Sudah diperiksa di rumah.", "on": ON,
    }  # fmt: skip
    with pytest.raises(deciding.OutcomeMissing):
        deciding.decide_verdict(by=cast.neighbour_coordinator, **{**given, "outcome": "perhaps"})
    with pytest.raises(deciding.WhyMissing):
        deciding.decide_verdict(by=cast.neighbour_coordinator, **{**given, "why": " "})
    for by in (cast.neighbour, cast.manager, cast.admin, cast.administrator):
        with pytest.raises(NotFound):
            deciding.decide_verdict(by=by, **given)
    with pytest.raises(NotFound):
        deciding.decide_verdict(by=cast.neighbour_coordinator, **{**given, "subject_key": str(uuid4())})
    assert not Decision.objects.exists()


# --- benefits --------------------------------------------------------------------------------------------------------


def test_listed_never_means_receives(cast: Cast, homes: dict[str, Home]) -> None:
    poor = homes["poor"]
    ask = {"at": NOW, "programme": "pkh", "scope": "family", "receiver_id": poor.family.id}
    benefits.record_benefit(by=cast.neighbour, **ask, state="listed", source="daftar SIKS-NG")
    assert words_of(verdicts.side_by_side(cast.neighbour, poor.household.id, ON))["blt-desa"] == "unknown"
    got = benefits.record_benefit(by=cast.neighbour, **ask, state="receives", source="KKS ditunjukkan")
    assert words_of(verdicts.side_by_side(cast.neighbour, poor.household.id, ON))["blt-desa"] == "no"
    benefits.end_benefit(
        by=cast.neighbour,
        at=NOW,
        benefit_id=got.id,
        until_date=date(2026, 10, 31),
        source="surat penghentian",
    )
    assert words_of(verdicts.side_by_side(cast.neighbour, poor.household.id, ON))["blt-desa"] == "yes"
    kinds = list(
        Line.objects.filter(kind__startswith="benefit.").order_by("id").values_list("kind", flat=True)
    )
    assert kinds == ["benefit.record", "benefit.record", "benefit.end"]


def test_a_benefit_needs_a_programme_a_source_and_days_that_fit(cast: Cast, homes: dict[str, Home]) -> None:
    ask: dict[str, Any] = {
        "at": NOW, "programme": "pkh", "scope": "household", "receiver_id": homes["poor"].household.id, "state": "receives",
        "source": "kartu",
    }  # fmt: skip
    for wrong in ({"programme": "lottery"}, {"programme": "kemensos-excluded"}, {"state": "perhaps"}):
        with pytest.raises(benefits.BenefitWrong):
            benefits.record_benefit(by=cast.neighbour, **{**ask, **wrong})
    with pytest.raises(benefits.BenefitSourceMissing):
        benefits.record_benefit(by=cast.neighbour, **{**ask, "source": ""})
    for days in ({"since_date": date(2027, 1, 1)}, {"since_date": ON, "until_date": date(2020, 1, 1)}):
        with pytest.raises(benefits.BenefitDatesWrong):
            benefits.record_benefit(by=cast.neighbour, **ask, **days)
    made = benefits.record_benefit(by=cast.neighbour, **ask, since_date=date(2026, 1, 1))
    with pytest.raises(benefits.BenefitTwice):
        benefits.record_benefit(by=cast.neighbour, **ask)
    with pytest.raises(benefits.BenefitDatesWrong):
        benefits.end_benefit(
            by=cast.neighbour, at=NOW, benefit_id=made.id, until_date=date(2020, 1, 1), source="surat"
        )
    with pytest.raises(benefits.BenefitSourceMissing):
        benefits.end_benefit(by=cast.neighbour, at=NOW, benefit_id=made.id, until_date=ON, source="")
    for by in (cast.village_officer, cast.admin, cast.administrator, ANYBODY):
        with pytest.raises(NotFound):
            benefits.record_benefit(by=by, **ask)
        with pytest.raises(NotFound):
            benefits.end_benefit(by=by, at=NOW, benefit_id=made.id, until_date=ON, source="surat")
    assert Benefit.objects.count() == 1


# --- screening an area -----------------------------------------------------------------------------------------------


def test_a_screening_counts_yes_no_and_unknown_and_who_is_in_by_one_and_out_by_another(
    cast: Cast, homes: dict[str, Home]
) -> None:
    made = screenings.start_screening(by=cast.neighbour_manager, at=NOW, region_code="7303", on_date=ON)
    with pytest.raises(screenings.ScreeningWaits):
        screenings.start_screening(by=cast.neighbour_manager, at=NOW, region_code="7303", on_date=ON)
    assert runs.waiting(NOW) == [made.id]
    done = screenings.run_screening(by=MACHINE, at=NOW, run_id=made.id)
    assert (done.state, done.persons, done.households) == ("done", 5, 2)
    counts = {row["programme"]: row for row in done.counts}
    assert (counts["bps-floor-area"]["yes"], counts["bps-floor-area"]["no"]) == (1, 1)
    pair = next(
        row for row in done.crossed if {row["first"], row["second"]} == {"bps-floor-area", "sdg-floor-area"}
    )
    assert pair["both"] == 1 and pair["first_only"] + pair["second_only"] == 1
    assert runs.waiting(NOW) == [] and runs.waiting(NOW + timedelta(days=1)) == []
    with pytest.raises(NotFound):
        screenings.run_screening(by=MACHINE, at=NOW, run_id=made.id)
    assert [line.kind for line in Line.objects.filter(kind__startswith="screening").order_by("id")] == [
        "screening.start", "screening.run",
    ]  # fmt: skip


def test_a_screening_is_of_ones_own_area(cast: Cast, homes: dict[str, Home]) -> None:
    for by, region in (
        (cast.neighbour_coordinator, "7303"),
        (cast.neighbour_manager, "7602"),
        (cast.neighbour, BONTO_JAI),
    ):
        with pytest.raises(NotFound):
            screenings.start_screening(by=by, at=NOW, region_code=region, on_date=ON)
    with pytest.raises(screenings.ScreeningPlaceWrong):
        screenings.start_screening(by=cast.neighbour_manager, at=NOW, region_code="Bantaeng", on_date=ON)
    with pytest.raises(NotFound):
        screenings.run_screening(by=cast.neighbour_manager, at=NOW, run_id=uuid4())
    with pytest.raises(sheets.ProgrammeUnknown):
        screenings.start_screening(
            by=cast.neighbour_manager, at=NOW, region_code="7303", on_date=ON, compare="bps-14"
        )


def test_a_new_version_lists_whose_verdict_changes(cast: Cast, homes: dict[str, Home]) -> None:
    known = RuleVersion.objects.get(programme="bps-floor-area")
    given = catalogue.given_of(known)
    figures = {"area": {**given.figures["area"], "value": 700}}
    programme_acts.add_rule(
        by=cast.administrator, at=NOW,
        given=type(given)(**{
            **{name: getattr(given, name) for name in given.__dataclass_fields__},
            "version": "7 m²", "valid_from": date(2026, 11, 1), "figures": figures,
        }),
    )  # fmt: skip
    before, after = sheets.two_versions("bps-floor-area", "7303", ON)
    changed, of = screening.compare("7303", ON, before, after)
    assert of == 2
    assert [(one.household, one.before, one.after) for one in changed] == [
        (homes["poor"].household.id, "yes", "no")
    ]
    run = screenings.start_screening(
        by=cast.neighbour_manager, at=NOW, region_code="7303", on_date=ON, compare="bps-floor-area"
    )
    done = screenings.run_screening(by=MACHINE, at=NOW, run_id=run.id)
    assert done.changed["moves"] == {"yes → no": 1}


# --- pages -----------------------------------------------------------------------------------------------------------


def sign_in(client: Client, cast: Cast, part: str) -> None:
    """Sign in and sit down."""
    client.force_login(cast.user(part))
    session = client.session
    session["seat_id"] = str(cast.seats[part].id)
    session.save()


def test_an_officer_reads_the_verdicts_and_the_neighbour_finds_nothing(
    client: Client, cast: Cast, homes: dict[str, Home]
) -> None:
    address = reverse("desk_programmes_sheet", args=[homes["poor"].household.id])
    assert client.get(address).status_code == 302
    sign_in(client, cast, "neighbour")
    page = client.get(address).content.decode()
    for words in ("miskin", "tidak layak", "layak", "7,5 m²", "Tanyakan ini dulu", "Kepmensos 262/HUK/2022"):
        assert words in page
    assert client.get(reverse("desk_programmes_print", args=[homes["poor"].household.id])).status_code == 200
    assert client.get(reverse("desk_programmes_sheet", args=[homes["far"].household.id])).status_code == 404
    assert client.get(reverse("desk_programmes")).status_code == 200
    assert (
        "Sekurangnya 9 dari 14"
        in client.get(reverse("desk_programmes_one", args=["bps-14"])).content.decode()
    )
    assert client.get(reverse("desk_programmes_one", args=["nothing"])).status_code == 404


def test_a_coordinator_decides_on_the_page_and_writes_a_benefit_down(
    client: Client, cast: Cast, homes: dict[str, Home]
) -> None:
    poor = homes["poor"]
    sign_in(client, cast, "neighbour_coordinator")
    address = reverse("desk_programmes_decide", args=[poor.household.id])
    asked = {"programme": "pkh", "subject": str(poor.family.id)}
    assert client.get(address, asked).status_code == 200
    assert client.post(address, {**asked, "outcome": "yes", "why": ""}).status_code == 422
    assert client.post(address, {**asked, "outcome": "yes", "why": "Benar adanya."}).status_code == 302
    assert Decision.objects.get().outcome == "yes"
    listing = reverse("desk_programmes_benefits", args=[poor.household.id])
    form = {"receiver": f"family:{poor.family.id}", "programme": "pkh", "state": "receives", "source": "KKS"}
    assert client.post(listing, form).status_code == 302
    made = Benefit.objects.get()
    ended = reverse("desk_programmes_benefit_end", args=[poor.household.id, made.id])
    client.post(ended, {"until": "2026-11-01", "source": "surat"})
    made.refresh_from_db()
    assert made.state == "ended"


def test_what_referrals_gave_is_shown_to_who_sees_the_matter_and_can_be_written_down(
    client: Client, cast: Cast, homes: dict[str, Home]
) -> None:
    made = homes["poor"]
    person = made.people[0]
    opened = cast.case(by=cast.neighbour_coordinator, region_code=BONTO_JAI)
    Case.objects.filter(id=opened.id).update(reporter=person)
    hop = Hop.objects.create(
        case=opened, position=9, from_desk=opened.holder, to_desk=cast.desk("outside"), state="answered", sent_at=NOW,
        sent_by="x", ended_at=NOW, given_service="Seng 20 lembar", given_amount=2_350_000, given_date=ON, given_to="Baso",
    )  # fmt: skip
    address = reverse("desk_programmes_benefits", args=[made.household.id])
    sign_in(client, cast, "neighbour_coordinator")
    page = client.get(address).content.decode()
    for words in ("Seng 20 lembar", "Rp2.350.000", "diserahkan kepada Baso", opened.number):
        assert words in page.replace("\xa0", "").replace("Rp ", "Rp")
    filled = client.get(f"{address}?dari={hop.id}").content.decode()
    assert f'value="{cast.desk("outside").name}, urusan {opened.number}"' in filled
    Case.objects.filter(id=opened.id).update(hide_name=True)
    assert "Seng 20 lembar" not in client.get(address).content.decode()
    Case.objects.filter(id=opened.id).update(hide_name=False, sensitivity="sealed")
    assert "Seng 20 lembar" not in client.get(address).content.decode()


def test_a_manager_screens_and_only_who_may_export_downloads(
    client: Client, cast: Cast, homes: dict[str, Home]
) -> None:
    run = screenings.start_screening(by=cast.neighbour_manager, at=NOW, region_code=BONTO_JAI, on_date=ON)
    screenings.run_screening(by=MACHINE, at=NOW, run_id=run.id)
    sign_in(client, cast, "neighbour_coordinator")
    assert client.get(reverse("desk_programmes_screenings")).status_code == 200
    page = client.get(reverse("desk_programmes_run", args=[run.id]))
    assert page.status_code == 200 and b"unduh" not in page.content
    download = reverse("desk_programmes_download", args=[run.id])
    assert client.post(download, {"purpose": "x"}).status_code == 404
    again = client.post(
        reverse("desk_programmes_screenings"), {"region": BONTO_JAI, "on_date": "2026-11-25", "compare": ""}
    )
    assert again.status_code == 302 and Run.objects.count() == 2
    assert PASSWORD


def test_rows_leave_as_a_file_with_a_line_and_without_names(cast: Cast, homes: dict[str, Home]) -> None:
    found = screening.screen("7303", ON)
    table = sheets.table(found, "household")
    assert table["bps-floor-area"] in (["yes", "no"], ["no", "yes"])
    text = sheets.as_bytes(table, parquet=False).decode()
    assert "Baso" not in text and "bps-floor-area" in text.splitlines()[0]
    assert sheets.as_bytes(sheets.table(found, "person"), parquet=True)[:4] == b"PAR1"


def test_a_file_is_named_by_us_and_its_line_holds_no_words_of_the_form(
    cast: Cast, homes: dict[str, Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.objects.create(
        region_code=BONTO_JAI, on_date=ON, compare="pkh", state="done", started_at=NOW, started_by="x"
    )
    monkeypatch.setattr(sheets, "two_versions", lambda *_asked: (None, None))
    monkeypatch.setattr(screening, "compare", lambda *_asked: ([], 0))
    answer = sit(cast, "neighbour_manager").post(
        reverse("desk_programmes_download", args=[run.id]), {"purpose": "Rapat", "unit": 'Nurhayati".exe'}
    )
    assert answer["Content-Disposition"] == f'attachment; filename="saringan-{BONTO_JAI}-household.csv"'
    assert Line.objects.get(kind="export.record").facts["what"] == "screening-household"


def test_a_member_of_the_card_outside_of_the_area_is_counted_and_not_told(
    cast: Cast, homes: dict[str, Home]
) -> None:
    poor = homes["poor"]
    far = Person.objects.create(
        full_name="Hasnah Jauh", sex="P", birth_date=date(1990, 2, 3), life="here", resident=True, region_code=DUNGKAIT,
        family=poor.family, family_relation="bdt/5", registered_at=NOW,
    )  # fmt: skip
    whole = verdicts.record_of(MACHINE, poor.household.id, ON)
    assert "Hasnah Jauh" in {one.name for one in whole.members}
    sheet = verdicts.side_by_side(cast.neighbour_coordinator, poor.household.id, ON)
    (one,) = [one for one in sheet.record.members if one.withheld]
    assert (one.key, one.birth_date, one.values, one.receives, one.family) == (
        str(far.id),
        None,
        {},
        {},
        str(poor.family.id),
    )
    assert not any(key == str(far.id) for key, _column in sheet.record.said)
    page = sit(cast, "neighbour_coordinator").get(reverse("desk_programmes_sheet", args=[poor.household.id]))
    shown = page.content.decode()
    assert "Hasnah" not in shown
    assert "1 anggota KK tinggal di tempat lain" in shown
