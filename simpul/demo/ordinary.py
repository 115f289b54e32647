"""Ordinary matters: what a text of the catalogue goes through in its place, with the delays and turns of real offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simpul.cases.actions import afterwards
from simpul.demo import acts
from simpul.demo.stage import Stage, Story, read

PUBLIC = frozenset({"web", "open311"})
ROUNDS = (
    "web",
    "phone",
    "whatsapp",
    "desk",
    "web",
    "paper",
    "sms",
    "field",
    "desk",
    "email",
    "phone",
    "telegram",
    "whatsapp",
    "open311",
)
SILENT_AFTER = timedelta(days=400)
RATINGS = (5, 4, 5, 3, 4, 2, 5, 4, 1, 5)


@dataclass(frozen=True, slots=True)
class House:
    """Who does what with an ordinary matter in one place."""

    takers: Mapping[str, str]
    claim: str
    boss: str
    hand_in: str
    verify: str
    teller: str
    to_boss: str = ""
    withdraw: str = ""
    prepare: str = ""
    release: str = ""


HOUSES: Mapping[str, House] = {
    "mamuju": House(
        takers={"": "admin.mamuju", "7602132001": "desa.dungkait", "7602122003": "desa.botteng"},
        claim="admin.mamuju",
        boss="admin.mamuju",
        hand_in="admin2.mamuju",
        verify="penyetuju.mamuju",
        teller="admin2.mamuju",
        withdraw="admin2.mamuju",
        prepare="admin2.mamuju",
        release="penyetuju.mamuju",
    ),
    "bantaeng": House(
        takers={"": "fo.bontojai"},
        claim="bo.bontojai",
        boss="koordinator.bontojai",
        hand_in="bo.bontojai",
        verify="koordinator.bontojai",
        teller="fo.bontojai",
        withdraw="bo.bontojai",
        prepare="bo.bontojai",
        release="koordinator.bontojai",
    ),
    "takalar": House(
        takers={"": "pos.massamaturu"},
        claim="pos2.massamaturu",
        boss="kades.massamaturu",
        to_boss="desa-massamaturu",
        hand_in="kades.massamaturu",
        verify="kec.poltim",
        teller="pos.massamaturu",
    ),
    "posyandu": House(
        takers={"": "kader.melati"},
        claim="ketua.posyandu",
        boss="ketua.posyandu",
        hand_in="kader.melati",
        verify="ketua.posyandu",
        teller="pos.massamaturu",
        withdraw="ketua.posyandu",
        prepare="ketua.posyandu",
        release="manajer.takalar",
    ),
    "halong": House(
        takers={"": "petugas.halong", "6311022019": "desa.uren", "6311022020": "desa.marajai"},
        claim="petugas2.halong",
        boss="koordinator.halong",
        hand_in="petugas.halong",
        verify="camat.halong",
        teller="koordinator.halong",
        withdraw="koordinator.halong",
    ),
}

HELPERS: Mapping[str, str] = {
    "pokja-hunian": "pokja.hunian",
    "pokja-pangan": "pokja.pangan",
    "pokja-air": "pokja.air",
    "pokja-kesehatan": "pokja.kesehatan",
    "pokja-perlindungan": "pokja.perlindungan",
    "ppid-mamuju": "ppid.mamuju",
    "inspektorat-mamuju": "inspektorat.mamuju",
    "dinsos-bantaeng": "dinsos.bantaeng",
    "dinkes-bantaeng": "dinkes.bantaeng",
    "dukcapil-bantaeng": "dukcapil.bantaeng",
    "dinkes-takalar": "dinkes.takalar",
    "pupr-takalar": "pupr.takalar",
    "dinsos-balangan": "dinsos.balangan",
}
PEOPLE = {"posyandu": "takalar"}
VERIFIED = frozenset(
    {"complaint_oversight", "social_problem", "kis_reactivation", "spm_request", "rights_request"}
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One ordinary matter to be told: its text, its start, its turns."""

    row: Mapping[str, Any]
    begins: datetime
    channel: str
    turn: str
    seed: int


def plans(stage: Stage, number: int) -> list[Plan]:
    """As many ordinary matters as are wanted, every kind first, the same for the same moment."""
    rows = read("matters")["matters"]
    rng = Random(f"{stage.rng.random()}")
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    one_each = [rng.choice(some) for some in by_kind.values()]
    drawn = [*one_each, *_shuffled(rows, max(0, number - len(one_each)), rng)][: max(number, len(one_each))]
    made = []
    for place, row in enumerate(drawn):
        turn = _turn(row, rng)
        begins = stage.now - timedelta(minutes=rng.randint(*_span(turn)))
        channel = rng.choice(row["channels"]) if "channels" in row else ROUNDS[place % len(ROUNDS)]
        made.append(Plan(row, _humane(stage, begins, channel, rng), channel, turn, rng.randint(0, 2**31)))
    return made


def _shuffled(rows: list[Mapping[str, Any]], number: int, rng: Random) -> list[Mapping[str, Any]]:
    """Every text once in a new order, and again, until there are enough."""
    found: list[Mapping[str, Any]] = []
    while len(found) < number:
        found += rng.sample(rows, len(rows))
    return found[:number]


def _turn(row: Mapping[str, Any], rng: Random) -> str:
    """What happens to it besides the straight way."""
    house = HOUSES[row["place"]]
    weights = {"straight": 62, "silent": 7, "late": 8, "dispute": 5}
    if "question" in row:
        weights["ask"] = 40
    if house.withdraw:
        weights["withdraw"] = 4
    if "helper" in row:
        weights["decline"] = 6
    return rng.choices(list(weights), list(weights.values()))[0]


def _span(turn: str) -> tuple[int, int]:
    """Between how many minutes ago such a matter began."""
    day = 24 * 60
    if turn == "silent":
        return 12 * day, 45 * day
    if turn == "late":
        return 40 * day, 148 * day
    return 90, 149 * day


def _humane(stage: Stage, moment: datetime, channel: str, rng: Random) -> datetime:
    """People come to counters and call while somebody is there; the page they open at any hour but the dead of night."""
    if channel in PUBLIC | {"whatsapp", "sms", "email", "telegram"}:
        return (
            moment
            if moment.astimezone(stage.now.tzinfo).hour not in range(16, 21)
            else moment + timedelta(hours=6)
        )
    early = stage.office(moment - timedelta(days=1), rng)
    return min(early, stage.now - timedelta(hours=1))


# --- telling --------------------------------------------------------------------------------------------------------


def tell(stage: Stage, plan: Plan) -> Story:
    """One ordinary matter from its first word as far as time has come."""
    rng = Random(plan.seed)
    row, house = plan.row, HOUSES[plan.row["place"]]
    filled = _filled(stage, row, rng)
    at = yield plan.begins
    matter = _opened(stage, plan, filled, rng, at)
    at = yield stage.office(at, rng, days=rng.choice((0.0, 0.1, 0.6, 0.9)))
    matter.claim(at, house.claim)
    if plan.turn == "withdraw":
        at = yield stage.office(at, rng, days=rng.randint(1, 3))
        reason = row.get(
            "withdrawn", "Pelapor menyampaikan bahwa masalahnya sudah selesai dengan sendirinya."
        )
        afterwards.withdraw_case(by=stage.who(house.withdraw), at=at, case_id=matter.id, reason=reason)
        return
    if plan.turn == "ask":
        at = yield stage.office(at, rng, days=0.3)
        matter.ask(at, house.claim, row["question"])
        at = yield stage.office(at, rng, days=rng.choice((1.0, 2.0, 4.0, 60.0)))
        matter.replied(at, house.claim, row["reply"])
    yield from _worked(stage, plan, filled, matter, rng, at)


def _worked(
    stage: Stage, plan: Plan, filled: Mapping[str, str], matter: acts.Matter, rng: Random, at: datetime
) -> Story:
    row, house = plan.row, HOUSES[plan.row["place"]]
    if house.to_boss:
        at = yield stage.office(at, rng, days=0.2)
        matter.refer(at, house.claim, house.to_boss, "Mohon keputusan dan tanda tangan Kepala Desa.")
        at = yield stage.office(
            at, rng, days=SILENT_AFTER.days if plan.turn == "silent" else rng.choice((0.4, 0.9))
        )
        matter.accept(at, house.boss)
    if "helper" in row:
        at = yield from _helped(stage, plan, filled, matter, rng, at)
    elif plan.turn in ("silent", "late"):
        at = yield stage.office(
            at, rng, days=SILENT_AFTER.days if plan.turn == "silent" else rng.randint(18, 32)
        )
    at = yield stage.office(at, rng, days=rng.choice((0.2, 0.8, 1.2)))
    if row["kind"] in VERIFIED:
        matter.hand_in(at, house.hand_in, filled["answer"])
        at = yield stage.office(at, rng, days=rng.choice((0.4, 1.0, 1.7)))
        matter.verify(at, house.verify)
        at = yield stage.office(at, rng)
    matter.answer(at, house.boss, filled["answer"], row["decision"])
    yield from _afterwards(stage, plan, filled, matter, rng, at)


def _helped(
    stage: Stage, plan: Plan, filled: Mapping[str, str], matter: acts.Matter, rng: Random, at: datetime
) -> Any:
    """To the working group or agency and back, through a partner where the text names one; the moment it ended."""
    row, house = plan.row, HOUSES[plan.row["place"]]
    helper, holder = HELPERS[row["helper"]], house.boss if house.to_boss else house.claim
    at = yield stage.office(at, rng, days=rng.choice((0.1, 0.5, 1.0)))
    matter.refer(at, holder, row["helper"], filled["note"])
    if plan.turn == "silent" and not house.to_boss:
        at = yield stage.office(at, rng, days=SILENT_AFTER.days)
    at = yield stage.office(at, rng, days=rng.choice((0.3, 0.9, 1.6)))
    if plan.turn == "decline":
        matter.decline(
            at,
            helper,
            row.get(
                "declined", "Bukan kewenangan kami; datanya ada pada meja pengirim. Mohon dijawab langsung."
            ),
        )
        return at
    matter.accept(at, helper)
    if "partner" in row:
        at = yield stage.office(at, rng, days=0.4)
        matter.refer(at, helper, row["partner"], filled["note"], extract=filled["extract"])
        at = yield stage.office(at, rng, days=rng.choice((0.6, 1.5)))
        matter.accept(at, row["partner"])
        at = yield stage.office(at, rng, days=rng.choice((1.0, 2.5)))
        matter.report_back(at, row["partner"], filled["found"])
    at = yield stage.office(
        at, rng, days=rng.randint(18, 32) if plan.turn == "late" else rng.choice((0.8, 1.6, 3.0))
    )
    matter.report_back(at, helper, filled["found"])
    return at


def _afterwards(
    stage: Stage, plan: Plan, filled: Mapping[str, str], matter: acts.Matter, rng: Random, at: datetime
) -> Story:
    """How the person was told, what they thought of it, and whether the public may read it."""
    row, house = plan.row, HOUSES[plan.row["place"]]
    sensitive = row["kind"] in ("dispute", "complaint_oversight", "rights_request")
    if acts.chance(rng, 0.55):
        at = yield stage.office(at, rng, days=0.8)
        how = rng.choice(
            ("in_person", "phone") if sensitive else ("in_person", "phone", "family", "in_person")
        )
        matter.tell(
            at, house.teller, how, note=rng.choice(("", "Sudah paham.", "Meminta surat jawaban dicetak."))
        )
    if plan.turn == "dispute":
        at = yield stage.office(at, rng, days=rng.randint(1, 4))
        matter.dispute(at, row.get("dispute", "Di lapangan belum ada perubahan. Mohon dilihat sekali lagi."))
        at = yield stage.office(at, rng, days=rng.randint(2, 5))
        again = (
            f"Kami periksa ulang di lokasi. {filled['answer']} Bila masih ada kendala, hubungi kami kembali."
        )
        if row["kind"] in VERIFIED:
            matter.hand_in(at, house.hand_in, again)
            at = yield stage.office(at, rng, days=0.5)
            matter.verify(at, house.verify)
        matter.answer(at, house.boss, again, row["decision"])
    elif acts.chance(rng, 0.42):
        at = yield stage.office(at, rng, days=rng.choice((0.4, 2.0, 4.0)))
        mark = rng.choice(RATINGS)
        matter.rate(at, mark, _opinion(mark, rng))
    if house.release and row.get("publish", False) and acts.chance(rng, 0.7):
        at = yield stage.office(at, rng, days=1.0)
        publication = matter.prepare_suggested(at, house.prepare)
        at = yield stage.office(at, rng, days=rng.choice((0.5, 1.2, 2.0)))
        matter.release(at, house.release, publication)


_OPINIONS: Mapping[int, tuple[str, ...]] = {
    5: (
        "Cepat dan jelas, terima kasih.",
        "Petugasnya sabar menjelaskan.",
        "Tidak menyangka dijawab secepat ini.",
    ),
    4: ("Baik, hanya agak lama.", "Sudah dibantu, semoga terus begitu.", ""),
    3: ("Dijawab, tetapi masih harus bolak-balik.", "Cukup."),
    2: ("Terlalu lama menunggu.", "Jawabannya umum sekali."),
    1: ("Belum ada perubahan di tempat kami.", "Saya kecewa, sudah tiga kali melapor."),
}


def _opinion(mark: int, rng: Random) -> str:
    return rng.choice(_OPINIONS[mark])


def _filled(stage: Stage, row: Mapping[str, Any], rng: Random) -> dict[str, str]:
    """The texts of a row with hamlet, numbers and days drawn; the place and the hamlet come along."""
    region = rng.choice(row["regions"])
    hamlet = stage.hamlet(region, rng)
    drawn = {
        "dusun": hamlet.name if hamlet else "kampung kami",
        "n": rng.randint(3, 14),
        "m": rng.randint(15, 48),
        "hari": rng.choice(("dua hari", "tiga hari", "empat hari", "seminggu", "sepuluh hari", "dua minggu")),
        "rupiah": f"{rng.choice((25, 30, 50, 75, 100, 150)) * 1000:,}".replace(",", "."),
    }
    texts = {
        key: str(row.get(key, "")).format(**drawn)
        for key in ("title", "text", "note", "extract", "found", "answer")
    }
    texts["note"] = texts["note"] or "Mohon diperiksa dan dijawab."
    texts["found"] = texts["found"] or texts["answer"]
    texts["extract"] = texts["extract"] or texts["title"]
    return {**texts, "region": region, "hamlet": hamlet.id if hamlet else ""}


def _opened(stage: Stage, plan: Plan, filled: Mapping[str, Any], rng: Random, at: datetime) -> acts.Matter:
    row, house = plan.row, HOUSES[plan.row["place"]]
    public = plan.channel in PUBLIC
    taker = "" if public else house.takers.get(filled["region"], house.takers[""])
    mode = row.get("mode", "self")
    names = read_names()[PEOPLE.get(row["place"], row["place"])]
    reporter = None if mode == "anonymous" else acts.person(stage, rng.choice(names))
    about = acts.person(stage, rng.choice(names), phone="") if mode == "proxy" else None
    photo = stage.photos.get(row.get("photo", "")) if acts.chance(rng, 0.7) else None
    opened = acts.open_matter(
        stage,
        at,
        taker,
        row["kind"],
        filled["text"],
        filled["region"],
        plan.channel,
        title="" if public else filled["title"],
        answers=row.get("answers", {}),
        mode=mode,
        reporter=reporter,
        about=about,
        relation=row.get("relation", ""),
        group_size=rng.randint(5, 30) if mode == "group" else None,
        hamlet_id=filled["hamlet"] or None,
        happened_date=(at - timedelta(days=rng.randint(0, 6))).date() if row.get("dated") else None,
        consent="ticked" if public else rng.choice(("spoken", "paper")),
        hide_name=bool(row.get("hide_name", False)),
        clean_files=(photo,) if photo else (),
        paper=_paper(plan, at, rng),
    )
    return acts.Matter(stage, opened)


def _paper(plan: Plan, at: datetime, rng: Random) -> Any:
    if plan.channel != "paper":
        return None
    return acts.sheet(f"F-{rng.randint(11, 399):03d}", (at - timedelta(days=rng.randint(0, 2))).date())


_names: dict[str, list[str]] = {}


def read_names() -> Mapping[str, list[str]]:
    """Invented names by place; read once."""
    if not _names:
        _names.update(read("people")["names"])
    return _names
