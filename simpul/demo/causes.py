"""Shared causes: one that many reported and that was answered once, and one that is still open."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from simpul.cases.actions import incidents, referral
from simpul.demo.acts import Matter, from_mamuju, minutes
from simpul.demo.stage import Stage, Story

DUNGKAIT, BOTTENG, BONTO_JAI, MASSAMATURU, UREN = (
    "7602132001",
    "7602122003",
    "7303012008",
    "7305112005",
    "6311022019",
)


def all_causes(stage: Stage) -> list[tuple[str, Story]]:
    """Every shared cause with its name."""
    return [
        ("air mati, 14 rumah", water_broken(stage)),
        ("listrik padam, berjalan", lights_out(stage)),
    ]


def water_broken(stage: Stage) -> Story:
    """One broken pipe, fourteen households, one answer."""
    names = (
        "Suriani",
        "Burhan",
        "Rosmini",
        "Jufri",
        "Haslinda",
        "Sudirman",
        "Erniwati",
        "Tamrin",
        "Darmawati",
        "Papa Sinar",
        "Mama Lilis",
        "Muh. Aswad",
        "Hadijah",
        "Kamaruddin Salu",
    )
    channels = ("phone", "whatsapp", "web", "desk")
    homes: list[Matter] = []
    cause: UUID | None = None
    for place, name in enumerate(names):
        at = yield stage.ago(12, 7, 40) + timedelta(minutes=27 * place)
        channel = channels[place % 4]
        homes.append(
            from_mamuju(
                stage,
                at,
                "complaint",
                "Air tidak mengalir sejak subuh",
                f"Air di rumah kami tidak mengalir sejak subuh, sekeluarga {2 + place % 5} orang. Tetangga juga sama.",
                channel,
                name,
                answers={"sector": "water"},
            )
        )
        by = stage.who("admin.mamuju")
        if place == 2:
            cause = incidents.open_incident(
                by=by,
                at=at + minutes(4),
                case_id=homes[0].id,
                title="Air tidak mengalir di Botteng",
                text="Pipa induk di atas desa pecah karena longsor kecil. Perbaikan sedang dikerjakan.",
            ).id
            stage.cases += 1
            incidents.join_incident(by=by, at=at + minutes(5), case_id=homes[1].id, incident_id=cause)
        if cause is not None:
            incidents.join_incident(by=by, at=at + minutes(6), case_id=homes[-1].id, incident_id=cause)
    if cause is not None:
        yield from _water_back(stage, homes, cause)


def _water_back(stage: Stage, homes: list[Matter], cause: UUID) -> Story:
    at = yield stage.ago(11, 9, 0)
    referral.refer_case(
        by=stage.who("admin.mamuju"),
        at=at,
        case_id=cause,
        to_desk_id=stage.desk("pokja-air"),
        note="Pipa induk pecah, 14 laporan. Mohon tindakan.",
    )
    at = yield stage.ago(11, 9, 30)
    referral.accept_case(by=stage.who("pokja.air"), at=at, case_id=cause)
    at = yield stage.ago(9, 15, 0)
    referral.answer_referral(
        by=stage.who("pokja.air"),
        at=at,
        case_id=cause,
        answer="Pipa diganti 12 meter, air mengalir sejak siang.",
    )
    at = yield stage.ago(8, 9, 0)
    incidents.answer_incident(
        by=stage.who("admin.mamuju"),
        at=at,
        incident_id=cause,
        decision="upheld",
        text=(
            "Pipa induk yang pecah sudah diganti dan air mengalir lagi. Air pertama mungkin keruh, biarkan "
            "mengalir sepuluh menit. Maaf atas gangguannya."
        ),
    )
    at = yield stage.ago(7, 10, 0)
    for place, home in enumerate(homes[:9]):
        home.tell(
            at + minutes(6 * place),
            "desa.botteng",
            ("in_person", "family", "phone")[place % 3],
            told_by="Kepala Dusun Botteng Induk",
        )
    at = yield stage.ago(6, 18, 30)
    homes[0].rate(at, 5, "Cepat.")
    homes[3].rate(at + minutes(20), 4)


def lights_out(stage: Stage) -> Story:
    """A shared cause that is still open: whoever reports it is told that others did."""
    at = yield stage.ago(1, 8, 5)
    first = from_mamuju(
        stage,
        at,
        "complaint",
        "Listrik padam sejak semalam",
        "Listrik padam sejak semalam di seluruh dusun, freezer ikan kami mencair.",
        "phone",
        "Marlina Puang",
        region=DUNGKAIT,
        answers={"sector": "electricity"},
    )
    at = yield stage.ago(1, 8, 40)
    cause = incidents.open_incident(
        by=stage.who("admin.mamuju"),
        at=at,
        case_id=first.id,
        title="Listrik padam di Dungkait",
        text="Listrik padam di beberapa dusun sejak malam. Sedang ditanyakan ke PLN.",
    )
    stage.cases += 1
    for place, name in enumerate(("Nur Alam", "Ahmad Yani Pua")):
        at = yield stage.ago(1, 9, 10 + 15 * place)
        other = from_mamuju(
            stage,
            at,
            "complaint",
            "",
            "Lampu mati dari tadi malam, anak-anak mau ujian.",
            "web",
            name,
            region=DUNGKAIT,
            answers={"sector": "electricity"},
        )
        incidents.join_incident(
            by=stage.who("admin.mamuju"), at=at + minutes(5), case_id=other.id, incident_id=cause.id
        )
