"""The night watch of Massamaturu: two posts, rosters, a few nights with their books, incidents, guests; all people are made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from simpul.demo.stage import ZONE, Stage, Story
from simpul.village_post.actions import ronda_incidents, ronda_nights, ronda_posts, ronda_rosters
from simpul.village_post.queries import ronda as queries
from simpul.village_post.rules import ronda as rules

MASSAMATURU = "7305112005"
OFFICER = "pos.massamaturu"
HEAD = "kades.massamaturu"
WATCHERS = (
    "Daeng Ngalle", "Daeng Sijaya", "Daeng Tompo", "Daeng Bella", "Daeng Rowa", "Daeng Nai", "Daeng Lira", "Daeng Sese",
    "Daeng Mangka", "Daeng Ropu", "Daeng Gading", "Daeng Limpo",
)  # fmt: skip
GROUPS = (
    ("A", ("Karaeng Tutu", "Daeng Pasang", "Daeng Unjung")),
    ("B", ("Daeng Lewa", "Daeng Tarang", "Daeng Sutte")),
)
POINTS = ("Jembatan Sungai Pappa", "Masjid Nurul Iman", "Gudang pupuk", "Pertigaan kebun tebu")
GEAR = (("kentongan", "", 1), ("torch", "", 3), ("radio", "HT desa", 2), ("key", "Kunci pos dan gudang", 1))
NOTES = (
    (time(22, 40), "Lampu jalan dekat gudang pupuk padam, dicatat untuk laporan pagi"),
    (time(0, 20), "Dua sapi lepas di jalan tani, pemilik dihubungi"),
    (time(2, 10), "Hujan deras, saluran depan masjid lancar"),
    (time(23, 10), "Pemuda masih berkumpul di pos, diingatkan pulang"),
)
NIGHTS = 9


def all_watches(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of the night watch with its name."""
    return [("ronda: pos dan malam", watch(stage)), ("ronda: pos kelompok", groups(stage))]


def watch(stage: Stage) -> Story:
    """A post with a roster of persons, a swap, nine nights, incidents, guests."""
    at = yield stage.ago(16, 20)
    by: dict[str, Any] = {"by": stage.who(OFFICER), "at": at}
    given = ronda_posts.PostGiven(
        name="Pos Ronda Taruttuka", place="Pertigaan kebun tebu", starts=time(22), ends=time(4), per_night=3,
        round_times=("23:00", "01:00", "03:00"),
    )  # fmt: skip
    post = ronda_posts.open_watchpost(**by, region_code=MASSAMATURU, given=given)
    here: dict[str, Any] = {**by, "post_id": post.id}
    for name in POINTS:
        ronda_posts.add_watchpoint(**here, name=name)
    for kind, name, count in GEAR:
        ronda_posts.add_gear(**here, kind=kind, name=name, count=count)
    people = [
        ronda_posts.add_watcher(**here, given=ronda_posts.WatcherGiven(name=name, phone=stage.phone()))
        for name in WATCHERS
    ]
    for who, kind, days, note in (
        (people[3], "birth", 40, "Anak lahir bulan ini"),
        (people[7], "elderly", None, ""),
    ):
        until = at.date() + timedelta(days=days) if days else None
        ronda_posts.grant_exemption(
            **by, watcher_id=who.id, kind=kind, from_date=at.date(), until_date=until, note=note
        )
    first = stage.nights_ago(NIGHTS, 20).date()
    last = rules.month(stage.now.date() + timedelta(days=12))[1]
    roster = ronda_rosters.make_watchroster(
        **here, starts_date=first, ends_date=min(last, first + timedelta(days=61))
    )
    ronda_rosters.publish_watchroster(by=stage.who(HEAD), at=at, roster_id=roster.id)
    _swap(by, roster)
    for step in range(NIGHTS, 0, -1):
        at = yield stage.nights_ago(step, 22, 5)
        _night(stage, post, at, step)


def _swap(by: dict[str, Any], roster: Any) -> None:
    """Two people exchange nights by consent; another question is still open."""
    duties = list(roster.duties.order_by("night_date", "watcher__name"))
    made = 0
    for mine in duties[6:40]:
        for theirs in duties[12:48]:
            if made == 2 or abs((theirs.night_date - mine.night_date).days) < 2:
                continue
            try:
                swap = ronda_rosters.ask_watchswap(
                    **by, duty_id=mine.id, other_id=theirs.watcher_id, other_duty_id=theirs.id,
                    asked_by="message", why="Pesta keluarga",
                )  # fmt: skip
            except (ronda_rosters.SwapNotPossible, ronda_rosters.SwapSettled):
                continue
            made += 1
            if made == 1:
                ronda_rosters.agree_watchswap(**by, swap_id=swap.id, agreed_by="phone")
            break


def _night(stage: Stage, post: Any, at: datetime, step: int) -> None:
    night_date = rules.night_of(at.astimezone(ZONE))
    by: dict[str, Any] = {"by": stage.who(OFFICER), "at": at}
    night = ronda_nights.open_watchnight(**by, post_id=post.id, night_date=night_date)
    here: dict[str, Any] = {**by, "night_id": night.id}
    expected = [
        duty
        for row in queries.nights_of(queries.rosters(post)[0])
        if row.night == night_date
        for duty in row.duties
    ]
    for place, duty in enumerate(expected):
        if step % 4 != 0 or place:
            came = at + timedelta(minutes=4 * place)
            ronda_nights.record_presence(**here, watcher_id=duty.watcher_id, came_at=came)
    if step % 3 == 0:
        ronda_nights.record_presence(**here, name="Karang taruna (Arman)", came_at=at + timedelta(minutes=30))
    gear = queries.gear(post)
    handed = ronda_nights.Handed(gear[step % len(gear)].id, 1, "good", "Petugas pos", "Regu ronda")
    ronda_nights.hand_gear(**here, handed_at=at, handed=handed)
    for clock in (time(23), time(1), time(3))[: 3 if step % 5 else 2]:
        for place, point in enumerate(queries.points(post)):
            safe = not (step == 5 and place == 2)
            passed = rules.moment_in_night(night_date, clock, ZONE) + timedelta(minutes=6 * place)
            ronda_nights.record_patrol(
                **here,
                point_id=point.id,
                passed_at=passed,
                safe=safe,
                words="" if safe else "gembok gudang longgar",
            )
    clock, words = NOTES[step % len(NOTES)]
    ronda_nights.write_nightnote(**here, noted_at=rules.moment_in_night(night_date, clock, ZONE), words=words)
    _happened(here, night_date, step)
    if step > 1:
        end = rules.moment_in_night(night_date, time(4, 10), ZONE)
        ronda_nights.close_watchnight(
            by=by["by"], at=end, night_id=night.id, note="Aman. Kunci kembali ke pos."
        )


def _happened(here: dict[str, Any], night_date: date, step: int) -> None:
    by, at = here["by"], here["at"]
    moment = rules.moment_in_night(night_date, time(1, 25), ZONE)
    if step == 8:
        given = ronda_nights.StayGiven(
            name="Rudi Hartono (rekaan)", host_name="Daeng Ngalle", origin="Makassar", people=2, purpose="Kunjungan keluarga",
            until_date=night_date + timedelta(days=5),
        )  # fmt: skip
        ronda_nights.report_stay(
            by=by,
            at=at,
            region_code=MASSAMATURU,
            arrived_at=at - timedelta(hours=5),
            reported_at=at,
            given=given,
            night_id=here["night_id"],
        )
    said = {
        7: ("theft", "Dua karung pupuk hilang dari gudang, pintu belakang terbuka.", "medium", "Gudang pupuk", "Gudang dijaga sampai pagi"),
        3: ("power", "Kabel listrik putus tertimpa dahan.", "high", "Pertigaan kebun tebu", "Jalan ditutup, warga dijauhkan"),
        2: ("lost_child", "Anak lima tahun belum pulang, ditemukan di rumah nenek.", "medium", "Dusun Taruttuka", "Sungai diperiksa"),
    }  # fmt: skip
    if step in said:
        kind, words, severity, place, done = said[step]
        given_incident = ronda_incidents.IncidentGiven(kind, words, severity, place, "", done)
        one = ronda_incidents.report_watchincident(
            by=by,
            at=at,
            region_code=MASSAMATURU,
            happened_at=moment,
            given=given_incident,
            night_id=here["night_id"],
        )
        for body, minutes in (("bhabinkamtibmas" if kind != "power" else "pln", 6), ("head", 15)):
            ronda_incidents.tell_watchincident(
                by=by,
                at=at,
                incident_id=one.id,
                body=body,
                told_at=moment + timedelta(minutes=minutes),
                reply="menuju lokasi",
            )
        if step != 7:
            end = moment + timedelta(hours=2)
            ronda_incidents.close_watchincident(
                by=by, at=end, incident_id=one.id, outcome="Selesai pada malam itu juga."
            )


def groups(stage: Stage) -> Story:
    """A post where groups follow each other: its roster is still a draft."""
    at = yield stage.ago(4, 20)
    by: dict[str, Any] = {"by": stage.who(OFFICER), "at": at}
    given = ronda_posts.PostGiven(
        name="Pos Ronda Bontosunggu", place="Depan lapangan", mode="group", round_times=("00:00",)
    )
    post = ronda_posts.open_watchpost(**by, region_code=MASSAMATURU, given=given)
    for group, names in GROUPS:
        for name in names:
            ronda_posts.add_watcher(
                **by, post_id=post.id, given=ronda_posts.WatcherGiven(name=name, group=group)
            )
    first, last = rules.month(stage.now.date() + timedelta(days=20))
    ronda_rosters.make_watchroster(**by, post_id=post.id, starts_date=first, ends_date=last)
