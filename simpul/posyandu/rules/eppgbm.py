"""e-PPGBM: its words for classes, its 37 columns, and where its judgement differs from ours. Pure.

Source: published copies of the export (secondary). Which method e-PPGBM uses for ages is not known (unconfirmed): the z-scores it prints
tell, so ``method_of`` says how many rows agree with each of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from simpul.posyandu.rules import growth, immunisation

HEADINGS: tuple[str, ...] = (
    "No",
    "NIK",
    "Nama",
    "JK",
    "Tgl Lahir",
    "BB Lahir",
    "TB Lahir",
    "Nama Ortu",
    "Prov",
    "Kab/Kota",
    "Kec",
    "Pukesmas",
    "Desa/Kel",
    "Posyandu",
    "RT",
    "RW",
    "Alamat",
    "Usia Saat Ukur",
    "Tanggal Pengukuran",
    "Berat",
    "Tinggi",
    "Cara Ukur",
    "LiLA",
    "BB/U",
    "ZS BB/U",
    "TB/U",
    "ZS TB/U",
    "BB/TB",
    "ZS BB/TB",
    "Naik Berat Badan",
    "PMT Diterima (kg)",
    "Jml Vit A",
    "KPSP",
    "KIA",
    "Kelas Ibu Balita",
    "MBG",
    "Detail",
)
"""The export's columns in its own order and spelling ("Pukesmas" is theirs)."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "bb_u": {
        "severely_underweight": "Sangat Kurang",
        "underweight": "Kurang",
        "normal": "Berat Badan Normal",
        "overweight_risk": "Risiko Lebih",
    },
    "tb_u": {
        "severely_stunted": "Sangat Pendek",
        "stunted": "Pendek",
        "normal": "Normal",
        "tall": "Tinggi",
    },
    "bb_tb": {
        "severely_wasted": "Gizi Buruk",
        "wasted": "Gizi Kurang",
        "normal": "Gizi Baik",
        "overweight_risk": "Risiko Gizi Lebih",
        "overweight": "Gizi Lebih",
        "obese": "Obesitas",
    },
}
"""Our class -> the word of the export, by index (Permenkes 2/2020)."""

_ALIASES: Mapping[str, Mapping[str, str]] = {
    "bb_u": {
        "bbsangatkurang": "severely_underweight",
        "beratbadansangatkurang": "severely_underweight",
        "bbkurang": "underweight",
        "beratbadankurang": "underweight",
        "bbnormal": "normal",
        "normal": "normal",
        "risikobblebih": "overweight_risk",
        "risikoberatbadanlebih": "overweight_risk",
        "resikolebih": "overweight_risk",
    },
    "tb_u": {},
    "bb_tb": {
        "giziburuk": "severely_wasted",
        "normal": "normal",
        "berisikogizilebih": "overweight_risk",
        "resikogizilebih": "overweight_risk",
    },
}
OUTLIER = "outlier"
"""What e-PPGBM prints in place of a class when it holds a value for impossible."""

INDICES: Mapping[str, tuple[str, str]] = {
    "bb_u": ("waz", "waz_said"),
    "tb_u": ("haz", "haz_said"),
    "bb_tb": ("whz", "whz_said"),
}
"""Index of the export -> our score, and the field of the list that holds theirs."""

TOLERANCE = 5
"""Hundredths of a z-score: theirs is printed with two decimals, and some copies round the weight to 100 g first."""


def _fold(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def class_of(index: str, words: str) -> str:
    """Our class for a word of the export; ``outlier``, or "" for a word nobody knows.

    >>> class_of("tb_u", "Sangat Pendek")
    'severely_stunted'
    """
    folded = _fold(words)
    if not folded:
        return ""
    if folded == OUTLIER:
        return OUTLIER
    known = {_fold(theirs): ours for ours, theirs in WORDS[index].items()}
    return known.get(folded) or _ALIASES[index].get(folded, "")


@dataclass(frozen=True, slots=True)
class Difference:
    """Both judgements of one weighing, and in which indices the classes differ."""

    theirs: Mapping[str, Any]
    ours: Mapping[str, Any]
    differs: tuple[str, ...]


def compare(said: Mapping[str, Any], ours: Mapping[str, Any]) -> Difference:
    """Set the list's judgement beside ours.

    ``said`` are the row's fields; ``ours`` has the classes ``bb_u tb_u bb_tb`` and the scores ``waz haz whz waz_m haz_m whz_m`` in
    hundredths. An index differs when both name a class and not the same one, or when they call an outlier what we can judge.
    A word that nobody knows is kept as it was written and counts as no difference.
    """
    theirs: dict[str, Any] = {}
    differs: list[str] = []
    for index, (_score, field) in INDICES.items():
        words = str(said.get(f"{index}_said", "") or "")
        theirs[index] = class_of(index, words) or words
        theirs[field.removesuffix("_said")] = said.get(field)
        mine = str(ours.get(index, "") or "")
        known = class_of(index, words)
        if known and known != mine and (mine or known != OUTLIER):
            differs.append(index)
    return Difference(theirs, {name: ours.get(name) for name in _OURS}, tuple(differs))


_OURS = ("bb_u", "tb_u", "bb_tb", "waz", "haz", "whz", "waz_m", "haz_m", "whz_m")


@dataclass(frozen=True, slots=True)
class Method:
    """How many printed z-scores agree with ours by days, by completed months, and how many could be compared."""

    compared: int
    days: int
    months: int

    @property
    def likely(self) -> str:
        """``who-day``, ``pmk-month``, or "" when the scores do not tell."""
        if not self.compared or max(self.days, self.months) * 10 < self.compared * 8:
            return ""
        if abs(self.days - self.months) * 50 < self.compared:
            return ""
        return "who-day" if self.days > self.months else "pmk-month"


def method_of(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Method:
    """Which way of counting ages the printed z-scores follow, from (theirs, ours) of many weighings."""
    compared = days = months = 0
    for theirs, ours in pairs:
        for score in ("waz", "haz", "whz"):
            printed, by_days, by_months = theirs.get(score), ours.get(score), ours.get(f"{score}_m")
            if printed is None or by_days is None or by_months is None:
                continue
            compared += 1
            days += abs(printed - by_days) <= TOLERANCE
            months += abs(printed - by_months) <= TOLERANCE
    return Method(compared, days, months)


def turned(day: date) -> date | None:
    """The date with day and month the other way round; None when that is no other date.

    >>> turned(date(2025, 11, 6))
    datetime.date(2025, 6, 11)
    """
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def doubt_of(said: tuple[str, date], known: tuple[str, date | None]) -> str:
    """What is doubtful when a NIK of a list stands for somebody already: (name key, birth date) of the row, and of whom it stands for.

    Neither name nor birth date meet: the number was written beside two children (``nik_of_another``). Only one of them meets: the number
    decides, and the other is remarked upon (a newborn is named later, day and month change places).
    """
    if known[1] is None or said == known:
        return ""
    if said[1] == known[1]:
        return "name_otherwise"
    if said[0] == known[0] or turned(said[1]) == known[1]:
        return "birth_otherwise"
    return "nik_of_another"


def age_words(born: date, measured: date) -> str:
    """The age as the export prints it: years, months and days that are completed.

    >>> age_words(date(2024, 1, 20), date(2026, 2, 25))
    '2 Tahun - 1 Bulan - 5 Hari'
    """
    if measured < born:
        return ""
    months = growth.completed_months(born, measured)
    days = (measured - immunisation.months_after(born, months)).days
    return f"{months // 12} Tahun - {months % 12} Bulan - {days} Hari"


def kilograms(grams: int | None) -> str:
    """Grams as the export prints weights: ``8.4``; "" for none."""
    return "" if grams is None else f"{grams / 1000:.2f}".rstrip("0").rstrip(".")


def centimetres(millimetres: int | None) -> str:
    """Millimetres as the export prints lengths: ``72.5``; "" for none."""
    return "" if millimetres is None else f"{millimetres / 10:.1f}".rstrip("0").rstrip(".")


def z_words(hundredths: int | None) -> str:
    """A score as the export prints it: ``-2.13``; "" for none."""
    return "" if hundredths is None else f"{hundredths / 100:.2f}"


def z_number(hundredths: int | None) -> Decimal | str:
    """The same as a number, for sheets in which a text that begins with a minus would be made harmless; "" for none."""
    return "" if hundredths is None else Decimal(hundredths) / 100
