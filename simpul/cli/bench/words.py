"""Invented words, sentences and names with the spread of real ones: few words very often, thousands hardly ever (Zipf)."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from simpul.lib import text

STEMS = 20_000
SENTENCES = 40_000
COMMON = (
    "jalan rusak air bersih bantuan rumah desa warga listrik padam sampah jembatan sekolah guru puskesmas obat posyandu balita "
    "lansia difabel beras sembako kartu keluarga surat pindah akta lahir nikah tanah sertifikat batas sengketa irigasi sawah pupuk "
    "banjir longsor gempa hunian tenda logistik genangan drainase lampu penerangan parkir pasar pedagang izin usaha modal koperasi "
    "nelayan perahu bensin gas elpiji antre petugas kantor lurah camat bupati layanan lambat ramah biaya pungutan bukti laporan tolong "
    "mohon segera sudah lama belum ada tidak dapat pernah datang periksa perbaiki dusun lorong masjid gereja lapangan kebun kelapa kakao"
).split()
_HEADS = (
    "Nur",
    "Sitti",
    "Muh",
    "Andi",
    "Abd",
    "Ramli",
    "Hasna",
    "Syam",
    "Rahma",
    "Baso",
    "Daeng",
    "Haji",
    "Sri",
    "Yuli",
    "Ari",
    "Dewi",
)
_TAILS = (
    "hayati",
    "aminah",
    "ridwan",
    "sul",
    "kadir",
    "wati",
    "suddin",
    "niar",
    "lina",
    "tiro",
    "ngai",
    "lurang",
    "mulyani",
    "anti",
    "fin",
    "sartika",
)
_SYLLABLES = (
    "ba",
    "ka",
    "la",
    "ma",
    "pa",
    "ra",
    "sa",
    "ta",
    "du",
    "ku",
    "lu",
    "mu",
    "ni",
    "ri",
    "si",
    "ti",
    "bo",
    "go",
    "jo",
    "re",
    "se",
    "we",
    "nga",
    "nya",
    "mbu",
    "nda",
)


class Vocabulary:
    """Sentences to draw from, each with its stems."""

    def __init__(self, rng: Random, sentences: int = SENTENCES, stems: int = STEMS) -> None:
        self.words = _vocabulary(rng, stems)
        known = [(text.stems(word) or [word])[0] for word in self.words]
        weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.words))))
        places = range(len(self.words))
        self.sentences: list[tuple[str, tuple[str, ...]]] = []
        for _sentence in range(sentences):
            chosen = rng.choices(places, cum_weights=weights, k=rng.randint(6, 14))
            said = " ".join(self.words[place] for place in chosen).capitalize() + "."
            self.sentences.append((said, tuple(known[place] for place in chosen)))
        self.rng = rng

    def story(self) -> tuple[str, str, str]:
        """A title, a text of some sentences, and its stems, each once."""
        parts = self.rng.choices(self.sentences, k=self.rng.randint(3, 7))
        stems = dict.fromkeys(stem for _said, found in parts for stem in found)
        return parts[0][0][:70].rstrip("."), " ".join(said for said, _found in parts), " ".join(stems)

    def name(self) -> str:
        """A name that nobody has."""
        draw = self.rng
        return f"{draw.choice(_HEADS)}{draw.choice(_TAILS)} {draw.choice(_HEADS)}{draw.choice(_TAILS)}"


def _vocabulary(rng: Random, stems: int) -> list[str]:
    made = dict.fromkeys(COMMON)
    while len(made) < stems:
        made.setdefault(
            "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) + rng.choice(("", "n", "k", "t", "s"))
        )
    return list(made)
