"""``simpul match``: the same rows with cluster and score; what is wrong with a list is said in sentences."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from simpul.cli import match

HEAD = "id,nik,kk,name,sex,birth_date,birth_place,address,region"
LIST = f"""{HEAD}
a,7303015708750001,,"Hj. Siti Aminah, S.Pd",P,1975-08-17,Bantaeng,,7303012008
b,7303011708750001,,ST. AMINAH,P,17/08/1975,Bantaeng,,7303012008
c,7303011203700001,,Baso Rahim,L,bukan tanggal,Gowa,,7303012008
"""


def run(tmp_path: Path, text: str | bytes, *, as_json: bool = False) -> tuple[int, list[dict[str, str]]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    code = match.run(Namespace(source=source, target=target, json=as_json, language=None))
    text_out = target.read_text(encoding="utf-8") if target.exists() else ""
    rows = list(csv.DictReader(text_out.splitlines()))
    return code, rows


def test_rows_keep_their_order_and_get_cluster_and_score(tmp_path: Path, capsys: Any) -> None:
    code, rows = run(tmp_path, LIST, as_json=True)
    assert code == 0
    assert list(rows[0]) == [*HEAD.split(","), "cluster", "score"]
    assert [row["cluster"] for row in rows] == ["a", "a", "c"]
    assert float(rows[0]["score"]) > 0.9 > float(rows[2]["score"])
    assert rows[0]["name"] == "Hj. Siti Aminah, S.Pd"
    said = capsys.readouterr()
    summary = json.loads(said.out)
    assert (summary["rows"], summary["persons"], summary["unreadable_dates"]) == (3, 2, 1)
    assert said.err.strip()


def test_columns_may_be_missing_in_another_order_and_semicolons(tmp_path: Path) -> None:
    text = "\ufeffname;ID;catatan;nik\nSiti Aminah;1;x;7303015708750001\nAminah;2;y;7303015708750001\n"
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    assert match.run(Namespace(source=source, target=target, json=False, language=None)) == 0
    lines = target.read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("name;ID;catatan;nik;cluster;score")
    assert lines[1].split(";")[4] == lines[2].split(";")[4] == "1"


HEADS = {
    "a Mac's line ends": "id,nik,name\r1,{n},Aminah\r2,{n},Siti Aminah\r",
    "an empty line first": "\r\nid;nik;name\r\n1;{n};Aminah\r\n2;{n};Siti Aminah\r\n",
    "a spreadsheet's own line": "sep=;\nid;nik;name\n1;{n};Aminah\n2;{n};Siti Aminah\n",
    "bars": "id|nik|name\n1|{n}|Aminah\n2|{n}|Siti Aminah\n",
    "a comma in the heading": 'id;"catatan, sumber, tahun";nik;name\n1;x;{n};Aminah\n2;"y, z";{n};Siti Aminah\n',
    "words of lists here": "ID,No. KTP,Nama Lengkap,Tgl Lahir\n1,'{n},Aminah,\n2,'{n},Siti Aminah,17/08/75\n",
    "rows of blanks": "id,nik,name\n1,{n},Aminah\n , , \n,,\n2,{n},Siti Aminah\n",
}


@pytest.mark.parametrize("kind", HEADS)
def test_lists_of_others_are_read_as_they_come(tmp_path: Path, capsys: Any, kind: str) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(HEADS[kind].replace("{n}", "7303015708750001").encode())
    assert match.run(Namespace(source=source, target=target, json=True, language=None)) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["rows"], summary["persons"]) == (2, 1)


def test_numbers_that_a_spreadsheet_rounded_are_left_out(tmp_path: Path, capsys: Any) -> None:
    names = [f"Nama{chr(97 + place)}uddin" for place in range(13)]
    lines = [f"{at},73030117087{at:04d}0,{name}" for at, name in enumerate(names, 10)]
    twins = "30,7303010505100020,Hasan\n31,7303010505100020,Hasanuddin\n"
    code, rows = run(tmp_path, "id,nik,name\n" + twins + "\n".join(lines) + "\n", as_json=True)
    said = capsys.readouterr()
    assert code == 0
    assert len({row["cluster"] for row in rows}) == len(rows)
    assert json.loads(said.out)["rounded_columns"] == ["nik"]
    assert "dibulatkan" in said.err


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "kosong"),
        ("nama,nik\nx,1\n", "id"),
        ("id,catatan\n1,x\n", "dibandingkan"),
        ("id,name,name\n1,a,b\n", "name"),
        ("id,name,cluster\n1,a,b\n", "cluster"),
        ("id,name\n1,a\n1,b\n", "1"),
        ("id,name\n,a\n", "id"),
        ("id,name\n1,a,b,c\n", "2"),
        (b"PK\x03\x04rest", "CSV"),
        (b"id,name\n1,a\x00b\n", "biner"),
    ],
)
def test_a_bad_list_is_refused_with_a_sentence(
    tmp_path: Path, capsys: Any, text: str | bytes, word: str
) -> None:
    code, rows = run(tmp_path, text)
    assert (code, rows) == (1, [])
    said = capsys.readouterr()
    assert word in said.err
    assert said.out == ""


def test_a_list_that_is_not_there_or_is_the_result_itself(tmp_path: Path, capsys: Any) -> None:
    here = tmp_path / "in.csv"
    assert match.run(Namespace(source=here, target=tmp_path / "out.csv", json=False, language=None)) == 1
    assert match.run(Namespace(source=here, target=here, json=False, language=None)) == 2
    here.write_text(LIST)
    assert match.run(Namespace(source=here, target=tmp_path / "no" / "x.csv", json=False, language=None)) == 1
    assert capsys.readouterr().err.count("\n") >= 3


def test_a_heading_alone_gives_a_heading(tmp_path: Path) -> None:
    code, rows = run(tmp_path, HEAD + "\n")
    assert (code, rows) == (0, [])


def test_wrong_use_is_said(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "simpul", "match"], capture_output=True, check=False)
    assert done.returncode == 2
