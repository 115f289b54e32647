"""Cleaning, comparing and shortening what people type. Pure; nothing typed is dropped silently.

``clean_line`` and ``clean_text`` make text safe to keep: NFC, no control signs, no invisible or direction-changing signs
(which hide or reorder words), emoji left whole. ``search_key`` and ``name_key`` fold spellings for look-ups.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence

import Stemmer

from simpul.lib.errors import Refused


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue. This module is pure, so the door translates it."""
    return sentence


class TooLong(Refused):
    """The text is longer than the place allows; nothing was cut off."""

    code = "text.too_long"
    sentence = _(
        "This is %(length)s characters long; at most %(limit)s fit here. Please shorten it or attach a file."
    )


# --- cleaning -------------------------------------------------------------------------------------------------------

_JOINER = "\u200d"
_BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Letters and marks of a line of ordinary text: nothing to look at one by one.
_SUSPECT = re.compile(r"[^\n\x20-\x7e\xa1-\xac\xae-\u02ff]")
_MARKS_IN_A_ROW = 4


def clean_text(text: str, max_len: int | None = None) -> str:
    """Text of several lines, safe to keep: line ends become \\n, other controls and invisible signs go, NFC.

    Blanks at line ends and around the whole are removed. Raises ``TooLong`` above ``max_len`` characters.
    """
    _refuse_hopeless(text, max_len)
    lines = _visible(_LINE_ENDS.sub("\n", text)).split("\n")
    cleaned = re.sub(r"\n{4,}", "\n\n\n", "\n".join(line.rstrip(" ") for line in lines)).strip(" \n")
    _refuse_long(cleaned, max_len)
    return cleaned


def clean_line(text: str, max_len: int | None = None) -> str:
    """One line, safe to keep: as ``clean_text``, with every run of white space made one blank."""
    _refuse_hopeless(text, max_len)
    cleaned = " ".join(_visible(_LINE_ENDS.sub(" ", text)).split())
    _refuse_long(cleaned, max_len)
    return cleaned


def too_long(text: str, limit: int) -> bool:
    """True when ``text`` has more than ``limit`` characters (code points)."""
    return len(text) > limit


def _refuse_long(text: str, limit: int | None) -> None:
    if limit is not None and too_long(text, limit):
        raise TooLong(length=len(text), limit=limit)


def _refuse_hopeless(text: str, limit: int | None) -> None:
    """Refuse megabytes before they are cleaned: no cleaning makes a text eight times shorter."""
    if limit is not None and len(text) > limit * 8 + 1_000:
        raise TooLong(length=len(text), limit=limit)


def _visible(text: str) -> str:
    """NFC without controls, format signs, surrogates and stacks of accents. Ordinary text passes at full speed."""
    if not _SUSPECT.search(text):
        return unicodedata.normalize("NFC", text)
    kept: list[str] = []
    marks = 0
    composed = unicodedata.normalize("NFC", text)
    for place, sign in enumerate(composed):
        sign_kind = unicodedata.category(sign)
        if sign_kind == "Zs" or sign == "\t":
            sign = " "  # noqa: PLW2901 - every blank is one blank
        elif sign_kind[0] == "C" and sign != "\n" and sign_kind != "Co":
            if not (sign == _JOINER and _joins_emoji(composed, place)):
                continue
        elif sign in _BLANK_LETTERS or ord(sign) & 0xFFFF >= 0xFFFE:
            continue
        marks = marks + 1 if sign_kind in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def _joins_emoji(text: str, place: int) -> bool:
    """True for a joiner inside one emoji, such as a family or a profession."""
    before = (
        text[:place].rstrip("\ufe0f")[-1:] if place < 3 else text[place - 3 : place].rstrip("\ufe0f")[-1:]
    )
    after = text[place + 1 : place + 2]
    return all(sign and unicodedata.category(sign) in ("So", "Sk") for sign in (before, after))


# --- comparing ------------------------------------------------------------------------------------------------------

_BEFORE_NAME = (
    "h", "hj", "hjh", "haji", "hajjah", "ir", "dr", "drg", "drh", "drs", "dra", "prof", "kh", "k h", "ust", "ustad", "ustadz",
    "ustadzah", "tn", "ny", "nn", "sdr", "sdri", "bpk", "bapak", "ibu", "pak", "bu", "alm", "almh", "saudara", "saudari",
    "tuan", "nyonya", "nona", "mr", "mrs", "ms",
)  # fmt: skip
_FIELDS = (
    "pd|pdi|e|ei|h|hi|si|sos|kom|t|ag|ap|ip|ik|ked|kep|keb|ked|farm|gz|hut|km|kes|kg|kh|ling|m|mat|mb|ml|p|psi|pt|pi|ptk|"
    "s|st|stp|tp|tr|hum|in|ikom|i kom|akun|ak|ars|arsi|eng|fil|th|ti|pel|an|a|b|og|pk|rad|thtkl"
)
# "S.Pd.", "M. Si", "A.Md.Keb", "Sp.OG": a degree letter, a dot, a field. Without dots only after a comma (name_key).
_DEGREE = re.compile(
    rf"(?<![\w])(?:s|m|a\.?\s?md|sp|d|ph)\.\s?(?:(?:{_FIELDS}|d|md)\b\.?\s?)+(?![\w])", re.IGNORECASE
)
_TITLE = re.compile(
    r"(?<![\w.])(?:hj|ir|dr|drg|drs|dra|prof|kh|ust|tn|ny|nn|sdr|sdri|bpk|alm|almh)\.(?=\s|\w)|(?<![\w.])h\.(?=\s*\w{2})",
    re.IGNORECASE,
)
_DEGREES = frozenset(
    [
        *(
            "",
            "se",
            "sei",
            "sh",
            "shi",
            "st",
            "spd",
            "spdi",
            "ssi",
            "ssos",
            "skom",
            "sag",
            "sap",
            "sip",
            "sik",
            "skm",
            "skep",
        ),
        *(
            "sked",
            "skeb",
            "sfarm",
            "sgz",
            "shut",
            "sp",
            "spi",
            "spt",
            "stp",
            "spsi",
            "ssn",
            "ss",
            "str",
            "sthi",
            "sak",
            "sakun",
        ),
        *(
            "mm",
            "msi",
            "mh",
            "mhi",
            "mt",
            "mpd",
            "mpdi",
            "mkom",
            "mag",
            "map",
            "mkes",
            "mkm",
            "msc",
            "mp",
            "me",
            "ma",
            "mba",
        ),
        *(
            "amd",
            "amdkeb",
            "amdkep",
            "amak",
            "amkeb",
            "amkl",
            "ns",
            "apt",
            "phd",
            "spog",
            "spa",
            "span",
            "drg",
            "dr",
            "llm",
        ),
    ]
)
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"), ("ph", "f"), ("ch", "kh"))
_SAME_NAME = {
    **dict.fromkeys(
        ("muh", "moh", "muhd", "mohd", "muhamad", "muhammad", "mohamad", "mohammad", "mohamed", "muhammed",
         "mukhamad", "mokhamad", "mukhammad", "mokhammad", "mukh", "mokh", "md", "mhd", "m"),
        "muhamad",
    ),
    **dict.fromkeys(("ahmad", "akhmad", "ahmed", "akh", "ah"), "ahmad"),
    **dict.fromkeys(("abd", "abdul", "abdoel", "abdl"), "abdul"),
    **dict.fromkeys(("st", "sitti", "siti", "sity"), "siti"),
    **dict.fromkeys(("dg", "daeng", "daing"), "daeng"),
    **dict.fromkeys(("a", "andi", "andy"), "andi"),
    **dict.fromkeys(("nur", "noor", "noer", "nor"), "nur"),
}  # fmt: skip
_SAME_SOUND = (
    ("kh", "h"), ("sy", "s"), ("dz", "j"), ("dh", "d"), ("th", "t"), ("ae", "ai"), ("ei", "ai"), ("yy", "y"), ("ie", "i"),
    ("v", "p"), ("f", "p"), ("z", "j"), ("q", "k"), ("x", "ks"), ("y", "i"),
)  # fmt: skip
_KEY_LIMIT = 100_000


def search_key(text: str) -> str:
    """A spelling-free key: lower case, no accents, no titles, old spelling made new, only letters and digits.

    ``"H. Soekarno, S.Pd."`` -> ``"sukarno"``. Both the kept text and the words looked for go through it.
    """
    folded = _folded(text)
    return " ".join(_WORD.findall(_new_spelling(_TITLE.sub(" ", _DEGREE.sub(" ", folded)))))


def name_key(name: str) -> str:
    """A key for comparing names: ``search_key``, then usual short forms and like sounds made one.

    ``"Moh. Zaenal Arifin, SE"`` and ``"Muhammad Jainal Aripin"`` give the same key. For finding candidates only:
    equal keys never prove that two people are one.
    """
    first, *degrees = re.split(r",", _folded(name), maxsplit=1)
    rest = degrees[0] if degrees and not _only_degrees(degrees[0]) else ""
    words = search_key(f"{first} {rest}").split()
    while len(words) > 1 and words[0] in _BEFORE_NAME:
        del words[0]
    return " ".join(_sound(_SAME_NAME.get(word, word)) for word in words)


_WORD = re.compile(r"[^\W_]+")


def _folded(text: str) -> str:
    """Case and accents folded, invisible signs gone, width made plain."""
    plain = unicodedata.normalize("NFKD", clean_line(text[:_KEY_LIMIT]))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return unicodedata.normalize("NFKC", bare).casefold().translate(_APOSTROPHES)


_APOSTROPHES = {ord(sign): None for sign in "'\u2018\u2019\u02bc\u0060\u00b4"}
"""Apostrophes inside names ("Ma'rang", "Jum'at") join their halves."""


def _new_spelling(text: str) -> str:
    for old, new in _OLD_SPELLING:
        text = text.replace(old, new)
    return text


def _sound(word: str) -> str:
    for written, heard in _SAME_SOUND:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word)


def _only_degrees(text: str) -> bool:
    """True when what follows the comma is degrees, with or without dots."""
    return all(re.sub(r"[.\s]", "", part) in _DEGREES for part in text.split(","))


_stemmers = threading.local()


def stems(text: str) -> list[str]:
    """The Indonesian word stems of ``text`` in order: what full-text search keeps and asks for."""
    if not hasattr(_stemmers, "indonesian"):
        _stemmers.indonesian = Stemmer.Stemmer("indonesian")  # not safe to share between threads
    words: list[str] = _stemmers.indonesian.stemWords(search_key(text).split())
    return words


# --- writing out ----------------------------------------------------------------------------------------------------

_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b|%")


def neutralise_cell(value: object) -> object:
    """A value safe to write into CSV or XLSX: text that a spreadsheet could run gets an apostrophe in front.

    Covers ``= + - @ TAB CR LF``, their full-width and small forms, and the same after leading blanks or invisible
    signs. Numbers, dates and ``None`` pass unchanged.
    """
    if not isinstance(value, str) or not value:
        return value
    seen = value.lstrip(" \u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\x00")
    return f"'{value}" if seen[:1] in _FORMULA_STARTS and seen else value


def initials(name: str, limit: int = 3) -> str:
    """``"Hj. Sitti Aminah Dg. Ngai"`` -> ``"S.A.D."``: titles left out, at most ``limit`` letters; "" for no name."""
    words = search_key(name).split()
    while len(words) > 1 and words[0] in _BEFORE_NAME:
        del words[0]
    return "".join(f"{word[0].upper()}." for word in words[:limit])


def join_words(words: Sequence[str], language: str = "id") -> str:
    """A list in a sentence: ``"a, b, dan c"`` in Indonesian, ``"a, b and c"`` in English."""
    joining = "dan" if language == "id" else "and"
    if len(words) < 2:
        return "".join(words)
    if len(words) == 2:
        return f"{words[0]} {joining} {words[1]}"
    comma = "," if language == "id" else ""
    return f"{', '.join(words[:-1])}{comma} {joining} {words[-1]}"


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a word where possible, with an ellipsis: for lists and messages."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut
    return at_word.rstrip(" ,;:.-\u200d") + "…"
