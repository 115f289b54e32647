"""The keyword menu: which short messages are commands, and what they say.

A telephone without internet has no buttons, so a few words at the beginning of a message are understood: LAPOR, STATUS, SELESAI,
BANTUAN, SURAT, BERHENTI, MULAI, and their English sisters. Typing on a small keypad is forgiven; reading too much into a sentence is
not: whoever writes "bantuan belum sampai" asks for no help text, and "tolong lapor ke polisi" opens no matter. In doubt a message is
no command, because then a person reads it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from simpul.lib import ids

CHANNELS = frozenset({"sms", "whatsapp", "telegram"})
"""Where commands are listened for. A letter by e-mail begins with whatever it begins with."""


class Word(StrEnum):
    """What somebody wants."""

    REPORT = "report"
    STATUS = "status"
    DONE = "done"
    HELP = "help"
    LETTER = "letter"
    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``words`` is the report of LAPOR, ``number`` and ``pin`` what STATUS and SELESAI name, both as far as they are readable.

    ``number`` is a case number in its official spelling or a 16-digit receipt; what is neither stays as it was typed, so that a
    wrong try counts as one.
    """

    word: Word
    words: str = ""
    number: str = ""
    pin: str = ""


_SPELLINGS: Mapping[Word, tuple[str, ...]] = {
    Word.REPORT: ("lapor", "report", "melapor", "lapur", "laporr"),
    Word.STATUS: ("status", "setatus", "stts", "sts", "statu"),
    Word.DONE: ("selesai", "slesai", "selsai", "sls", "done", "finish", "finished", "beres"),
    Word.HELP: ("bantuan", "help", "menu", "info"),
    Word.LETTER: ("surat", "letter", "letters"),
    Word.STOP: ("berhenti", "brenti", "berenti", "stop", "unsubscribe", "unreg"),
    Word.START: ("mulai", "start", "lanjut", "resume"),
}
_LOOKS_UP = ("cek", "cekk", "check", "lacak", "track", "info", "progres", "progress")
"""Words that ask for a status when a number follows them, and mean nothing by themselves."""

_OTHER_WORDS = frozenset(
    "lapar labor lapis lapas lapor2 laporan repot repost statis statik statue gratis mulia mula malai mulus salesai selesa "
    "surau surut sarat suram curat latter better "
    "bantulan bantaran bantahan banting step shop stok stor smart stark resum berganti berhati".split()
)
"""Real words that are one slip away from a command and are none."""

_LONG_ENOUGH = 5
"""A slip is forgiven in words of five letters or more: shorter ones have too many neighbours."""

_POLITE = frozenset(
    "pak bu ibu bapak bpk kak min admin mas mbak bang ya iya dong tolong mohon please pls terima kasih terimakasih makasih trims "
    "trimakasih tks thanks thank you ok oke sudah sdh".split()
)
_FILLERS = frozenset(
    "nomor nomer nomr no nmr number laporan lapor kasus aduan pengaduan tiket report case kode code dan dengan dgn saya sy and my".split()
)
_LETTER_FILLERS = frozenset("minta buat bikin urus mengurus desa daftar syarat syaratnya keterangan".split())
"""Words beside SURAT that ask for nothing more particular: "surat keterangan desa". Which letter it is, a person reads."""
_MOST_REST = 120
"""Signs after STATUS or SELESAI that can still be a number and a PIN; more is a sentence."""

_TOKEN = re.compile(r"[^\W_]+")
_LETTERS_FOR = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s"})
_DIGITS_FOR = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})
_PIN_WORD = re.compile(r"(?:PIN|SANDI|KODE)")
_PIN_LENGTH = 6
_RECEIPT_LENGTH = 16


def read(text: str, prefix: str) -> Command | None:
    """The command a message is, or ``None`` when it is a message to a person.

    Args:
        text: as it came, with whatever signs are around it.
        prefix: of the case numbers of this installation, two to six capital letters.
    """
    plain = unicodedata.normalize("NFKC", text[:20_000])
    tokens = list(_TOKEN.finditer(plain))
    if not tokens:
        return Command(Word.HELP) if plain.strip() in ("?", "??", "???") else None
    first = _fold(tokens[0].group())
    rest_from = tokens[0].end()
    word = _word(first)
    if word is None and len(tokens) > 1:
        joined = _fold(tokens[0].group() + tokens[1].group())
        word = next(
            (one for one in (Word.REPORT, Word.STATUS, Word.DONE) if joined == _SPELLINGS[one][0]), None
        )
        rest_from = tokens[1].end() if word else rest_from
    return _command(word, first, plain, rest_from, prefix)


def _command(word: Word | None, first: str, plain: str, rest_from: int, prefix: str) -> Command | None:
    rest = plain[rest_from:]
    others = [_fold(one) for one in _TOKEN.findall(rest)]
    if first == "laporan":  # "Laporan: jalan rusak" reports, "laporan saya bagaimana" asks a person
        return (
            Command(Word.REPORT, _words(rest))
            if not others or rest.lstrip(" ")[:1] in (":", "\n", "#")
            else None
        )
    if word is Word.REPORT:
        return Command(Word.REPORT, _words(rest))
    if word is Word.STATUS:
        bare = Command(Word.STATUS) if _only(others, _POLITE | _FILLERS) else None
        return _numbered(Word.STATUS, rest, prefix) or bare
    if first in _FOLDED_LOOKS_UP:
        found = _numbered(Word.STATUS, rest, prefix)
        if found is not None and _is_whole(found.number, prefix):
            return found
    if word is Word.DONE:
        if _only(others, _POLITE):
            return Command(Word.DONE)
        return _numbered(Word.DONE, rest, prefix)
    if word is Word.LETTER and _only(others, _POLITE | _LETTER_FILLERS):
        return Command(word)
    if word is None or others:
        return None
    return Command(word)


def _word(folded: str) -> Word | None:
    """The command whose spelling this is, or nearly is."""
    if folded in _OTHER_WORDS:
        return None
    for word, spellings in _SPELLINGS.items():
        if folded in spellings:
            return word
    if len(folded) < _LONG_ENOUGH:
        return None
    for word, spellings in _SPELLINGS.items():
        whole = [one for one in spellings if len(one) >= _LONG_ENOUGH]
        if any(OSA.distance(folded, one, score_cutoff=1) <= 1 for one in whole):
            return word
    return None


def _fold(token: str) -> str:
    """Small letters without accents; digits between letters are the letters they look like; letters typed twice are one."""
    bare = unicodedata.normalize("NFKD", token.casefold())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    if any(sign.isalpha() for sign in letters):
        letters = letters.translate(_LETTERS_FOR)
    return re.sub(r"([a-z])\1+", r"\1", letters)


def _only(words: Iterable[str], allowed: Collection[str]) -> bool:
    """True when nothing but these is said; what is written double counts as single."""
    single = {_fold(one) for one in allowed}
    return all(word in single for word in words)


def _words(rest: str) -> str:
    """What follows the keyword, without the signs that part it from the keyword."""
    return rest.lstrip(" \t\r\n:;,.#/*=_-–—!>").rstrip()


# --- number and PIN -------------------------------------------------------------------------------------------------


def _numbered(word: Word, rest: str, prefix: str) -> Command | None:
    """The command with the number and PIN that follow it; ``None`` when what follows is a sentence."""
    if len(rest) > _MOST_REST:
        return None
    kept = [one for one in _TOKEN.findall(rest) if not _is_said_around(one)]
    signs = re.sub(r"[^0-9A-Z]", "", "".join(kept).upper())
    digits = sum(sign.isdigit() for sign in signs)
    if digits < 4 or len(signs) - digits > len(prefix) + 8:
        return None
    receipt = ids.parse_receipt16(signs)
    if receipt is not None:
        return Command(word, number=receipt)
    return _split(word, signs, prefix) or Command(
        word, number=signs[:-_PIN_LENGTH] or signs, pin=signs[-_PIN_LENGTH:]
    )


def _split(word: Word, signs: str, prefix: str) -> Command | None:
    """Number and PIN out of their signs, written apart or together; the PIN may be missing."""
    body = signs.removeprefix(prefix)
    for length in (9, 10, 11):
        number = ids.parse_case_number(body[: length + 1], prefix)
        if number is None:
            continue
        pin = _PIN_WORD.sub("", body[length + 1 :], count=1).translate(_DIGITS_FOR)
        if not pin or (len(pin) == _PIN_LENGTH and pin.isdigit()):
            return Command(word, number=str(number), pin=pin)
    return None


def _is_whole(number: str, prefix: str) -> bool:
    return ids.parse_case_number(number, prefix) is not None or ids.parse_receipt16(number) is not None


def _is_said_around(token: str) -> bool:
    folded = _fold(token)
    return folded in _FOLDED_FILLERS or folded == "pin"


_FOLDED_FILLERS = frozenset(_fold(one) for one in _FILLERS | _POLITE)
_FOLDED_LOOKS_UP = frozenset(_fold(one) for one in _LOOKS_UP)


# --- shown ----------------------------------------------------------------------------------------------------------

_TOLD_PIN = re.compile(r"(\bPIN\b[\s:.]*)[0-9]{6}\b")
HIDDEN = "••••••"


def without_pin(text: str, prefix: str) -> str:
    """Words as an officer may read them: the PIN of a command, and the one of our own receipt, are hidden."""
    command = read(text, prefix) if len(text) <= _MOST_REST + 20 else None
    if command is not None and (command.pin or len(command.number) == _RECEIPT_LENGTH):
        shown = command.number if command.pin else ""
        return " ".join(part for part in (text.split(maxsplit=1)[0], shown, HIDDEN) if part)
    return _TOLD_PIN.sub(rf"\g<1>{HIDDEN}", text)
