"""Matters that wait for somebody: the resident, a second person, a silent desk, a partner, an agency."""

from __future__ import annotations

from simpul.demo.acts import Matter, from_mamuju, minutes, open_matter, person
from simpul.demo.stage import Stage, Story

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
        ("menunggu pelapor", waits_for_citizen(stage)),
        ("menunggu pemeriksaan", waits_for_check(stage)),
        ("dikembalikan pemeriksa", sent_back(stage)),
        ("meja diam", silent_desk(stage)),
        ("menunggu mitra", waits_for_partner(stage)),
        ("menunggu dinas", waits_for_agency(stage)),
    ]


def waits_for_citizen(stage: Stage) -> Story:
    """Asked, and the clock stands still."""
    at = yield stage.ago(4, 10, 0)
    one = from_mamuju(
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
    one = from_mamuju(
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
        one = from_mamuju(
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
