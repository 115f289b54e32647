"""Aid of the sample: rice that the trip to the hills of Halong hands out, with proof, a possible double and minutes; a round to come.

The programme and its figures are invented, and so are all people.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from simpul.demo import trips
from simpul.demo.stage import Stage, Story
from simpul.programmes.actions import delivering, doubles, goods, handovers, listing, rounds
from simpul.programmes.actions import programmes as programme_acts
from simpul.programmes.queries import deliveries as delivery_queries
from simpul.programmes.rules import rounds as rules
from simpul.programmes.rules.rows import ProgrammeGiven

PROGRAMME = "beras-balangan"
RICE, OIL, NEXT_RICE = trips.key("goods rice"), trips.key("goods oil"), trips.key("goods next rice")
ROUND, FOLLOWING = trips.key("round past"), trips.key("round next")
TRIP = rules.Holder("trip", str(trips.PAST))
TEN, ONE = Decimal(10), Decimal(1)
_UREN = (
    # head, minutes after arrival, outcome, receiver, name of who took it, proofs, words
    ("Uluy", 70, "delivered", "self", "", ("thumb_photo", "goods_photo"), ""),
    ("Galuh Sintia", 95, "delivered", "self", "", ("signature",), ""),
    ("Basran Ilai", 120, "delivered", "family", "Norhalimah", ("signature",), ""),
    ("Jahrani", 300, "absent", "", "", (), "Berladang, pulang malam"),
    ("Sahriah", 150, "delivered", "proxy", "Masniah", ("thumb_photo",), "Kaki bengkak, tidak dapat berjalan"),
)
_MARAJAI = (
    ("Ayal Lunau", 60, "delivered", "self", "", ("signature", "goods_photo"), ""),
    ("Kuncing", 90, "delivered", "self", "", ("goods_photo",), "Tidak dapat menulis"),
    ("Intan Diang", 110, "refused", "", "", (), "Minta diberikan kepada tetangga yang lebih tua"),
)
_NOT_LISTED = ("Sutrisno Rantau", 130, "delivered", "self", "", ("signature",), "Diberi jatah yang ditolak")


def all_rounds(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of rounds with its name."""
    return [
        ("beras bantuan: putaran lalu", past(stage)),
        ("beras bantuan: putaran berikutnya", following(stage)),
    ]


def past(stage: Stage) -> Story:
    """A round from its list to the minutes: three days in the hills, one door twice, what was wet, what came back."""
    at = yield stage.ago(36, 9, 30)
    _open(
        stage,
        at,
        ROUND,
        "Beras bantuan pegunungan, triwulan III",
        stage.ago(36, 8).date(),
        stage.ago(6, 8).date(),
    )
    _name_goods(stage, at, ROUND, ((RICE, "Beras", "kg", TEN), (OIL, "Minyak goreng", "litre", ONE)))
    _list(stage, at, ROUND, [row[0] for row in (*_UREN, *_MARAJAI)])
    at = yield stage.ago(29, 14)
    for item, much in ((RICE, Decimal(150)), (OIL, Decimal(15))):
        goods.receive_goods(
            by=stage.who(trips.LEADS),
            at=at,
            item_id=item,
            quantity=much,
            source="Gudang cadangan pangan Balangan",
            received_date=at.date(),
            document="SJ-114/2026",
        )
    at = yield stage.ago(26, 16, 10)
    for item, much in ((RICE, Decimal(110)), (OIL, Decimal(11))):
        _allot(stage, at, item, much)
    at = yield stage.ago(24, 8, 45)
    _hand_out(stage, at, trips.UREN, _UREN)
    at = yield stage.ago(24, 14, 20)
    _again(stage, at)
    at = yield stage.ago(23, 10, 20)
    _hand_out(stage, at, trips.MARAJAI, (*_MARAJAI, _NOT_LISTED))
    at = yield stage.ago(23, 19, 50)
    _bring_back(stage, at)
    at = yield stage.ago(22, 9)
    _minutes(stage, at)


def _open(stage: Stage, at: datetime, key: UUID, name: str, starts: date, ends: date) -> None:
    given = ProgrammeGiven(
        PROGRAMME,
        "aid",
        "Kabupaten Balangan",
        "Beras bantuan pegunungan (contoh)",
        "Rice aid for the hills (sample)",
    )
    if key == ROUND:
        programme_acts.add_programme(by=stage.who("pengelola"), at=at, given=given, region_code="6311")
    rounds.open_round(
        by=stage.who(trips.LEADS),
        at=at,
        given=rounds.RoundGiven(
            programme=PROGRAMME,
            name=name,
            region_code=trips.AREA,
            starts_date=starts,
            ends_date=ends,
            authority="Keputusan Camat Halong (contoh)",
            document="400.9/21/2026",
            document_date=starts,
            storage="Gudang kantor kecamatan",
        ),
        round_id=key,
    )


def _name_goods(stage: Stage, at: datetime, key: UUID, rows: Any) -> None:
    for item, what, unit, each in rows:
        rounds.add_goods(
            by=stage.who(trips.LEADS),
            at=at,
            round_id=key,
            what=what,
            unit=unit,
            per_household=each,
            item_id=item,
        )


def _list(stage: Stage, at: datetime, key: UUID, heads: list[str]) -> None:
    listing.list_entries(
        by=stage.who(trips.LEADS),
        at=at,
        round_id=key,
        entries=[listing.EntryGiven(household_id=trips.home_key(one)) for one in heads],
    )


def _allot(stage: Stage, at: datetime, item: UUID, much: Decimal) -> None:
    goods.allot_goods(
        by=stage.who(trips.LEADS),
        at=at,
        item_id=item,
        holder=TRIP,
        quantity=much,
        out_at=at,
        hands=goods.Hands(taken_by="Susi Herlina"),
    )


def _hand_out(stage: Stage, at: datetime, village: str, rows: Any) -> None:
    for head, minutes, outcome, receiver, name, proofs, words in rows:
        when = at + timedelta(minutes=minutes)
        delivery = _deliver(
            stage,
            when,
            head,
            outcome=outcome,
            receiver=receiver,
            receiver_name=name,
            authority="Surat kuasa di depan ketua RT" if receiver == "proxy" else "",
            proofs=proofs,
            words=words,
            place="Balai desa" if receiver == "self" else "Di rumah",
            stop_id=trips.STOPS[village],
        )
        if "goods_photo" in proofs:
            photo = stage.photos.get("aid_box") or next(iter(stage.photos.values()), None)
            if photo is not None:
                delivering.attach_proof(
                    by=stage.who(trips.GOES),
                    at=when,
                    delivery_id=delivery,
                    kind="goods_photo",
                    data=photo.data,
                    declared_name="barang.jpg",
                )


def _deliver(stage: Stage, at: datetime, head: str, by: str = trips.GOES, **more: Any) -> UUID:
    lines = {RICE: TEN, OIL: ONE} if more["outcome"] == "delivered" else {}
    given = delivering.DeliveryGiven(
        delivered_at=at,
        household_id=trips.home_key(head),
        lines=lines,
        trip_id=trips.PAST,
        **more,
    )
    made = delivering.record_delivery(by=stage.who(by), at=at, round_id=ROUND, given=given)
    return made.id


def _again(stage: Stage, at: datetime) -> None:
    """The other half of the team was at two doors too: one is decided, one waits."""
    stop = trips.STOPS[trips.UREN]
    said: dict[str, Any] = {
        "outcome": "delivered",
        "receiver": "self",
        "proofs": ("signature",),
        "stop_id": stop,
    }
    second = _deliver(stage, at, "Uluy", by=trips.JOINS, place="Di rumah", **said)
    _deliver(stage, at + timedelta(minutes=35), "Basran Ilai", by=trips.JOINS, place="Di rumah", **said)
    task = _double_of(stage, second)
    if task is not None:
        doubles.settle_double(
            by=stage.who(trips.LEADS),
            at=at + timedelta(hours=20),
            double_id=task,
            decision="one_wrong",
            wrong_id=second,
            words="Tercatat dua kali: Rudi menyalin dari kertas yang sudah dimasukkan Susi.",
        )


def _double_of(stage: Stage, delivery_id: UUID) -> UUID | None:
    """The possible double that one delivery made."""
    found = delivery_queries.open_doubles(stage.who(trips.LEADS), round_id=ROUND)
    return next(
        (one.double.id for one in found if delivery_id in (one.double.first_id, one.double.second_id)), None
    )


def _bring_back(stage: Stage, at: datetime) -> None:
    goods.write_off_goods(
        by=stage.who(trips.LEADS),
        at=at,
        item_id=RICE,
        holder=TRIP,
        quantity=TEN,
        lost_at=at,
        reason="Satu karung basah saat menyeberang sungai",
    )
    for item, much in ((RICE, Decimal(20)), (OIL, Decimal(2))):
        goods.return_goods(
            by=stage.who(trips.GOES),
            at=at,
            item_id=item,
            holder=TRIP,
            quantity=much,
            back_at=at,
            hands=goods.Hands(handed_by="Susi Herlina", taken_by="Ahmad Fauzi"),
        )


def _minutes(stage: Stage, at: datetime) -> None:
    for village, name, head in (
        (trips.UREN, "Uren", "Hasbullah Uren (contoh)"),
        (trips.MARAJAI, "Marajai", "Mardiana Lunau (contoh)"),
    ):
        handovers.make_handover(
            by=stage.who(trips.GOES),
            at=at,
            round_id=ROUND,
            given=handovers.HandoverGiven(
                region_code=village,
                handed_date=stage.ago(24 if village == trips.UREN else 23, 9).date(),
                signers=[
                    ("Kepala desa", head),
                    ("Petugas", "Susi Herlina"),
                    ("Saksi, ketua RT", "Kursani (contoh)"),
                ],
                stop_id=trips.STOPS[village],
                trip_id=trips.PAST,
                place="Balai desa",
                stop=f"Desa {name}",
            ),
        )


def following(stage: Stage) -> Story:
    """The round of the trip to come: listed, goods in the store, nothing handed out."""
    at = yield stage.ago(4, 9, 15)
    ends = (stage.now + timedelta(days=30)).date()
    _open(stage, at, FOLLOWING, "Beras bantuan pegunungan, triwulan IV", stage.ago(4, 8).date(), ends)
    _name_goods(stage, at, FOLLOWING, ((NEXT_RICE, "Beras", "kg", TEN),))
    _list(stage, at, FOLLOWING, [row[0] for row in (*_UREN, *_MARAJAI, _NOT_LISTED)])
    goods.receive_goods(
        by=stage.who(trips.LEADS),
        at=at,
        item_id=NEXT_RICE,
        quantity=Decimal(100),
        source="Gudang cadangan pangan Balangan",
        received_date=at.date(),
        document="SJ-139/2026",
    )
