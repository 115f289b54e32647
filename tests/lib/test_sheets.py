"""Workbooks that were made to break what reads them."""

from __future__ import annotations

import io
import zipfile

import pytest

from simpul.lib import sheets

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DAYS = f'<styleSheet {MAIN}><cellXfs count="1"><xf numFmtId="14"/></cellXfs></styleSheet>'


def workbook(rows: str, styles: str = DAYS) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
        )
        parts.writestr("xl/styles.xml", styles)
    return out.getvalue()


@pytest.mark.parametrize("number", ["1e300", "-99999999", "nan", "inf", "x"])
def test_a_number_that_can_be_no_day_stays_what_it_is(number: str) -> None:
    data = workbook(f'<row r="1"><c r="A1" s="0"><v>{number}</v></c></row>')
    assert list(sheets.numbered(data)) == [(1, [number])]
    assert list(sheets.rows(data)) == [[number]]


def test_a_day_is_read_as_a_day() -> None:
    data = workbook('<row r="1"><c r="A1" s="0"><v>45000</v></c></row>')
    assert list(sheets.rows(data)) == [["2023-03-15 00:00:00"]]


@pytest.mark.parametrize("number", ["99999999999999", "-5", "0"])
def test_a_row_number_that_cannot_be_is_counted_instead(number: str) -> None:
    cell = '<c r="A1" t="str"><v>a</v></c>'
    data = workbook(f'<row r="3">{cell}</row><row r="{number}">{cell}</row>')
    assert [place for place, _row in sheets.numbered(data)] == [3, 4]


def test_a_small_file_does_not_become_a_large_one_in_memory() -> None:
    data = workbook("<row r='1'/>", styles=" " * (17 * 1024 * 1024))
    assert len(data) < 100_000
    with pytest.raises(sheets.NotATable):
        list(sheets.numbered(data, largest=1024**3))
