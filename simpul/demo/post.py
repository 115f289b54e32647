"""The post of Massamaturu at night: its roster, who came, hand-overs, and an election box with two sealed reports; all made up."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, time, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from simpul.demo.stage import ZONE, Stage, Story
from simpul.desks import queries as desk_queries
from simpul.lib import sealing
from simpul.lib.actor import ANYBODY
from simpul.village_post.actions import counter, duty, election, guests, handover, offers, posts
from simpul.village_post.queries import duty as queries
from simpul.village_post.rules import election as rules

MASSAMATURU = "7305112005"
HEAD = "kades.massamaturu"
NIGHT = ("pos.massamaturu", "pos2.massamaturu", "sekdes.massamaturu")
PASSPHRASE = "simpul-contoh-2026"  # noqa: S105 - the sample's own, printed on its sheet
"""What opens the sample's election box: the password of the sample."""
NIGHTS = 16

COMING = (
    ("Mansyur Daeng Lau", "M", "Surat keterangan usaha", "Dusun Massamaturu", 5),
    ("Sitti Rahma Daeng Baji", "F", "Tanya bantuan beras", "Dusun Taruttuka", 4),
    ("Basri Daeng Nyampo", "M", "Batas pekarangan", "Dusun Bontosunggu", 3),
    ("Hasnah Daeng Kebo", "F", "Kartu KIS tidak aktif", "Dusun Massamaturu", 5),
    ("Ruslan Daeng Gassing", "M", "Pengantar SKCK", "Dusun Taruttuka", 4),
    ("Nurliah Daeng Puji", "F", "Setor botol bank sampah", "Dusun Massamaturu", 5),
    ("Karaeng Sila", "M", "Usul lampu jalan kebun", "Dusun Bontosunggu", 0),
    ("Kamaria Daeng Lu'mu", "F", "Surat kelahiran", "Dusun Taruttuka", 5),
)
INCIDENTS = ("Surat Mansyur menunggu tanda tangan", "Kunci gudang dipinjam karang taruna")
FORMS: tuple[dict[str, str], ...] = (
    {
        "name": "Ramli (rekaan)",
        "party": "Tim salah satu calon",
        "what": "Amplop dibagikan dari rumah ke rumah menjelang pemungutan suara.",
        "where": "Dusun Taruttuka",
        "witnesses": "Dua orang tetangga bersedia memberi keterangan.",
    },
    {
        "name": "Sukma (rekaan)",
        "party": "Aparat desa",
        "what": "Pengeras suara balai desa dipakai menyebut nomor urut calon.",
        "where": "Balai desa",
    },
)


def all_nights(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of the post with its name."""
    return [("pos: jadwal dan malam", nights(stage)), ("kotak pemilu", box(stage))]


def nights(stage: Stage) -> Story:
    """A roster of seven weeks, and what happened in the nights that are past."""
    at = yield stage.ago(NIGHTS + 8, 10)
    head = stage.who(HEAD)
    post = posts.set_post(
        by=head,
        at=at,
        desk_id=stage.desk("pos-massamaturu"),
        keys=["Pintu depan", "Laci kas", "Gudang"],
        equipment=["Senter", "Kentongan", "Printer"],
    )
    given = posts.PatternGiven(
        name="Malam",
        days=(1, 2, 3, 4, 5, 6, 7, 8),
        starts=time(18),
        ends=time(23),
        seat_ids=tuple(stage.who(one).seat_id for one in NIGHT),  # type: ignore[misc]
    )
    posts.make_pattern(by=head, at=at, post_id=post.id, given=given)
    first = (stage.now - timedelta(days=NIGHTS)).date()
    last = (stage.now + timedelta(days=24)).date()
    duty.make_shifts(by=head, at=at, post_id=post.id, from_date=first, until_date=last)
    people = {stage.who(one).seat_id: stage.who(one) for one in NIGHT}
    for back in range(NIGHTS, 0, -1):
        day = (stage.now - timedelta(days=back)).date()
        at = yield datetime.combine(day, time(18, 2), ZONE)
        _night(stage, post, people, at, back)
    at = yield stage.ago(1, 9)
    _ask(stage, at)


def _night(stage: Stage, post: Any, people: dict[Any, Any], at: datetime, back: int) -> None:
    """One night: the officer comes, accepts what was handed over, receives people, hands over and goes."""
    now = queries.now(stage.who(HEAD), post, at)
    if now.current is None or not now.current.officers:
        return
    by = people[now.current.officers[0].seat_id]
    came = at + timedelta(minutes=45 if back == 9 else 0)
    one = duty.begin_duty(by=by, at=came, shift_id=now.current.shift.id)
    relay = queries.open_relay(by, post)
    if relay is not None and relay.user_id != by.user_id:
        short = 5_000 if back == 6 else 0
        handover.accept_relay(
            by=by,
            at=came + timedelta(minutes=5),
            relay_id=relay.id,
            found_cash=relay.cash - short,
            difference="Rp5.000 dipakai beli materai, struk di laci" if short else "",
        )
    for turn in range(2 + back % 3):
        _visitor(by, post, came + timedelta(minutes=12 + 35 * turn), (back * 3 + turn) % len(COMING))
    leaves = now.current.shift.ends_at - timedelta(minutes=3)
    if queries.open_relay(by, post) is None and leaves < stage.now:
        handed = handover.Handed(
            note="Malam tenang." if back % 2 else "Listrik padam sebentar pukul 20.10.",
            items=INCIDENTS[: back % 3],
            keys=[(name, name != "Gudang" or back % 3 != 2) for name in post.keys],
            equipment=[(name, True) for name in post.equipment],
            cash=120_000 + 5_000 * (back % 5),
            waiting=back % 3,
        )
        handover.write_relay(by=by, at=leaves, post_id=post.id, handed=handed)
    duty.finish_duty(by=by, at=leaves, duty_id=one.id)


def _visitor(by: Any, post: Any, at: datetime, place: int) -> None:
    name, sex, purpose, address, face = COMING[place]
    ticket = counter.give_ticket(by=by, at=at - timedelta(minutes=6), post_id=post.id)
    counter.call_ticket(by=by, at=at, post_id=post.id, ticket_id=ticket.id)
    guest = guests.Guest(name=name, sex=sex, purpose=purpose, address=address)
    line = guests.enter_visitor(by=by, at=at, post_id=post.id, guest=guest, ticket_id=ticket.id)
    done = at + timedelta(minutes=18)
    counter.serve_ticket(by=by, at=done, ticket_id=ticket.id)
    guests.leave_visitor(by=by, at=done, visitor_id=line.id)
    if face:
        guests.rate_visitor(by=by, at=done, visitor_id=line.id, rating=face)


def _ask(stage: Stage, at: datetime) -> None:
    """An officer asks a colleague to take a coming night over; it is not answered yet."""
    by = stage.who(NIGHT[1])
    mine = [
        one for one in queries.my_duties(by, at) if one.part == "officer" and one.shift.starts_at > stage.now
    ]
    taken = {one.shift_id for one in queries.my_duties(stage.who(NIGHT[0]), at, 40) if one.part == "officer"}
    free = [one for one in mine if one.shift_id not in taken]
    if free:
        seat = stage.who(NIGHT[0]).seat_id
        offers.offer_duty(by=by, at=at, duty_id=free[0].id, to_seat_id=seat, why="Acara keluarga di Takalar")  # type: ignore[arg-type]


def box(stage: Stage) -> Story:
    """A stage of an election of the village head, with one registered report and one that waits in the box."""
    at = yield stage.ago(12, 10)
    by = stage.who("pkd.massamaturu")
    key = sealing.private_from(b"kotak pemilu contoh", b"box")
    salt, iv = b"garam-contoh-001", b"iv-contoh-01"
    secret = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), salt, rules.TURNS, 32)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    keeper = election.enrol_keeper(
        by=by,
        at=at,
        public=sealing.public_of(key),
        wrapped=iv + AESGCM(secret).encrypt(iv, private, None),
        salt=salt,
        turns=rules.TURNS,
    )
    opened = election.open_stage(
        by=by,
        at=at + timedelta(hours=1),
        region_code=MASSAMATURU,
        name="Pemilihan kepala desa antarwaktu: masa kampanye",
        kind="village",
        from_date=(stage.now - timedelta(days=12)).date(),
        to_date=(stage.now + timedelta(days=20)).date(),
        keeper_id=keeper.id,
    )
    at = yield stage.nights_ago(6, 20, 40)
    first = _report(stage, opened, at, 0, "pos.massamaturu")
    at = yield stage.nights_ago(5, 9, 0)
    election.receive_report(by=by, at=at, report_id=first)
    election.register_report(
        by=by,
        at=at + timedelta(hours=2),
        report_id=first,
        category="money",
        register_number="001/LP/PKD/2026",
    )
    at = yield stage.nights_ago(1, 21, 10)
    _report(stage, opened, at, 1, "")


def _report(stage: Stage, opened: Any, at: datetime, place: int, taker: str) -> Any:
    by = stage.who(taker) if taker else ANYBODY
    known = at.astimezone(desk_queries.zone_of(MASSAMATURU)).date() - timedelta(days=1)
    sealed = sealing.seal(
        bytes(opened.keeper.public),
        json.dumps(FORMS[place], ensure_ascii=False).encode(),
        rules.info(opened.id),
    )
    return election.file_report(by=by, at=at, stage_id=opened.id, known_date=known, sealed=sealed).report.id
