"""Cells of e-PPGBM's export: its traps are read or remarked upon, never guessed in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.people.queries import imports as queries
from simpul.people.rules import cells
from simpul.people.rules import imports as rules
from simpul.posyandu.rules import eppgbm


@pytest.mark.parametrize(
    ("cell", "grams", "fault"),
    [
        ("8,45", 8450, ""),
        ("8.45", 8450, ""),
        ("8.4 kg", 8400, ""),
        ("3.200", 3200, ""),
        ("8450", 8450, "weight_grams"),
        ("12000", 12000, "weight_grams"),
        ("0", None, ""),
        ("-", None, ""),
        ("delapan", None, "weight_unreadable"),
        ("400000", None, "weight_unreadable"),
    ],
)
def test_a_weight(cell: str, grams: int | None, fault: str) -> None:
    """Kilograms with comma or point; grams are remarked upon."""
    assert cells.weight(cell) == cells.Cell(grams, fault)


def test_a_birth_weight_in_grams_is_usual() -> None:
    """No remark, in either unit."""
    assert cells.birth_weight("3200") == cells.birth_weight("3,2") == cells.Cell(3200)
    assert cells.birth_weight("banyak").fault == "weight_unreadable"


@pytest.mark.parametrize(
    ("cell", "millimetres", "fault"),
    [
        ("72,5", 725, ""),
        ("72.5 cm", 725, ""),
        ("0", None, ""),
        ("725", None, "length_unreadable"),
        ("", None, ""),
    ],
)
def test_a_length(cell: str, millimetres: int | None, fault: str) -> None:
    """Centimetres in, millimetres out; what is no length is left out."""
    assert cells.length(cell) == cells.Cell(millimetres, fault)


@pytest.mark.parametrize(
    ("cell", "value", "fault"),
    [
        ("7305112501240001", "7305112501240001", ""),
        ("7305112501240001.0", "7305112501240001", ""),
        ("730511**********", None, "number_masked"),
        ("7,30511E+15", None, "number_rounded"),
        ("", None, ""),
    ],
)
def test_a_nik_may_be_masked_or_rounded(cell: str, value: str | None, fault: str) -> None:
    """The row stands all the same: nothing is refused."""
    found = cells.masked16(cell)
    assert (found.value, found.fault, found.refused) == (value, fault, False)


@pytest.mark.parametrize(
    ("cell", "hundredths"),
    [("-2,13", -213), ("'-2.13", -213), ("\u22120.5", -50), ("Outlier", None), ("", None), ("200", None)],
)
def test_a_printed_score(cell: str, hundredths: int | None) -> None:
    """Hundredths; words are no score."""
    assert cells.z_score(cell).value == hundredths


@pytest.mark.parametrize(
    ("cell", "way"), [("Terlentang", "l"), ("telentang", "l"), ("Berdiri", "h"), ("L", "l"), ("?", None)]
)
def test_a_position(cell: str, way: str | None) -> None:
    """Lying or standing; anything else is unknown."""
    assert cells.position(cell).value == way


@given(st.text(max_size=30))
def test_no_cell_breaks_a_reader(cell: str) -> None:
    """Any text is read, left out or remarked upon."""
    for reader in (
        cells.weight,
        cells.birth_weight,
        cells.length,
        cells.masked16,
        cells.z_score,
        cells.position,
    ):
        reader(cell)


def test_all_columns_of_the_export_are_known() -> None:
    """Every heading but the running number and the province has its field, with "Pukesmas" as it is spelled there."""
    columns = queries.columns("eppgbm")
    found = rules.guess(eppgbm.HEADINGS, columns.values())
    named = {eppgbm.HEADINGS[place] for place in found.values()}
    assert set(eppgbm.HEADINGS) - named == {"No", "Prov"}
    assert eppgbm.HEADINGS[found["health_centre"]] == "Pukesmas"
    assert eppgbm.HEADINGS[found["weight_g"]] == "Berat"
    assert eppgbm.HEADINGS[found["birth_weight_g"]] == "BB Lahir"
    assert rules.source_of(eppgbm.HEADINGS, columns.values()) == "eppgbm"
