"""What households of the sample receive, two decisions on verdicts, a screening, and matters that members of households brought.

So that need, reach, decision and result stand beside each other in the figures. All people are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from simpul.cases.actions import intake
from simpul.demo import households
from simpul.demo.acts import Matter, open_matter
from simpul.demo.stage import Stage, Story
from simpul.lib.actor import MACHINE
from simpul.people.queries import register
from simpul.programmes.actions import benefits, deciding, screenings

MANAGER = "manajer.bantaeng"
COORDINATOR = "koordinator.bontojai"
MONTH = timedelta(days=30)

_SIKS = "daftar SIKS-NG Oktober 2026"
_CARD = "kartu KKS ditunjukkan"
_STORY_HOMES: Sequence[tuple[str, str, str, str, str, int]] = (
    (households.WIDOWED, "pkh", "family", "receives", _CARD, 22),
    (households.WIDOWED, "bpnt", "family", "receives", _CARD, 22),
    (households.TORN, "blt-desa", "family", "proposed", "daftar usulan dusun, belum dimusyawarahkan", 7),
    (households.TWO_CARDS, "bpnt", "family", "listed", _SIKS, 2),
    (households.CARD_OFF, "bpnt", "family", "listed", _SIKS, 4),
)
"""Household, programme, on whom it is written, how it stands, where that is known from, and months since."""
_OTHERS: Sequence[tuple[str, str, str, str, int]] = (
    ("pkh", "family", "receives", _CARD, 30),
    ("pbi-jk", "person", "receives", "kartu KIS ditunjukkan", 40),
    ("blt-desa", "family", "proposed", "daftar usulan dusun, belum dimusyawarahkan", 9),
    ("bpnt", "family", "receives", _CARD, 14),
    ("pkh", "family", "listed", _SIKS, 3),
    ("pbi-jk", "person", "receives", "kartu KIS ditunjukkan", 26),
    ("zakat", "household", "receives", "tanda terima Baznas", 5),
    ("blt-desa", "family", "receives", "daftar penerima BLT Desa 2026", 8),
    ("zakat", "household", "refused", "surat balasan Baznas", 2),
    ("pbi-jk", "person", "listed", _SIKS, 1),
)
"""The same for households without a story of their own, one after the other."""
_MATTERS: Sequence[tuple[str, int, str, str, str]] = (
    (
        households.SPLITTING,
        12,
        "housing",
        "Lantai kayu lapuk, anak tidur di tanah",
        "Lantai papan sudah lapuk dan berlubang. Tiga anak tidur di tikar di atas tanah.",
    ),
    (
        households.WIDOWED,
        10,
        "education",
        "Cucu yatim hampir putus sekolah",
        "Kakeknya meninggal bulan lalu. Cucu saya kelas satu SMK, belum bayar uang praktik.",
    ),
    (
        households.TORN,
        6,
        "housing",
        "Minta ditengok: belum pernah dapat bantuan",
        "Kami tidak pernah didata. Tetangga dapat, kami tidak, padahal lantai kami tanah.",
    ),
)
"""Whose matter, working days ago, its sector, title and words."""


def build(stage: Stage) -> None:
    """Write benefits and decisions down, and do one screening of the village."""
    by = stage.who(MANAGER)
    told = {name for name, *_rest in _STORY_HOMES} | {households.SPLITTING, households.COARSE}
    others = [key for name, key in stage.households.items() if name not in told]
    rows = [(stage.households[name], *rest) for name, *rest in _STORY_HOMES]
    rows += [(others[place * 3], *rest) for place, rest in enumerate(_OTHERS)]
    for place, (home, programme, scope, state, source, months) in enumerate(rows):
        at = stage.ago(30 - place, 10, 20)
        benefits.record_benefit(
            by=by,
            at=at,
            programme=programme,
            scope=scope,
            receiver_id=_receiver(stage, home, scope),
            state=state,
            source=source,
            since_date=at.date() - months * MONTH,
        )
    _decide(stage)
    at = stage.ago(2, 8, 30)
    run = screenings.start_screening(
        by=stage.who(COORDINATOR), at=at, region_code=households.VILLAGE, on_date=at.date()
    )
    screenings.run_screening(by=MACHINE, at=at + timedelta(minutes=1), run_id=run.id)


def _receiver(stage: Stage, home: UUID, scope: str) -> UUID:
    """The household itself, its first card, or the first who lives there."""
    if scope == "household":
        return home
    page = register.page_of(stage.who(MANAGER), home, stage.now.date())
    return page.families[0].id if scope == "family" else page.members[0].person.id


def _decide(stage: Stage) -> None:
    """A coordinator follows the rule once, and once decides otherwise, with the reason."""
    widowed, two_cards = stage.households[households.WIDOWED], stage.households[households.TWO_CARDS]
    decided = (
        (widowed, "zakat", "household", "yes", "Janda dengan cucu yatim, penghasilan tidak tetap; diusulkan ke Baznas."),
        (two_cards, "blt-desa", "family", "no", "Sudah terdaftar BPNT dan penghasilannya cukup; kuota diberikan kepada yang lebih perlu."),
    )  # fmt: skip
    for days, (home, programme, scope, outcome, why) in enumerate(decided):
        at = stage.ago(9 - days, 13, 40)
        deciding.decide_verdict(
            by=stage.who(COORDINATOR),
            at=at,
            household_id=home,
            programme=programme,
            subject_key=str(_receiver(stage, home, scope)),
            outcome=outcome,
            why=why,
            on=at.date(),
        )


def all_stories(stage: Stage) -> list[tuple[str, Story]]:
    """Matters that members of the register's households brought themselves."""
    return [
        (f"warga: {title}", _told(stage, name, days, sector, title, words))
        for name, days, sector, title, words in _MATTERS
    ]


def _told(stage: Stage, name: str, days: int, sector: str, title: str, words: str) -> Story:
    """Somebody of a household comes to the counter; the village takes it on and writes what it found."""
    at = yield stage.ago(days, 9, 50)
    person_id = _receiver(stage, stage.households[name], "person")
    one = Matter(
        stage,
        open_matter(
            stage,
            at,
            "fo.bontojai",
            "social_problem",
            words,
            households.VILLAGE,
            "desk",
            title=title,
            answers={"sector": sector, "ppks": "21"},
            reporter=intake.PersonGiven(person_id=person_id),
            consent="spoken",
        ),
    )
    at = yield stage.ago(days - 1, 8, 45)
    one.claim(at, "bo.bontojai")
    at = yield stage.ago(days - 2, 14, 10)
    one.note(at, "bo.bontojai", "Rumahnya didatangi, keadaannya dicatat di halaman rumah tangga.")
