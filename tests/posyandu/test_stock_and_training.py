"""Goods whose balances never fall below nothing, and what cadres learned: who may, what is refused, what the journal says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.actions import stock, training
from simpul.posyandu.models import Cadre, Posyandu, SkillFact, StockItem, StockMove
from simpul.posyandu.queries import stock as queries
from simpul.posyandu.queries import training as training_queries
from simpul.posyandu.rules import stock as rules
from simpul.posyandu.rules import training as training_rules
from tests.cast import NOW, Cast
from tests.posyandu.test_institution import appoint, line, set_up

TODAY = NOW.date()


@pytest.fixture
def melati(cast: Cast) -> Posyandu:
    return set_up(cast)


@pytest.fixture
def hasniah(cast: Cast, melati: Posyandu) -> Cadre:
    return appoint(cast, melati)


def said(number: int = 1, **given: Any) -> stock.MoveGiven:
    return stock.MoveGiven(number, **{"done_date": TODAY, **given})


def receive(
    cast: Cast, posyandu: Posyandu, code: str, number: int, part: str = "cadre", **more: Any
) -> StockItem:
    move = stock.receive_stock(
        by=getattr(cast, part),
        at=NOW,
        posyandu_id=posyandu.id,
        item=stock.ItemGiven(code=code, **more),
        given=said(number, whom="Dinas Kesehatan"),
    )
    return fresh(move.item)


def fresh(item: StockItem) -> StockItem:
    return StockItem.objects.get(id=item.id)


def three(item: StockItem) -> tuple[int, int, int]:
    row = fresh(item)
    return row.good, row.broken, row.out


# --- goods -----------------------------------------------------------------------------------------------------------------------


def test_goods_come_go_break_and_come_back(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    by: dict[str, Any] = {"by": cast.cadre, "at": NOW}
    item = receive(cast, melati, "uniform", 5)
    by["item_id"] = item.id
    assert three(item) == (5, 0, 0)
    assert line("stock.receive").facts["left"] == 5
    stock.issue_stock(**by, given=said(2, cadre_id=hasniah.id))
    assert three(item) == (3, 0, 2)
    assert line("stock.issue").inputs["name"] == "Hasniah"
    stock.return_stock(**by, given=said(1, cadre_id=hasniah.id), whole=False)
    assert three(item) == (3, 1, 1)
    assert line("stock.return").facts["out"] == -1
    stock.break_stock(**by, given=said(1))
    assert three(item) == (2, 2, 1)
    assert line("stock.break").facts["good"] == -1
    stock.mend_stock(**by, given=said(1))
    assert three(item) == (3, 1, 1)
    assert line("stock.mend").facts["good"] == 1
    stock.write_off_stock(**by, given=said(1, words="Sobek"))
    assert three(item) == (3, 0, 1)
    stock.write_off_stock(**by, given=said(1, words="Hilang", cadre_id=hasniah.id), place="out")
    assert three(item) == (3, 0, 0)
    assert line("stock.write_off").inputs["words"] == "Hilang"
    stock.count_stock(**by, good=1, broken=1, given=said(words="Hitung akhir bulan"))
    assert three(item) == (1, 1, 0)
    assert line("stock.count").facts["good"] == -2
    sums = [rules.Change(one.good, one.broken, one.out) for one in item.moves.all()]
    assert rules.total(sums) == queries.balance(fresh(item))


def test_no_balance_falls_below_nothing(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    item = receive(cast, melati, "tape_muac", 2)
    by: dict[str, Any] = {"by": cast.cadre, "at": NOW, "item_id": item.id}
    with pytest.raises(rules.NotEnough, match="2"):
        stock.issue_stock(**by, given=said(3, cadre_id=hasniah.id))
    for act in (stock.mend_stock, stock.write_off_stock):
        with pytest.raises(rules.NotEnough):
            act(**by, given=said(1, words="Rusak"))
    with pytest.raises(rules.NotEnough):
        stock.break_stock(**by, given=said(3))
    with pytest.raises(stock.HasFewer, match="Hasniah"):
        stock.return_stock(**by, given=said(1, cadre_id=hasniah.id))
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(id=item.id).update(good=-1)
    assert three(item) == (2, 0, 0)


def test_refused_numbers_days_people_and_words(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    item = receive(cast, melati, "scale_baby", 2)
    by: dict[str, Any] = {"by": cast.cadre, "at": NOW, "item_id": item.id}
    with pytest.raises(rules.NumberWrong):
        stock.break_stock(**by, given=said(0))
    with pytest.raises(rules.NumberWrong):
        stock.count_stock(**by, good=-1, broken=0, given=said())
    with pytest.raises(steps.DayAhead):
        stock.break_stock(**by, given=said(1, done_date=TODAY + timedelta(days=1)))
    with pytest.raises(stock.NobodyTook):
        stock.issue_stock(**by, given=said(1))
    with pytest.raises(steps.ChoiceNotThere):
        stock.issue_stock(**by, given=said(1, cadre_id=uuid7()))
    with pytest.raises(steps.WordMissing):
        stock.write_off_stock(**by, given=said(1), place="good")
    with pytest.raises(steps.ChoiceNotThere):
        stock.write_off_stock(**by, given=said(1, words="Entah"), place="moon")
    with pytest.raises(steps.ChoiceNotThere):
        receive(cast, melati, "spaceship", 1)


def test_own_goods_have_a_name_and_the_catalogue_keeps_its_own(cast: Cast, melati: Posyandu) -> None:
    fan = receive(cast, melati, "", 1, name="Kipas angin", group="facility", unit="unit")
    assert receive(cast, melati, "", 2, name="kipas  ANGIN").id == fan.id
    with pytest.raises(stock.NameTaken):
        receive(cast, melati, "", 1, name="pita lila")
    with pytest.raises(steps.WordMissing):
        receive(cast, melati, "", 1)


def test_what_is_used_up_is_gone_and_straight_to_the_cadre_never_lay_here(
    cast: Cast, melati: Posyandu, hasniah: Cadre
) -> None:
    leaflets = receive(cast, melati, "leaflet", 50)
    stock.issue_stock(by=cast.cadre, at=NOW, item_id=leaflets.id, given=said(30))
    assert three(leaflets) == (20, 0, 0)
    badge = receive(cast, melati, "badge", 1)
    key = uuid7()
    for _press in range(2):
        stock.issue_stock(
            by=cast.cadre,
            at=NOW,
            item_id=badge.id,
            given=said(3, cadre_id=hasniah.id),
            straight=True,
            move_id=key,
        )
    assert three(badge) == (1, 0, 3)
    assert [(one.item.code, one.number) for one in queries.held(melati, hasniah)] == [("badge", 3)]


def test_a_repeated_press_changes_nothing(cast: Cast, melati: Posyandu) -> None:
    key = uuid7()
    given: dict[str, Any] = {"by": cast.cadre, "at": NOW, "given": said(4), "move_id": key}
    item = stock.ItemGiven(code="chair")
    first = stock.receive_stock(posyandu_id=melati.id, item=item, **given)
    assert stock.receive_stock(posyandu_id=melati.id, item=item, **given) == first
    assert three(first.item) == (4, 0, 0)
    other = set_up(cast, "Posyandu Mawar")
    with pytest.raises(NotAllowed):
        stock.receive_stock(posyandu_id=other.id, item=item, **given)


def test_movements_only_grow(cast: Cast, melati: Posyandu) -> None:
    receive(cast, melati, "chair", 4)
    for change in (lambda: StockMove.objects.update(number=1), lambda: StockMove.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append"), transaction.atomic():
            change()


def test_what_is_missing_to_the_norm(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    receive(cast, melati, "tape_muac", 1)
    scale = receive(cast, melati, "scale_baby", 1)
    stock.break_stock(by=cast.cadre, at=NOW, item_id=scale.id, given=said(1))
    found = {
        one.kit.code: one.wanted.missing for one in queries.missing(queries.shelves(melati, 1)) if one.kit
    }
    assert (found["tape_muac"], found["scale_baby"], found["uniform"]) == (1, 1, 1)
    assert "laptop" not in found
    with CaptureQueriesContext(connection) as seen:
        queries.shelves(melati, 1)
    assert len(seen) == 1


def test_who_may_not_touch_the_goods(cast: Cast, melati: Posyandu) -> None:
    item = receive(cast, melati, "chair", 4)
    for part in ("village_head", "secretary", "manager"):
        with pytest.raises(NotAllowed):
            receive(cast, melati, "chair", 1, part)
    with pytest.raises(NotFound):
        stock.break_stock(by=cast.neighbour_cadre, at=NOW, item_id=item.id, given=said(1))
    with pytest.raises(NotFound):
        own_access.item_for(cast.neighbour_cadre, item.id)


MOVES = st.tuples(
    st.sampled_from(["receive", "issue", "return", "break", "mend", "write_off", "count"]),
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from(["good", "broken", "out"]),
    st.booleans(),
)


@given(st.lists(MOVES, max_size=40), st.booleans())
def test_balances_are_the_sum_of_their_changes_and_never_negative(moves: list[Any], used_up: bool) -> None:
    balance, made = rules.Balance(), []
    for kind, number, more, place, whole in moves:
        try:
            change = (
                rules.counted(balance, number, more)
                if kind == "count"
                else rules.change(kind, number, used_up=used_up, place=place, whole=whole)
            )
            balance = rules.after(balance, change)
        except (rules.NotEnough, rules.NumberWrong):
            continue
        made.append(change)
        assert min(balance.good, balance.broken, balance.out) >= 0
    assert rules.total(made) == balance


# --- training -----------------------------------------------------------------------------------------------------------------------


def trained(
    cast: Cast, posyandu: Posyandu, people: list[Cadre], part: str = "midwife", **given: Any
) -> list[SkillFact]:
    more: dict[str, Any] = {"skills": ["child_measure"], "done_date": TODAY, "held_by": "Puskesmas", **given}
    keys = [one.id for one in people]
    return training.record_training(
        by=getattr(cast, part), at=NOW, posyandu_id=posyandu.id, cadre_ids=keys, **more
    )


def assessed(cast: Cast, cadre: Cadre, outcomes: dict[str, bool], **given: Any) -> list[SkillFact]:
    more: dict[str, Any] = {"done_date": TODAY, **given}
    return training.record_assessment(by=cast.midwife, at=NOW, cadre_id=cadre.id, outcomes=outcomes, **more)


def test_there_are_25_skills_in_five_modules() -> None:
    assert [len(one.skills) for one in training_queries.modules()] == [4, 8, 5, 3, 5]
    assert len(training_queries.skills()) == 25
    assert list(training_queries.level_names().values()) == ["Purwa", "Madya", "Utama"]
    assert not training_queries.is_confirmed()


def test_trained_and_assessed_are_two_facts(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    other = appoint(cast, melati, "Salma")
    assert len(trained(cast, melati, [hasniah, other], skills=["child_measure", "child_plot"])) == 4
    assert trained(cast, melati, [hasniah]) == []
    assert line("training.record").facts["people"] == 1
    assessed(cast, hasniah, {"child_measure": True, "child_plot": False})
    assert line("assessment.record").facts["not_yet"] == ["child_plot"]
    found = training_queries.learned([hasniah, other], TODAY)
    mine = found[hasniah.id]
    assert (mine.trained, mine.mastered, mine.level, mine.due) == (2, 1, "", 0)
    assert (found[other.id].trained, found[other.id].mastered) == (2, 0)
    later = training_queries.learned([hasniah], TODAY + timedelta(days=800))[hasniah.id]
    assert later.due == 2


def test_a_level_needs_every_skill_of_its_modules(cast: Cast, hasniah: Cadre) -> None:
    skills = {one.code: [skill.code for skill in one.skills] for one in training_queries.modules()}
    first = [*skills["manage"], *skills["child"]]
    assessed(cast, hasniah, dict.fromkeys(first, True), done_date=TODAY - timedelta(days=10))
    assert training_queries.learned([hasniah], TODAY)[hasniah.id].level == "purwa"
    assessed(cast, hasniah, dict.fromkeys([*skills["mother"], *skills["youth"], *skills["adult"]], True))
    assert training_queries.learned([hasniah], TODAY)[hasniah.id].level == "utama"
    assessed(cast, hasniah, {"manage_talk": False})
    assert training_queries.learned([hasniah], TODAY)[hasniah.id].level == ""


def test_a_record_is_taken_back(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    (fact,) = trained(cast, melati, [hasniah])
    by: dict[str, Any] = {"by": cast.midwife, "at": NOW, "skillfact_id": fact.id}
    with pytest.raises(steps.WordMissing):
        training.withdraw_skillfact(**by, why="")
    training.withdraw_skillfact(**by, why="Tidak hadir")
    assert line("skillfact.withdraw").inputs["why"] == "Tidak hadir"
    assert training_queries.learned([hasniah], TODAY)[hasniah.id].trained == 0
    assert len(trained(cast, melati, [hasniah])) == 1
    with pytest.raises(NotAllowed):
        training.withdraw_skillfact(by=cast.cadre, at=NOW, skillfact_id=fact.id, why="Coba")


def test_refused_trainings(cast: Cast, melati: Posyandu, hasniah: Cadre) -> None:
    with pytest.raises(training.NobodyChosen):
        trained(cast, melati, [])
    with pytest.raises(training.NothingChosen):
        trained(cast, melati, [hasniah], skills=[])
    with pytest.raises(steps.ChoiceNotThere):
        trained(cast, melati, [hasniah], skills=["flying"])
    with pytest.raises(steps.DayAhead):
        trained(cast, melati, [hasniah], done_date=TODAY + timedelta(days=1))
    other = set_up(cast, "Posyandu Mawar")
    with pytest.raises(steps.ChoiceNotThere):
        trained(cast, other, [hasniah])
    for part in ("cadre", "village_head"):
        with pytest.raises(NotAllowed):
            trained(cast, melati, [hasniah], part)
    with pytest.raises(NotFound):
        training.record_assessment(
            by=cast.neighbour_coordinator,
            at=NOW,
            cadre_id=hasniah.id,
            outcomes={"child_plot": True},
            done_date=TODAY,
        )


def test_the_latest_assessment_counts() -> None:
    day = date(2026, 1, 1)
    facts = [
        training_rules.Fact("assessed", "child_plot", day, True),
        training_rules.Fact("assessed", "child_plot", day + timedelta(days=5), False),
        training_rules.Fact("trained", "child_plot", day),
        training_rules.Fact("trained", "child_book", day - timedelta(days=9)),
    ]
    for order in (facts, facts[::-1]):
        found = training_rules.standing(order, 24)
        assert (found["child_plot"].mastered, found["child_plot"].due) == (False, date(2028, 1, 1))
        assert found["child_book"].assessed is None
