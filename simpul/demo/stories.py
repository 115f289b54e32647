"""The stories that visitors should find: one told to its end, one to walk on with, and one in every state that a matter can be in."""

from __future__ import annotations

from simpul.cases.actions import intake, referral
from simpul.demo import causes, scenes, shielded, turns
from simpul.demo.acts import Matter, minutes, open_matter, person
from simpul.demo.stage import Stage, Story

ABOUT = 78
"""About how many matters the stories and the roads hold; the ordinary ones fill up what was asked for."""

DUNGKAIT, BOTTENG, BONTO_JAI, MASSAMATURU = "7602132001", "7602122003", "7303012008", "7305112005"


def all_stories(stage: Stage) -> list[tuple[str, Story]]:
    """Every story with its name."""
    own = [
        ("kotak bantuan", aid_box(stage)),
        ("lansia terlantar, selesai", elder_told(stage)),
        ("lansia terlantar, baru", elder_new(stage)),
        ("kunjungan malam", night_visit(stage)),
        ("pesan suara", voice_message(stage)),
    ]
    return [
        *own,
        *causes.all_causes(stage),
        *scenes.all_scenes(stage),
        *turns.all_turns(stage),
        *shielded.all_shielded(stage),
    ]


def aid_box(stage: Stage) -> Story:
    """Mamuju: the aid box that went to the wrong house, from the phone call to the second answer."""
    at = yield stage.ago(19, 9, 12)
    box = Matter(
        stage,
        open_matter(
            stage,
            at,
            "admin.mamuju",
            "aid_complaint",
            "Kotak bantuan hunian untuk rumah saya di Dusun Taludu diberikan ke rumah lain yang namanya mirip. Petugas yang datang "
            "bilang sudah sesuai daftar. Atap kami masih terbuka dan anak saya baru enam bulan. Tolong dicek, siapa yang salah tulis?",
            DUNGKAIT,
            "phone",
            title="Kotak bantuan diberikan ke rumah yang salah",
            answers={
                "failure": "target",
                "programme": "shelter",
                "provider": "Yayasan Atap Sulawesi",
                "round_date": stage.ago(21, 9).date().isoformat(),
            },
            reporter=person(stage, "Nurhayati", landmark="Rumah panggung hijau di belakang masjid"),
            hamlet_id=stage.hamlets[DUNGKAIT][0].id,
            place="Belakang masjid dusun",
            consent="spoken",
            clean_files=(stage.photos["aid_box"],),
        ),
    )
    stage.keep("mamuju", box.opened)
    at = yield stage.ago(19, 9, 40)
    box.claim(at, "admin.mamuju")
    box.refer(
        at,
        "admin.mamuju",
        "pokja-hunian",
        "Mohon dicek dengan penyalur. Pelapor mengizinkan kontaknya diteruskan.",
    )
    at = yield stage.ago(19, 13, 5)
    box.accept(at, "pokja.hunian")
    yield from _aid_box_asked(stage, box)
    yield from _aid_box_answered(stage, box)


def _aid_box_asked(stage: Stage, box: Matter) -> Story:
    at = yield stage.ago(18, 10, 20)
    box.refer(
        at,
        "pokja.hunian",
        "mitra-atap",
        "Tanyakan daftar bagi putaran ini.",
        extract=(
            "Kotak hunian untuk satu rumah di Dusun Taludu diberikan kepada rumah lain yang namanya mirip. Mohon "
            "dicocokkan dengan tanda terima dan dikabari."
        ),
        shares_contact=True,
        consent="spoken",
    )
    at = yield stage.ago(17, 8, 30)
    box.accept(at, "mitra-atap")
    at = yield stage.ago(15, 15, 10)
    box.report_back(
        at,
        "mitra-atap",
        "Benar, dua nama tertukar pada lembar 3. Satu kotak baru sudah kami siapkan dan diantar besok pagi. Tanda terima difoto.",
    )
    at = yield stage.ago(14, 9, 0)
    box.report_back(
        at,
        "pokja.hunian",
        "Penyalur mengakui dua nama tertukar; kotak baru diantar. Daftar dusun diperbaiki.",
    )


def _aid_box_answered(stage: Stage, box: Matter) -> Story:
    at = yield stage.ago(13, 11, 0)
    box.answer(
        at,
        "admin.mamuju",
        "Terima kasih sudah melapor. Dua nama di daftar memang tertukar. Penyalur sudah mengantar kotak hunian baru dan daftar dusun "
        "diperbaiki. Kepala dusun kini memegang salinan daftar supaya warga dapat memeriksa.",
        "upheld",
    )
    at = yield stage.ago(12, 9, 30)
    photos = box.mask(at, "admin2.mamuju", [(0.12, 0.3, 0.46, 0.68)])
    publication = box.prepare(
        at,
        "admin2.mamuju",
        "Kotak bantuan diberikan ke rumah yang salah",
        "Sebuah kotak bantuan hunian diberikan kepada rumah lain yang namanya mirip. Pelapor meminta daftar diperiksa.",
        "Dua nama di daftar tertukar. Penyalur mengantar kotak baru dan memperbaiki daftar; kepala dusun memegang salinannya.",
        photos,
    )
    at = yield stage.ago(11, 14, 0)
    box.release(at, "penyetuju.mamuju", publication)
    at = yield stage.ago(11, 16, 0)
    box.tell(at, "desa.dungkait", "in_person", "Slip dibacakan di rumah.", told_by="Kepala Dusun Taludu")
    at = yield stage.ago(10, 19, 30)
    box.rate(at, 4, "Jawabannya jelas, tetapi kotaknya belum lengkap.")
    at = yield stage.ago(9, 20, 5)
    box.dispute(at, "Kotaknya sudah sampai, tetapi palu dan pakunya tidak ada. Atap belum bisa dipasang.")
    at = yield stage.ago(8, 9, 15)
    box.claim(at, "admin.mamuju")
    box.refer(at, "admin.mamuju", "pokja-hunian", "Kotak kurang alat. Mohon dilengkapi.")
    at = yield stage.ago(8, 11, 0)
    box.accept(at, "pokja.hunian")
    at = yield stage.ago(6, 10, 0)
    box.report_back(at, "pokja.hunian", "Alat sudah diantar sendiri oleh relawan pokja, atap mulai dipasang.")
    at = yield stage.ago(5, 10, 30)
    box.answer(
        at,
        "admin.mamuju",
        (
            "Palu, paku, dan tali sudah diantar kemarin dan atap mulai dipasang. Penyalur sekarang menimbang dan "
            "membuka contoh kotak sebelum berangkat."
        ),
        "upheld",
    )


def _elder(stage: Stage) -> dict[str, object]:
    return {
        "title": "Lansia tinggal sendiri, tidak makan teratur",
        "answers": {
            "sector": "economy",
            "ppks": "8",
            "household_size": "1",
            "urgent_need": "Makan harian dan periksa kaki",
            "programmes": ["none"],
        },
        "mode": "proxy",
        "relation": "tetangga",
        "reporter": person(stage, "Syamsiah", landmark="Warung dekat pertigaan"),
        "hamlet_id": stage.hamlets[BONTO_JAI][1].id,
        "place": "Rumah kayu di ujung jalan tani",
        "consent": "spoken",
    }


ELDER = (
    "Di ujung jalan tani ada kakek yang tinggal sendiri sejak istrinya meninggal. Anaknya merantau dan tidak ada kabar. Sudah beberapa "
    "hari kami yang antar nasi. Kakinya bengkak dan ia tidak kuat ke puskesmas. Saya hanya tetangga, tolong dilihat."
)


def elder_told(stage: Stage) -> Story:
    """Bantaeng: the abandoned elder, from the neighbour at the counter to the settled end."""
    at = yield stage.ago(52, 9, 20)
    about = intake.PersonGiven(
        name="Daeng Tarring",
        sex="L",
        nik="7303010101400001",
        landmark="Rumah kayu ujung jalan tani",
        needs="Sulit berjalan",
    )
    elder = Matter(
        stage,
        open_matter(
            stage,
            at,
            "fo.bontojai",
            "social_problem",
            ELDER,
            BONTO_JAI,
            "desk",
            about=about,
            clean_files=(stage.photos["leaking_house"],),
            **_elder(stage),
        ),
    )
    at = yield stage.ago(52, 9, 50)
    elder.claim(at, "fo.bontojai")
    elder.refer(
        at,
        "fo.bontojai",
        "fasilitator-bissappu",
        "Mohon kunjungan hari ini atau besok; tetangga menunggu di warung.",
    )
    at = yield stage.ago(51, 8, 40)
    elder.accept(at, "fasilitator.bissappu")
    at = yield stage.ago(51, 15, 0)
    elder.note(
        at,
        "fasilitator.bissappu",
        "Dikunjungi. Tinggal sendiri, makan dari tetangga, kaki bengkak, KIS ada dan aktif. Belum pernah terdata.",
    )
    yield from _elder_up(stage, elder)
    yield from _elder_outside(stage, elder)


def _elder_up(stage: Stage, elder: Matter) -> Story:
    at = yield stage.ago(50, 9, 10)
    elder.refer(
        at,
        "fasilitator.bissappu",
        "supervisor-bissappu",
        "Asesmen selesai. Perlu permakanan dan perbaikan rumah; di luar kemampuan desa.",
    )
    at = yield stage.ago(49, 10, 0)
    elder.accept(at, "supervisor.bissappu")
    at = yield stage.ago(48, 9, 0)
    elder.refer(
        at, "supervisor.bissappu", "upt-sipakatau", "Asesmen diperiksa, sesuai. Mohon dirujuk ke program."
    )
    at = yield stage.ago(47, 11, 0)
    elder.accept(at, "manajer.bantaeng")
    at = yield stage.ago(46, 9, 30)
    elder.refer(
        at, "manajer.bantaeng", "dinsos-bantaeng", "Mohon permakanan lansia dan bantuan perbaikan rumah."
    )
    at = yield stage.ago(43, 14, 20)
    elder.decline(
        at,
        "dinsos.bantaeng",
        "Kuota permakanan tahun ini habis dan nama belum masuk DTSEN. Dapat diusulkan tahun depan.",
    )


def _elder_outside(stage: Stage, elder: Matter) -> Story:
    at = yield stage.ago(42, 9, 15)
    elder.refer(
        at,
        "manajer.bantaeng",
        "baznas-bantaeng",
        "SKPD menolak karena kuota; rujuk ke Baznas.",
        extract="Lansia tinggal sendiri, tanpa penghasilan, rumah bocor. Mohon bantuan makan harian dan perbaikan rumah.",
        shares_contact=True,
        taken=referral.ConsentTaken(mode="tick", given_by="Daeng Tarring"),
        outside_number="BZ-014/PERAGAAN",
    )
    at = yield stage.ago(38, 10, 0)
    elder.outside(
        at,
        "manajer.bantaeng",
        "accepted",
        "Baznas menerima; survei minggu ini.",
        outside_number="BZ-014/PERAGAAN",
    )
    at = yield stage.ago(31, 13, 0)
    elder.outside(
        at,
        "manajer.bantaeng",
        "answered",
        "Bantuan makan enam bulan dan atap baru disetujui; atap dipasang bersama warga.",
    )
    at = yield stage.ago(30, 9, 0)
    elder.report_back(
        at, "manajer.bantaeng", "Baznas memberi makan enam bulan dan atap baru. Usulan DTSEN dikirim."
    )
    at = yield stage.ago(29, 10, 30)
    elder.report_back(at, "supervisor.bissappu", "Hasil rujukan diperiksa, lengkap.")
    at = yield stage.ago(28, 11, 0)
    elder.report_back(
        at,
        "fasilitator.bissappu",
        "Dikunjungi lagi: atap terpasang, makan diantar tiap hari, kaki diobati perawat.",
    )
    at = yield stage.ago(27, 9, 0)
    final = (
        "Kakek kini menerima makan harian dari Baznas selama enam bulan, atap rumahnya sudah "
        "diganti, dan perawat datang tiap minggu. Terima kasih sudah peduli pada tetangga."
    )
    elder.hand_in(at, "bo.bontojai", final)
    at = yield stage.ago(26, 10, 0)
    elder.verify(at, "koordinator.bontojai")
    elder.answer(at, "koordinator.bontojai", final, "helped")
    at = yield stage.ago(25, 16, 0)
    elder.tell(at, "fo.bontojai", "in_person", "Tetangga datang ke loket dan membaca jawabannya.")
    at = yield stage.ago(24, 18, 0)
    elder.rate(at, 5, "Alhamdulillah, beliau sudah bisa duduk di teras lagi.")
    at = yield stage.ago(23, 9, 0)
    elder.close(
        at, "koordinator.bontojai", "helped", "Tuntas. Kunjungan lanjutan tetap dijadwalkan fasilitator."
    )


def elder_new(stage: Stage) -> Story:
    """The same story just begun, waiting at the counter, so that a visitor can walk it."""
    at = yield stage.now.replace(second=0, microsecond=0) - minutes(45)
    about = intake.PersonGiven(
        name="Nenek Halija",
        sex="P",
        landmark="Rumah kayu ujung jalan tani",
        needs="Sulit berjalan, pendengaran kurang",
    )
    words = ELDER.replace("kakek", "nenek").replace("istrinya", "suaminya")
    opened = open_matter(
        stage,
        at,
        "fo.bontojai",
        "social_problem",
        words,
        BONTO_JAI,
        "desk",
        about=about,
        urgency="urgent",
        **_elder(stage),
    )
    stage.keep("bantaeng", opened)


def night_visit(stage: Stage) -> Story:
    """Massamaturu at night: a letter, a quarrel and a health card on one receipt."""
    at = yield stage.nights_ago(4, 20, 15)
    by = stage.who("pos.massamaturu")
    visit = intake.open_visit(by=by, at=at, channel="desk")
    hamlet = stage.hamlets[MASSAMATURU][1].id
    shared = {"visit_id": visit.id, "hamlet_id": hamlet, "consent": "spoken"}
    letter = open_matter(
        stage,
        at,
        "pos.massamaturu",
        "letter_request",
        "Saya perlu surat keterangan usaha untuk kios bensin eceran, dipakai minggu depan di bank.",
        MASSAMATURU,
        "desk",
        title="Keterangan usaha kios bensin",
        answers={"letter": "business", "purpose": "Pinjaman bank"},
        reporter=person(stage, "Mansyur Daeng Lau", landmark="Kios dekat jembatan"),
        **shared,
    )
    known = intake.PersonGiven(person_id=letter.case.reporter_id)
    quarrel = open_matter(
        stage,
        at,
        "pos.massamaturu",
        "dispute",
        "Batas pekarangan dengan saudara sepupu berubah setelah pagar baru. Saya mau dibicarakan malam hari saja, siang kami kerja.",
        MASSAMATURU,
        "desk",
        title="Batas pekarangan dengan sepupu",
        answers={
            "subject": "land",
            "parties": "Dua keluarga bersaudara",
            "since": "Tiga bulan",
            "at_court": "tidak",
        },
        reporter=known,
        **shared,
    )
    card = open_matter(
        stage,
        at,
        "pos.massamaturu",
        "kis_reactivation",
        "Sekalian, kartu KIS istri saya tidak aktif waktu mau periksa gula di puskesmas.",
        MASSAMATURU,
        "desk",
        title="KIS istri tidak aktif",
        answers={"reason": "chronic", "facility": "Puskesmas Polongbangkeng"},
        reporter=known,
        **shared,
    )
    stage.keep("massamaturu", letter)
    yield from _night_after(stage, *(Matter(stage, opened) for opened in (letter, quarrel, card)))


def _night_after(stage: Stage, letter: Matter, quarrel: Matter, card: Matter) -> Story:
    at = yield stage.nights_ago(4, 21, 0)
    for one in (letter, quarrel, card):
        one.claim(at, "pos.massamaturu")
    letter.refer(at, "pos.massamaturu", "desa-massamaturu", "Mohon tanda tangan; berkas lengkap.")
    at = yield stage.nights_ago(3, 10, 0)
    letter.accept(at, "kades.massamaturu")
    letter.answer(
        at,
        "kades.massamaturu",
        "Surat keterangan usaha sudah ditandatangani. Ambil di Pos Pintar mulai pukul 18.00.",
        "issued",
    )
    at = yield stage.nights_ago(3, 19, 30)
    quarrel.note(at, "pos.massamaturu", "Sepupu bersedia hadir Kamis malam bersama imam dusun.")
    card.refer(
        at, "pos.massamaturu", "dinkes-takalar", "KIS tidak aktif, penyakit gula; mohon usulan reaktivasi."
    )


def voice_message(stage: Stage) -> Story:
    """Botteng: a message spoken into WhatsApp, kept with what it says."""
    at = yield stage.ago(6, 8, 25)
    opened = open_matter(
        stage,
        at,
        "admin2.mamuju",
        "complaint",
        "Warga mengirim pesan suara: air PAM di Dusun Salu Mate berwarna cokelat sejak hujan besar.",
        BOTTENG,
        "whatsapp",
        title="Air PAM cokelat setelah hujan",
        answers={"sector": "water"},
        reporter=person(stage, "Jufri"),
        hamlet_id=stage.hamlets[BOTTENG][1].id,
        consent="spoken",
    )
    water = Matter(stage, opened)
    at = yield stage.ago(6, 8, 40)
    water.claim(at, "admin2.mamuju")
    if stage.voice:
        water.attach(
            at,
            "admin2.mamuju",
            stage.voice,
            "pesan-suara.wav",
            "Assalamualaikum, air di rumah kami cokelat sejak hujan kemarin, tidak bisa dipakai masak. (Suara contoh: hanya nada.)",
        )
    at = yield stage.ago(5, 9, 0)
    water.refer(at, "admin2.mamuju", "pokja-air", "Mohon diperiksa bak penampung.")
    at = yield stage.ago(4, 10, 0)
    water.accept(at, "pokja.air")
