"""Works and idle land of the sample village Massamaturu: a drain that is handed over, lamps under way, a plan; fields that bear again.

Places are real, names and figures are invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from simpul.community.actions import giving, land, things, works
from simpul.demo.stage import Stage, Story

VILLAGE = "7305112005"
POST, HEAD = "pos.massamaturu", "kades.massamaturu"


def key(name: str) -> UUID:
    """The key of a thing of this part of the sample; the same every time."""
    return uuid5(NAMESPACE_URL, f"simpul:demo:works:{name}")


DRAIN, LAMPS, GARDEN, FIELD, YARD = (key(name) for name in ("drain", "lamps", "garden", "field", "yard"))
_RATES = (
    # name, unit, rupiah, is a day's wage
    ("Upah harian tenaga", "HOK", 110_000, True),
    ("Semen 50 kg", "sak", 68_000, False),
    ("Pasir pasang", "m3", 185_000, False),
    ("Batu kali", "m3", 210_000, False),
    ("Bambu", "batang", 15_000, False),
    ("Lampu LED 15 watt", "buah", 42_000, False),
)


def all_works(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of works and land with its name."""
    return [
        ("karya: selokan masjid", drain(stage)),
        ("karya: lampu jalan Taruttuka", lamps(stage)),
        ("karya: taman daur ulang", garden(stage)),
        ("lahan tidur Taruttuka", field(stage)),
    ]


def _rates(stage: Stage, at: datetime) -> dict[str, UUID]:
    found = {}
    for name, unit, price, wage in _RATES:
        row = things.set_rate(
            by=stage.who(HEAD),
            at=at,
            region_code=VILLAGE,
            name=name,
            unit=unit,
            price=price,
            from_date=at.date() - timedelta(days=60),
            source="Contoh: tanya tiga toko",
            is_wage=wage,
            rate_id=key(f"rate {name}"),
        )
        found[name] = row.id
    return found


def _plan(stage: Stage, at: datetime, work_id: UUID, title: str, hamlet: int, **more: Any) -> None:
    works.plan_work(
        by=stage.who(POST),
        at=at,
        region_code=VILLAGE,
        plan=works.WorkPlan(title=title, hamlet_id=stage.hamlets[VILLAGE][hamlet].id, **more),
        work_id=work_id,
    )


def _day(stage: Stage, at: datetime, work_id: UUID, *rows: giving.Hours) -> None:
    for row in rows:
        giving.record_labour(by=stage.who(POST), at=at, work_id=work_id, day=at.date(), hours=row)


def _brought(stage: Stage, at: datetime, work_id: UUID, *rows: giving.Brought) -> None:
    for row in rows:
        giving.record_material(by=stage.who(POST), at=at, work_id=work_id, day=at.date(), brought=row)


def _cash(stage: Stage, at: datetime, work_id: UUID, *rows: giving.Cash) -> None:
    for row in rows:
        giving.record_money(by=stage.who(POST), at=at, work_id=work_id, day=at.date(), cash=row)


def _photo(stage: Stage, at: datetime, work_id: UUID, name: str, stage_of_work: str, said: str) -> None:
    photo = stage.photos[name]
    shot = things.Shot(photo.data, f"{name}.jpg", stage_of_work, said)
    things.add_picture(by=stage.who(POST), at=at, work_id=work_id, day=at.date(), shot=shot)


def drain(stage: Stage) -> Story:
    """A drain that residents dug and lined: from the plan to the hand-over, with everything on its page."""
    at = yield stage.nights_ago(60, 20, 0)
    rates = _rates(stage, at)
    _plan(
        stage,
        at,
        DRAIN,
        "Selokan sepanjang jalan masjid",
        0,
        about="Setiap hujan deras jalan masjid tergenang. Warga menggali dan memasang batu sendiri, dua kali sepekan.",
        place="Jalan masjid, Dusun Massamaturu",
        volume="120 meter",
        beneficiaries=340,
        leader="Kepala Dusun Massamaturu",
        starts_date=(at + timedelta(days=4)).date(),
        ends_date=(at + timedelta(days=25)).date(),
    )
    works.publish_work(by=stage.who(HEAD), at=at, work_id=DRAIN)
    _photo(stage, at, DRAIN, "drain", "before", "Jalan masjid sesudah hujan")
    at = yield stage.nights_ago(56, 19, 0)
    works.start_work(by=stage.who(POST), at=at, work_id=DRAIN, day=at.date())
    things.lend_tool(
        by=stage.who(POST),
        at=at,
        work_id=DRAIN,
        day=at.date(),
        lent=things.Lent("Molen", "Toko Bangun Jaya Contoh"),
        entry_id=key("mixer"),
    )
    _brought(
        stage,
        at,
        DRAIN,
        giving.Brought(
            Decimal(40),
            rates["Semen 50 kg"],
            donor="Koperasi Tani Contoh",
            source="company",
            donor_named=True,
        ),
        giving.Brought(Decimal("6.5"), rates["Pasir pasang"], donor="Warga RT 02", donor_named=True),
        giving.Brought(Decimal(4), rates["Batu kali"], source="state", donor="Dana desa"),
    )
    _cash(
        stage,
        at,
        DRAIN,
        giving.Cash("in", 1_750_000, who="Kotak amal kerja bakti", who_named=True),
        giving.Cash("out", 480_000, who="Toko Bangun Jaya Contoh", words="Sewa molen dan solar"),
    )
    yield from _working_days(stage)


def _working_days(stage: Stage) -> Story:
    for days, people in ((55, 14), (52, 11), (48, 17), (45, 9)):
        at = yield stage.nights_ago(days, 20, 30)
        _day(
            stage,
            at,
            DRAIN,
            giving.Hours("Pemuda Dusun Massamaturu", 1, people, task="Menggali", food=True, named=True),
            giving.Hours("Ibu-ibu dasawisma", 1, people // 2, task="Dapur umum", named=True),
            giving.Hours("Tukang batu", 2, 2, task="Memasang batu", wage=220_000),
        )
    _photo(stage, at, DRAIN, "drain", "during", "Memasang batu")
    at = yield stage.nights_ago(40, 20, 0)
    works.finish_work(
        by=stage.who(POST),
        at=at,
        work_id=DRAIN,
        day=at.date(),
        result="120 meter selokan batu, dua tutup di depan masjid. Hujan Sabtu lalu tidak menggenang.",
    )
    _photo(stage, at, DRAIN, "road", "after", "Jalan masjid sekarang")
    things.return_tool(by=stage.who(POST), at=at, entry_id=key("mixer"), day=at.date())
    at = yield stage.nights_ago(35, 19, 30)
    works.hand_over_work(
        by=stage.who(POST), at=at, work_id=DRAIN, day=at.date(), to="Pengurus masjid dan RT 02"
    )


def lamps(stage: Stage) -> Story:
    """Lamps that are being put up; the waste bank's fund pays for a part."""
    at = yield stage.nights_ago(24, 20, 15)
    _plan(
        stage,
        at,
        LAMPS,
        "Lampu jalan menuju Pos Pintar",
        1,
        about="Anak pulang mengaji lewat jalan gelap. Tiang bambu dari warga, lampu dari dana bank sampah.",
        place="Jalan kebun, Dusun Taruttuka",
        volume="12 titik",
        beneficiaries=210,
        leader="Ketua RT 04",
    )
    works.publish_work(by=stage.who(HEAD), at=at, work_id=LAMPS)
    _photo(stage, at, LAMPS, "lamp", "before", "Satu-satunya lampu, padam")
    at = yield stage.nights_ago(12, 19, 0)
    works.start_work(by=stage.who(POST), at=at, work_id=LAMPS, day=at.date())
    _brought(
        stage,
        at,
        LAMPS,
        giving.Brought(Decimal(24), key("rate Bambu"), donor="Warga Taruttuka", donor_named=True),
    )
    _day(
        stage,
        at,
        LAMPS,
        giving.Hours("Karang taruna Taruttuka", 1, 8, task="Memasang tiang", food=True, named=True),
    )
    things.lend_tool(
        by=stage.who(POST),
        at=at,
        work_id=LAMPS,
        day=at.date(),
        lent=things.Lent("Tangga aluminium", "Daeng Contoh", due_date=(at + timedelta(days=14)).date()),
    )


def garden(stage: Stage) -> Story:
    """A plan that has only begun to be talked about."""
    at = yield stage.nights_ago(5, 21, 0)
    _plan(
        stage,
        at,
        GARDEN,
        "Taman depan pos dari botol bekas",
        0,
        about="Pot dan pagar dari botol yang tidak laku dijual.",
        leader="Pojok baca pos",
    )


def field(stage: Stage) -> Story:
    """A field that lay idle, tilled by a group, harvested and shared; another one that looks for somebody."""
    by = stage.who(POST)
    at = yield stage.nights_ago(120, 20, 0)
    hamlet = stage.hamlets[VILLAGE][1].id
    land.offer_land(
        by=by,
        at=at,
        region_code=VILLAGE,
        piece=land.Piece(
            "Kebun bawah Taruttuka",
            2400,
            "dry",
            "Hj. Saodah Contoh",
            hamlet_id=hamlet,
            water="Sumur bor dusun",
            right="SPPT",
            bounds="Utara jalan kebun, selatan kali kecil",
        ),
        parcel_id=FIELD,
    )
    today = at.date()
    land.agree_land(
        by=by,
        at=at,
        parcel_id=FIELD,
        terms=land.Terms(
            "Hj. Saodah Contoh",
            "signed",
            today,
            today + timedelta(days=730),
            "Tanpa pohon keras; sepersepuluh hasil untuk pemilik.",
        ),
        consent_id=key("consent"),
    )
    yield from _tilled(stage)


def _tilled(stage: Stage) -> Story:
    by = stage.who(POST)
    at = yield stage.nights_ago(110, 19, 0)
    land.begin_use(
        by=by,
        at=at,
        parcel_id=FIELD,
        tilling=land.Tilling(
            "Kelompok Wanita Tani Melati (contoh)",
            "Jagung dan kacang hijau",
            at.date(),
            at.date() + timedelta(days=360),
            people=11,
            owner_share=10,
            village_share=5,
        ),
        use_id=key("use"),
    )
    land.record_input(
        by=by,
        at=at,
        use_id=key("use"),
        day=at.date(),
        what="Benih dan pupuk",
        value=640_000,
        source="Kelompok",
    )
    at = yield stage.nights_ago(20, 17, 0)
    land.record_harvest(
        by=by, at=at, use_id=key("use"), day=at.date(), what="Jagung pipil", grams=780_000, value=3_510_000
    )
    at = yield stage.nights_ago(15, 20, 0)
    land.offer_land(
        by=by,
        at=at,
        region_code=VILLAGE,
        piece=land.Piece(
            "Pekarangan dekat lapangan",
            450,
            "yard",
            "Keluarga Contoh di rantau",
            hamlet_id=stage.hamlets[VILLAGE][2].id,
        ),
        parcel_id=YARD,
    )
    land.agree_land(
        by=by,
        at=at,
        parcel_id=YARD,
        terms=land.Terms(
            "Keluarga Contoh di rantau",
            "spoken",
            at.date(),
            at.date() + timedelta(days=365),
            witnesses="Kepala dusun, imam dusun",
        ),
    )
