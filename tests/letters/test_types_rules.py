"""What kinds of letter ask: the shipped ones are sound, answers are read, faults are named."""

from __future__ import annotations

from simpul.letters.queries import catalogue
from simpul.letters.rules import texts, types, variables


def faults(**given: object) -> set[tuple[str, str]]:
    wanted = {
        "body": "Nama :: {nama}",
        "inputs": (),
        "parties": (),
        "wanted": (),
        "common": catalogue.requirements(),
        "archive_code": "400.8",
        "validity_amount": 1,
        "validity_unit": "months",
        **given,
    }
    return {(one.field, one.code) for one in types.faults_of(**wanted)}  # type: ignore[arg-type]


def test_every_common_type_and_the_missing_ones_ship() -> None:
    codes = {one.code for one in catalogue.shipped()}
    assert len(codes) == 58
    assert {"panggilan_mediasi", "perdamaian", "surat_tugas", "ahli_waris", "nikah_non_muslim"} <= codes
    assert {one.group for one in catalogue.shipped()} == set(catalogue.groups())
    assert set(catalogue.also()) <= codes


def test_every_shipped_text_is_whole_when_everything_is_answered() -> None:
    for one in catalogue.shipped():
        asked = types.questions(
            types.read_inputs(one.columns["inputs"]), types.read_parties(one.columns["parties"])
        )
        values = variables.sample_values() | types.sample_answers(asked)
        done = texts.render(texts.parse(one.columns["body"]), values)
        assert not done.missing, one.code
        assert not done.unreadable, one.code
        answers, wrong = types.read_answers(asked, types.sample_answers(asked))
        assert not wrong, one.code
        assert {one.code for one in asked if one.required} <= set(answers)


def test_every_required_answer_of_a_shipped_type_is_used_in_its_text() -> None:
    for one in catalogue.shipped():
        inputs = types.read_inputs(one.columns["inputs"])
        used = {name for _group, name in texts.parse(one.columns["body"]).places()}
        assert {question.code for question in inputs} <= used | {"telepon_pemohon"}, one.code


def test_answers_are_kept_in_one_spelling_and_faults_are_named() -> None:
    asked = types.read_inputs(
        [
            {"code": "tgl", "type": "date", "label": "Tanggal"},
            {"code": "uang", "type": "money", "label": "Uang"},
            {"code": "mau", "type": "yes_no", "label": "Mau?"},
            {"code": "pilih", "type": "choice", "label": "Pilih", "choices": ["Satu", ["Dua", "Two"]]},
            {"code": "jam", "type": "time", "label": "Jam"},
            {"code": "isi", "type": "text", "label": "Isi", "required": False},
        ]
    )
    clean, wrong = types.read_answers(
        asked, {"tgl": "26/11/2026", "uang": "Rp 1.500.000", "mau": "yes", "pilih": "dua", "jam": "19.30"}
    )
    assert clean == {"tgl": "2026-11-26", "uang": "1500000", "mau": "ya", "pilih": "Dua", "jam": "19:30"}
    assert not wrong
    _clean, wrong = types.read_answers(
        asked,
        {"tgl": "besok", "uang": "-5", "mau": "mungkin", "pilih": "Tiga", "jam": "malam", "isi": "x" * 300},
    )
    assert wrong == {
        "tgl": "no_date",
        "uang": "no_number",
        "mau": "no_choice",
        "pilih": "no_choice",
        "jam": "no_time",
        "isi": "too_long",
    }
    assert types.read_answers(asked, {})[1]["tgl"] == "missing"
    assert types.read_answers(asked, {}, strict=False) == ({}, {})


def test_parties_become_questions_and_only_the_least_are_required() -> None:
    party = types.read_parties(
        [{"code": "saksi", "label": "Saksi", "data": ["nama", "nik"], "most": 2, "least": 1}]
    )
    asked = types.questions((), party)
    assert [one.code for one in asked] == ["saksi1_nama", "saksi1_nik", "saksi2_nama", "saksi2_nik"]
    assert [one.required for one in asked] == [True, False, False, False]
    assert types.read_answers(asked, {"saksi1_nama": "A", "saksi1_nik": "123"})[1] == {"saksi1_nik": "no_nik"}
    known, groups = types.places_of((), party)
    assert "saksi2_nik" in known
    assert groups["saksi"] == ("nama", "nik")
    assert types.read_parties(types.write_parties(party)) == party


def test_badly_formed_kinds_are_named_fault_by_fault() -> None:
    one = types.Input("a_b", "text", "A")
    assert not faults(inputs=(one,))
    assert ("inputs", "no_key") in faults(inputs=(types.Input("A b", "text", "A"),))
    assert ("inputs", "taken_key") in faults(inputs=(types.Input("nama", "text", "A"),))
    assert ("inputs", "twice") in faults(inputs=(one, one))
    assert ("inputs", "no_type") in faults(inputs=(types.Input("ab", "zahl", "A"),))
    assert ("inputs", "no_label") in faults(inputs=(types.Input("ab", "text", " "),))
    assert ("inputs", "no_choices") in faults(inputs=(types.Input("ab", "choice", "A"),))
    assert ("parties", "no_datum") in faults(parties=(types.Party("saksi", "S", data=("nama", "hobi")),))
    assert ("parties", "no_datum") in faults(parties=(types.Party("saksi", "S", data=("nik",)),))
    assert ("parties", "no_count") in faults(parties=(types.Party("saksi", "S", most=99),))
    assert ("parties", "no_key") in faults(parties=(types.Party("saksi_1", "S"),))
    assert ("parties", "twice") in faults(parties=(types.Party("klg", "S"),))
    assert ("requirements", "no_name") in faults(wanted=(types.Wanted("own_1"),))
    assert ("requirements", "twice") in faults(wanted=(types.Wanted("R1"), types.Wanted("R1")))
    assert ("archive_code", "no_archive_code") in faults(archive_code="SKU")
    assert ("validity_amount", "no_validity") in faults(validity_unit="years")
    assert ("body", "unknown_place") in faults(body="{entah}")


def test_the_purpose_is_asked_when_the_text_says_it() -> None:
    assert types.purpose_asked("Untuk {keperluan}.")
    assert not types.purpose_asked("Nama :: {nama}")
