"""Matters that few may see: sealed reports, words that closed a matter, a hidden name, an accused desk that is kept away."""

from __future__ import annotations

from simpul.cases.actions import intake, protection
from simpul.demo.acts import Matter, minutes, open_matter, person
from simpul.demo.stage import Stage, Story

BOTTENG, MASSAMATURU, TADUI = "7602122003", "7305112005", "7602012010"


def all_shielded(stage: Stage) -> list[tuple[str, Story]]:
    """Every shielded story with its name."""
    return [
        ("laporan tertutup", sealed_report(stage)),
        ("laporan tertutup, baru", sealed_new(stage)),
        ("kata yang menutup", flagged(stage)),
        ("korupsi, anonim", misuse(stage)),
        ("nama disembunyikan", hidden_name(stage)),
        ("laporan pemilu", election(stage)),
        ("hak atas data", own_data(stage)),
    ]


def sealed_report(stage: Stage) -> Story:
    """Abuse of power in handing out aid, told at night without a name; the focal point takes it on, a manager breaks the glass."""
    at = yield stage.nights_ago(11, 21, 40)
    opened = open_matter(
        stage,
        at,
        "",
        "protected_report",
        (
            "Ada petugas pembagian yang meminta hal yang tidak pantas sebagai syarat nama saya masuk daftar. "
            "Saya menolak. Saya tidak mau nama saya diketahui."
        ),
        BOTTENG,
        "web",
        answers={"what": "exploitation", "safe_now": "ya"},
        mode="anonymous",
    )
    stage.keep("tertutup", opened)
    one = Matter(stage, opened)
    ppa = stage.who("ppa.mamuju")
    at = yield stage.nights_ago(10, 8, 30)
    protection.view_sealed_case(by=ppa, at=at, case_id=one.id, why="Laporan baru")
    one.claim(at + minutes(10), "ppa.mamuju")
    one.note(
        at + minutes(30),
        "ppa.mamuju",
        "Pelapor memilih tidak dihubungi dulu. Petugas yang dilaporkan dibebastugaskan dari pembagian oleh lembaganya.",
    )
    at = yield stage.nights_ago(6, 14, 0)
    protection.break_glass_case(
        by=stage.who("manajer.mamuju"),
        at=at,
        case_id=one.id,
        reason="Ada kabar pembagian berikut dipimpin orang yang sama malam ini; harus dicegah.",
    )
    at = yield stage.nights_ago(5, 10, 0)
    one.answer(
        at,
        "ppa.mamuju",
        (
            "Laporan Anda dipercaya dan ditindaklanjuti. Orang itu tidak lagi ikut pembagian. Pendampingan "
            "psikologis tersedia kapan saja, tanpa biaya."
        ),
        "protected",
    )


def sealed_new(stage: Stage) -> Story:
    """A neighbour is worried about a child; the 24 hours run."""
    at = yield stage.now - minutes(300)
    open_matter(
        stage,
        at,
        "fo.bontojai",
        "protected_report",
        "Anak tetangga sering menangis malam dan tidak masuk sekolah. Saya khawatir dan tidak tahu harus ke mana.",
        "7303012008",
        "desk",
        answers={"what": "child", "child": "ya", "safe_now": "tidak tahu"},
        mode="proxy",
        relation="tetangga",
        reporter=person(
            stage, "Kasmawati", safe_to_write=False, warning="Jangan kirim pesan; telepon dipakai bersama"
        ),
        consent="spoken",
        urgency="urgent",
    )


def flagged(stage: Stage) -> Story:
    """Words closed two matters: one was judged harmless, one still waits."""
    at = yield stage.ago(9, 9, 0)
    harmless = open_matter(
        stage,
        at,
        "admin.mamuju",
        "complaint",
        "Harga semen naik terus, kami warga kecil seperti dicekik. Tolong diawasi.",
        TADUI,
        "phone",
        title="Harga semen naik",
        answers={"sector": "other"},
        reporter=person(stage, "Ahmad Yani Pua"),
        consent="spoken",
    )
    at = yield stage.ago(8, 9, 0)
    protection.screen_case(
        by=stage.who("ppa.mamuju"),
        at=at,
        case_id=harmless.case.id,
        sensitive=False,
        reason="Kata kiasan tentang harga; tidak ada orang dalam bahaya.",
    )
    at = yield stage.ago(1, 10, 0)
    open_matter(
        stage,
        at,
        "admin2.mamuju",
        "information",
        "Saya mau tanya cara pisah KK. Saya sering dipukuli suami dan ingin pulang ke rumah orang tua.",
        BOTTENG,
        "whatsapp",
        title="Cara pisah KK",
        answers={"subject": "papers"},
        reporter=person(stage, "Mama Lilis", safe_to_write=False, warning="Nomor dipakai bersama suami"),
        consent="spoken",
    )


def misuse(stage: Stage) -> Story:
    """Anonymous, about a village office: that desk is kept away and sees nothing."""
    at = yield stage.nights_ago(15, 22, 10)
    opened = open_matter(
        stage,
        at,
        "",
        "complaint_oversight",
        (
            "Semen bantuan untuk balai dusun dijual lagi oleh oknum di kantor desa. Saya melihat sendiri "
            "diangkut malam hari. Saya minta diperiksa tanpa nama saya."
        ),
        BOTTENG,
        "web",
        answers={
            "accused_office": "Kantor Desa Botteng",
            "accused_name": "Seorang staf (rekaan)",
            "misconduct": "misuse",
            "amount": "4500000",
            "proof": "Ada foto truk",
        },
        mode="anonymous",
        parties=(
            intake.PartyGiven(
                "accused", "Seorang staf (rekaan)", "Kantor Desa Botteng", desk_id=stage.desk("desa-botteng")
            ),
        ),
    )
    stage.keep("anonim", opened)
    one = Matter(stage, opened)
    at = yield stage.ago(9, 9, 0)
    one.claim(at, "admin.mamuju")
    one.refer(
        at + minutes(10),
        "admin.mamuju",
        "inspektorat-mamuju",
        "Berkadar pengawasan; meja desa dikecualikan dari perkara ini.",
    )
    at = yield stage.ago(8, 10, 0)
    one.accept(at, "inspektorat.mamuju")
    at = yield stage.ago(5, 10, 0)
    one.note(
        at,
        "inspektorat.mamuju",
        "Kartu stok gudang diminta; selisih 38 sak. Pemeriksaan lapangan dijadwalkan.",
    )
    at = yield stage.nights_ago(3, 20, 0)
    one.add(at, "Truknya datang lagi tadi malam sekitar pukul sebelas.")


def hidden_name(stage: Stage) -> Story:
    """The reporter stays unnamed; the inspectorate asks for the name, and the custodian decides."""
    for place, words in enumerate(
        (
            "Petugas loket minta uang untuk legalisir surat.",
            "Antrean pasar murah diatur menurut kedekatan dengan petugas.",
        )
    ):
        at = yield stage.ago(12, 9, 15 * place)
        one = Matter(
            stage,
            open_matter(
                stage,
                at,
                "admin.mamuju",
                "complaint_oversight",
                words,
                TADUI,
                "phone",
                answers={"accused_office": "Kantor kecamatan", "misconduct": ("levy", "favour")[place]},
                reporter=person(stage, ("Sudirman", "Rosmini")[place]),
                hide_name=True,
                consent="spoken",
            ),
        )
        one.claim(at + minutes(5), "admin.mamuju")
        one.refer(
            at + minutes(10),
            "admin.mamuju",
            "inspektorat-mamuju",
            "Mohon diperiksa; pelapor minta tidak disebut namanya.",
        )
        at = yield stage.ago(11, 10, 15 * place)
        one.accept(at, "inspektorat.mamuju")
        at = yield stage.ago(4, 9, 15 * place)
        asked = protection.ask_identity(
            by=stage.who("inspektorat.mamuju"),
            at=at,
            case_id=one.id,
            reason="Keterangan pelapor perlu diambil di bawah sumpah untuk berita acara pemeriksaan.",
        )
        if place == 0:
            at = yield stage.ago(3, 9, 0)
            protection.decide_identity(
                by=stage.who("penjaga.mamuju"),
                at=at,
                request_id=asked.id,
                granted=True,
                reason="Pelapor sudah ditanya lewat telepon dan bersedia dimintai keterangan.",
            )


def election(stage: Stage) -> Story:
    """A report on an election, sealed at the post and handed to the supervisor; the village government sees nothing."""
    at = yield stage.nights_ago(6, 20, 30)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "pos.massamaturu",
            "election_report",
            "Ada amplop dibagikan di rumah-rumah menjelang pemilihan kepala desa antarwaktu.",
            MASSAMATURU,
            "desk",
            title="Amplop menjelang pemilihan",
            answers={"what": "money", "known_date": stage.nights_ago(7, 12).date().isoformat()},
            reporter=person(stage, "Ramli"),
            hide_name=True,
            consent="spoken",
        ),
    )
    at = yield stage.nights_ago(5, 9, 0)
    one.claim(at, "bawaslu.takalar")
    at = yield stage.nights_ago(4, 9, 0)
    one.note(at, "bawaslu.takalar", "Pelapor dihubungi; dua orang saksi bersedia memberi keterangan.")


def own_data(stage: Stage) -> Story:
    """Somebody wants to see their data: 72 hours, holidays or not."""
    at = yield stage.now - minutes(20 * 60)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "admin2.mamuju",
            "rights_request",
            "Saya ingin melihat data apa saja tentang saya yang disimpan sejak gempa.",
            BOTTENG,
            "email",
            title="Melihat data saya",
            answers={"right": "access", "which_data": "Semua"},
            reporter=person(stage, "Abdul Rahman Tapa"),
            consent="spoken",
        ),
    )
    at = yield stage.now - minutes(18 * 60)
    one.claim(at, "admin2.mamuju")
