"""Golden samples that the JavaScript side shares: Python still makes them, opens them, and refuses what is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simpul.lib import sealing
from simpul.sync.rules import canonical, chain, columns, reduce, segments
from simpul.sync.rules.canonical import unb64
from tests.sync import make_vectors

AGAIN = (
    "If this was meant: python manage.py shell -c 'from tests.sync import make_vectors; make_vectors.main()'"
)


def samples(name: str) -> Any:
    """The file of the samples."""
    return json.loads((make_vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", make_vectors.MAKERS)
def test_python_still_makes_the_samples(name: str) -> None:
    made = json.loads(json.dumps(make_vectors.MAKERS[name]()))
    assert made == samples(name), f"{name}.json differs from what the rules say now. {AGAIN}"


def test_values_are_refused() -> None:
    for text in samples("canonical")["refused"]:
        with pytest.raises(canonical.NotCanonical):
            canonical.check(json.loads(text))
    for text in samples("canonical")["no_b64"]:
        with pytest.raises(ValueError, match=r"base64|Incorrect|Invalid|non-base64|characters"):
            unb64(text)


def test_columns_turn_back_and_broken_ones_are_refused() -> None:
    for one in samples("columns")["rows"]:
        assert columns.rows_of(one["columns"], len(one["rows"])) == one["rows"]
    for one in samples("columns")["broken"]:
        with pytest.raises(columns.ColumnsUnreadable):
            columns.rows_of(one["columns"], one["count"])


def test_segments_open_and_broken_ones_say_why() -> None:
    for one in samples("segments")["segments"]:
        found = segments.unpack(bytes.fromhex(one["packed"]))
        assert [canonical.b64(event.hash) for event in found.events] == [
            event["hash"] for event in one["events"]
        ]
        assert [event.body for event in found.events] == [event["body"] for event in one["events"]]
    for one in samples("segments")["broken"]:
        with pytest.raises(segments.SegmentUnreadable) as refused:
            segments.unpack(bytes.fromhex(one["hex"]))
        assert refused.value.reason == one["reason"]


def test_the_envelope_opens_and_broken_frames_say_why() -> None:
    said = samples("envelopes")
    (one,) = segments.read(bytes.fromhex(said["framed"]))
    assert sealing.unseal(make_vectors.SERVER, one.sealed, one.info).hex() == said["packed"]
    for broken in said["broken"]:
        with pytest.raises(segments.SegmentUnreadable) as refused:
            segments.read(bytes.fromhex(broken["hex"]))
        assert refused.value.reason == broken["reason"], broken["hex"][:60]


def test_own_work_never_touches_the_snapshots() -> None:
    said = samples("reduce")
    before = json.dumps(said["tables"])
    for story in said["stories"]:
        told = [reduce.Told(**one) for one in story["events"]]
        assert reduce.reduce(said["tables"], told, said["zone"]) == story["rows"], story["name"]
    assert json.dumps(said["tables"]) == before


def test_the_order_of_edits_of_different_fields_does_not_matter() -> None:
    tables = samples("reduce")["tables"]
    key = make_vectors.P1
    edits = [
        reduce.Told("profile.change/1", 0, f"person:{key}", {"person_id": key, f"f.{name}": "1"}, {name: ""})
        for name in ("work", "religion", "income_month")
    ]
    rows = [reduce.reduce(tables, some) for some in (edits, edits[::-1])]
    assert rows[0] == rows[1]


def test_erased_bodies_keep_their_place_in_the_chain() -> None:
    erased = samples("segments")["segments"][3]["events"]
    whole = samples("segments")["segments"][0]["events"]
    assert [one["hash"] for one in erased] == [one["hash"] for one in whole]
    assert erased[1]["body"] is None
    assert chain.EPOCH.fullmatch(make_vectors.EPOCH)
