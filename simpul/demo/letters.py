"""Letters of the sample village Massamaturu: three weeks of requests by day and by night. All people are made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from simpul.cases.actions import intake
from simpul.demo.stage import Stage, Story, read
from simpul.letters.actions import (
    cancelling,
    checking,
    drafting,
    mandates,
    numbers,
    offices,
    releasing,
    requesting,
)
from simpul.letters.queries import requests as request_queries
from simpul.letters.queries import types as type_queries
from simpul.lib.actor import ANYBODY
from simpul.lib.ids import uuid7

VILLAGE = "7305112005"
POST, SECOND = "pos.massamaturu", "pos2.massamaturu"
SECRETARY, HEAD = "sekdes.massamaturu", "kades.massamaturu"
MANDATED = ("keterangan_domisili", "keterangan_usaha", "kurang_mampu", "laporan_kehilangan", "pengantar_skck")


def key(name: str) -> UUID:
    """The key of a thing of this part of the sample; the same every time."""
    return uuid5(NAMESPACE_URL, f"simpul:demo:letters:{name}")


@dataclass(frozen=True, slots=True)
class Asks:
    """Who asks for which letter, when, and how far it comes."""

    name: str
    sex: str
    born: str  # place, day
    work: str
    type_code: str
    purpose: str
    nights: int  # calendar days ago
    hour: int
    end: str  # where it stands today
    minute: int = 0
    channel: str = "desk"
    marital: str = "Kawin"
    hamlet: str = "Dusun Taruttuka"
    inputs: dict[str, str] = field(default_factory=dict)


REQUESTS: tuple[Asks, ...] = tuple(Asks(**row) for row in read("letters")["requests"])


def all_letters(stage: Stage) -> list[tuple[str, Story]]:
    """Every letter's story with its name, after the village has said how it writes letters."""
    return [
        ("surat: cara desa", ways(stage)),
        *(
            (f"surat: {one.type_code} {one.name}", letter(stage, turn, one))
            for turn, one in enumerate(REQUESTS)
        ),
    ]


def ways(stage: Stage) -> Story:
    """Pattern of numbers, steps, signer, a mandate for the night officer, numbers of the old paper book, a block for a trip."""
    at = yield stage.nights_ago(24, 9, 0)
    head, office = stage.who(HEAD), stage.who(SECRETARY)
    offices.set_office(
        by=head,
        at=at,
        region_code=VILLAGE,
        given=offices.OfficeGiven(
            pattern="{kode_klasifikasi}/{urut:3}/{singkatan}/{bulan_romawi}/{tahun}",
            short_code="MSM",
            alone=True,
            signer_name="H. Muhammad Tompo",
            signer_title="Kepala Desa Massamaturu",
            letterhead="Jalan Poros Massamaturu (contoh)\nPos Pintar buka 18.00-23.00 dan hari libur",
        ),
    )
    numbers.void_number(
        by=office,
        at=at,
        region_code=VILLAGE,
        number=212,
        why="Buku surat tulis tangan, Januari sampai Oktober",
    )
    for who, name, days in ((POST, "Daeng Rala", 60), (SECOND, "Sahrul Ngalle", 20)):
        mandates.give_mandate(
            by=head,
            at=at,
            region_code=VILLAGE,
            seat_id=stage.seats[who].id,
            decision_number="188.4/07/MSM/2026",
            decision_date=at.date(),
            name=name,
            title="Petugas Pos Pintar",
            acts=("receive", "draft", "release"),
            types=MANDATED,
            from_date=at.date(),
            to_date=at.date() + timedelta(days=days),
            mandate_id=key(f"mandate {who}"),
        )
    at = yield stage.nights_ago(10, 16, 0)
    block = numbers.reserve_block(
        by=office, at=at, region_code=VILLAGE, count=5, holder="Laptop jemput bola", block_id=key("block")
    )
    at = yield stage.nights_ago(8, 16, 0)
    numbers.return_block(by=office, at=at, block_id=block.id, why="Tidak terpakai, ada jaringan di lokasi")


def letter(stage: Stage, turn: int, one: Asks) -> Story:
    """One request, as far as it comes."""
    at = yield _moment(stage, one)
    who = SECOND if turn % 5 == 4 else POST
    letter_id = _ask(stage, at, turn, one, who)
    yield from _draft(stage, letter_id, one, at, who)
    if one.end in _ENDS:
        yield from _ENDS[one.end](stage, letter_id, at, who)


def _moment(stage: Stage, one: Asks) -> datetime:
    at = stage.nights_ago(one.nights, one.hour, one.minute)
    return min(at, stage.now.replace(second=0, microsecond=0) - timedelta(minutes=20))


def _ask(stage: Stage, at: datetime, turn: int, one: Asks, who: str) -> UUID:
    by = ANYBODY if one.channel == "web" else stage.who(who)
    letter_id = key(f"letter {turn}")
    visit = None
    if not by.is_public:
        visit = intake.open_visit(by=by, at=at, channel=one.channel, visit_id=uuid7())
    done = requesting.request_letter(
        by=by,
        at=at,
        letter_id=letter_id,
        region_code=VILLAGE,
        type_code=one.type_code,
        channel=one.channel,
        applicant=intake.PersonGiven(name=one.name, sex=one.sex, phone=stage.phone()),
        purpose=one.purpose,
        inputs=one.inputs,
        desk_id=None if by.is_public else by.desk_id,
        visit_id=visit.id if visit is not None else None,
        consent="ticked" if by.is_public else "spoken",
    )
    stage.cases += 1
    return done.letter.id


def _draft(stage: Stage, letter_id: UUID, one: Asks, at: datetime, who: str) -> Story:
    """The officer looks at what is shown, and writes."""
    if one.end in ("requested", "withdrawn"):
        if one.end == "withdrawn":
            at = yield at + timedelta(minutes=15)
            checking.withdraw_letter(
                by=stage.who(who), at=at, letter_id=letter_id, why="KTP sudah ditemukan di rumah"
            )
        return
    at = yield at + timedelta(minutes=12)
    by = stage.who(who)
    for code in request_queries.requirement_codes(_version(one)):
        drafting.mark_requirement(by=by, at=at, letter_id=letter_id, code=code, state="shown")
    drafting.draft_letter(by=by, at=at, letter_id=letter_id, inputs=one.inputs, corrections=_facts(one))


def _version(one: Asks) -> Any:
    offer = type_queries.find(one.type_code, VILLAGE)
    if offer is None:
        raise LookupError(one.type_code)
    return offer.version


def _facts(one: Asks) -> dict[str, str]:
    """What the register does not know of made-up people; the numbers begin with an area that does not exist."""
    return {
        "nik": f"739999{abs(hash_of(one.name)) % 10**10:010d}",
        "ttl": one.born,
        "jenis_kelamin": "Laki-laki" if one.sex == "L" else "Perempuan",
        "agama": "Islam",
        "status_kawin": one.marital,
        "pekerjaan": one.work,
        "pendidikan_kk": "SMA sederajat",
        "warga_negara": "Indonesia",
        "alamat": f"{one.hamlet}, Desa Massamaturu",
    }


def hash_of(name: str) -> int:
    """A number that belongs to a name, the same every time."""
    return int(uuid5(NAMESPACE_URL, name)) % 10**10


# --- how it goes on ---------------------------------------------------------------------------------------------------


def _checked(stage: Stage, letter_id: UUID, at: datetime, _who: str) -> Story:
    at = yield _next_morning(stage, at)
    checking.check_letter(by=stage.who(SECRETARY), at=at, letter_id=letter_id)


def _approved(stage: Stage, letter_id: UUID, at: datetime, who: str) -> Story:
    yield from _checked(stage, letter_id, at, who)
    at = yield _next_morning(stage, at) + timedelta(minutes=40)
    checking.approve_letter(by=stage.who(HEAD), at=at, letter_id=letter_id)


def _released(stage: Stage, letter_id: UUID, at: datetime, who: str) -> Story:
    yield from _checked(stage, letter_id, at, who)
    at = yield _next_morning(stage, at) + timedelta(minutes=50)
    releasing.release_letter(by=stage.who(HEAD), at=at, letter_id=letter_id)


def _taken(stage: Stage, letter_id: UUID, at: datetime, who: str) -> Story:
    yield from _released(stage, letter_id, at, who)
    at = yield _next_morning(stage, at) + timedelta(hours=9)
    cancelling.hand_over_letter(by=stage.who(who), at=at, letter_id=letter_id)


def _by_mandate(stage: Stage, letter_id: UUID, at: datetime, who: str) -> Story:
    at = yield at + timedelta(minutes=25)
    releasing.release_letter(by=stage.who(who), at=at, letter_id=letter_id)
    at = yield at + timedelta(minutes=5)
    cancelling.hand_over_letter(by=stage.who(who), at=at, letter_id=letter_id)


def _cancelled(stage: Stage, letter_id: UUID, at: datetime, who: str) -> Story:
    yield from _released(stage, letter_id, at, who)
    at = yield _next_morning(stage, at) + timedelta(hours=2)
    cancelling.cancel_letter(
        by=stage.who(SECRETARY), at=at, letter_id=letter_id, why="Nama usaha salah tulis; diganti surat baru"
    )


def _refused(stage: Stage, letter_id: UUID, at: datetime, _who: str) -> Story:
    at = yield _next_morning(stage, at)
    checking.refuse_letter(
        by=stage.who(HEAD),
        at=at,
        letter_id=letter_id,
        why="Keringanan listrik diurus lewat DTSEN; petugas Puskesos akan membantu",
    )


def _returned(stage: Stage, letter_id: UUID, at: datetime, _who: str) -> Story:
    at = yield _next_morning(stage, at)
    checking.return_letter(
        by=stage.who(SECRETARY), at=at, letter_id=letter_id, why="Nama anak belum sama dengan KK; mohon dicek"
    )


_ENDS: dict[str, Any] = {
    "checked": _checked,
    "approved": _approved,
    "released": _released,
    "taken": _taken,
    "by_mandate": _by_mandate,
    "cancelled": _cancelled,
    "refused": _refused,
    "returned": _returned,
}


def _next_morning(stage: Stage, at: datetime) -> datetime:
    """Half past eight on the day after; never ahead of now."""
    morning = (at + timedelta(days=1)).replace(hour=8, minute=30)
    return min(morning, stage.now.replace(second=0, microsecond=0) - timedelta(minutes=5))
