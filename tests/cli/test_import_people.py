"""`simpul import residents FILE`: tried first, taken in with --write, taken up where it stood, and again without harm."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from simpul.cli.imports import run
from simpul.jobs import importing
from simpul.lib.actor import MACHINE
from simpul.people.actions import imports
from simpul.people.models import Batch, Person
from simpul.people.rules import imports as rules
from simpul.posyandu.models import Examination
from simpul.posyandu.rules import eppgbm
from tests.cast import Cast, assemble
from tests.people.lists import sheet
from tests.posyandu import day_help
from tests.posyandu.test_eppgbm import row

VECTORS = Path(__file__).parents[1] / "vectors" / "lists"


@pytest.fixture
def cast(db: None) -> Cast:
    importing._held.clear()
    return assemble()


def given(file: Path, **more: Any) -> argparse.Namespace:
    wanted = {
        "kind": "residents",
        "file": file,
        "write": False,
        "errors": None,
        "json": True,
        "region": "76.02",
        "list_version": "",
        "as_of": None,
        "source": "",
        **more,
    }
    return argparse.Namespace(**wanted)


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_opensid_is_tried_taken_in_and_again_harmless(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = VECTORS / "opensid.csv"
    assert run(given(file)) == 1
    trial = said(capsys)
    assert (trial["written"], trial["added"], trial["refused"]) == (False, 5, 2)
    assert not Person.objects.exists()
    errors = tmp_path / "salah.csv"
    assert run(given(file, write=True, errors=errors)) == 1
    found = said(capsys)
    assert (found["written"], found["added"], found["refused"]) == (True, 5, 2)
    assert {one["code"] for one in found["faults"] if one["refused"]} == {"number_letters", "date_future"}
    assert len(errors.read_text(encoding="utf-8-sig").splitlines()) >= 3
    run(given(file, write=True))
    assert (said(capsys)["unchanged"], Person.objects.count()) == (5, 5)


@pytest.mark.parametrize(
    ("name", "added", "version"), [("dtsen.csv", 4, "dtsen"), ("bdt.csv", 3, "bdt"), ("biasa.csv", 3, "kk")]
)
def test_other_systems_sheets(
    cast: Cast, name: str, added: int, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(given(VECTORS / name, write=True))
    assert said(capsys)["added"] == added
    assert Batch.objects.get().list_version == version


def test_a_list_that_was_cut_off_goes_on_where_it_stood(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rules, "PORTION", 2)
    file = VECTORS / "opensid.csv"
    run(given(file))
    batch = Batch.objects.get()
    imports.start_batch(by=MACHINE, at=timezone.now(), batch_id=batch.id)
    importing.step(batch.id, timezone.now())
    importing._held.clear()
    Batch.objects.update(beat_at=None)
    capsys.readouterr()
    run(given(file, write=True))
    told = capsys.readouterr()
    assert "dilanjutkan dari baris 4" in told.err
    assert json.loads(told.out)["added"] == 5
    assert Batch.objects.count() == 1


def test_refusals_in_words(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(given(tmp_path / "tiada.csv")) == 1
    assert run(given(VECTORS / "opensid.csv", region="99")) == 1
    assert "Pilih kabupaten" in capsys.readouterr().err
    assert run(given(VECTORS / "opensid.csv", kind="kapal")) == 2
    assert "residents" in capsys.readouterr().err
    assert run(given(VECTORS / "opensid.csv", json=False)) == 1
    told = capsys.readouterr().out
    assert "bukan nomor 16 angka" in told
    assert "tidak ada yang disimpan" in told


def test_what_a_program_opens_is_what_the_desk_sees(cast: Cast) -> None:
    data = (VECTORS / "biasa.csv").read_bytes()
    batch = imports.open_batch(
        by=MACHINE,
        at=timezone.now(),
        kind="residents",
        file_name="biasa.csv",
        data=data,
        region_code="7602132001",
    )
    assert batch.rows == 3


def test_weighings_of_eppgbm_are_taken_in(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the same command; a row without a measure is told without a column."""
    day_help.posyandu("Posyandu Melati")
    file = tmp_path / "eppgbm.csv"
    file.write_bytes(sheet(eppgbm.HEADINGS, row(), row(Nama="Kedua", NIK="", Berat="", Tinggi="")))
    assert run(given(file, kind="eppgbm", json=False, write=True)) == 1
    told = capsys.readouterr().out
    assert "Baris 3: Berat maupun tinggi" in told and "1 baru" in told
    assert Examination.objects.count() == 1
