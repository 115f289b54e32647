"""The acts of the night watch: who may, what is refused, what is written, and that protected kinds leave no word behind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.people import actions as people_actions
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import _watch, ronda_incidents, ronda_nights, ronda_posts, ronda_rosters
from simpul.village_post.models import (
    Presence,
    StayReport,
    WatchDuty,
    Watcher,
    WatchIncident,
    WatchNight,
    WatchPost,
    WatchRoster,
)
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_figures, ronda_kinds
from simpul.village_post.queries import ronda_nights as book_queries
from simpul.village_post.rules import ronda as rules
from tests.cast import DUNGKAIT, NOW, Cast, assemble

TONIGHT = NOW.date()  # 23 November 2026; NOW is 10.00 there, so the night that is now began the day before
LAST_NIGHT = TONIGHT - timedelta(days=1)
MONTH = (date(2026, 12, 1), date(2026, 12, 31))
SECRET = "Suami memukul istrinya di rumah biru"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def post(cast: Cast, **given: Any) -> WatchPost:
    said = {"name": "Pos Taludu", "per_night": 2, "round_times": ("01:00", "23:00"), **given}
    return ronda_posts.open_watchpost(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, given=ronda_posts.PostGiven(**said)
    )


def watcher(cast: Cast, where: WatchPost, name: str, **given: Any) -> Watcher:
    return ronda_posts.add_watcher(
        by=cast.village_officer,
        at=NOW,
        post_id=where.id,
        given=ronda_posts.WatcherGiven(name=name, **given),
    )


def crew(cast: Cast, where: WatchPost, number: int = 6) -> list[Watcher]:
    return [watcher(cast, where, f"Peronda {letter}") for letter in "ABCDEFGH"[:number]]


def roster(cast: Cast, where: WatchPost, *, published: bool = True, **given: Any) -> WatchRoster:
    wanted = {"starts_date": MONTH[0], "ends_date": MONTH[1], **given}
    made = ronda_rosters.make_watchroster(by=cast.village_officer, at=NOW, post_id=where.id, **wanted)
    if published:
        ronda_rosters.publish_watchroster(by=cast.village_head, at=NOW, roster_id=made.id)
    return WatchRoster.objects.get(id=made.id)


def night(cast: Cast, where: WatchPost, day: date = LAST_NIGHT) -> WatchNight:
    return ronda_nights.open_watchnight(by=cast.village_officer, at=NOW, post_id=where.id, night_date=day)


def incident(cast: Cast, **given: Any) -> WatchIncident:
    said = {"kind": "theft", "words": "Motor hilang dari teras", "place": "depan masjid", **given}
    return ronda_incidents.report_watchincident(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        happened_at=NOW,
        night_id=said.pop("night_id", None),
        incident_id=said.pop("incident_id", None),
        given=ronda_incidents.IncidentGiven(**said),
    )


def lines() -> list[str]:
    return list(Line.objects.order_by("recorded_at", "id").values_list("kind", flat=True))


# --- posts and people --------------------------------------------------------------------------------------------------------------


def test_a_post_has_points_things_and_times_in_the_order_of_the_night(cast: Cast) -> None:
    where = post(cast)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "post_id": where.id}
    point = ronda_posts.add_watchpoint(**by, name="Jembatan")
    thing = ronda_posts.add_gear(**by, kind="kentongan")
    assert where.round_times == ["23:00", "01:00"]
    assert (queries.points(where), queries.gear(where)) == ([point], [thing])
    ronda_posts.remove_watchpoint(**by, point_id=point.id)
    ronda_posts.remove_gear(**by, gear_id=thing.id)
    assert (queries.points(where), queries.gear(where)) == ([], [])
    ronda_posts.remove_watchpoint(**by, point_id=point.id, put_back=True)
    assert queries.points(where) == [point]
    with pytest.raises(NotFound):
        ronda_posts.remove_watchpoint(**by, point_id=uuid4())
    with pytest.raises(NotFound):
        ronda_posts.remove_gear(**by, gear_id=uuid4())
    ronda_posts.change_watchpost(**by, given=ronda_posts.PostGiven(name="Pos Baru", per_night=3))
    ronda_posts.close_watchpost(**by)
    ronda_posts.close_watchpost(**by)
    assert lines()[-2:] == ["watchpost.change", "watchpost.close"]
    with pytest.raises(ronda_nights.PostClosed):
        night(cast, where)
    ronda_posts.close_watchpost(**by, open_again=True)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " "}, _watch.WordMissing),
        ({"mode": "lottery"}, _watch.ChoiceNotThere),
        ({"round_times": ("25.99",)}, ronda_posts.TimesWrong),
        ({"hamlet_id": uuid4()}, _watch.ChoiceNotThere),
    ],
)
def test_a_post_that_makes_no_sense_is_refused(cast: Cast, given: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        post(cast, **given)


def test_a_post_sent_twice_is_one_and_strangers_open_none(cast: Cast) -> None:
    key = uuid7()
    given: dict[str, Any] = {
        "at": NOW, "region_code": DUNGKAIT, "given": ronda_posts.PostGiven(name="Pos"), "post_id": key
    }  # fmt: skip
    ronda_posts.open_watchpost(by=cast.village_officer, **given)
    assert ronda_posts.open_watchpost(by=cast.village_officer, **given).id == key
    for stranger in (cast.neighbour_officer, cast.admin, cast.election):
        with pytest.raises(NotAllowed):
            ronda_posts.open_watchpost(by=stranger, **{**given, "post_id": None})


def test_somebody_of_the_register_takes_turns_once(cast: Cast) -> None:
    where = post(cast)
    person = people_actions.register_person(
        by=cast.village_officer, at=NOW, full_name="Sudirman Tawil", region_code=DUNGKAIT
    ).person
    assert person in queries.candidates(cast.village_officer, where, "sudir")
    first = watcher(cast, where, "", person_id=person.id, phone="0812 3456 7890", group="A")
    assert (first.name, first.phone) == ("Sudirman Tawil", "+6281234567890")
    assert person not in queries.candidates(cast.village_officer, where, "sudir")
    with pytest.raises(ronda_posts.WatcherThere):
        watcher(cast, where, "", person_id=person.id)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "watcher_id": first.id}
    ronda_posts.change_watcher(**by, name="Sudirman", phone="", group="B")
    ronda_posts.end_watcher(**by)
    watcher(cast, where, "", person_id=person.id)
    with pytest.raises(ronda_posts.WatcherThere):
        ronda_posts.end_watcher(**by, back=True)
    with pytest.raises(NotFound):
        ronda_posts.change_watcher(**{**by, "by": cast.neighbour_officer}, name="X", phone="", group="")


def test_who_is_exempt_is_asked_for_no_night_until_it_ends(cast: Cast) -> None:
    where = post(cast, per_night=1)
    people = crew(cast, where, 4)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    given: dict[str, Any] = {"watcher_id": people[0].id, "kind": "birth", "from_date": MONTH[0]}
    with pytest.raises(ronda_posts.DatesTurned):
        ronda_posts.grant_exemption(**by, **given, until_date=LAST_NIGHT)
    freed = ronda_posts.grant_exemption(**by, **given)
    assert not roster(cast, where, published=False).duties.filter(watcher=people[0]).exists()
    ronda_posts.end_exemption(**by, exemption_id=freed.id)
    assert lines()[-1] == "exemption.end" and Line.objects.latest("recorded_at").inputs != {"kind": "birth"}
    assert roster(cast, where, published=False).duties.filter(watcher=people[0]).exists()
    with pytest.raises(NotFound):
        ronda_posts.end_exemption(by=cast.neighbour_officer, at=NOW, exemption_id=freed.id)


# --- rosters -------------------------------------------------------------------------------------------------------------------------


def test_a_roster_is_fair_published_once_and_withdrawn_with_a_reason(cast: Cast) -> None:
    where = post(cast)
    with pytest.raises(ronda_rosters.NobodyTakesTurns):
        roster(cast, where)
    crew(cast, where)
    with pytest.raises(ronda_rosters.PeriodWrong):
        roster(cast, where, ends_date=MONTH[0] - timedelta(days=1))
    made = roster(cast, where)
    counts = [count for _name, count in queries.totals(queries.nights_of(made))]
    assert (made.state, sum(counts), max(counts) - min(counts)) == ("published", 62, 1)
    with pytest.raises(ronda_rosters.RosterThere):
        roster(cast, where, starts_date=MONTH[1])
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "roster_id": made.id}
    with pytest.raises(_watch.WordMissing):
        ronda_rosters.withdraw_watchroster(**by, why="")
    ronda_rosters.withdraw_watchroster(**by, why="Ramadan, jam berubah")
    with pytest.raises(ronda_rosters.RosterNotDraft):
        ronda_rosters.publish_watchroster(**by)
    assert lines()[-1] == "watchroster.withdraw" and roster(cast, where).state == "published"
    with pytest.raises(NotFound):
        ronda_rosters.publish_watchroster(by=cast.neighbour_head, at=NOW, roster_id=made.id)


def test_a_draft_made_anew_keeps_its_swaps(cast: Cast) -> None:
    where = post(cast, per_night=1)
    crew(cast, where, 5)
    made = roster(cast, where, published=False)
    mine, theirs = _pair(made)
    swap = _ask(cast, mine, theirs)
    ronda_rosters.agree_watchswap(by=cast.village_officer, at=NOW, swap_id=swap.id, agreed_by="phone")
    again = roster(cast, where, published=False)
    kept = again.duties.get(night_date=mine.night_date)
    assert (kept.watcher_id, kept.swapped) == (theirs.watcher_id, True)
    assert not rules.running(
        {r.night: [str(d.watcher_id) for d in r.duties] for r in queries.nights_of(again)}
    )


def test_groups_follow_each_other(cast: Cast) -> None:
    where = post(cast, mode="group")
    for name, group in (("Satu", "A"), ("Dua", "A"), ("Tiga", "B")):
        watcher(cast, where, name, group=group)
    rows = queries.nights_of(roster(cast, where))
    assert [len(row.duties) for row in rows[:4]] == [2, 1, 2, 1]


def _pair(made: WatchRoster) -> tuple[WatchDuty, WatchDuty]:
    """Two nights of two people that can be exchanged."""
    duties = list(made.duties.order_by("night_date"))
    return duties[6], duties[8]


def _ask(cast: Cast, mine: WatchDuty, theirs: WatchDuty, **given: Any) -> Any:
    return ronda_rosters.ask_watchswap(
        by=cast.village_officer,
        at=NOW,
        duty_id=mine.id,
        other_id=theirs.watcher_id,
        other_duty_id=given.pop("other_duty_id", theirs.id),
        **given,
    )


def test_a_swap_counts_when_both_have_agreed(cast: Cast) -> None:
    where = post(cast, per_night=1)
    crew(cast, where, 5)
    mine, theirs = _pair(roster(cast, where))
    swap = _ask(cast, mine, theirs, why="pesta keluarga")
    assert WatchDuty.objects.get(id=mine.id).watcher_id == mine.watcher_id
    with pytest.raises(ronda_rosters.SwapSettled):
        _ask(cast, mine, theirs)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "swap_id": swap.id}
    ronda_rosters.agree_watchswap(**by, agreed_by="message")
    ronda_rosters.agree_watchswap(**by, agreed_by="message")
    moved = [WatchDuty.objects.get(id=one.id).watcher_id for one in (mine, theirs)]
    assert moved == [theirs.watcher_id, mine.watcher_id]
    with pytest.raises(ronda_rosters.SwapSettled):
        ronda_rosters.refuse_watchswap(**by)
    assert lines()[-2:] == ["watchswap.ask", "watchswap.agree"]


def test_a_swap_is_refused_by_people_or_by_the_rule(cast: Cast) -> None:
    where = post(cast, per_night=1)
    people = crew(cast, where, 5)
    made = roster(cast, where)
    duties = list(made.duties.order_by("night_date"))
    with pytest.raises(ronda_rosters.SwapNotPossible):  # two nights running
        _ask(cast, duties[4], duties[3], other_duty_id=None)
    with pytest.raises(ronda_rosters.SwapNotPossible):  # with oneself
        _ask(cast, duties[3], duties[3])
    swap = _ask(cast, duties[0], duties[2], other_duty_id=duties[2].id)
    ronda_rosters.refuse_watchswap(by=cast.village_officer, at=NOW, swap_id=swap.id)
    with pytest.raises(ronda_rosters.SwapSettled):
        ronda_rosters.agree_watchswap(by=cast.village_officer, at=NOW, swap_id=swap.id, agreed_by="phone")
    with pytest.raises(NotFound):
        ronda_rosters.refuse_watchswap(by=cast.neighbour_officer, at=NOW, swap_id=swap.id)
    guest = watcher(cast, where, "Pengganti")
    replace: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "duty_id": duties[0].id}
    ronda_rosters.replace_watchduty(**replace, watcher_id=guest.id)
    assert WatchDuty.objects.get(id=duties[0].id).watcher == guest
    with pytest.raises(ronda_rosters.SwapNotPossible):
        ronda_rosters.replace_watchduty(**{**replace, "duty_id": duties[1].id}, watcher_id=guest.id)
    assert people and lines()[-1] == "watchduty.replace"


# --- the night -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast) -> dict[str, Any]:
    """A night with everything on it."""
    where = post(cast)
    people = crew(cast, where, 4)
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    roster(cast, where, starts_date=LAST_NIGHT, ends_date=LAST_NIGHT + timedelta(days=7))
    point = ronda_posts.add_watchpoint(**by, post_id=where.id, name="Jembatan")
    thing = ronda_posts.add_gear(**by, post_id=where.id, kind="key", name="Kunci pos")
    one = night(cast, where)
    at = rules.moment_in_night(LAST_NIGHT, where.starts, queries.zone_of(DUNGKAIT))
    by["night_id"] = one.id
    there = ronda_nights.record_presence(**by, came_at=at, watcher_id=people[0].id)
    ronda_nights.record_presence(**by, came_at=at, name="Sukarelawan")
    ronda_nights.record_patrol(
        **by, point_id=point.id, passed_at=at + timedelta(minutes=65), safe=False, words="gelap"
    )
    handed = ronda_nights.Handed(thing.id, 1, "good", "Piket siang", "Peronda A")
    ronda_nights.hand_gear(**by, handed_at=at, handed=handed)
    note = ronda_nights.write_nightnote(**by, noted_at=at + timedelta(hours=2), words="Hujan deras")
    return {
        "post": where,
        "people": people,
        "night": one,
        "by": by,
        "there": there,
        "note": note,
        "at": at,
        "point": point,
    }


def test_the_book_of_a_night_tells_all_of_it(cast: Cast, told: dict[str, Any]) -> None:
    ronda_nights.report_stay(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, night_id=told["night"].id,
        arrived_at=told["at"] - timedelta(hours=30), reported_at=told["at"],
        given=ronda_nights.StayGiven(name="Tamu Jauh", host_name="Hasan", nik="7371 0101 0190 0001"),
    )  # fmt: skip
    ronda_incidents.tell_watchincident(
        by=cast.village_officer, at=NOW, told_at=NOW, body="babinsa",
        incident_id=incident(cast, night_id=told["night"].id).id,
    )  # fmt: skip
    page = book_queries.book(cast.village_officer, told["night"])
    assert [one.name for one in page.presences] == ["Peronda A", "Sukarelawan"]
    assert [one.watcher.name for one in page.absent] == ["Peronda B"]
    assert {one.kind for one in page.lines} == {"presence", "patrol", "handover", "note", "stay", "incident"}
    assert page.stays[0].late and StayReport.objects.get().nik == "7371010101900001"
    [(point, cells)] = book_queries.rounds(told["post"], page)
    assert point == told["point"] and [bool(cell.patrol) for cell in cells] == [True, False]


def test_the_book_is_closed_and_opened_again(cast: Cast, told: dict[str, Any]) -> None:
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "night_id": told["night"].id}
    ronda_nights.end_presence(**by, presence_id=told["there"].id, left_at=told["at"] + timedelta(hours=3))
    ronda_nights.close_watchnight(**by, note="Aman")
    assert not Presence.objects.filter(left_at=None).exists()
    with pytest.raises(ronda_nights.NightClosed):
        ronda_nights.write_nightnote(**by, noted_at=NOW, words="terlupa")
    ronda_nights.reopen_watchnight(**by)
    ronda_nights.write_nightnote(**by, noted_at=NOW, words="terlupa")
    assert lines()[-3:] == ["watchnight.close", "watchnight.reopen", "nightnote.write"]


def test_an_entry_is_taken_back_and_a_press_repeated_changes_nothing(
    cast: Cast, told: dict[str, Any]
) -> None:
    by = told["by"]
    again = ronda_nights.record_presence(**by, came_at=NOW, watcher_id=told["people"][0].id)
    assert again == told["there"]
    ronda_nights.strike_nightentry(**by, kind="note", entry_id=told["note"].id)
    ronda_nights.strike_nightentry(**by, kind="note", entry_id=told["note"].id)
    assert book_queries.book(cast.village_officer, told["night"]).notes == ()
    for kind, key in (("note", uuid4()), ("cat", told["note"].id)):
        with pytest.raises(NotFound):
            ronda_nights.strike_nightentry(**by, kind=kind, entry_id=key)
    with pytest.raises(_watch.ChoiceNotThere):
        ronda_nights.record_patrol(**by, point_id=uuid4(), passed_at=NOW)
    assert lines().count("nightentry.strike") == 1


def test_no_book_of_a_night_to_come_and_none_for_strangers(cast: Cast, told: dict[str, Any]) -> None:
    with pytest.raises(ronda_nights.NightAhead):
        night(cast, told["post"], TONIGHT + timedelta(days=1))
    assert night(cast, told["post"]) == told["night"]
    with pytest.raises(_watch.ChoiceNotThere):
        night(cast, told["post"], TONIGHT - timedelta(days=800))
    for stranger in (cast.neighbour_officer, cast.neighbour_head, cast.pokja):
        assert not access.nights(stranger).exists() and not access.posts(stranger).exists()
        with pytest.raises(NotFound):
            ronda_nights.close_watchnight(by=stranger, at=NOW, night_id=told["night"].id)


def test_a_guest_leaves(cast: Cast) -> None:
    given: dict[str, Any] = {"at": NOW, "region_code": DUNGKAIT, "arrived_at": NOW, "reported_at": NOW}
    stay = ronda_nights.report_stay(
        by=cast.village_officer, **given, given=ronda_nights.StayGiven(name="Ani", host_name="Ibu Ros")
    )
    ronda_nights.end_stay(by=cast.village_officer, at=NOW, stay_id=stay.id, left_date=TONIGHT)
    assert book_queries.stays(cast.village_officer, book_queries.Filters(state="here")) == ([], False)
    with pytest.raises(NotFound):
        ronda_nights.end_stay(by=cast.neighbour_officer, at=NOW, stay_id=stay.id, left_date=None)
    with pytest.raises(_watch.WordMissing):
        ronda_nights.report_stay(
            by=cast.village_officer, **given, given=ronda_nights.StayGiven(name="Ani", host_name="")
        )


# --- incidents -------------------------------------------------------------------------------------------------------------------------


def test_an_incident_is_told_closed_opened_again_and_made_a_matter(cast: Cast) -> None:
    one = incident(cast, first_action="Lingkungan disisir", severity="high")
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "incident_id": one.id}
    told = ronda_incidents.tell_watchincident(
        **by, body="bhabinkamtibmas", told_at=NOW, reply="menuju lokasi"
    )
    assert book_queries.told_of(one) == [told]
    text = book_queries.text_of(access.incident_for(cast.village_officer, one.id), "23 Nov 01.00")
    assert "depan masjid" in text and "Lingkungan disisir." in text
    changed = {
        "severity": "low",
        "place": "pasar",
        "persons": "",
        "words": "Motor ketemu",
        "first_action": "",
    }
    ronda_incidents.change_watchincident(**by, **changed)
    with pytest.raises(_watch.WordMissing):
        ronda_incidents.close_watchincident(**by, outcome="")
    ronda_incidents.close_watchincident(**by, outcome="Motor dikembalikan")
    with pytest.raises(ronda_incidents.IncidentShut):
        ronda_incidents.change_watchincident(**by, **changed)
    ronda_incidents.reopen_watchincident(**by)
    opened = ronda_incidents.raise_watchincident(**by)
    assert WatchIncident.objects.get(id=one.id).case == opened.case
    with pytest.raises(ronda_incidents.MatterThere):
        ronda_incidents.raise_watchincident(**by)
    assert lines()[-1] == "watchincident.raise"
    with pytest.raises(NotFound):
        ronda_incidents.tell_watchincident(**{**by, "by": cast.neighbour_officer}, body="pln", told_at=NOW)


def test_a_protected_kind_is_never_written_down_and_opens_a_sealed_matter(
    cast: Cast, told: dict[str, Any]
) -> None:
    with pytest.raises(ronda_incidents.KindProtected):
        incident(cast, kind="violence_home", words=SECRET)
    given: dict[str, Any] = {
        "by": cast.village_officer, "at": NOW, "region_code": DUNGKAIT, "happened_at": NOW,
        "night_id": told["night"].id, "words": SECRET, "incident_id": uuid7(),
    }  # fmt: skip
    with pytest.raises(ronda_incidents.KindNotProtected):
        ronda_incidents.protect_watchincident(**given, kind="theft")
    opened = ronda_incidents.protect_watchincident(**given, kind="violence_home")
    assert ronda_incidents.protect_watchincident(**given, kind="violence_home").number == opened.number
    case = Case.objects.get(id=opened.case.id)
    assert (case.kind_id, case.sensitivity, case.holder.code) == ("protected_report", "sealed", "protected")
    kept = WatchIncident.objects.get()
    assert (kept.protected, kept.words, kept.place) == (True, "", "")
    assert book_queries.incidents(cast.village_officer, book_queries.Filters()) == ([], False)
    assert book_queries.book(cast.village_officer, told["night"]).incidents == ()
    with pytest.raises(NotFound):
        access.incident_for(cast.village_head, kept.id)
    sheet = book_queries.export(cast.village_officer, LAST_NIGHT, TONIGHT)
    assert SECRET not in str(sheet) and sheet[1][8] == "0"
    assert ronda_figures.figures(DUNGKAIT, LAST_NIGHT, TONIGHT + timedelta(days=1)).incidents == {}
    assert SECRET not in str(
        list(Line.objects.filter(kind__startswith="watch").values_list("facts", "inputs"))
    )


def test_texts_of_protected_kinds_name_neither_place_nor_time() -> None:
    for kind in ronda_kinds.kinds().values():
        if kind.protected:
            for text in (kind.text, kind.text_en):
                assert text.format(post="P") and "{place}" not in text and "{when}" not in text
        assert set(kind.tell) <= set(rules.BODIES)


# --- figures, export, pace ---------------------------------------------------------------------------------------------------------------


def test_figures_and_the_file_for_sim_linmas_count_the_same_night(cast: Cast, told: dict[str, Any]) -> None:
    incident(cast, night_id=told["night"].id)
    found = ronda_figures.figures(DUNGKAIT[:6], LAST_NIGHT, TONIGHT)
    assert (found.nights, found.came, found.patrols, found.incidents) == (1, 2, 1, {"theft": 1})
    heading, row = book_queries.export(cast.village_officer, LAST_NIGHT, TONIGHT)
    assert dict(zip(heading, row, strict=True)) | {"desa": ""} == {
        "kode_wilayah": DUNGKAIT, "desa": "", "pos": "Pos Taludu", "tanggal": LAST_NIGHT.isoformat(),
        "petugas_jaga": "2", "tidak_hadir": "1", "titik_patroli": "1", "tamu_wajib_lapor": "0",
        "kejadian": "1", "jenis_kejadian": "Pencurian", "keadaan": "berjalan",
    }  # fmt: skip


def test_lists_cost_the_same_however_long_they_are(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.posts(cast.village_officer, NOW)
            book_queries.incidents(cast.village_officer, book_queries.Filters())
        return len(asked)

    where = post(cast)
    night(cast, where)
    incident(cast)
    first = cost()
    for _time in range(3):
        crew(cast, post(cast), 3)
        ronda_incidents.tell_watchincident(
            by=cast.village_officer, at=NOW, told_at=NOW, body="rt", incident_id=incident(cast).id
        )
    assert cost() == first
