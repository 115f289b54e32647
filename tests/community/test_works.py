"""Self-help works and idle land: what is written down, what is refused, who may not, and that sums keep the state apart."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from simpul.community.access import works as access
from simpul.community.actions import _works as steps
from simpul.community.actions import erasing, giving, land, moving, things, works
from simpul.community.models import (
    IdeaStep,
    Labour,
    Picture,
    Tool,
)
from simpul.community.queries import land as land_queries
from simpul.community.queries import works as queries
from simpul.community.rules import land as land_rules
from simpul.community.rules import works as rules
from simpul.demo import pictures
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people.models import Person
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.community.ideas_help import published
from tests.community.works_help import agree, brought, cash, fresh, hours, kinds, offer, plan, rate

TODAY = date(2026, 1, 21) if NOW.date() < date(2026, 1, 22) else NOW.date()


@pytest.fixture
def cast(db: None, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """One village with its officers, and the neighbour."""
    monkeypatch.setattr(settings, "SIMPUL_FILES", tmp_path / "files")
    return assemble()


# --- the life of a work ---------------------------------------------------------------------------------------------------


def test_a_work_goes_from_plan_to_hand_over_and_every_step_is_in_the_journal(cast: Cast) -> None:
    work = plan(cast)
    given_ = {"by": cast.village_officer, "at": NOW, "work_id": work.id}
    works.start_work(**given_, day=NOW.date() - timedelta(days=3))
    works.change_work(**given_, plan=works.WorkPlan("Selokan masjid raya", volume="120 m"))
    works.finish_work(**given_, day=NOW.date(), result="Selokan batu 120 meter.")
    works.reopen_work(**given_)
    works.finish_work(**given_, day=NOW.date(), result="Selokan batu 130 meter.")
    works.hand_over_work(**given_, day=NOW.date(), to="Pengurus masjid")
    found = fresh(work)
    assert (found.state, found.title, found.handed_to) == (
        "handed_over",
        "Selokan masjid raya",
        "Pengurus masjid",
    )
    assert kinds() == [
        "work.plan",
        "work.start",
        "work.change",
        "work.finish",
        "work.reopen",
        "work.finish",
        "work.hand_over",
    ]


def test_the_same_key_again_changes_nothing(cast: Cast) -> None:
    key = uuid7()
    first, second = plan(cast, work_id=key), plan(cast, title="Anders", work_id=key)
    assert first.id == second.id and fresh(first).title == "Selokan masjid"
    entry = uuid7()
    hours(cast, first, entry_id=entry)
    hours(cast, first, half_days=2, entry_id=entry)
    assert Labour.objects.get().half_days == 1
    other = plan(cast, title="Lain")
    with pytest.raises(NotFound):
        hours(cast, other, entry_id=entry)


@pytest.mark.parametrize(
    ("act", "more"),
    [
        (works.finish_work, {"day": TODAY, "result": "sudah ada"}),
        (works.hand_over_work, {"day": TODAY, "to": "RT 02"}),
        (works.reopen_work, {}),
    ],
)
def test_a_step_out_of_turn_is_refused_in_words(cast: Cast, act: Any, more: dict[str, Any]) -> None:
    work = plan(cast)
    with pytest.raises(works.WorkMoveRefused):
        act(by=cast.village_officer, at=NOW, work_id=work.id, **more)


def test_what_cannot_be_is_refused(cast: Cast) -> None:
    work = plan(cast)
    given_: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "work_id": work.id}
    with pytest.raises(works.DatesTurned):
        plan(cast, starts_date=date(2026, 2, 2), ends_date=date(2026, 2, 1))
    with pytest.raises(steps.WorkWordsMissing):
        plan(cast, title=" ")
    with pytest.raises(works.WorkPlaceUnknown):
        works.plan_work(by=MACHINE, at=NOW, region_code="9999999999", plan=works.WorkPlan("Jembatan"))
    with pytest.raises(steps.DayNotYet):
        works.start_work(**given_, day=NOW.date() + timedelta(days=2))
    works.start_work(**given_, day=NOW.date())
    with pytest.raises(works.DatesTurned):
        works.finish_work(**given_, day=NOW.date() - timedelta(days=1), result="terlalu cepat")


def test_a_work_that_was_called_off_takes_nothing_more(cast: Cast) -> None:
    work = plan(cast)
    works.call_off_work(by=cast.village_head, at=NOW, work_id=work.id, why="Tanahnya digugat")
    with pytest.raises(steps.WorkCalledOff):
        hours(cast, work)
    with pytest.raises(NotAllowed):
        works.call_off_work(by=cast.village_officer, at=NOW, work_id=plan(cast).id, why="tidak jadi")


def test_lent_tools_go_back_before_a_work_is_handed_over(cast: Cast) -> None:
    work = plan(cast)
    given_: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    tool = things.lend_tool(**given_, work_id=work.id, day=NOW.date(), lent=things.Lent("Molen", "Pak Ali"))
    works.start_work(**given_, work_id=work.id, day=NOW.date())
    works.finish_work(**given_, work_id=work.id, day=NOW.date(), result="selesai semua")
    with pytest.raises(works.ToolsOut, match="Molen"):
        works.hand_over_work(**given_, work_id=work.id, day=NOW.date(), to="RT 02")
    things.return_tool(**given_, entry_id=tool.id, day=NOW.date(), condition="baik")
    things.return_tool(**given_, entry_id=tool.id, day=NOW.date(), condition="rusak")
    assert Tool.objects.get().condition == "baik"
    works.hand_over_work(**given_, work_id=work.id, day=NOW.date(), to="RT 02")


def test_the_author_of_an_idea_hears_when_the_work_begins_and_ends(cast: Cast) -> None:
    idea = published(cast)
    work = works.plan_work(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        plan=works.WorkPlan("Lampu jalan"),
        idea_id=idea.id,
    )
    works.start_work(by=cast.village_officer, at=NOW, work_id=work.id, day=NOW.date())
    assert fresh(idea).state == "works"
    works.finish_work(
        by=cast.village_officer, at=NOW, work_id=work.id, day=NOW.date(), result="Dua belas lampu menyala."
    )
    assert fresh(idea).state == "done"
    steps_ = list(
        IdeaStep.objects.filter(idea=idea).order_by("recorded_at", "id").values_list("kind", "reason")
    )
    assert steps_[-2:] == [("works", ""), ("done", "Dua belas lampu menyala.")]
    assert queries.of_idea(cast.village_officer, idea.id) == [work]
    assert queries.public_of_idea(idea.id) == []


# --- its book -------------------------------------------------------------------------------------------------------------


def test_sums_keep_what_the_state_paid_apart(cast: Cast) -> None:
    work = plan(cast)
    hours(cast, work, people=10)
    hours(cast, work, "Tukang", 2, people=2, wage=300_000)
    brought(cast, work, quantity=Decimal(40), name="Semen", unit="sak", unit_price=65_000)
    brought(cast, work, quantity=Decimal(4), name="Batu", unit="m3", unit_price=200_000, source="state")
    cash(cast, work, amount=1_000_000)
    cash(cast, work, amount=500_000, source="state")
    cash(cast, work, "out", 400_000)
    sums = queries.sums_of([work.id])[work.id]
    assert rules.hok(sums.half_days) == "7"
    assert (sums.ours, sums.state) == (3_600_000, 1_300_000)
    assert (sums.spent, sums.left, sums.wage_share) == (700_000, 800_000, 43)
    told = queries.figures(DUNGKAIT, NOW.date(), NOW.date())
    assert (told.half_days, told.ours, told.state) == (14, 3_600_000, 1_300_000)
    assert queries.figures(BONTO_JAI, NOW.date(), NOW.date()).ours == 0


def test_a_material_is_worth_what_the_list_said_on_its_day(cast: Cast) -> None:
    work, old = plan(cast), rate(cast, 65_000, 30)
    rate(cast, 70_000, 1)
    row = brought(cast, work, quantity=Decimal("2.5"), rate_id=old.id, day=NOW.date() - timedelta(days=5))
    assert (row.unit_price, row.value) == (65_000, 162_500)
    assert brought(cast, work, quantity=Decimal(1), rate_id=old.id).value == 70_000
    with pytest.raises(giving.PriceMissing):
        brought(cast, work, quantity=Decimal(1), rate_id=old.id, day=NOW.date() - timedelta(days=60))
    with pytest.raises(giving.PriceMissing):
        brought(cast, work, quantity=Decimal(1), name="Pasir", unit="m3")
    with pytest.raises(things.RateThere):
        rate(cast, 71_000, 1)
    with pytest.raises(steps.AmountMissing):
        rate(cast, 0, 2)
    with pytest.raises(NotAllowed):
        things.set_rate(
            by=cast.village_officer,
            at=NOW,
            region_code=DUNGKAIT,
            name="Paku",
            unit="kg",
            price=1,
            from_date=NOW.date(),
        )


def test_what_is_taken_back_stays_with_its_reason_and_counts_no_more(cast: Cast) -> None:
    work = plan(cast)
    row, thing, money = (
        hours(cast, work),
        brought(cast, work, quantity=Decimal(1), name="Batu", unit="m3", unit_price=5),
        cash(cast, work),
    )
    by_hand: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    with pytest.raises(steps.WhyMissing):
        giving.withdraw_labour(**by_hand, entry_id=row.id, why=" ")
    giving.withdraw_labour(**by_hand, entry_id=row.id, why="dua kali tercatat")
    giving.withdraw_labour(**by_hand, entry_id=row.id, why="lagi")
    giving.withdraw_material(**by_hand, entry_id=thing.id, why="dua kali tercatat")
    giving.withdraw_money(**by_hand, entry_id=money.id, why="dua kali tercatat")
    sums = queries.sums_of([work.id])[work.id]
    assert (sums.half_days, sums.ours) == (0, 0)
    assert fresh(row).withdrawn_why == "dua kali tercatat"
    assert cash(cast, work).number == 2
    assert kinds().count("labour.withdraw") == 1
    for act in (
        giving.withdraw_labour,
        giving.withdraw_material,
        giving.withdraw_money,
        things.remove_picture,
    ):
        with pytest.raises(NotFound):
            act(**by_hand, entry_id=uuid4(), why="tidak ada")


def test_hours_cash_and_photos_have_a_measure(cast: Cast) -> None:
    work = plan(cast)
    for half_days, people in ((0, 1), (5, 1), (1, 0), (1, 501)):
        with pytest.raises(giving.HoursWrong):
            hours(cast, work, half_days=half_days, people=people)
    with pytest.raises(steps.AmountMissing):
        cash(cast, work, amount=0)
    with pytest.raises(steps.WorkChoiceUnknown):
        cash(cast, work, "sideways")
    with pytest.raises(steps.WorkWordsMissing):
        cash(cast, work, "out", words="")
    with pytest.raises(things.PhotoWanted):
        things.add_picture(
            by=cast.village_officer,
            at=NOW,
            work_id=work.id,
            day=NOW.date(),
            shot=things.Shot(pictures.voice_note(), "suara.wav", "before"),
        )


def test_a_photo_is_shown_only_when_it_may_be_and_the_work_is_shown(cast: Cast) -> None:
    work, data = plan(cast), pictures.photos()["drain"].data
    given_: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "work_id": work.id, "day": NOW.date()}
    shown = things.add_picture(**given_, shot=things.Shot(data, "a.jpg", "before"))
    hidden = things.add_picture(**given_, shot=things.Shot(data, "b.jpg", "after", shown=False))
    assert queries.public_picture(shown.id) is None
    works.publish_work(by=cast.village_head, at=NOW, work_id=work.id)
    works.publish_work(by=cast.village_head, at=NOW, work_id=work.id)
    assert queries.public_picture(shown.id) is not None and queries.public_picture(hidden.id) is None
    things.remove_picture(by=cast.village_officer, at=NOW, entry_id=shown.id, why="wajah terlihat")
    assert queries.public_picture(shown.id) is None and Picture.objects.count() == 2
    works.hide_work(by=cast.village_head, at=NOW, work_id=work.id)
    assert queries.public_work(work.id) is None
    assert kinds().count("work.publish") == 1


def test_people_are_thanked_by_name_only_when_they_agreed(cast: Cast) -> None:
    work = plan(cast)
    hours(cast, work, "Pemuda Taludu", people=8, named=True)
    hours(cast, work, "Haji Baso")
    cash(cast, work, who="Warung Contoh", who_named=True)
    cash(cast, work, who="Seseorang")
    names, unnamed = queries.thanks(fresh(work))
    assert [one.name for one in names] == ["Pemuda Taludu", "Warung Contoh"] and unnamed == 2


# --- who may not ----------------------------------------------------------------------------------------------------------


def test_the_neighbour_sees_and_writes_nothing(cast: Cast) -> None:
    work = plan(cast)
    parcel = offer(cast)
    assert not access.visible(cast.neighbour_officer).exists()
    assert not access.parcels(cast.neighbour_head).exists() and not access.rates(cast.pokja).exists()
    with pytest.raises(NotFound):
        giving.record_labour(
            by=cast.neighbour_officer, at=NOW, work_id=work.id, day=NOW.date(), hours=giving.Hours("X", 1)
        )
    with pytest.raises(NotFound):
        land.remove_land(by=cast.neighbour_head, at=NOW, parcel_id=parcel.id)
    with pytest.raises(NotAllowed):
        plan(cast, by=cast.neighbour_officer)
    with pytest.raises(Refused):
        plan(cast, by=cast.pokja)
    for act, more in (
        (
            giving.record_material,
            {"brought": giving.Brought(Decimal(1), name="Pasir", unit="m3", unit_price=5)},
        ),
        (giving.record_money, {"cash": giving.Cash("in", 1000)}),
    ):
        with pytest.raises(NotFound):
            act(by=cast.neighbour_officer, at=NOW, work_id=work.id, day=NOW.date(), **more)


def test_lists_ask_the_same_number_of_queries_however_long_they_are(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for number in range(4):
        hours(cast, plan(cast, title=f"Karya {number}"))
    with django_assert_num_queries(4):
        page = queries.listed(cast.village_officer, queries.Filters())
        assert len(page.rows) == 4
    for number in range(3):
        agree(cast, offer(cast, name=f"Kebun {number}"))
    with django_assert_num_queries(3):
        assert len(land_queries.listed(cast.village_officer, NOW.date())) == 3


# --- erasing and moving ---------------------------------------------------------------------------------------------------


def test_a_person_is_emptied_out_and_the_sums_stay(cast: Cast) -> None:
    person = Person.objects.create(
        full_name="Baso Lurang", name_key="baso lurang", region_code=DUNGKAIT, registered_at=NOW
    )
    twin = Person.objects.create(
        full_name="Baso L.", name_key="baso l", region_code=DUNGKAIT, registered_at=NOW
    )
    work = plan(cast)
    hours(cast, work, "", person_id=person.id)
    moved = moving.move_community(
        by=cast.manager, at=NOW, origin_id=person.id, target_id=twin.id, region_code=DUNGKAIT
    )
    assert sum(len(keys) for keys in moved.values()) == 1
    erasing.blank_community(by=MACHINE, at=NOW, person_id=twin.id, words=["Baso"])
    row = Labour.objects.get()
    assert "Baso" not in row.name and queries.sums_of([work.id])[work.id].half_days == 1


# --- rules ----------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**12), st.integers(0, 100), st.integers(0, 100))
def test_a_harvest_is_shared_without_a_gram_lost(grams: int, owner: int, village: int) -> None:
    if owner + village > 100:
        with pytest.raises(ValueError, match="100"):
            land_rules.shares(grams, owner, village)
        return
    parts = land_rules.shares(grams, owner, village)
    assert sum(parts) == grams and min(parts) >= 0


@given(
    st.lists(
        st.builds(
            rules.Line,
            what=st.sampled_from(["labour", "material", "in", "out"]),
            source=st.sampled_from(list(rules.SOURCES)),
            value=st.integers(0, 10**9),
            half_days=st.integers(1, 4),
            people=st.integers(1, 50),
        ),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_sums_do_not_depend_on_the_order_and_balance(lines: list[rules.Line], chance: Any) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    first = rules.sums(lines)
    assert first == rules.sums(shuffled)
    came = sum(one.value for one in lines if one.what == "in")
    assert first.left == came - first.spent
    things_ = sum(one.value for one in lines if one.what == "material")
    assert first.ours + first.state == came + things_


def test_half_days_prices_and_terms_at_their_edges() -> None:
    assert [rules.hok(one) for one in (0, 1, 2, 25, 2001)] == ["0", "0,5", "1", "12,5", "1.000,5"]
    assert rules.value_of(Decimal("2.5"), 65_001) == 162_503
    assert rules.quantity("0") is None and rules.quantity("1.234") is None and rules.quantity("nan") is None
    assert rules.newest([(date(2026, 1, 1), 5), (date(2026, 2, 1), 7)], date(2026, 1, 31)) == 5
    assert rules.newest([(date(2026, 1, 1), 5)], date(2025, 12, 31)) is None
    assert rules.worth(3, 100_000) == 150_000 and rules.worth(3, None) is None
    day = date(2026, 3, 1)
    cases = [
        (None, None, "no_consent"),
        (day, None, "idle"),
        (day, day, "due"),
        (day, day - timedelta(days=1), "overdue"),
        (day, day + timedelta(days=31), "used"),
    ]
    for consent, used, state in cases:
        assert land_rules.state_of(consent_until=consent, used_until=used, today=day) == state
    assert land_rules.fits((day, day), (day, day)) and not land_rules.fits(
        (day, day), (day, day + timedelta(days=1))
    )
