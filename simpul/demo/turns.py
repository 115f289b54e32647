"""The turns a matter can take: back, together, apart, upward, through every door, before the public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from simpul.cases.actions import afterwards, publishing, referral, shaping
from simpul.demo.acts import Matter, from_mamuju, minutes, open_matter, person, sheet
from simpul.demo.stage import Stage, Story
from simpul.desks import actions as desk_actions

DUNGKAIT, BOTTENG, BONTO_JAI, MASSAMATURU, UREN = (
    "7602132001",
    "7602122003",
    "7303012008",
    "7305112005",
    "6311022019",
)


def all_turns(stage: Stage) -> list[tuple[str, Story]]:
    """Every turn with its name."""
    return [
        ("ditarik", withdrawn(stage)),
        ("digabung", merged(stage)),
        ("dipisah", split(stage)),
        ("banding", appealed(stage)),
        ("salah meja", returned(stage)),
        ("pintu-pintu", doors(stage)),
        ("publikasi", published(stage)),
        ("delegasi", delegated(stage)),
        ("lembaga luar", outside(stage)),
    ]


def withdrawn(stage: Stage) -> Story:
    """The person took it back."""
    at = yield stage.ago(14, 9, 0)
    one = from_mamuju(
        stage,
        at,
        "complaint_light",
        "Sampah depan rumah",
        "Sampah pasar ditumpuk di depan rumah saya.",
        "sms",
        "Abdul Rahman Tapa",
        answers={"subject": "waste"},
    )
    at = yield stage.ago(13, 10, 0)
    afterwards.withdraw_case(
        by=stage.who("admin.mamuju"),
        at=at,
        case_id=one.id,
        reason="Pelapor menelepon: sampah sudah diangkut pedagang sendiri.",
    )


def merged(stage: Stage) -> Story:
    """The same matter from husband and wife."""
    at = yield stage.ago(11, 9, 0)
    one = from_mamuju(
        stage,
        at,
        "complaint",
        "Posko kesehatan belum buka",
        "Posko kesehatan di tenda belum buka padahal dijanjikan Senin.",
        "phone",
        "Burhan",
        answers={"sector": "health"},
    )
    at = yield stage.ago(11, 11, 0)
    two = from_mamuju(
        stage,
        at,
        "complaint",
        "Posko kesehatan tutup",
        "Kenapa posko kesehatan tutup terus? Anak saya demam.",
        "web",
        "Rosmini",
        answers={"sector": "health"},
    )
    at = yield stage.ago(10, 9, 0)
    one.claim(at, "admin.mamuju")
    shaping.merge_case(
        by=stage.who("admin.mamuju"),
        at=at + minutes(3),
        case_id=two.id,
        into_id=one.id,
        reason="Suami istri, satu posko.",
    )
    at = yield stage.ago(8, 9, 0)
    one.answer(
        at,
        "admin.mamuju",
        "Posko dibuka kembali mulai hari ini pukul 8 sampai 14. Perawat pengganti sudah ditugaskan.",
        "upheld",
    )


def split(stage: Stage) -> Story:
    """Two matters in one letter, and one that was sorted wrongly."""
    at = yield stage.ago(7, 9, 0)
    one = from_mamuju(
        stage,
        at,
        "complaint",
        "Air dan lampu jalan",
        "Air sering mati dan lampu jalan di depan posyandu padam. Dua-duanya tolong.",
        "email",
        "Sitti Hajrah",
        answers={"sector": "water"},
    )
    at = yield stage.ago(6, 9, 0)
    one.claim(at, "admin.mamuju")
    shaping.split_case(
        by=stage.who("admin.mamuju"),
        at=at + minutes(5),
        case_id=one.id,
        kind_code="complaint_light",
        text="Lampu jalan di depan posyandu padam.",
        title="Lampu jalan depan posyandu",
    )
    stage.cases += 1
    at = yield stage.ago(5, 10, 0)
    two = from_mamuju(
        stage,
        at,
        "complaint",
        "Cara daftar antrean puskesmas",
        "Bagaimana cara daftar antrean puskesmas lewat telepon?",
        "telegram",
        "Haslinda",
        answers={"sector": "health"},
    )
    at = yield stage.ago(5, 11, 0)
    two.claim(at, "admin2.mamuju")
    shaping.classify_case(
        by=stage.who("admin2.mamuju"),
        at=at,
        case_id=two.id,
        kind_code="information",
        answers={"subject": "health"},
        reason="Ini pertanyaan, bukan pengaduan.",
    )


def appealed(stage: Stage) -> Story:
    """Not satisfied: the desk above the one that answered has it now."""
    at = yield stage.ago(22, 9, 0)
    one = from_mamuju(
        stage,
        at,
        "aid_complaint",
        "Tidak masuk tahap dua",
        "Rumah saya rusak sedang tetapi tidak masuk tahap dua. Tetangga yang sama rusaknya masuk.",
        "phone",
        "Nur Alam",
        region=DUNGKAIT,
        answers={"failure": "target", "programme": "house"},
    )
    at = yield stage.ago(21, 9, 0)
    one.claim(at, "admin.mamuju")
    at = yield stage.ago(15, 9, 0)
    one.answer(
        at,
        "admin.mamuju",
        "Menurut berita acara penilaian rumah Bapak termasuk rusak ringan, sehingga belum masuk tahap dua.",
        "rejected",
    )
    at = yield stage.ago(12, 9, 0)
    afterwards.appeal_case(
        by=stage.who("admin.mamuju"),
        at=at,
        case_id=one.id,
        reason="Saya keberatan. Tiang rumah patah dua, foto ada. Mohon dinilai ulang oleh tim lain.",
    )
    stage.cases += 1


def returned(stage: Stage) -> Story:
    """Accepted, looked at, given back; and an offer called back."""
    at = yield stage.ago(10, 9, 0)
    one = from_mamuju(
        stage,
        at,
        "complaint",
        "Bau dari kandang ayam",
        "Kandang ayam besar dekat rumah baunya sampai ke sekolah.",
        "web",
        "Papa Sinar",
        answers={"sector": "environment"},
    )
    at = yield stage.ago(9, 9, 0)
    one.claim(at, "admin.mamuju")
    one.refer(at, "admin.mamuju", "pokja-kesehatan", "Mohon periksa.")
    at = yield stage.ago(8, 9, 0)
    one.accept(at, "pokja.kesehatan")
    at = yield stage.ago(7, 9, 0)
    one.give_back(
        at,
        "pokja.kesehatan",
        "Bukan urusan kesehatan saja; perlu dinas lingkungan. Hasil kunjungan kami terlampir di catatan.",
    )
    at = yield stage.ago(6, 9, 0)
    one.refer(at, "admin.mamuju", "pokja-air", "Mohon periksa saluran limbah.")
    at = yield stage.ago(6, 11, 0)
    referral.recall_case(
        by=stage.who("admin.mamuju"),
        at=at,
        case_id=one.id,
        reason="Salah meja; limbah kandang ditangani bersama desa.",
    )


def doors(stage: Stage) -> Story:
    """One small matter through each door that the other stories do not use."""
    asks: Mapping[str, str] = {
        "sms": "Kapan posyandu bulan ini?",
        "email": "Mohon info syarat pindah domisili.",
        "telegram": "Apakah kantor desa buka hari Sabtu?",
        "open311": "Street light broken near the harbour, since last week.",
        "paper": "Mohon jadwal penyaluran beras dibacakan di masjid.",
        "field": "Warga bertanya cara mengganti kartu keluarga yang basah.",
        "lapor": "Mohon informasi jam layanan Dukcapil di kecamatan. (Diteruskan dari SP4N-LAPOR.)",
    }
    for place, (channel, words) in enumerate(asks.items()):
        at = yield stage.ago(7 - place, 9, 20)
        given: dict[str, Any] = {"answers": {"subject": "other"}}
        if channel == "paper":
            given["paper"] = sheet("F-007", (at - timedelta(days=1)).date())
        one = from_mamuju(
            stage,
            at,
            "information",
            "",
            words,
            channel,
            ("Sudirman", "Haslinda", "Jufri", "Nur Alam", "Mama Lilis", "Tamrin", "Marlina Puang")[place],
            language="en" if channel == "open311" else "id",
            **given,
        )
        if place % 2 == 0:
            one.claim(at + minutes(30), "admin2.mamuju")
            one.answer(
                at + minutes(45),
                "admin2.mamuju",
                "Terima kasih sudah bertanya. Jadwal dan syaratnya kami tempel di kantor desa dan dapat ditanyakan lewat nomor ini.",
                "given",
            )


def published(stage: Stage) -> Story:
    """Publications that wait, were returned, corrected and withdrawn."""
    made: list[tuple[Matter, str]] = []
    for place, title in enumerate(
        (
            "Obat gratis diminta bayar",
            "Loket tutup lebih awal",
            "Bantuan selimut kurang",
            "Jadwal imunisasi berubah",
        )
    ):
        at = yield stage.ago(17, 9, 10 * place)
        one = from_mamuju(
            stage,
            at,
            "complaint",
            title,
            f"{title}. Kami warga meminta penjelasan dan perbaikan.",
            "phone",
            ("Suriani", "Darmawati", "Muh. Aswad", "Erniwati")[place],
            answers={"sector": "health"},
        )
        one.claim(at + minutes(30), "admin.mamuju")
        made.append((one, title))
    said = "Sudah diperiksa dan diperbaiki. Petugas diingatkan, papan pengumuman diganti, dan jadwal yang benar ditempel di kantor desa."
    offered: list[UUID] = []
    for place, (one, title) in enumerate(made):
        at = yield stage.ago(14, 9, 10 * place)
        one.answer(at, "admin.mamuju", said, "upheld")
        at = yield stage.ago(14, 13, 10 * place)
        offered.append(one.prepare(at, "admin2.mamuju", title, f"Warga melaporkan: {title.lower()}.", said))
    by = stage.who("penyetuju.mamuju")
    at = yield stage.ago(12, 9, 0)
    publishing.return_publication(
        by=by,
        at=at,
        publication_id=offered[1],
        reason="Sebutkan tanggal perbaikannya, dan ringkas kalimat pertama.",
    )
    for publication in offered[2:]:
        publishing.release_publication(by=by, at=at + minutes(5), publication_id=publication)
    at = yield stage.ago(9, 9, 0)
    publishing.correct_publication(
        by=by,
        at=at,
        publication_id=offered[2],
        title="Bantuan selimut kurang",
        text="Warga melaporkan: bantuan selimut kurang.",
        answer=f"{said} Selimut tambahan dibagikan pekan ini.",
        reason="Jumlah selimut tambahan belum disebut.",
    )
    publishing.withdraw_publication(
        by=by,
        at=at + minutes(5),
        publication_id=offered[3],
        reason="Jadwal itu sudah tidak berlaku dan membingungkan warga.",
    )


def delegated(stage: Stage) -> Story:
    """The supervisor is away; the manager has the desk's work for some days."""
    at = yield stage.ago(1, 9, 0)
    today: date = at.date()
    desk_actions.give_delegation(
        by=stage.who("manajer.bantaeng"),
        at=at,
        seat_id=stage.seats["supervisor.bissappu"].id,
        to_seat_id=stage.seats["manajer.bantaeng"].id,
        decision="ST-021/PERAGAAN",
        from_date=today,
        to_date=today + timedelta(days=14),
    )


def outside(stage: Stage) -> Story:
    """With the province: our clock and theirs run side by side."""
    at = yield stage.ago(13, 9, 0)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "manajer.bantaeng",
            "social_problem",
            "Warga kami terdampar di provinsi lain setelah kontrak kerja tidak dibayar. Keluarga meminta dipulangkan.",
            "7303011001",
            "phone",
            title="Pekerja terdampar di luar provinsi",
            answers={"sector": "economy", "ppks": "20"},
            reporter=person(stage, "Hasbullah"),
            consent="spoken",
        ),
    )
    at = yield stage.ago(12, 9, 0)
    one.claim(at, "manajer.bantaeng")
    one.refer(
        at,
        "manajer.bantaeng",
        "dinsos-sulsel",
        "Di luar kewenangan kabupaten.",
        extract="Pekerja asal Bantaeng terdampar; mohon pemulangan.",
        taken=referral.ConsentTaken(mode="tick", given_by="Hasbullah"),
        outside_number="460/PERAGAAN",
    )
    at = yield stage.ago(8, 9, 0)
    one.outside(
        at,
        "manajer.bantaeng",
        "accepted",
        "Provinsi menerima dan menghubungi dinas setempat.",
        outside_number="460/PERAGAAN",
    )
