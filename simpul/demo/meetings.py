"""Musyawarah of the sample: one closed with usul, sanggah and minutes, one planned. All people are made up."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from simpul.demo.stage import ZONE, Stage, Story
from simpul.meetings import actions, queries

BONTO_JAI = "7303012008"
RUNS = "koordinator.bontojai"

NAMES = (
    (
        "Daeng Sangkala",
        "Dusun Pundingin, RT 01",
        "lansia sendiri, tidak ada penghasilan",
        "in",
        "tidak ada yang menanggung",
    ),
    (
        "Jumriah Daeng Kanang",
        "Dusun Pundingin, RT 02",
        "kepala keluarga perempuan, anak tiga",
        "in",
        "kehilangan mata pencaharian",
    ),
    (
        "Baso Daeng Rala",
        "Dusun Kayu Loe, RT 01",
        "sakit menahun",
        "in",
        "biaya berobat menghabiskan penghasilan",
    ),
    ("Saharuddin", "Dusun Kayu Loe, RT 02", "buruh harian", "out", "sudah menerima PKH"),
    ("Hasnawati", "Dusun Pundingin, RT 01", "rumah tidak layak", "deferred", "alamat perlu dilihat dulu"),
)
GUESTS = (
    ("H. Muh. Arif", "Kepala desa", ("village", "men"), True, True, True),
    ("Syamsuddin", "Ketua BPD", ("bpd", "men"), True, True, True),
    ("Nurlina", "Kader", ("cadres", "women"), True, True, False),
    ("Kamaruddin", "Ketua RT 01", ("rt", "men"), True, True, False),
    ("Rahmatia", "Warga", ("women", "poor"), True, True, False),
    ("Andi Tenri", "Ketua RT 03", ("rt", "women"), False, False, False),
)


def all_meetings(stage: Stage) -> list[tuple[str, Story]]:
    """Every meeting's story with its name."""
    return [("musyawarah: BLT, selesai", closed(stage)), ("musyawarah: direncanakan", planned(stage))]


def _plan(stage: Stage, at: datetime, on: datetime, title: str, **more: Any) -> UUID:
    return actions.plan_meeting(
        by=stage.who(RUNS),
        at=at,
        kind="special_blt",
        region_code=BONTO_JAI,
        planned_at=on,
        plan=actions.Plan(
            title=title,
            purpose="Menetapkan keluarga yang diusulkan menerima BLT Desa, nama demi nama.",
            programme="blt-desa",
            place="Balai Desa Bonto Jai",
            chair="Syamsuddin",
            minute_taker="Nurlina",
            **more,
        ),
    ).id


def closed(stage: Stage) -> Story:
    """A meeting that was held: attendance by name and by count, a usul, a sanggah, decisions, minutes."""
    at = yield stage.ago(30, 9)
    by = stage.who(RUNS)
    day = stage.ago(24, 9, 30)
    meeting = _plan(stage, at, day, "Musyawarah khusus BLT Desa")
    said: dict[str, Any] = {"by": by, "meeting_id": meeting}
    given = [actions.NameGiven(name=name, address=where, reason=why) for name, where, why, *_rest in NAMES]
    actions.add_items(**said, at=at, given=given)
    at = yield day
    actions.hold_meeting(**said, at=at, held_at=at, chair="Syamsuddin", minute_taker="Nurlina")
    for name, office, groups, came, signed, decides in GUESTS:
        at += timedelta(minutes=1)
        guest = actions.Guest(name, office, groups, came, signed, decides)
        actions.add_attendance(**said, at=at, guest=guest)
    for group, number in (("women", 9), ("men", 6), ("elderly", 4), ("disabled", 1), ("youth", 3)):
        actions.count_attendance(**said, at=at, group=group, number=number)
    _speak(stage, said, at + timedelta(minutes=20))
    actions.write_minutes(
        **said,
        at=at + timedelta(minutes=80),
        course="Dibuka pukul 09.30 oleh Ketua BPD. Koordinator menjelaskan syarat BLT Desa. Nama dibacakan satu per satu dan disepakati.",
    )
    at = yield day + timedelta(minutes=95)
    actions.close_meeting(**said, at=at)
    at = yield stage.ago(23, 8, 40)
    actions.make_package(**said, at=at, purpose="Diusulkan kepada bupati melalui Dinsos")


def _speak(stage: Stage, said: dict[str, Any], at: datetime) -> None:
    """A name is proposed, one is objected to, and each is decided."""
    names = {one.name: one.id for one in _items(stage, said["meeting_id"])}
    proposed = actions.record_objection(
        **said,
        at=at,
        heard=actions.Heard(
            kind="usul",
            reasons="Suaminya meninggal bulan lalu, belum pernah didata.",
            by_name="Kamaruddin",
            by_group="rt",
            name="Sitti Rabiah",
            address="Dusun Pundingin, RT 01",
        ),
    )
    objected = actions.record_objection(
        **said,
        at=at + timedelta(minutes=4),
        heard=actions.Heard(
            kind="sanggah",
            reasons="Sudah menerima PKH sejak tahun lalu.",
            by_name="Rahmatia",
            by_group="women",
            item_id=names["Saharuddin"],
        ),
    )
    actions.answer_objection(
        **said,
        at=at + timedelta(minutes=6),
        objection_id=objected.id,
        outcome="upheld",
        answer="Benar, kartunya ditunjukkan. Nama dikeluarkan.",
    )
    for place, (name, _where, _why, outcome, reason) in enumerate(NAMES):
        when = at + timedelta(minutes=10 + 2 * place)
        actions.decide_item(**said, at=when, item_id=names[name], outcome=outcome, reason=reason)
    if proposed.item_id is not None:
        votes = actions.Votes(for_it=17, against=2, abstained=4)
        actions.decide_item(
            **said,
            at=at + timedelta(minutes=24),
            item_id=proposed.item_id,
            outcome="in",
            reason="kehilangan pencari nafkah",
            votes=votes,
        )


def _items(stage: Stage, meeting_id: UUID) -> list[Any]:
    return queries.names_of(stage.who(RUNS), meeting_id)


def planned(stage: Stage) -> Story:
    """A meeting of the coming week, with its first names."""
    at = yield stage.ago(2, 10)
    by = stage.who(RUNS)
    day = datetime.combine((stage.now + timedelta(days=6)).date(), time(9), ZONE)
    meeting = _plan(stage, at, day, "Musyawarah daftar tunggu BLT Desa", quorum_people=12)
    given = [
        actions.NameGiven(
            name="Hasnawati", address="Dusun Pundingin, RT 01", reason="ditunda pada musyawarah lalu"
        ),
        actions.NameGiven(
            name="Syahrir Daeng Naba", address="Dusun Kayu Loe, RT 03", reason="kehilangan pekerjaan"
        ),
        actions.NameGiven(name="Mariati", address="Dusun Kayu Loe, RT 01", reason="anak dengan disabilitas"),
    ]
    actions.add_items(by=by, at=at, meeting_id=meeting, given=given)
