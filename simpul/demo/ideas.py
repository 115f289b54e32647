"""Ideas of Massamaturu on their way to the plan, its directory and its board; all through acts. All people are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from simpul.cases.actions import intake
from simpul.community.actions import (
    board,
    directory,
    idea_path,
    idea_talk,
    idea_voices,
    ideas,
    planning,
    ranking,
)
from simpul.community.rules import planning as planning_rules
from simpul.demo.stage import ZONE, Stage, Story
from simpul.lib.actor import ANYBODY
from simpul.meetings import actions as meeting_actions
from simpul.people import actions as people_actions

MASSAMATURU = "7305112005"
OFFICER, SECRETARY, HEAD = "pos.massamaturu", "sekdes.massamaturu", "kades.massamaturu"


@dataclass(frozen=True, slots=True)
class Told:
    """One idea as somebody told it."""

    key: str
    title: str
    words: str
    field: str
    who: str
    hamlet: int
    benefits: str = ""
    shown: bool = False


IDEAS = (
    Told(
        "road",
        "Perkerasan jalan tani Taruttuka",
        "Jalan ke kebun jagung sepanjang kira-kira 350 meter berlumpur saat hujan. Hasil panen dipikul, biaya angkut naik dua kali lipat.",
        "development",
        "Syamsul Daeng Tutu",
        1,
        "sekitar 60 keluarga petani",
        shown=True,
    ),
    Told(
        "lamps",
        "Lampu jalan di tikungan Bontosunggu",
        "Tikungan dekat jembatan gelap, sudah dua kali ada motor jatuh. Usul tiga lampu tenaga surya.",
        "development",
        "Rosmiati Daeng Kebo",
        2,
        "pengguna jalan malam hari",
    ),
    Told(
        "lamps2",
        "Penerangan jalan dekat jembatan",
        "Jalan dekat jembatan Bontosunggu gelap sekali pada malam hari, mohon dipasang lampu jalan tenaga surya di tikungan.",
        "development",
        "Haerul Daeng Sikki",
        2,
    ),
    Told(
        "compost",
        "Pelatihan kompos dari sampah dapur",
        "Ibu-ibu Sapu Bangun ingin belajar membuat kompos supaya sisa dapur tidak dibakar, lalu dipakai di lahan tidur.",
        "empowerment",
        "Hasnah Daeng Ratu",
        0,
        "kelompok Sapu Bangun, 25 orang",
        shown=True,
    ),
    Told(
        "clinic",
        "Gedung baru untuk posyandu",
        "Posyandu masih menumpang di rumah warga dan sempit saat hari penimbangan.",
        "development",
        "Nurbaeti Daeng Sunggu",
        0,
        "balita dan ibu hamil di tiga dusun",
    ),
)
VOICES = (
    "Abdul Salam Daeng Nai",
    "Saripuddin Daeng Lira",
    "Sitti Hajerah",
    "Muh. Yunus",
    "Kasmawati",
    "Daeng Memang",
    "Ramlah",
    "Sudirman Daeng Nyarrang",
    "Hj. Sitti Rukiah",
    "Irwan Daeng Tompo",
    "Nurjannah",
    "Bahtiar Daeng Sila",
)
SENTENCES = (
    "Jalan tani harus lebih dulu daripada lampu jalan.",
    "Warga siap menyumbang tenaga dua hari.",
    "Truk besar tidak boleh lewat setelah jalan diperkeras.",
)


def all_ideas(stage: Stage) -> list[tuple[str, Story]]:
    """Every story with its name."""
    return [("ide: dari usul ke rencana", path(stage)), ("direktori dan papan", village(stage))]


def _given(stage: Stage, told: Told) -> ideas.IdeaGiven:
    return ideas.IdeaGiven(
        title=told.title,
        words=told.words,
        field=told.field,
        benefits=told.benefits,
        hamlet_id=stage.hamlets[MASSAMATURU][told.hamlet].id,
        show_author=told.shown,
    )


def _proposed(stage: Stage, at: datetime, told: Told) -> Any:
    author = intake.PersonGiven(name=told.who, phone=stage.phone())
    taken = ideas.open_idea(
        by=ANYBODY, at=at, region_code=MASSAMATURU, given=_given(stage, told), author=author
    )
    return taken.idea


def path(stage: Stage) -> Story:
    """From the words of residents to the musrenbang, the plan, the camat and what was put off."""
    at = yield stage.nights_ago(120, 19, 30)
    by, secretary = stage.who(OFFICER), stage.who(SECRETARY)
    made = {told.key: _proposed(stage, at + timedelta(minutes=9 * n), told) for n, told in enumerate(IDEAS)}
    at = yield stage.nights_ago(119, 20)
    for one in made.values():
        ideas.publish_idea(by=by, at=at, idea_id=one.id)
    ideas.merge_idea(
        by=by,
        at=at + timedelta(minutes=5),
        idea_id=made["lamps2"].id,
        into_id=made["lamps"].id,
        why="tempat yang sama",
    )
    at = yield stage.nights_ago(112, 20, 30)
    _support(stage, at, made)
    at = yield stage.nights_ago(100, 20)
    _talk(stage, at, made["road"])
    at = yield stage.nights_ago(80, 9)
    planning.set_calendar(
        by=secretary,
        at=at,
        region_code=MASSAMATURU,
        calendar=planning_rules.usual_calendar(_year(at)),
        ceiling=450_000_000,
    )
    at = yield stage.nights_ago(76, 9)
    meeting = _musrenbang(stage, at)
    _rank(stage, at + timedelta(hours=2), meeting, made)
    at = yield stage.nights_ago(70, 10)
    rows = _rows(stage, at, made)
    at = yield stage.nights_ago(60, 10)
    _set_and_sent(stage, at)
    at = yield stage.nights_ago(20, 10)
    planning.decide_planrow(by=secretary, at=at, row_id=rows["road"].id, state="funded")
    planning.decide_planrow(
        by=secretary,
        at=at + timedelta(minutes=4),
        row_id=rows["clinic"].id,
        state="unfunded",
        reason="Belum masuk pagu kabupaten tahun depan; diminta melengkapi surat tanah.",
    )
    at = yield stage.nights_ago(5, 10)
    idea_path.carry_idea(by=secretary, at=at, idea_id=made["clinic"].id)
    at = yield stage.nights_ago(2, 20, 40)
    _at_the_counter(stage, at)


def _year(at: datetime) -> int:
    return at.astimezone(ZONE).year + 1


def _support(stage: Stage, at: datetime, made: dict[str, Any]) -> None:
    """Residents support at the counter; one sheet, one half hour."""
    by = stage.who(OFFICER)
    helped = ideas.begin_assistance(
        by=by, at=at, region_code=MASSAMATURU, reason="Daftar dukungan dibawa ke pos", name="Warga Taruttuka"
    )
    sentences = [
        idea_talk.offer_statement(by=by, at=at, idea_id=made["road"].id, words=words) for words in SENTENCES
    ]
    for place, name in enumerate(VOICES):
        at += timedelta(seconds=70)
        person = people_actions.register_person(by=by, at=at, full_name=name, region_code=MASSAMATURU).person
        people_actions.open_household(
            by=by,
            at=at,
            region_code=MASSAMATURU,
            head_id=person.id,
            hamlet_id=stage.hamlets[MASSAMATURU][place % 3].id,
        )
        voter = idea_voices.verify_voter(by=by, at=at, region_code=MASSAMATURU, person_id=person.id)
        said: dict[str, Any] = {"by": by, "at": at, "voter_id": voter.id, "assistance_id": helped.id}
        idea_voices.give_voice(**said, idea_id=made["road"].id)
        if place % 3 == 0:
            idea_voices.give_voice(**said, idea_id=made["lamps"].id)
        for number, one in enumerate(sentences):
            side = 1 if place < 7 else -1
            idea_talk.give_opinion(**said, statement_id=one.id, value=1 if number == 1 else side)
    ideas.end_assistance(by=by, at=at + timedelta(minutes=1), assistance_id=helped.id)


def _talk(stage: Stage, at: datetime, idea: Any) -> None:
    by = stage.who(OFFICER)
    for words, name in (
        ("Kami di ujung jalan siap ikut kerja bakti hari Minggu.", "Daeng Lau"),
        ("Perlu juga gorong-gorong, kalau tidak jalan rusak lagi.", ""),
    ):
        said = idea_talk.write_comment(by=ANYBODY, at=at, idea_id=idea.id, words=words, name=name)
        idea_talk.judge_comment(by=by, at=at + timedelta(hours=1), comment_id=said.id, show=True)
    idea_talk.write_comment(
        by=stage.who(SECRETARY),
        at=at + timedelta(hours=12),
        idea_id=idea.id,
        words="Jalan sudah diukur: 350 m x 3 m. Gorong-gorong masuk gambar.",
        official=True,
    )
    idea_talk.write_comment(
        by=ANYBODY, at=stage.nights_ago(1, 19), idea_id=idea.id, words="Kapan mulai dikerjakan?"
    )


def _musrenbang(stage: Stage, at: datetime) -> Any:
    by = stage.who(SECRETARY)
    meeting = meeting_actions.plan_meeting(
        by=by,
        at=at - timedelta(days=4),
        kind="village_planning",
        region_code=MASSAMATURU,
        planned_at=at,
        plan=meeting_actions.Plan(
            title=f"Musrenbangdes {_year(at)}",
            place="Balai Desa Massamaturu",
            quorum_people=0,
            quorum_groups=(),
        ),
    )
    meeting_actions.hold_meeting(
        by=by,
        at=at,
        meeting_id=meeting.id,
        held_at=at,
        chair="H. Muhammad Tompo",
        minute_taker="Hj. Nurbaya Ngempo",
    )
    for group, number in (
        ("women", 14),
        ("men", 19),
        ("poor", 8),
        ("disabled", 2),
        ("elderly", 6),
        ("youth", 7),
    ):
        meeting_actions.count_attendance(by=by, at=at, meeting_id=meeting.id, group=group, number=number)
    meeting_actions.plan_meeting(
        by=by,
        at=stage.nights_ago(3, 10),
        kind="village_planning",
        region_code=MASSAMATURU,
        planned_at=datetime.combine(stage.now.date() + timedelta(days=9), at.timetz()),
        plan=meeting_actions.Plan(
            title="Musyawarah dusun Taruttuka",
            place="Masjid Taruttuka",
            hamlet_id=stage.hamlets[MASSAMATURU][1].id,
            quorum_people=0,
            quorum_groups=(),
        ),
    )
    return meeting


def _rank(stage: Stage, at: datetime, meeting: Any, made: dict[str, Any]) -> None:
    by = stage.who(SECRETARY)
    for key, place, points, outcome, why in (
        ("road", 1, 41, "on", ""),
        ("clinic", 2, 33, "on", ""),
        ("compost", 3, 22, "on", ""),
        (
            "lamps",
            None,
            9,
            "deferred",
            "Dana desa tahun ini diutamakan untuk jalan tani; didahulukan tahun depan.",
        ),
    ):
        ranking.record_ranking(
            by=by,
            at=at,
            meeting_id=meeting.id,
            idea_id=made[key].id,
            level="village",
            outcome=outcome,
            place=place,
            points=points,
            reason=why,
        )


def _rows(stage: Stage, at: datetime, made: dict[str, Any]) -> dict[str, Any]:
    by, year = stage.who(SECRETARY), _year(at)
    given = {
        "road": planning.RowGiven(
            activity="Perkerasan jalan tani Taruttuka",
            field="development",
            location="Dusun Taruttuka",
            cost=185_000_000,
            source="dd",
            volume="350 m x 3 m",
            benefits="angkutan hasil panen",
            beneficiaries=240,
            time="April sampai Juni",
            self_cost=18_000_000,
            executor="TPK Desa",
        ),
        "compost": planning.RowGiven(
            activity="Pelatihan kompos kelompok Sapu Bangun",
            field="empowerment",
            location="Dusun Massamaturu",
            cost=12_500_000,
            source="add",
            volume="2 kali, 25 orang",
            benefits="sampah dapur berkurang",
            beneficiaries=25,
            time="Februari",
            executor="PKK",
        ),
        "clinic": planning.RowGiven(
            activity="Pembangunan gedung posyandu",
            field="development",
            location="Dusun Massamaturu",
            cost=420_000_000,
            source="regency",
            list="du",
            volume="1 unit, 8 m x 12 m",
            benefits="penimbangan balita dan kelas ibu hamil",
            beneficiaries=130,
            time="Juli sampai Oktober",
            pattern="third",
        ),
    }
    return {
        key: planning.add_planrow(
            by=by, at=at, region_code=MASSAMATURU, year=year, given=row, idea_id=made[key].id
        )
        for key, row in given.items()
    }


def _set_and_sent(stage: Stage, at: datetime) -> None:
    """The regulation, and the list that goes to the camat."""
    said: dict[str, Any] = {"by": stage.who(SECRETARY), "region_code": MASSAMATURU, "year": _year(at)}
    day = at.astimezone(ZONE).date()
    planning.set_planlist(**said, at=at, number=f"Perdes Nomor 4 Tahun {at.year}", regulation_date=day)
    planning.send_planlist(
        **said, at=at + timedelta(minutes=20), number=f"050/31/DM/{at.year}", sent_date=day
    )


def _at_the_counter(stage: Stage, at: datetime) -> None:
    """One idea that was written for somebody present, and still waits to be read."""
    by = stage.who(OFFICER)
    helped = ideas.begin_assistance(
        by=by, at=at, region_code=MASSAMATURU, reason="Tidak dapat membaca dan menulis", name="Daeng Bau"
    )
    ideas.open_idea(
        by=by,
        at=at + timedelta(minutes=6),
        region_code=MASSAMATURU,
        given=ideas.IdeaGiven(
            title="Tempat jemur ikan bersama",
            words="Ibu-ibu menjemur ikan di pinggir jalan, sering kena debu. Minta tempat jemur bersama dekat pasar.",
            field="empowerment",
            hamlet_id=stage.hamlets[MASSAMATURU][2].id,
        ),
        channel="desk",
        author=intake.PersonGiven(name="Daeng Bau"),
        assistance_id=helped.id,
    )


def village(stage: Stage) -> Story:
    """The directory with consents, and the board with what stands on it."""
    at = yield stage.nights_ago(45, 20)
    by = stage.who(OFFICER)
    for given, agrees in _listings(stage):
        row = directory.add_listing(by=by, at=at, region_code=MASSAMATURU, given=given)
        if agrees:
            directory.give_agreement(
                by=by, at=at, listing_id=row.id, given_by=given.contact_name, how="spoken"
            )
    at = yield stage.nights_ago(2, 19)
    day = stage.now.astimezone(ZONE).date()
    for kind, title, words, ahead in (
        (
            "notice",
            "Kerja bakti saluran air",
            "Minggu pukul 07.00, kumpul di masjid Taruttuka. Bawa cangkul.",
            5,
        ),
        ("schedule", "Penimbangan balita", "Kamis pukul 08.00 di rumah kader Dusun Massamaturu.", 9),
    ):
        board.add_bulletin(
            by=by,
            at=at,
            region_code=MASSAMATURU,
            given=board.BulletinGiven(
                kind, title, words, day - timedelta(days=2), day + timedelta(days=ahead)
            ),
        )


def _listings(stage: Stage) -> list[tuple[directory.ListingGiven, bool]]:
    hamlets = stage.hamlets[MASSAMATURU]
    price_day = date(stage.now.year, stage.now.month, 1)
    return [
        (
            directory.ListingGiven(
                "business",
                "Kios Bensin Daeng Lau",
                offers="bensin eceran, pulsa, sembako",
                place="dekat jembatan",
                hours="06.00-22.00",
                contact_name="Mansyur Daeng Lau",
                contact_phone=stage.phone(),
                hamlet_id=hamlets[2].id,
            ),
            True,
        ),
        (
            directory.ListingGiven(
                "produce",
                "Jagung kuning",
                offers="jagung pipil kering",
                months=(10, 11, 12, 1),
                price=5500,
                unit="per kg",
                price_date=price_day,
                contact_name="Syamsul Daeng Tutu",
                contact_phone=stage.phone(),
                hamlet_id=hamlets[1].id,
            ),
            True,
        ),
        (
            directory.ListingGiven(
                "produce",
                "Mangga harum manis",
                offers="mangga segar",
                months=(9, 10, 11),
                contact_name="Rosmiati",
                contact_phone=stage.phone(),
                hamlet_id=hamlets[0].id,
            ),
            False,
        ),
        (
            directory.ListingGiven(
                "market", "Pasar Massamaturu", hours="06.00-11.00", place="lapangan desa", weekdays=(2, 5, 7)
            ),
            False,
        ),
        (
            directory.ListingGiven(
                "place",
                "Balai Desa",
                about="Dapat dipakai untuk rapat dan hajatan; tanyakan di pos.",
                place="depan masjid raya",
                hamlet_id=hamlets[0].id,
            ),
            False,
        ),
    ]
