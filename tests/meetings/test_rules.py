"""Quorum, what is left open, conflicts of interest, and the text whose digest is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.meetings import rules
from simpul.meetings.rules import minutes


def test_a_person_counts_once_and_in_each_of_their_groups() -> None:
    found = rules.present(
        [rules.Came(("women", "poor"), True), rules.Came(("bpd",), False), rules.Came((), None)],
        {"men": 3, "women": -2},
    )
    assert (found.people, found.named, found.counted, found.absent) == (4, 1, 3, 2)
    assert (
        found.by_group["women"],
        found.by_group["poor"],
        found.by_group["men"],
        found.by_group["bpd"],
    ) == (1, 1, 3, 0)


def test_the_quorum_says_what_is_missing() -> None:
    found = rules.present([rules.Came(("women",), True)], {})
    short = rules.shortfalls(found, rules.Needed(3, ("women", "bpd")))
    assert [(one.what, one.group, one.needed, one.there) for one in short] == [
        ("people", "", 3, 1),
        ("group", "bpd", 1, 0),
    ]
    assert rules.shortfalls(found, rules.Needed()) == []


def test_a_proposed_name_is_answered_by_the_decision_about_it() -> None:
    item = uuid4()
    usul = rules.Asked(uuid4(), "usul", item, "")
    sanggah = rules.Asked(uuid4(), "sanggah", item, "")
    left = rules.left_open({item: "in"}, [usul, sanggah], reads_names=True)
    assert (left.undecided, left.unanswered) == ((), (sanggah.id,))
    assert rules.left_open({item: ""}, [usul], reads_names=True).unanswered == (usul.id,)


def test_a_meeting_without_names_needs_words() -> None:
    assert rules.left_open({}, [], reads_names=True).empty
    assert rules.left_open({}, [], reads_names=False).empty
    assert not rules.left_open({}, [], reads_names=False, course="Disepakati.")


def test_objections_come_before_during_or_after() -> None:
    assert [rules.phase_of(state) for state in ("planned", "held", "closed")] == ["before", "during", "after"]
    assert rules.last_objection_day(date(2026, 11, 25), 7) == date(2026, 12, 2)


def test_a_decider_and_their_own_house() -> None:
    home, family, person = uuid4(), uuid4(), uuid4()
    deciders = [rules.Decider("Rusli", person, home, family, "rusli"), rules.Decider("Ani", name_key="ani")]
    items = [
        rules.Read(uuid4(), "sitti", None, frozenset({home})),
        rules.Read(uuid4(), "baso", None, frozenset(), frozenset({family})),
        rules.Read(uuid4(), "ani"),
        rules.Read(uuid4(), "ani", person_id=uuid4()),
        rules.Read(uuid4(), "siapa", person_id=person),
    ]
    found = rules.conflicts(deciders, items)
    assert [(one.item_id, one.decider, one.sure) for one in found] == [
        (items[0].id, "Rusli", True),
        (items[1].id, "Rusli", True),
        (items[2].id, "Ani", False),
        (items[4].id, "Rusli", True),
    ]


@pytest.mark.parametrize(
    ("votes", "fits"), [((3, 2, 1), True), ((None, None, None), True), ((6, 1, 0), False)]
)
def test_no_more_votes_than_people(votes: Any, fits: bool) -> None:
    assert rules.votes_fit(*votes, 6) is fits


# --- the digest -----------------------------------------------------------------------------------------------------------

WORDS = st.text(max_size=20)
COUNT = st.none() | st.integers(0, 99)
GROUPS = st.lists(st.sampled_from(sorted(rules.GROUPS)), max_size=3).map(tuple)
PEOPLE = st.builds(minutes.Person, WORDS, WORDS, GROUPS, st.booleans(), st.booleans(), st.booleans())
NAMES = st.builds(
    minutes.Name, st.integers(1, 999), WORDS, WORDS, WORDS, WORDS, WORDS, st.sampled_from(sorted(rules.OUTCOMES)), WORDS,
    COUNT, COUNT, COUNT, st.lists(WORDS, max_size=2).map(tuple),
)  # fmt: skip
SAID = st.builds(minutes.Said, *[WORDS] * 9)
CONTENT = st.builds(
    minutes.Content,
    id=WORDS, version=st.integers(1, 9), replaces=WORDS, replaces_because=WORDS, kind=WORDS, title=WORDS, purpose=WORDS,
    programme=WORDS, region_code=WORDS, region=WORDS, hamlet=WORDS, place=WORDS, planned_at=WORDS, held_at=WORDS,
    closed_at=WORDS, chair=WORDS, minute_taker=WORDS, course=WORDS, short_because=WORDS, objection_days=st.integers(0, 60),
    counted=st.dictionaries(st.sampled_from(sorted(rules.GROUPS)), st.integers(0, 99)),
    attendance=st.lists(PEOPLE, max_size=3).map(tuple), names=st.lists(NAMES, max_size=3).map(tuple),
    objections=st.lists(SAID, max_size=3).map(tuple),
)  # fmt: skip


def seal(content: minutes.Content) -> str:
    return minutes.digest(minutes.canonical(content))


@given(CONTENT, CONTENT)
def test_the_digest_is_equal_exactly_when_the_content_is(
    first: minutes.Content, second: minutes.Content
) -> None:
    said = minutes.read(minutes.canonical(first)) == minutes.read(minutes.canonical(second))
    assert (seal(first) == seal(second)) is said
    assert seal(first) == seal(replace(first))


@given(CONTENT, st.data())
def test_changing_any_one_thing_changes_the_digest(content: minutes.Content, data: Any) -> None:
    field = data.draw(st.sampled_from(list(content.__slots__)))
    value = getattr(content, field)
    other = {str: "lain", int: 77, dict: {"women": 1234}, tuple: (minutes.Said(*["y"] * 9),)}[type(value)]
    if value != other:
        assert seal(replace(content, **{field: other})) != seal(content)


def test_one_letter_written_in_two_ways_is_one_letter() -> None:
    assert minutes.digest("é") != minutes.digest("e\u0301")
    base = {
        name: ""
        for name in minutes.Content.__slots__
        if name not in ("version", "objection_days", "counted", "attendance", "names", "objections")
    }
    one = minutes.Content(**{**base, "chair": "Andr\u00e9"}, version=1, objection_days=0)
    two = minutes.Content(**{**base, "chair": "Andre\u0301"}, version=1, objection_days=0)
    assert seal(one) == seal(two)


# --- lists that are pasted, and the file ----------------------------------------------------------------------------------


def test_a_list_with_a_head_is_read_by_its_columns() -> None:
    found = minutes.read_rows(
        [
            ["No", "NAMA", "NIK", "Alamat", "Keterangan"],
            ["1", "Sitti", "'7602136101800001", "Taludu", "janda"],
        ]
    )
    assert found.lines == (minutes.Line("Sitti", "Taludu", "7602136101800001", "janda"),)


def test_a_list_without_a_head_is_read_in_order() -> None:
    found = minutes.read_rows(
        [
            ["1.", "Sitti", "Taludu"],
            ["2", "7602136101800001", "Baso", "Taludu", "miskin"],
            ["Ali"],
            ["", ""],
            ["3", ""],
        ]
    )
    assert found.lines == (
        minutes.Line("Sitti", "Taludu"),
        minutes.Line("Baso", "Taludu", "7602136101800001", "miskin"),
        minutes.Line("Ali"),
    )
    assert found.without_name == (5,)


def test_the_file_cannot_run_and_keeps_long_numbers() -> None:
    rows = [minutes.PackageRow(1, "=HYPERLINK(1)", "+62", "Taludu", "@x", nik="7602136101800001")]
    told = {"village_code": "7602132001", "village": "Dungkait", "programme": "blt", "seal": "ab" * 32}
    full = minutes.package(rows, with_nik=True, **told).decode("utf-8-sig")
    assert "'=HYPERLINK" in full and "'+62" in full and "'@x" in full and "'7602136101800001" in full
    bare = minutes.package(rows, with_nik=False, **told).decode("utf-8-sig")
    assert "7602136101800001" not in bare and bare.splitlines()[0].startswith("NO,NAMA")
