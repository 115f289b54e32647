"""Stories of referrals in Bantaeng: one that three desks were asked for, one that nobody took, and the directory they look into."""

from __future__ import annotations

from datetime import datetime

from simpul.cases.actions import referral
from simpul.demo.acts import Matter, open_matter, person
from simpul.demo.stage import Stage, Story
from simpul.desks import actions as desk_actions
from simpul.desks.actions import services

BONTO_JAI = "7303012008"
SERVICES = {
    "puskesos-bontojai": ["decile-check", "complaint-reply"],
    "upt-sipakatau": ["aid-recommendation", "ppks-registration", "kis-reactivation"],
    "dinsos-bantaeng": [
        "dtsen-letter",
        "kis-new",
        "rehabilitation",
        "patient-aid",
        "orphan-aid",
        "register-entry",
    ],
    "baznas-bantaeng": ["zakat"],
    "bsb-bantaeng": ["panic-aid"],
    "dukcapil-bantaeng": ["death-letter"],
}
"""Which rows of the catalogue each desk adopts."""


def adopt(stage: Stage, at: datetime) -> None:
    """The administrator of Bantaeng adopts services, and one is written by hand."""
    by = stage.who("pengelola")
    for code, seeds in SERVICES.items():
        desk_actions.load_services(by=by, at=at, desk_id=stage.desk(code), seeds=seeds)
    desk_actions.add_service(
        by=by,
        at=at,
        desk_id=stage.desk("bsb-bantaeng"),
        given=services.ServiceGiven(
            name="Ambulans gratis 24 jam",
            name_en="Free ambulance, day and night",
            sector="health",
            cost=0,
            who="Semua warga Bantaeng.",
            hours="24 jam",
            source="Contoh peragaan",
        ),
    )


def all_referrals(stage: Stage) -> list[tuple[str, Story]]:
    """Every story with its name."""
    return [("dapur terbakar, tiga meja", burnt_kitchen(stage)), ("tidak ada yang menerima", nobody(stage))]


def burnt_kitchen(stage: Stage) -> Story:
    """Baznas refuses, the disaster brigade takes it: nothing is typed again, and the consent goes along."""
    at = yield stage.ago(16, 9, 5)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "fo.bontojai",
            "social_problem",
            "Dapur kami terbakar kemarin sore. Seng dan peralatan masak habis, anak dua masih sekolah dasar.",
            BONTO_JAI,
            "desk",
            title="Dapur terbakar, peralatan habis",
            answers={"sector": "housing", "ppks": "21", "household_size": "4"},
            reporter=person(stage, "Rosmiati Daeng Ngai", landmark="Dekat lapangan sepak bola"),
            hamlet_id=stage.hamlets[BONTO_JAI][0].id,
            consent="spoken",
        ),
    )
    at = yield stage.ago(16, 9, 30)
    one.claim(at, "bo.bontojai")
    one.refer(at, "bo.bontojai", "upt-sipakatau", "Dapur habis terbakar; mohon bantuan seng dan alat masak.")
    at = yield stage.ago(15, 10, 0)
    one.accept(at, "manajer.bantaeng")
    one.refer(
        at,
        "manajer.bantaeng",
        "baznas-bantaeng",
        "Dapur habis terbakar; mohon bantuan seng dan alat masak.",
        extract="Keluarga empat orang, dapur terbakar. Mohon bantuan seng dan alat masak.",
        shares_contact=True,
        taken=referral.ConsentTaken(mode="tick", given_by="Rosmiati Daeng Ngai"),
    )
    at = yield stage.ago(12, 13, 0)
    one.outside(at, "manajer.bantaeng", "refused", "Dana bencana di Baznas sudah terserap bulan ini.")
    at = yield stage.ago(11, 9, 0)
    one.outside(at, "manajer.bantaeng", "accepted", "BSB survei lokasi hari ini.", outside_number="BSB-31")
    at = yield stage.ago(8, 15, 0)
    one.outside(
        at,
        "manajer.bantaeng",
        "answered",
        "Seng, kayu, dan alat masak diserahkan; dapur dibangun bersama warga.",
        outcome="done",
        given=referral.Given(
            service="Bahan dapur dan alat masak", amount=2_350_000, date=at.date(), to="Rosmiati Daeng Ngai"
        ),
    )


def nobody(stage: Stage) -> Story:
    """The whole route is asked and nobody takes it: it lies with its holder, and supervision sees it."""
    at = yield stage.ago(14, 8, 40)
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "manajer.bantaeng",
            "social_problem",
            "Kelompok difabel minta alat bantu dengar untuk tiga orang, harganya di luar kemampuan desa.",
            "7303011001",
            "desk",
            title="Tiga alat bantu dengar",
            answers={"sector": "health", "ppks": "9"},
            reporter=person(stage, "Mansyur Situju"),
            consent="spoken",
        ),
    )
    at = yield stage.ago(14, 9, 0)
    one.claim(at, "manajer.bantaeng")
    one.refer(at, "manajer.bantaeng", "dinsos-bantaeng", "Mohon alat bantu dengar untuk tiga orang.")
    at = yield stage.ago(12, 11, 0)
    one.decline(at, "dinsos.bantaeng", "Alat bantu tahun ini sudah dibagikan semua.")
