"""Every kind of event: done, refused, a stranger's, sent twice; its line in the journal; the page of events."""

from __future__ import annotations

import pytest

from simpul import roles
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.sync import handlers
from simpul.sync.handlers.frame import EventUnreadable
from tests.sync import events_page, works
from tests.sync.samples import SAMPLES

pytestmark = pytest.mark.django_db
OF_NODES = {"line.note/1"}
"""Kept as evidence: no act is done, and nobody but a node sends them."""
KINDS = sorted(set(handlers.TABLE) - OF_NODES)


@pytest.fixture
def here(db: None) -> works.Stage:
    """Bonto Jai."""
    return works.stage()


def test_every_kind_has_a_sample_and_is_an_act() -> None:
    assert set(SAMPLES) == set(KINDS)
    assert {kind.partition("/")[0] for kind in KINDS} <= set(roles.ACTS)


def test_versions_are_told_to_devices() -> None:
    assert handlers.newest()["visit.record"] == 2
    assert handlers.oldest()["visit.record"] == 1
    assert set(handlers.newest()) == set(handlers.oldest())


def test_the_page_of_events_is_current() -> None:
    assert events_page.PAGE.read_text(encoding="utf-8") == events_page.text(), (
        "python -m tests.sync.events_page"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_is_done_once(here: works.Stage, kind: str) -> None:
    sample = SAMPLES[kind](here)
    one = works.event(kind, sample.data, seen=sample.seen)
    before = Line.objects.count()
    done = handlers.TABLE[kind].run(works.work(sample.by, one))
    assert done.state == "accepted", (done.reason, done.facts)
    assert done.region_code.startswith("7303")
    act = sample.line or kind.partition("/")[0]
    lines = list(Line.objects.order_by("id")[before:])
    assert act in [line.kind for line in lines]
    assert all(line.device == "dev-test" for line in lines)
    again = handlers.TABLE[kind].run(works.work(sample.by, one))
    assert again.state == "accepted"
    assert Line.objects.count() == before + len(lines), "the same event twice changes nothing"


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_that_is_unknown_missing_or_of_another_type_is_named(here: works.Stage, kind: str) -> None:
    sample = SAMPLES[kind](here)
    with pytest.raises(EventUnreadable) as unknown:
        works.run(sample.by, kind, {**sample.data, "zzz": "1"})
    assert "zzz" in str(unknown.value)
    needed = [one.name for one in handlers.TABLE[kind].inputs if one.needed]
    for name in needed:
        with pytest.raises(EventUnreadable):
            works.run(sample.by, kind, {key: value for key, value in sample.data.items() if key != name})
        with pytest.raises(EventUnreadable):
            works.run(sample.by, kind, {**sample.data, name: {"of": "another type"}})


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_changes_nothing(here: works.Stage, kind: str) -> None:
    sample = SAMPLES[kind](here)
    before = Line.objects.count()
    with pytest.raises(NotFound):
        works.run(here.stranger, kind, sample.data, seen=sample.seen)
    assert Line.objects.count() == before
