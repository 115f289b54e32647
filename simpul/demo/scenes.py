"""Short scenes, one for each state and turn that a matter can be in: so that every list of the house has something in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from simpul.cases.actions import afterwards, incidents, publishing, referral, shaping
from simpul.demo.acts import Matter, minutes, open_matter, person, sheet
from simpul.demo.stage import Stage, Story
from simpul.desks import actions as desk_actions

DUNGKAIT, BOTTENG, BONTO_JAI, MASSAMATURU, UREN = (
    "7602132001",
    "7602122003",
    "7303012008",
    "7305112005",
    "6311022019",
)


def all_scenes(stage: Stage) -> list[tuple[str, Story]]:
    """Every scene with its name."""
    return [
        ("air mati, 14 rumah", water_broken(stage)),
        ("listrik padam, berjalan", lights_out(stage)),
        ("menunggu pelapor", waits_for_citizen(stage)),
        ("menunggu pemeriksaan", waits_for_check(stage)),
        ("dikembalikan pemeriksa", sent_back(stage)),
        ("meja diam", silent_desk(stage)),
        ("menunggu mitra", waits_for_partner(stage)),
        ("menunggu dinas", waits_for_agency(stage)),
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


def _mamuju(
    stage: Stage,
    at: Any,
    kind: str,
    title: str,
    words: str,
    channel: str = "phone",
    name: str = "",
    **given: Any,
) -> Matter:
    """A matter of Mamuju, taken in by the call centre or the page."""
    region = given.pop("region", BOTTENG)
    reporter = person(stage, name) if name else None
    taker = "" if channel in ("web", "open311") else "admin.mamuju"
    return Matter(
        stage,
        open_matter(
            stage,
            at,
            taker,
            kind,
            words,
            region,
            channel,
            title=title,
            reporter=reporter,
            hamlet_id=stage.hamlets[region][0].id if region in stage.hamlets else None,
            **given,
        ),
    )


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
            _mamuju(
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
    if cause is None:
        return
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
        text="Pipa induk yang pecah sudah diganti dan air mengalir lagi. Air pertama mungkin keruh, biarkan mengalir sepuluh menit. Maaf atas gangguannya.",
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
    first = _mamuju(
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
        other = _mamuju(
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


def waits_for_citizen(stage: Stage) -> Story:
    """Asked, and the clock stands still."""
    at = yield stage.ago(4, 10, 0)
    one = _mamuju(
        stage,
        at,
        "aid_complaint",
        "Nama di undangan bantuan salah",
        "Undangan bantuan memakai nama bapak saya yang sudah meninggal. Apakah saya boleh mewakili?",
        "whatsapp",
        "Hadijah",
        answers={"failure": "administration", "programme": "shelter"},
    )
    at = yield stage.ago(3, 9, 0)
    one.claim(at, "admin2.mamuju")
    one.ask(
        at + minutes(10),
        "admin2.mamuju",
        "Mohon sebutkan nama yang tertulis di undangan dan hubungan Ibu dengan beliau. Surat kematian belum perlu dikirim.",
    )
    at = yield stage.ago(2, 10, 0)
    two = Matter(
        stage,
        open_matter(
            stage,
            at,
            "fo.bontojai",
            "kis_reactivation",
            "KIS ibu saya tidak aktif, beliau rutin kontrol jantung.",
            BONTO_JAI,
            "desk",
            title="KIS ibu tidak aktif",
            answers={"reason": "chronic", "facility": "Puskesmas Bissappu"},
            reporter=person(stage, "Muh. Ridwan"),
            hamlet_id=stage.hamlets[BONTO_JAI][0].id,
            consent="spoken",
        ),
    )
    at = yield stage.ago(2, 10, 30)
    two.claim(at, "bo.bontojai")
    two.ask(
        at,
        "bo.bontojai",
        "Mohon dibawa surat kontrol terakhir dari puskesmas, foto lewat WhatsApp juga boleh.",
    )


def waits_for_check(stage: Stage) -> Story:
    """Handed in; a second person has to look."""
    at = yield stage.ago(6, 9, 30)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "fo.bontojai",
            "social_problem",
            "Keluarga pemulung di pinggir pantai, empat anak, belum punya KK karena pindah-pindah.",
            BONTO_JAI,
            "field",
            title="Keluarga tanpa KK",
            answers={"sector": "papers", "ppks": "13", "household_size": "6"},
            mode="proxy",
            relation="kader",
            reporter=person(stage, "Nurbaya"),
            about=person(stage, "Sampara", phone=""),
            consent="spoken",
        ),
    )
    at = yield stage.ago(5, 9, 0)
    one.claim(at, "bo.bontojai")
    one.refer(at, "bo.bontojai", "dukcapil-bantaeng", "Mohon perekaman di tempat.")
    at = yield stage.ago(4, 9, 0)
    one.accept(at, "dukcapil.bantaeng")
    at = yield stage.ago(3, 14, 0)
    one.report_back(at, "dukcapil.bantaeng", "KK terbit, akta anak diproses bersama.")
    at = yield stage.ago(1, 9, 0)
    one.hand_in(
        at,
        "bo.bontojai",
        "KK keluarga sudah terbit dan diantar. Akta empat anak selesai minggu depan; anak-anak dapat mendaftar sekolah sekarang.",
    )
    at = yield stage.ago(1, 13, 0)
    two = Matter(
        stage,
        open_matter(
            stage,
            at,
            "petugas.halong",
            "social_problem",
            "Kakek di Uren Hulu tidak bisa melihat, tinggal dengan cucu kelas empat.",
            UREN,
            "field",
            title="Lansia tunanetra dengan cucu",
            answers={"sector": "health", "ppks": "8", "household_size": "2"},
            mode="proxy",
            relation="kepala dusun",
            reporter=person(stage, "Utuh Mawi"),
            consent="spoken",
            hamlet_id=stage.hamlets[UREN][0].id,
        ),
    )
    two.claim(at + minutes(20), "petugas.halong")
    two.hand_in(
        at + minutes(60),
        "petugas.halong",
        "Permakanan diantar tiap minggu oleh tim, mata diperiksa pada kunjungan dokter bulan depan.",
    )


def sent_back(stage: Stage) -> Story:
    """The second person found something missing."""
    at = yield stage.ago(9, 9, 0)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "kader.melati",
            "spm_request",
            "Anak di dusun kami berat badannya turun tiga bulan, mohon makanan tambahan.",
            MASSAMATURU,
            "desk",
            title="Makanan tambahan balita",
            answers={"field": "health", "service": "health/detection", "for_whom": "Balita"},
            mode="proxy",
            relation="kader",
            reporter=person(stage, "Suharni"),
            consent="spoken",
        ),
    )
    at = yield stage.ago(8, 9, 0)
    one.claim(at, "ketua.posyandu")
    at = yield stage.ago(7, 10, 0)
    one.hand_in(at, "kader.melati", "Sudah diberi biskuit.")
    at = yield stage.ago(6, 9, 0)
    one.send_back(
        at, "ketua.posyandu", "Tuliskan berat badan sebelum dan sesudah, serta jadwal pantau berikutnya."
    )


def silent_desk(stage: Stage) -> Story:
    """Nobody takes it on: silence climbs, level by level."""
    at = yield stage.ago(16, 9, 0)
    one = _mamuju(
        stage,
        at,
        "aid_complaint",
        "Dapur umum berhenti tanpa pengganti",
        "Dapur umum di Botteng ditutup, tetapi sembako pengganti belum ada. Kami 30 keluarga di tenda.",
        "phone",
        "Kamaruddin Salu",
        mode="group",
        group_size=30,
        answers={"failure": "time", "programme": "food"},
        urgency="urgent",
    )
    at = yield stage.ago(16, 9, 30)
    one.claim(at, "admin.mamuju")
    one.refer(
        at, "admin.mamuju", "pokja-pangan", "Mendesak: 30 keluarga tanpa dapur umum. Mohon jawaban hari ini."
    )
    at = yield stage.ago(10, 19, 0)
    one.add(at, "Sampai hari ini belum ada yang datang. Kami masak patungan.")
    at = yield stage.ago(9, 10, 0)
    two = Matter(
        stage,
        open_matter(
            stage,
            at,
            "pos.massamaturu",
            "complaint",
            "Pagar sekolah roboh ke arah jalan, anak-anak lewat di bawahnya.",
            MASSAMATURU,
            "desk",
            title="Pagar sekolah roboh",
            answers={"sector": "education"},
            reporter=person(stage, "Salma"),
            consent="spoken",
            clean_files=(stage.photos["road"],),
        ),
    )
    at = yield at + minutes(30)
    two.claim(at, "pos.massamaturu")
    two.refer(at, "pos.massamaturu", "desa-massamaturu", "Mohon surat ke dinas pendidikan.")


def waits_for_partner(stage: Stage) -> Story:
    """Three matters on the partners' pages: one to accept, one to answer."""
    rows = (
        (
            "pokja-hunian",
            "pokja.hunian",
            "mitra-atap",
            "Seng bantuan terlalu tipis",
            "Seng yang dibagi penyok waktu dipasang, {n} lembar tidak bisa dipakai.",
            False,
        ),
        (
            "pokja-pangan",
            "pokja.pangan",
            "mitra-lumbung",
            "Susu bayi kedaluwarsa",
            "Susu bayi dalam paket tanggalnya lewat bulan lalu, ada {n} kotak.",
            True,
        ),
        (
            "pokja-air",
            "pokja.air",
            "mitra-mata-air",
            "Tandon air bocor",
            "Tandon di posko bocor di bagian bawah, air habis sebelum siang.",
            False,
        ),
    )
    for place, (desk, officer, partner, title, words, taken) in enumerate(rows):
        at = yield stage.ago(5, 9, 10 * place)
        one = _mamuju(
            stage,
            at,
            "aid_complaint",
            title,
            words.format(n=6 + place),
            "phone",
            ("Tamrin", "Erniwati", "Sudirman")[place],
            region=DUNGKAIT,
            answers={"failure": "quality", "programme": ("shelter", "food", "water")[place]},
        )
        one.claim(at + minutes(5), "admin.mamuju")
        one.refer(at + minutes(6), "admin.mamuju", desk, "Mohon dicek dengan penyalur.")
        at = yield stage.ago(4, 9, 10 * place)
        one.accept(at, officer)
        one.refer(
            at + minutes(5),
            officer,
            partner,
            "Tanyakan penyalur.",
            extract=f"{title}. Mohon diperiksa, diganti bila benar, dan dikabari.",
        )
        if taken:
            at = yield stage.ago(3, 9, 30)
            one.accept(at, partner)


def waits_for_agency(stage: Stage) -> Story:
    """Offered to an agency that has not said yes or no."""
    at = yield stage.ago(3, 9, 0)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "fo.bontojai",
            "social_problem",
            "Suami saya nelayan, perahunya hancur dihantam ombak. Kami empat orang tidak ada penghasilan.",
            BONTO_JAI,
            "desk",
            title="Nelayan kehilangan perahu",
            answers={"sector": "fishing", "ppks": "21", "household_size": "4"},
            reporter=person(stage, "Irawati"),
            hamlet_id=stage.hamlets[BONTO_JAI][2].id,
            consent="spoken",
        ),
    )
    at = yield stage.ago(2, 9, 0)
    one.claim(at, "bo.bontojai")
    one.refer(
        at, "bo.bontojai", "dinsos-bantaeng", "Mohon bantuan darurat; perahu diusulkan ke dinas perikanan."
    )


def withdrawn(stage: Stage) -> Story:
    """The person took it back."""
    at = yield stage.ago(14, 9, 0)
    one = _mamuju(
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
    one = _mamuju(
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
    two = _mamuju(
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
    one = _mamuju(
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
    two = _mamuju(
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
    one = _mamuju(
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
    one = _mamuju(
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
    }
    for place, (channel, words) in enumerate(asks.items()):
        at = yield stage.ago(6 - place, 9, 20)
        given: dict[str, Any] = {"answers": {"subject": "other"}}
        if channel == "paper":
            given["paper"] = sheet("F-007", (at - timedelta(days=1)).date())
        one = _mamuju(
            stage,
            at,
            "information",
            "",
            words,
            channel,
            ("Sudirman", "Haslinda", "Jufri", "Nur Alam", "Mama Lilis", "Tamrin")[place],
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
        one = _mamuju(
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
