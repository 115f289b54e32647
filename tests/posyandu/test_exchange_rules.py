"""The shapes of other systems: e-PPGBM's words, DHIS2's sets, FHIR resources; each checked by what it must be on the other side."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta, timezone
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib.ids import uuid7
from simpul.posyandu.rules import dhis2, eppgbm, satusehat

WITA = timezone(timedelta(hours=8))
MONTH = date(2026, 11, 1)
ELEMENT, COMBO, UNIT = "fbfJHSPpUQD", "bjDvmb4bfuf", "DiszpKrYNg8"


# --- e-PPGBM ----------------------------------------------------------------------------------------------------------


def test_every_word_of_the_export_has_its_class() -> None:
    """In any case and with any signs; a word that nobody knows has none."""
    for index, words in eppgbm.WORDS.items():
        for ours, theirs in words.items():
            assert eppgbm.class_of(index, theirs.upper() + " ") == ours
    assert eppgbm.class_of("bb_u", "Outlier") == eppgbm.OUTLIER
    assert eppgbm.class_of("tb_u", "entah") == ""


def test_a_difference_is_between_two_known_classes() -> None:
    """An unknown or empty word differs from nothing; an outlier differs from what we can judge."""
    ours = {"bb_u": "normal", "tb_u": "stunted", "bb_tb": "", "waz": -10}
    assert eppgbm.compare({"tb_u_said": "Normal"}, ours).differs == ("tb_u",)
    assert eppgbm.compare({"tb_u_said": "Pendek", "bb_u_said": "lupa"}, ours).differs == ()
    assert eppgbm.compare({"bb_u_said": "Outlier", "bb_tb_said": "Outlier"}, ours).differs == ("bb_u",)
    assert eppgbm.compare({"bb_tb_said": "Gizi Buruk"}, ours).differs == ("bb_tb",)


def test_the_printed_scores_tell_the_method() -> None:
    """Those of ours with which four in five agree; none when both or neither do."""
    ours = {"waz": -100, "waz_m": -130}
    assert eppgbm.method_of([({"waz": -130}, ours)] * 10).likely == "pmk-month"
    assert eppgbm.method_of([({"waz": -100}, ours)] * 10).likely == "who-day"
    assert eppgbm.method_of([({"waz": -115}, ours)] * 10).likely == ""
    assert eppgbm.method_of([({"waz": -100}, {"waz": -100, "waz_m": -100})] * 10).likely == ""
    assert eppgbm.method_of([]).likely == ""


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 2500))
def test_an_age_in_words_adds_up(born: date, days: int) -> None:
    """Completed months as elsewhere, and fewer days than a month has."""
    said = eppgbm.age_words(born, born + timedelta(days=days))
    years, months, rest = (int(part.split()[0]) for part in said.split(" - "))
    assert 0 <= months < 12 and 0 <= rest <= 31
    assert abs((years * 12 + months) * 30.4375 + rest - days) < 4


def test_ages_at_the_ends_of_months() -> None:
    """Born on the 31st and on 29 February."""
    assert eppgbm.age_words(date(2024, 1, 31), date(2024, 2, 28)) == "0 Tahun - 0 Bulan - 28 Hari"
    assert eppgbm.age_words(date(2024, 1, 31), date(2024, 3, 1)) == "0 Tahun - 1 Bulan - 1 Hari"
    assert eppgbm.age_words(date(2024, 2, 29), date(2025, 2, 28)) == "0 Tahun - 11 Bulan - 30 Hari"
    assert eppgbm.age_words(date(2024, 3, 1), date(2024, 2, 1)) == ""


# --- DHIS2 ------------------------------------------------------------------------------------------------------------


def _set() -> dhis2.ValueSet:
    return dhis2.value_set(
        "BfMAe6Itzgt",
        MONTH,
        {"melati": {"S": 40, "D": 32, "N": None, "BGM": 1}, "mawar": {"S": 12}},
        {"S": f"{ELEMENT}.{COMBO}", "D": ELEMENT, "N": ELEMENT},
        {"melati": UNIT},
    )


def test_what_has_no_identifier_is_left_out_and_said() -> None:
    """Unknown figures are not sent as nought."""
    found = _set()
    assert [(one.element, one.combo, one.value) for one in found.values] == [
        (ELEMENT, COMBO, 40),
        (ELEMENT, "", 32),
    ]
    assert set(found.unmapped) == {"mawar", "BGM"}


def test_the_three_spellings_say_the_same() -> None:
    """JSON, CSV and ADX hold the same values."""
    found = _set()
    as_json = dhis2.as_json(found)
    assert as_json["period"] == "202611" and as_json["dataValues"][0]["categoryOptionCombo"] == COMBO
    rows = list(csv.DictReader(io.StringIO(dhis2.as_csv(found))))
    assert tuple(rows[0]) == dhis2.CSV_HEADINGS
    root = ElementTree.fromstring(dhis2.as_adx(found, "2026-12-01T00:00:00Z"))  # noqa: S314 - our own text
    values = root.findall("{urn:ihe:qrph:adx:2015}group/{urn:ihe:qrph:adx:2015}dataValue")
    assert root[0].attrib["period"] == "2026-11-01/P1M"
    assert (
        [one["value"] for one in as_json["dataValues"]]
        == [row["value"] for row in rows]
        == [one.attrib["value"] for one in values]
    )


@given(st.uuids())
def test_an_identifier_has_their_shape_and_is_always_the_same(key: UUID) -> None:
    """Eleven signs, a letter first."""
    assert dhis2.is_uid(dhis2.uid_of(str(key)))
    assert dhis2.uid_of(str(key)) == dhis2.uid_of(key.hex.upper())


def test_identifiers_do_not_meet() -> None:
    """Neither those of random keys nor those of keys made in one second."""
    keys = [str(uuid4()) for _n in range(20_000)] + [str(uuid7()) for _n in range(20_000)]
    assert len({dhis2.uid_of(key) for key in keys}) == len(keys)


def test_a_child_goes_to_tracker_with_its_weighings() -> None:
    """Empty values and what has no identifier stay here."""
    child = dhis2.Child(
        str(uuid7()),
        UNIT,
        date(2025, 1, 2),
        {"name": "Contoh", "nik": ""},
        [(str(uuid7()), MONTH, {"weight": "8.4", "height": "", "mood": "x"})],
    )
    program = {
        "program": "IpHINAT79UW",
        "stage": "A03MvHHogjR",
        "type": "nEenWmSyUEp",
        "attributes": {"name": "w75KJ2mc4zz"},
        "elements": {"weight": "UXz7xuGCEhU"},
    }
    entity = dhis2.tracker([child], program)["trackedEntities"][0]
    assert entity["attributes"] == [{"attribute": "w75KJ2mc4zz", "value": "Contoh"}]
    event = entity["enrollments"][0]["events"][0]
    assert event["dataValues"] == [{"dataElement": "UXz7xuGCEhU", "value": "8.4"}]
    assert all(
        dhis2.is_uid(one)
        for one in (event["event"], entity["trackedEntity"], entity["enrollments"][0]["enrollment"])
    )


# --- SATUSEHAT --------------------------------------------------------------------------------------------------------

SITE = satusehat.Site(
    "10000004",
    "b017aa54-f1df-4ec2-9d84-8823815d7228",
    "N10000001",
    "http://sys-ids.kemkes.go.id/kfa",
    {"mr1": "93001282"},
)


def _came(**given: object) -> satusehat.Attendance:
    patient = satusehat.Patient(uuid7(), "7305112501240001", "Contoh", "L", date(2024, 1, 25))
    begun = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)
    wanted: dict[str, object] = {
        "key": uuid7(),
        "patient": patient,
        "starts": begun,
        "ends": begun + timedelta(minutes=20),
        "measures": {"weight": 8.4, "length": 72.5, "head": 44.0, "unknown": 1.0},
        "doses": [satusehat.Dose("mr1", "MR 1", date(2026, 11, 12))],
    }
    return satusehat.Attendance(**{**wanted, **given})  # type: ignore[arg-type]


FINAL = {
    "Encounter": (
        "status",
        {"planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled"},
    ),
    "Observation": ("status", {"registered", "preliminary", "final", "amended", "corrected", "cancelled"}),
    "Immunization": ("status", {"completed", "entered-in-error", "not-done"}),
    "Patient": ("gender", {"male", "female", "other", "unknown"}),
}
"""Required value sets of R4, which the library does not check."""


@pytest.mark.parametrize("ihs", ["", "P02478375538"])
def test_a_bundle_is_valid_fhir(ihs: str) -> None:
    """By the reference implementation's model of R4 and by R4's required codes; references lead somewhere."""
    came = _came()
    if ihs:
        came = _came(patient=satusehat.Patient(uuid7(), "7305112501240001", "Contoh", "P", None, ihs))
    body = satusehat.bundle(SITE, came)
    Bundle.model_validate(body)
    kinds = [entry["resource"]["resourceType"] for entry in body["entry"]]
    assert kinds == [*([] if ihs else ["Patient"]), "Encounter", *["Observation"] * 3, "Immunization"]
    urns = {entry["fullUrl"] for entry in body["entry"]}
    assert len(urns) == len(body["entry"])
    for entry in body["entry"]:
        column, allowed = FINAL[entry["resource"]["resourceType"]]
        assert entry["resource"][column] in allowed
        for name in ("subject", "patient", "encounter"):
            told = entry["resource"].get(name, {}).get("reference", "")
            assert not told.startswith("urn:") or told in urns


def test_lying_and_standing_have_codes_of_their_own() -> None:
    """8306-3 lying, 8302-2 standing."""
    codes = {
        entry["resource"]["code"]["coding"][0]["code"]
        for entry in satusehat.bundle(SITE, _came())["entry"]
        if entry["resource"]["resourceType"] == "Observation"
    }
    assert {"29463-7", "8306-3"} <= codes


def test_moments_have_their_offset() -> None:
    """SATUSEHAT refuses others, so do we."""
    visit = next(
        entry["resource"]
        for entry in satusehat.bundle(SITE, _came())["entry"]
        if entry["resource"]["resourceType"] == "Encounter"
    )
    assert visit["period"]["start"] == "2026-11-12T09:00:00+08:00"
    with pytest.raises(ValueError, match="zone"):
        satusehat.bundle(SITE, _came(starts=datetime(2026, 11, 12, 9, 0)))


def test_the_same_visit_is_the_same_bundle() -> None:
    """Sent twice, it can be told to be one."""
    came = _came()
    assert satusehat.bundle(SITE, came) == satusehat.bundle(SITE, came)
