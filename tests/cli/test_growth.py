"""``simpul growth``: the same rows with scores, classes and flags; what cannot be read is marked, never mended."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from simpul.cli import growth, plain
from simpul.cli.growth import cells, rows

ADDED = "waz haz whz baz hcz acz waz_m haz_m whz_m baz_m bb_u tb_u bb_tb imt_u flags".split()
VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "growth"


def run(tmp_path: Path, text: str | bytes, *, bounds: str = "who-2025") -> tuple[int, list[dict[str, str]]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    target.unlink(missing_ok=True)
    plain.begin("en")
    code = growth.run(Namespace(source=source, target=target, json=True, bounds=bounds))
    if not target.exists():
        return code, []
    with target.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        first = file.readline()
        file.seek(0)
        return code, list(csv.DictReader(file, delimiter=";" if ";" in first else ","))


def test_who_survey_goes_through_the_command(tmp_path: Path) -> None:
    text = (VECTORS / "who-survey-0-5.csv").read_text(encoding="ascii")
    expected = list(csv.DictReader(text.splitlines()))
    names = list(expected[0])
    kept = [name for name in names if name not in growth.growth.INDICES]
    asked = "\n".join([",".join(kept), *(",".join(row[name] for name in kept) for row in expected)])
    code, found = run(tmp_path, asked, bounds="who-2009")
    assert code == 0 and len(found) == 498
    assert list(found[0]) == [*kept, *ADDED]
    for mine, theirs in zip(found, expected, strict=True):
        for name in growth.growth.INDICES:
            assert (mine[name] == "") == (theirs[name] == "")
            assert mine[name] == "" or abs(float(mine[name]) - float(theirs[name])) < 0.005
        assert {name: mine[name] for name in kept} == {name: theirs[name] for name in kept}


def test_dates_days_and_months_tell_the_same(tmp_path: Path) -> None:
    code, by_dates = run(
        tmp_path, "sex,birth_date,measured_date,weight_kg,length_cm\nL,2025-01-20,13/06/2025,6.1,62\n"
    )
    assert code == 0
    _code, by_days = run(tmp_path, "sex,age_days,weight_kg,length_cm\nm,144,6.1,62\n")
    _code, by_months = run(tmp_path, "sex,age_months,weight_kg,length_cm\n1,4.73,6.1,62\n")
    for name in ("waz", "haz", "whz", "baz", "waz_m", "haz_m", "tb_u"):
        assert by_dates[0][name] == by_days[0][name] == by_months[0][name] != ""


def test_completed_months_come_from_the_dates(tmp_path: Path) -> None:
    """Born on 20 January and measured on 19 June: 150 days, which are 4 months by the calendar and by 30.4375 as well; on 31 days 1."""
    _code, found = run(
        tmp_path,
        "sex,birth_date,measured_date,length_cm\nL,2026-01-31,2026-02-28,53\nL,2026-01-31,2026-03-01,53\n",
    )
    boys = (49.8842, 0.03795), (54.7244, 0.03557)
    for row, (median, part) in zip(found, boys, strict=True):
        assert row["haz_m"] == f"{(53 / median - 1) / part:.2f}"


def test_semicolons_commas_and_other_names_are_understood(tmp_path: Path) -> None:
    text = (
        "nama;JK;Tgl Lahir;Tanggal Pengukuran;Berat;Tinggi;Cara Ukur;LiLA\n"
        "Ana;P;01/02/2024;2026-02-01;10,4;82,5;Berdiri;14,5\n"
    )
    code, found = run(tmp_path, text)
    assert code == 0
    assert found[0]["nama"] == "Ana" and found[0]["Berat"] == "10,4"
    assert found[0]["waz"] == "-0.81" and found[0]["acz"] == "-0.32"
    assert found[0]["bb_u"] == "normal" and found[0]["flags"] == ""


def test_what_cannot_be_read_is_left_empty_and_marked(tmp_path: Path) -> None:
    text = (
        "sex,age_days,weight_kg,length_cm,measured,oedema,muac_cm\n"
        "X,400,9,75,,,\n"
        "P,empat,9,75,,,\n"
        "P,400,9 kg,75,,,\n"
        "P,400,12000,75,z,,145\n"
        "P,400,9,750,,y,\n"
        "P,100,6,60,h,n,\n"
        "P,-3,6,60,,,\n"
    )
    code, found = run(tmp_path, text)
    assert code == 0
    flags = [set(row["flags"].split()) for row in found]
    assert {"unreadable_sex", "no_sex"} <= flags[0] and found[0]["waz"] == ""
    assert {"unreadable_age_days", "no_age"} <= flags[1] and found[1]["whz"] != ""
    assert flags[2] == {"unreadable_weight_kg"} and found[2]["waz"] == "" and found[2]["haz"] != ""
    assert {
        "weight_looks_like_grams",
        "unreadable_measured",
        "muac_looks_like_mm",
        "waz_implausible",
    } <= flags[3]
    assert found[3]["weight_kg"] == "12000"
    assert {"oedema", "length_looks_like_mm"} <= flags[4]
    assert found[4]["bb_tb"] == "severely_wasted" and found[4]["waz"] == ""
    assert "standing_too_young" in flags[5] and found[5]["haz"] != ""
    assert flags[6] == {"birth_after"} and found[6]["waz"] == ""


def test_where_the_methods_differ_it_is_said(tmp_path: Path) -> None:
    _code, found = run(tmp_path, "sex,birth_date,measured_date,length_cm\nL,2026-01-01,2026-03-30,56.5\n")
    assert (
        found[0]["tb_u"] == "normal" and float(found[0]["haz"]) < -2 and found[0]["flags"] == "differs_tb_u"
    )


def test_dates_and_days_that_contradict_are_marked(tmp_path: Path) -> None:
    _code, found = run(
        tmp_path, "sex,birth_date,measured_date,age_days,weight_kg\nL,2025-01-01,2026-01-01,300,9\n"
    )
    assert found[0]["flags"] == "ages_differ"


def test_rows_that_do_not_fit_the_heading(tmp_path: Path, capsys: Any) -> None:
    code, found = run(tmp_path, "sex,age_days,weight_kg,note\nL,400,9\nL,400,9,5,x\n\nL,400,9.5,x\n")
    assert code == 0
    assert [row["flags"] for row in found][:2] == ["too_few_cells", "too_many_cells no_sex no_age"]
    assert found[0]["waz"] and not found[1]["waz"] and found[2]["waz"]
    told = capsys.readouterr()
    assert "missing its quotes" in told.err
    assert json.loads(told.out)["rows"] == 3
    assert found[1]["note"] == "5,x", "no cell is lost"
    _code, found = run(tmp_path, "age_days,weight_kg,sex\n400,9,5,L\n")
    assert found[0]["sex"] == "5,L"


def test_a_quote_that_was_not_closed_is_said(tmp_path: Path, capsys: Any) -> None:
    """The rows that lie in its cell are kept, and nobody takes them for reckoned."""
    code, found = run(tmp_path, 'sex,age_days,weight_kg\n1,400,"9.5\n2,500,9\n1,300,8\n')
    assert code == 0 and len(found) == 1
    assert "open_quote" in found[0]["flags"] and "2,500,9" in found[0]["weight_kg"]
    assert "a quote was not closed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("nama,alamat\nx,y\n", "nothing to reckon"),
        ("sex,weight_kg,waz\n1,2,3\n", "“waz” already"),
        ("sex,berat,BB\n1,2,3\n", "twice"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"a\x00b", "binary"),
    ],
)
def test_lists_that_are_refused(tmp_path: Path, capsys: Any, text: str | bytes, said: str) -> None:
    code, found = run(tmp_path, text)
    assert code == 1 and not found
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "in.csv"]


def test_a_file_that_is_not_there_and_one_that_is_both(tmp_path: Path, capsys: Any) -> None:
    plain.begin("en")
    asked = Namespace(source=tmp_path / "no.csv", target=tmp_path / "o.csv", json=False, bounds="who-2025")
    assert growth.run(asked) == 1
    assert "no.csv cannot be read" in capsys.readouterr().err
    asked = Namespace(source=tmp_path / "o.csv", target=tmp_path / "o.csv", json=False, bounds="who-2025")
    assert growth.run(asked) == 2


def test_foreign_bytes_and_marks_go_through(tmp_path: Path) -> None:
    code, found = run(tmp_path, "nama;sex;weight_kg;age_days\nCaf\xe9;1;9;400\n".encode("latin-1"))
    assert code == 0 and found[0]["nama"].encode("utf-8", "surrogateescape") == b"Caf\xe9"
    code, found = run(tmp_path, "sep=;\nsex;weight_kg;age_days\n1;9;400\n".encode("utf-8-sig"))
    assert code == 0
    code, found = run(tmp_path, "sex,weight_kg,age_days\n1,9,400\n".encode("utf-16"))
    assert code == 0 and found[0]["waz"]


def test_many_rows_go_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "PIECE", 7)
    text = "id,sex,age_days,weight_kg\n" + "".join(f"{at},2,{at * 3},{5 + at / 10}\n" for at in range(50))
    code, found = run(tmp_path, text)
    assert code == 0
    assert [row["id"] for row in found] == [str(at) for at in range(50)]
    assert all(row["waz"] for row in found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,4", 10.4),
        ("10.4", 10.4),
        (" 7 ", 7),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        (",5", 0.5),
        ("-3", -3),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert cells.number(text) == value


@pytest.mark.parametrize("text", ["1e5", "inf", "10.4.2", "12 kg", "l0", "1,2,3", "٣"])
def test_no_numbers(text: str) -> None:
    assert cells.number(text) in (cells.BAD, 3.0)


def test_dates() -> None:
    assert (
        cells.day("2026-02-28")
        == cells.day("28/2/2026")
        == cells.day("28.02.2026")
        == cells.day("2026-02-28T10:00")
    )
    assert cells.day("30/02/2026") == cells.day("3/6/25") == cells.day("45678") == cells.BAD
    assert cells.day("") != cells.day("")  # not a number


def test_texts_that_are_met_often_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_REMEMBERED", 10)
    memory = cells.Memory(cells.number)
    assert [memory[str(at)] for at in range(100)] == list(range(100))
    assert len(memory) <= 10


def test_columns_added_are_those_promised() -> None:
    assert list(rows.ADDED) == ADDED


def test_the_command_starts_without_settings_and_tables(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("sex,age_days,weight_kg\nP,1522,17\n")
    script = (
        "import sys; from simpul.cli.main import main; code = main(sys.argv[1:]);"
        "from django.apps import apps; from django.conf import settings;"
        "assert not apps.ready and not settings.configured; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "growth", str(source), str(target), "--language", "id"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "baris ditulis" in done.stderr
    assert target.read_text().splitlines()[1].startswith("P,1522,17,0.24,")
