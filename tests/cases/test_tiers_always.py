"""Whatever the desks do with a matter that goes from tier to tier: one has the turn, one is asked, and it is never lost."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.cases.actions import referral, tiers
from simpul.cases.models import Case, Clock, Hop
from simpul.cases.queries import tiers as queries
from simpul.cases.rules import moves
from tests.cases.tiers import DAY, EXTRACT, again, falls, refer, route, silence
from tests.cast import NOW, Cast

TIERS = ("shelter", "outside", "water", "partner", "leaders-mamuju")
MOVES = st.lists(
    st.sampled_from(["refuse", "silent", "accept", "button", "by_hand", "recall", "wait"]), max_size=10
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES, st.sampled_from(["self", "ask"]), st.booleans(), st.permutations(TIERS))
def test_whatever_the_desks_do_one_has_the_turn_and_the_matter_is_never_lost(
    cast: Cast, told: list[str], way: str, extract: bool, order: list[str]
) -> None:
    route(cast, "centre", *order)
    falls(falls_through=way)
    case, at = cast.case(), NOW
    refer(cast, case, order[0], extract=EXTRACT)
    for step in told:
        at += 4 * DAY
        _play(cast, case, step, at)
        _holds(case, order)
    hops = Hop.objects.filter(case=case)
    assert hops.count() <= len(order)


def _play(cast: Cast, case: Case, step: str, at: datetime) -> None:
    now = again(case)
    open_hop = Hop.objects.filter(case=case, ended_at=None).select_related("to_desk").last()
    if step == "silent":
        silence(at + 40 * DAY)
    elif step == "button" and now.state in queries.PASSABLE and now.holder.code == "centre":
        try:
            tiers.pass_on_case(by=cast.admin, at=at, case_id=case.id)
        except (tiers.NothingToPassOn, tiers.NoDeskLeft):
            assert again(case).state == now.state
    elif step == "by_hand" and now.state == moves.WORKING and now.holder.code == "centre":
        _by_hand(cast, case, open_hop, at)
    elif step == "recall" and now.holder.code == "centre":
        _recall(cast, case, open_hop, at)
    elif open_hop is not None and step in ("refuse", "accept"):
        _reply(cast, case, open_hop, step, at)


def _reply(cast: Cast, case: Case, open_hop: Hop, step: str, at: datetime) -> None:
    """Whoever was asked accepts, refuses, or gives back."""
    parts = {
        "shelter": cast.pokja,
        "water": cast.other_pokja,
        "partner": cast.partner,
        "leaders-mamuju": cast.manager,
    }
    if open_hop.to_desk.outside:
        if open_hop.state == "offered" or step == "refuse":
            reply = "accepted" if step == "accept" else "refused"
            referral.record_reply(by=cast.admin, at=at, case_id=case.id, reply=reply, words="Kata mereka")
    elif open_hop.state == "offered":
        by = parts[open_hop.to_desk.code]
        if step == "accept":
            referral.accept_case(by=by, at=at, case_id=case.id)
        else:
            referral.decline_case(by=by, at=at, case_id=case.id, reason="Bukan urusan kami")
    elif step == "refuse" and open_hop.to_desk.code != "partner":
        referral.return_case(by=parts[open_hop.to_desk.code], at=at, case_id=case.id, reason="Kembali dulu")


def _recall(cast: Cast, case: Case, open_hop: Hop | None, at: datetime) -> None:
    """The holder calls back what it sent."""
    try:
        referral.recall_case(by=cast.admin, at=at, case_id=case.id, reason="Salah meja")
    except referral.NotYourTurn:
        assert open_hop is None


def _by_hand(cast: Cast, case: Case, open_hop: Hop | None, at: datetime) -> None:
    """The holder chooses a desk that was never asked; refused while an outside body is at work."""
    asked = set(Hop.objects.filter(case=case).values_list("to_desk__code", flat=True))
    free = next((code for code in TIERS if code not in asked), None)
    if free is None:
        return
    try:
        refer(cast, case, free, at=at, extract=EXTRACT)
    except referral.StillAsked:
        assert open_hop is not None and open_hop.to_desk.outside
    else:
        assert open_hop is None


def _holds(case: Case, order: list[str]) -> None:
    """One desk has the turn; custody is the centre's or the one's who accepted; nobody is asked twice, never two at once."""
    now = again(case)
    assert now.holder.code in {"centre", *order} and not now.holder.outside
    assert now.is_open and now.state in {moves.WORKING, moves.OFFERED}
    hops = list(Hop.objects.filter(case=case).order_by("position").select_related("to_desk"))
    asked = [hop.to_desk.code for hop in hops]
    assert len(asked) == len(set(asked))
    running = [hop for hop in hops if hop.ended_at is None]
    assert len(running) <= 1
    assert (now.state == moves.OFFERED) == bool(running and running[0].state == "offered")
    offered_inside = [hop for hop in running if hop.state == "offered" and not hop.to_desk.outside]
    assert now.acting_id == (offered_inside[0].to_desk_id if offered_inside else now.holder_id)
    held = [hop for hop in running if hop.state == "accepted" and not hop.to_desk.outside]
    assert now.holder.code == (held[0].to_desk.code if held else "centre")
    turns = Clock.objects.filter(case=case, stopped_at=None, key__in=("hop", "work")).count()
    assert turns <= 1
