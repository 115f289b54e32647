"""`simpul import lapor FILE`: tried first, refused rows told one by one, run again without harm."""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from simpul.cases.models import Case, LaporRecord
from simpul.cli.imports import run
from simpul.lib import sheets
from tests.cast import Cast, assemble

HEAD = (
    "Tracking ID;Tanggal Laporan;Judul Laporan;Isi Laporan;Klasifikasi Laporan;Status Laporan;Lokasi Kejadian"
)
GOOD = "7000001;02/11/2026 09:15;Lampu;Lampu jalan padam sebulan.;Aspirasi;Proses;Dungkait"
BAD = "7000002;besok;Lampu;Lampu jalan padam sebulan.;Gosip;Proses;Dungkait"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def given(folder: Path, *rows: str, name: str = "lapor.csv", **more: Any) -> argparse.Namespace:
    file = folder / name
    file.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8-sig")
    wanted = {"kind": "lapor", "file": file, "write": False, "errors": None, "json": True, **more}
    return argparse.Namespace(**wanted)


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_trial_writes_nothing(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(given(tmp_path, GOOD)) == 0
    assert said(capsys) == {"written": False, "new": 1, "changed": 0, "again": 0, "refused": []}
    assert not Case.objects.exists()


def test_good_rows_go_in_bad_rows_are_told_and_again_is_harmless(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    errors = tmp_path / "ditolak.csv"
    assert run(given(tmp_path, GOOD, BAD, write=True, errors=errors)) == 1
    found = said(capsys)
    assert (found["new"], [one["line"] for one in found["refused"]]) == (1, [3])
    assert "besok" in found["refused"][0]["why"] and "Gosip" in found["refused"][0]["why"]
    assert "7000002;besok" in errors.read_text(encoding="utf-8-sig")
    run(given(tmp_path, GOOD, BAD, write=True))
    assert said(capsys)["again"] == 1
    assert LaporRecord.objects.count() == Case.objects.count() == 1


def test_it_speaks_in_sentences_too(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(given(tmp_path, GOOD, BAD, json=False))
    out = capsys.readouterr().out
    assert "7000002" in out and "--write" in out


def test_a_file_without_the_columns_or_that_is_no_table_is_refused(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("Judul\nLampu\n", encoding="utf-8")
    assert run(argparse.Namespace(kind="lapor", file=bare, write=True, errors=None, json=True)) == 1
    assert "Tracking ID" in capsys.readouterr().err
    bare.write_bytes(b"\x00\x01\x02")
    assert run(argparse.Namespace(kind="lapor", file=bare, write=True, errors=None, json=True)) == 1
    gone = tmp_path / "gone.csv"
    assert run(argparse.Namespace(kind="lapor", file=gone, write=True, errors=None, json=True)) == 1


def workbook(sheet: str, shared: str = "") -> bytes:
    out = io.BytesIO()
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>"
        )
        parts.writestr("xl/sharedStrings.xml", f"<sst {main}>{shared}</sst>")
        parts.writestr(
            "xl/styles.xml",
            f'<styleSheet {main}><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
        )
    return out.getvalue()


def test_a_workbook_is_read_with_its_dates() -> None:
    data = workbook(
        '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Isi</t></is></c></row>'
        '<row><c r="A2"><v>7000001.0</v></c><c r="B2" s="1"><v>46328.5</v></c></row><row/>',
        "<si><t>Tracking </t><t>ID</t></si>",
    )
    assert list(sheets.rows(data)) == [["Tracking ID", "", "Isi"], ["7000001", "2026-11-02 12:00:00"]]


@pytest.mark.parametrize("sheet", ["<row>", '<row><c t="s"><v>9</v></c></row>'])
def test_a_broken_workbook_is_refused(sheet: str) -> None:
    with pytest.raises(sheets.NotATable):
        list(sheets.rows(workbook(sheet)))
    with pytest.raises(sheets.NotATable):
        list(sheets.rows(b"PK\x03\x04 not a zip"))


def test_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>')
    with pytest.raises(sheets.NotATable):
        list(sheets.rows(out.getvalue()))
