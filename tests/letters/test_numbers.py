"""Numbers: the pattern language, series, blocks, void ones, the gap report; many officers at once take different numbers without gaps."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from simpul.journal.models import Line
from simpul.letters.actions import _letters, _sealing, cancelling, numbers, offices, releasing
from simpul.letters.models import Letter, LetterType, NumberBlock, TakenNumber, TypeVersion
from simpul.letters.queries import numbers as queries
from simpul.letters.rules import numbers as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.letters import desk

PATTERN = "{kode_klasifikasi}/{urut:3}/{singkatan|kode_desa}/{bulan_romawi}/{tahun}"


def given_number(number: int = 7, **more: Any) -> rules.Given:
    """What a number is made of."""
    return rules.Given(number, date(2026, 11, 23), "500.3", DUNGKAIT, **more)


# --- the pattern ------------------------------------------------------------------------------------------------------


def test_a_pattern_prints_what_it_says() -> None:
    assert rules.render(PATTERN, given_number()) == f"500.3/007/{DUNGKAIT}/XI/2026"
    assert rules.render(PATTERN, given_number(1234, short_code="DKT")) == "500.3/1234/DKT/XI/2026"
    assert rules.render("{urut}-{bulan}.{tahun_pendek}", given_number()) == "7-11.26"


@pytest.mark.parametrize(
    ("pattern", "codes"),
    [
        (PATTERN, []),
        ("{urut}", ["no_year"]),
        ("{tahun}", ["no_number"]),
        ("{urut}/{tahn}/{tahun}", ["unknown"]),
        ("{urut}/{tahun:4}", ["bad_width"]),
        ("{urut}/{tahun", ["unclosed", "no_year"]),
        ("{urut}/<b>/{tahun}", ["bad_sign"]),
        ("x" * 101 + "{urut}{tahun}", ["too_long"]),
    ],
)
def test_what_cannot_be_printed_is_named(pattern: str, codes: list[str]) -> None:
    assert [one.code for one in rules.problems_of(pattern)] == codes
    if codes:
        with pytest.raises(ValueError, match=r".*"):
            rules.parse(pattern)


def test_a_slip_of_the_pen_is_answered_with_what_was_meant() -> None:
    found = rules.problems_of("{urut}/{bulan_rumawi}/{tahun}")
    assert found == (rules.Problem("unknown", "bulan_rumawi", "bulan_romawi"),)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(pattern: str) -> None:
    if not rules.problems_of(pattern):
        assert rules.render(pattern, given_number())


@given(
    st.lists(st.sampled_from(sorted(rules.PLACES)), max_size=4), st.integers(1, 99999), st.integers(1, 99999)
)
def test_two_numbers_of_one_series_and_year_are_never_printed_alike(
    places: list[str], one: int, other: int
) -> None:
    pattern = "/".join("{" + place + "}" for place in ("urut", *places, "tahun"))
    assert (rules.render(pattern, given_number(one)) == rules.render(pattern, given_number(other))) is (
        one == other
    )


def test_each_mode_has_its_series() -> None:
    assert rules.series_key("services", "usaha") == "services"
    assert rules.series_key("types", "usaha") == "type:usaha"
    assert rules.series_key("one", "usaha") == rules.series_key("one", "", book="incoming") == "one"
    assert rules.series_key("services", "", book="incoming") == "incoming"


@given(st.sets(st.integers(1, 60)))
def test_what_is_missing_and_its_spans_are_the_same_numbers(taken: set[int]) -> None:
    missing = rules.missing(60, taken)
    assert set(missing) | taken == set(range(1, 61))
    assert [n for first, last in rules.spans(missing) for n in range(first, last + 1)] == missing


# --- acts -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything of a release but the paper: tests of numbers need no PDF."""
    monkeypatch.setattr(_sealing, "seal", light_seal)


def light_seal(letter: Letter, *, at: datetime) -> None:
    """What a seal leaves, without typesetting."""
    letter.token, letter.digest, letter.pdf_sha256 = uuid7().hex, "0" * 64, "0" * 64


def ready(at: datetime = NOW, type_code: str = "usaha") -> Letter:
    """A letter that waits for its release."""
    kind = LetterType.objects.filter(code=type_code).first()
    version = TypeVersion.objects.get(type=kind) if kind else desk.kind(type_code, body="Benar adanya.")
    return Letter.objects.create(
        region_code=DUNGKAIT,
        type=version.type,
        version=version,
        applicant_name="Nurhayati",
        channel="desk",
        state="approved",
        authority="own",
        requested_at=at,
        changed_at=at,
    )


def release(cast: Cast, at: datetime = NOW, **more: Any) -> Letter:
    """A released letter; with ``type_code`` of that kind."""
    letter = ready(at, more.pop("type_code", "usaha"))
    return releasing.release_letter(by=cast.village_head, at=at, letter_id=letter.id, **more)


@pytest.mark.usefixtures("quick")
def test_numbers_begin_again_in_the_year_of_the_village(cast: Cast) -> None:
    still = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)  # 23.30 in Mamuju
    new = still + timedelta(hours=1)
    assert release(cast).taken.number == 1  # type: ignore[union-attr]
    assert release(cast, still).number.endswith("/002/7602132001/XII/2026")
    assert release(cast, new).number.endswith("/001/7602132001/I/2027")


@pytest.mark.usefixtures("quick")
def test_a_series_of_its_own_for_each_kind(cast: Cast) -> None:
    given = offices.OfficeGiven(pattern=PATTERN, series_mode="types")
    offices.set_office(by=cast.village_head, at=NOW, region_code=DUNGKAIT, given=given)
    release(cast)
    assert release(cast, type_code="domisili").taken.number == 1  # type: ignore[union-attr]
    with pytest.raises(numbers.TypeMissing):
        numbers.reserve_block(by=cast.secretary, at=NOW, region_code=DUNGKAIT, count=2, holder="Pos")


@pytest.mark.usefixtures("quick")
def test_a_block_is_used_given_back_and_leaves_no_gap(cast: Cast) -> None:
    release(cast)
    key = uuid7()
    wanted: dict[str, Any] = {"by": cast.secretary, "at": NOW, "region_code": DUNGKAIT, "block_id": key}
    block = numbers.reserve_block(**wanted, count=5, holder="Pos Taludu")
    again = numbers.reserve_block(**wanted, count=5, holder="Pos Taludu")
    assert (block.first, block.last, again.id, TakenNumber.objects.count()) == (2, 6, block.id, 6)
    assert release(cast).taken.number == 7  # type: ignore[union-attr]
    later = NOW + timedelta(days=2)
    by_hand = release(cast, later, block_id=block.id, number=3, letter_date=NOW.date())
    assert (by_hand.taken.number, by_hand.letter_date) == (3, NOW.date())  # type: ignore[union-attr]
    with pytest.raises(releasing.NumberGone):
        release(cast, later, block_id=block.id, number=3)
    with pytest.raises(releasing.DayImpossible):
        release(cast, later, block_id=block.id, letter_date=NOW.date() - timedelta(days=1))
    with pytest.raises(releasing.DayImpossible):
        release(cast, later, letter_date=NOW.date())
    left = numbers.return_block(by=cast.secretary, at=later, block_id=block.id, why="Jaringan pulih")
    assert left == 4
    with pytest.raises(releasing.BlockEmpty):
        release(cast, later, block_id=block.id)
    with pytest.raises(numbers.BlockReturned):
        numbers.return_block(by=cast.secretary, at=later, block_id=block.id, why="Jaringan pulih")
    report = queries.gaps(cast.secretary, DUNGKAIT, "services", 2026)
    assert (report.last, report.used, report.void, report.reserved, report.missing) == (7, 3, 4, 0, [])
    assert Line.objects.filter(kind__in=["block.reserve", "block.return"]).count() == 2


@pytest.mark.usefixtures("quick")
def test_void_numbers_have_their_reason(cast: Cast) -> None:
    wanted: dict[str, Any] = {"by": cast.secretary, "at": NOW, "region_code": DUNGKAIT}
    done = numbers.void_number(**wanted, number=37, why="Buku tulisan tangan Januari sampai November")
    assert (done[0], done[-1]) == (1, 37)
    assert release(cast).taken.number == 38  # type: ignore[union-attr]
    assert numbers.void_number(**wanted, why="Tertulis di kertas") == [39]
    with pytest.raises(numbers.NumberUsed):
        numbers.void_number(**wanted, number=38, why="Salah")
    with pytest.raises(numbers.NumberVoid):
        numbers.void_number(**wanted, number=12, why="Salah")
    with pytest.raises(numbers.NumberFar):
        numbers.void_number(**wanted, number=900_000, why="Salah")
    with pytest.raises(numbers.NumberFar):
        numbers.void_number(**wanted, number=0, why="Salah")
    with pytest.raises(_letters.WordsMissing):
        numbers.void_number(**wanted, why="")
    report = queries.gaps(cast.secretary, DUNGKAIT, "services", 2026)
    assert [(one.first, one.last) for one in report.explained] == [(1, 37), (39, 39)]


@pytest.mark.usefixtures("quick")
def test_a_number_that_nobody_can_explain_is_reported_and_can_be_explained(cast: Cast) -> None:
    for _turn in range(3):
        release(cast)
    Letter.objects.filter(taken__number=2).update(state="approved", taken=None)
    TakenNumber.objects.filter(number=2).delete()
    assert queries.gaps(cast.secretary, DUNGKAIT, "services", 2026).missing == [2]
    numbers.void_number(
        by=cast.secretary, at=NOW, region_code=DUNGKAIT, number=2, why="Baris hilang saat pemulihan"
    )
    assert queries.gaps(cast.secretary, DUNGKAIT, "services", 2026).missing == []


def test_who_may_not_touch_numbers(cast: Cast) -> None:
    block = numbers.reserve_block(
        by=cast.village_head, at=NOW, region_code=DUNGKAIT, count=1, holder="Pos Taludu"
    )
    for by in (cast.village_officer, cast.neighbour_head, cast.partner):
        with pytest.raises(NotFound):
            numbers.reserve_block(by=by, at=NOW, region_code=DUNGKAIT, count=1, holder="Pos")
        with pytest.raises(NotFound):
            numbers.return_block(by=by, at=NOW, block_id=block.id, why="Salah")
        with pytest.raises(NotFound):
            numbers.void_number(by=by, at=NOW, region_code=DUNGKAIT, why="Salah")
    with pytest.raises(NotFound):
        queries.gaps(cast.neighbour_head, DUNGKAIT, "services", 2026)
    with pytest.raises(numbers.CountWrong):
        numbers.reserve_block(by=cast.village_head, at=NOW, region_code=DUNGKAIT, count=0, holder="Pos")


def test_the_ways_of_a_village_are_refused_in_words(cast: Cast) -> None:
    with pytest.raises(offices.PatternWrong) as wrong:
        offices.set_office(
            by=cast.secretary, at=NOW, region_code=DUNGKAIT, given=offices.OfficeGiven(pattern="{urut}")
        )
    assert wrong.value.problems[0].code == "no_year"
    with pytest.raises(NotFound):
        offices.set_office(
            by=cast.village_officer, at=NOW, region_code=DUNGKAIT, given=offices.OfficeGiven(pattern=PATTERN)
        )
    office = offices.set_office(
        by=cast.secretary,
        at=NOW,
        region_code=DUNGKAIT,
        given=offices.OfficeGiven(pattern=PATTERN, short_code="DKT"),
    )
    assert Line.objects.get(kind="office.set").facts["changed"] == ["pattern", "short_code"]
    assert office.short_code == "DKT"


# --- any sequence keeps the register whole ----------------------------------------------------------------------------


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["release", "cancel", "reserve", "use", "return", "void", "year"]), st.integers(0, 5)
    ),
    min_size=1,
    max_size=14,
)


class AnySequence(TestCase):
    """Whatever is done in whatever order: no number twice, none without its reason."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_numbers_stay_unique_and_explained(self, steps: list[tuple[str, int]]) -> None:
        kept = _sealing.seal
        _sealing.seal = light_seal  # type: ignore[assignment]
        try:
            self._walk(steps)
        finally:
            _sealing.seal = kept

    def _walk(self, steps: list[tuple[str, int]]) -> None:
        cast, at = assemble(), NOW
        for step, size in steps:
            try:
                at = self._step(cast, at, step, size)
            except Refused:
                continue
        for year in {2026, 2027, 2028, *(row.year for row in TakenNumber.objects.all())}:
            report = queries.gaps(cast.secretary, DUNGKAIT, "services", year)
            assert report.missing == []
            assert report.last == report.used + report.void + report.reserved
        printed = [one.number for one in Letter.objects.exclude(number="")]
        assert len(printed) == len(set(printed))
        assert not TakenNumber.objects.filter(state="void", why="").exists()

    def _step(self, cast: Cast, at: datetime, step: str, size: int) -> datetime:
        by, block = cast.secretary, NumberBlock.objects.order_by("reserved_at", "id").first()
        if step == "release":
            release(cast, at)
        elif step == "cancel":
            done = Letter.objects.filter(state="released").first()
            if done is not None:
                cancelling.cancel_letter(by=by, at=at, letter_id=done.id, why="Salah ketik")
        elif step == "reserve":
            numbers.reserve_block(by=by, at=at, region_code=DUNGKAIT, count=size, holder="Pos Taludu")
        elif step == "use" and block is not None:
            release(cast, at, block_id=block.id, letter_date=block.reserved_at.date())
        elif step == "return" and block is not None:
            numbers.return_block(by=by, at=at, block_id=block.id, why="Sisa")
        elif step == "void":
            numbers.void_number(by=by, at=at, region_code=DUNGKAIT, number=size, why="Kertas rusak")
        elif step == "year":
            at += timedelta(days=200)
        return at


# --- many officers at once --------------------------------------------------------------------------------------------

OFFICERS, EACH = 8, 100


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quick")
def test_eight_officers_releasing_a_hundred_letters_each_take_800_numbers_without_gaps() -> None:
    cast = assemble()
    keys = [[ready().id for _turn in range(EACH)] for _officer in range(OFFICERS)]
    faults: list[BaseException] = []
    start = threading.Barrier(OFFICERS)

    def work(mine: list[Any], by: Actor) -> None:
        try:
            start.wait(30)
            for key in mine:
                releasing.release_letter(by=by, at=NOW, letter_id=key)
        except BaseException as fault:  # noqa: BLE001 - a thread's fault is shown by the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(mine, cast.village_head)) for mine in keys]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not faults, faults[:1]
    taken = sorted(TakenNumber.objects.values_list("number", flat=True))
    assert taken == list(range(1, OFFICERS * EACH + 1))
    printed = set(Letter.objects.filter(state="released").values_list("number", flat=True))
    assert len(printed) == OFFICERS * EACH
    assert queries.gaps(cast.secretary, DUNGKAIT, "services", 2026).missing == []
    assert connection.vendor in {"sqlite", "postgresql"}
