"""Rules of messages: quiet hours, back-off, words, and the size of short messages."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.messages import queries, rules

WITA = ZoneInfo("Asia/Makassar")
ZONES = st.sampled_from([ZoneInfo("Asia/Jakarta"), WITA, ZoneInfo("Asia/Jayapura")])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))


def is_quiet(moment: datetime, zone: ZoneInfo, quiet_from: time, quiet_to: time) -> bool:
    """The same rule said in another way: walk the minutes of the night."""
    clock = moment.astimezone(zone).time()
    if quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= clock < quiet_to
    return not (quiet_to <= clock < quiet_from)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-25 19:59:59", "2026-11-25 19:59:59"),
        ("2026-11-25 20:00:00", "2026-11-26 07:00:00"),
        ("2026-11-25 23:59:59", "2026-11-26 07:00:00"),
        ("2026-11-26 00:00:00", "2026-11-26 07:00:00"),
        ("2026-11-26 06:59:59", "2026-11-26 07:00:00"),
        ("2026-11-26 07:00:00", "2026-11-26 07:00:00"),
        ("2026-12-31 21:00:00", "2027-01-01 07:00:00"),
    ],
)
def test_nobody_is_written_to_between_eight_and_seven(local: str, expected: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=WITA)
    found = rules.not_before(at.astimezone(UTC), zone=WITA, quiet_from=time(20), quiet_to=time(7))
    assert found.astimezone(WITA) == datetime.fromisoformat(expected).replace(tzinfo=WITA)


@given(MOMENTS, ZONES, CLOCKS, CLOCKS)
def test_quiet_hours_delay_less_than_a_day_and_never_bring_forward(
    at: datetime, zone: ZoneInfo, quiet_from: time, quiet_to: time
) -> None:
    found = rules.not_before(at, zone=zone, quiet_from=quiet_from, quiet_to=quiet_to)
    assert at <= found < at + timedelta(hours=24)
    assert not is_quiet(found, zone, quiet_from, quiet_to)
    assert rules.not_before(found, zone=zone, quiet_from=quiet_from, quiet_to=quiet_to) == found
    if not is_quiet(at, zone, quiet_from, quiet_to):
        assert found == at


@given(MOMENTS, ZONES, CLOCKS, CLOCKS, st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_who_is_queued_first_may_be_sent_first(
    at: datetime, zone: ZoneInfo, quiet_from: time, quiet_to: time, later: timedelta
) -> None:
    first, second = (
        rules.not_before(moment, zone=zone, quiet_from=quiet_from, quiet_to=quiet_to)
        for moment in (at, at + later)
    )
    assert first <= second


def test_tries_wait_longer_each_time_and_come_to_an_end() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    waits = [rules.next_try(at, tries) for tries in range(1, 7)]
    minutes = [None if wait is None else (wait - at) // timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 5, 30, 120, 720, None]


@pytest.mark.parametrize(
    ("road", "to_desk", "sensitive", "call_us", "key"),
    [
        ("email", False, False, False, "answer"),
        ("email", False, False, True, "call_us"),
        ("email", False, True, False, "call_us"),
        ("slip", False, False, True, "answer"),
        ("slip", False, True, False, "tell_in_person"),
        ("email", True, False, False, "answer"),
        ("email", True, True, False, "desk_protected"),
    ],
)
def test_content_is_left_out_where_others_may_read(
    road: str, to_desk: bool, sensitive: bool, call_us: bool, key: str
) -> None:
    assert rules.text_key("answer", road=road, to_desk=to_desk, sensitive=sensitive, call_us=call_us) == key


def test_every_road_reaches_a_channel_and_phone_roads_wait_for_their_transport() -> None:
    assert rules.channels({"email"}) == ["email"]
    assert rules.road_to("phone", {"email"}) == rules.SLIP
    assert rules.road_to("phone", {"email", "sms"}) == "sms"


def test_braces_in_a_value_are_not_filled_again() -> None:
    assert rules.fill("{answer}", {"answer": "{number}", "number": "x"}) == "{number}"


def test_a_subject_stays_one_short_line() -> None:
    words = rules.filled(rules.Words("{answer}", "x"), {"answer": "a\r\nBcc: b@c.id " + "x" * 300})
    assert "\n" not in words.subject
    assert "\r" not in words.subject
    assert len(words.subject) == 150


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, ("gsm", 160, 1)),
        ("a" * 161, ("gsm", 161, 2)),
        ("a" * 306, ("gsm", 306, 2)),
        ("€" * 80, ("gsm", 160, 1)),
        ("“" + "a" * 69, ("ucs2", 70, 1)),
        ("“" + "a" * 70, ("ucs2", 71, 2)),
        ("😀" * 35, ("ucs2", 70, 1)),
        ("", ("gsm", 0, 1)),
    ],
)
def test_the_size_of_a_short_message(text: str, expected: tuple[str, int, int]) -> None:
    length = rules.short_length(text)
    assert (length.alphabet, length.units, length.parts) == expected


CATALOGUE = queries.catalogue()


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_every_text_is_whole_in_both_languages_and_names_only_what_is_filled_in(key: str) -> None:
    kind = CATALOGUE[key]
    assert {"id", "en"} <= {language for _road, language in kind.words}
    for (road, _language), words in kind.words.items():
        assert road in ("any", rules.SLIP, *rules.ROADS)
        assert words.subject.strip()
        assert rules.unknown_places(words.subject + words.body, kind.possible) == []
        assert kind.needs <= rules.places(words.body)
    roads = {road for road, _language in kind.words}
    assert all({(road, "id"), (road, "en")} <= kind.words.keys() for road in roads)
    assert kind.possible <= queries.samples().keys()


def test_texts_without_content_name_no_matter() -> None:
    for key in ("call_us", "tell_in_person", "desk_protected"):
        kind = CATALOGUE[key]
        for words in kind.words.values():
            assert rules.places(words.subject + words.body) <= set(rules.COMMON)
    for words in CATALOGUE["call_us"].words.values():
        assert "to_name" not in rules.places(words.subject + words.body)
