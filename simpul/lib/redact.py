"""Find personal data in free Indonesian text, so that a person can blacken it before an answer is published. Pure.

These are suggestions: they lean to marking too much, because a person looks at each one and can take a mark away, while
what is not marked is easily missed. ``apply`` blackens what was chosen, wherever else the same words stand too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simpul.lib import text as texts

MARK = "█████"

KINDS = (
    "nik",
    "kk",
    "account",
    "phone",
    "email",
    "number",
    "name",
    "address",
    "plate",
    "birth_date",
    "place",
)
"""Every kind of span, the most telling first; where two overlap the earlier kind names the joined span."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the text: ``text == whole[start:end]``."""

    start: int
    end: int
    kind: str
    text: str


def suggest(text: str, names: Iterable[str] = ()) -> list[Span]:
    """Personal data in ``text``, in order, not overlapping. ``names`` are those of the parties, as registered."""
    found = [
        *_numbers(text),
        *_patterns(text),
        *_addresses(text),
        *_party_names(text, names),
        *_titled_names(text),
    ]
    return _joined(text, found)


def apply(text: str, spans: Sequence[Span], mark: str = MARK) -> str:
    """``text`` with every span replaced by ``mark``, and the same words wherever else they stand alone.

    Spans may overlap and come in any order; offsets beyond the text are cut to it.
    """
    hidden = {text[span.start : span.end].strip() for span in spans} | {span.text.strip() for span in spans}
    pieces: list[str] = []
    place = 0
    for start, end in _ranges(text, spans):
        pieces.append(_without(text[place:start], hidden, mark))
        pieces.append(mark)
        place = end
    return "".join([*pieces, _without(text[place:], hidden, mark)])


def _ranges(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    merged: list[list[int]] = []
    for start, end in sorted((max(span.start, 0), min(span.end, len(text))) for span in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return ((start, end) for start, end in merged)


def _without(piece: str, hidden: set[str], mark: str) -> str:
    """``piece`` without whole-word repetitions of the hidden words, longest first."""
    words = sorted((word for word in hidden if word and not set(word) <= set(mark)), key=len, reverse=True)
    if not words:
        return piece
    anyone = "|".join(re.escape(word) for word in words)
    return re.sub(rf"(?<!\w)(?:{anyone})(?!\w)", mark, piece, flags=re.IGNORECASE)


def _joined(text: str, found: list[Span]) -> list[Span]:
    """Overlapping finds made one, named by the more telling kind."""
    kept: list[Span] = []
    for span in sorted(found):
        if kept and span.start < kept[-1].end:
            last = kept.pop()
            end = max(last.end, span.end)
            kind = min(last.kind, span.kind, key=KINDS.index)
            span = Span(last.start, end, kind, text[last.start : end])  # noqa: PLW2901 - the two are one now
        kept.append(span)
    return kept


def _span(match: re.Match[str], kind: str, group: int | str = 0) -> Span:
    return Span(match.start(group), match.end(group), kind, match[group])


# --- numbers --------------------------------------------------------------------------------------------------------

_GAP = r"[\s.\-‐‑‒–—_/\u00ad\u200b-\u200f\u2060\ufeff]"
_DIGIT = r"[\dOoIl]"
_SIXTEEN = re.compile(rf"(?<![\w]){_DIGIT}(?:{_GAP}{{0,3}}{_DIGIT}){{15}}(?![\w])")
_FAMILY_CARD = re.compile(r"(?:\bK\W?K\b|kartu\s+keluarga)[^\d\n]{0,25}$", re.IGNORECASE)
_PHONE = re.compile(
    rf"(?<![\w+])(?:\(?\+\s?62|\(?\b62|\(?[0Oo])\)?(?:{_GAP}{{0,3}}[()]?{_GAP}?[\dOolI]){{7,13}}\)?(?![\w])"
    rf"|(?<!\w)8[1-9]{_GAP}?\d(?:{_GAP}{{0,2}}\d){{6,9}}(?!\w)"
)
_CALLED = re.compile(
    rf"\b(?:telp|telepon|tlp|hp|wa|whatsapp|ponsel|handphone|nomor\s+hp)\b\W{{0,3}}(?:\w{{1,8}}\W{{1,3}}){{0,2}}"
    rf"(?P<n>\+?\d(?:{_GAP}{{0,2}}\d){{4,14}})",
    re.IGNORECASE,
)
_BANK = (
    r"rekening|rek|norek|no\.?\s*rek|virtual\s+account|va|bri|bni|bca|bsi|btn|mandiri|danamon|muamalat|bpd|sulselbar|"
    r"kks|bpjs|kis|kartu"
)
_ACCOUNT = re.compile(
    rf"\b(?:{_BANK})\b\.?[^\d\n]{{0,30}}(?P<n>\d(?:{_GAP}{{0,2}}\d){{6,19}})(?!\w)", re.IGNORECASE
)
_LONG_NUMBER = re.compile(r"(?<![\w.,])\d{9,20}(?![\w]|[.,]\d)")
_DIGIT_WORD = r"(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
_SPOKEN = re.compile(rf"\b{_DIGIT_WORD}(?:[\s,\-]+{_DIGIT_WORD}){{7,}}\b", re.IGNORECASE)


def _numbers(text: str) -> Iterator[Span]:
    for match in _SIXTEEN.finditer(text):
        if sum(map(str.isdigit, match[0])) >= 12:
            before = text[max(match.start() - 40, 0) : match.start()]
            yield _span(match, "kk" if _FAMILY_CARD.search(before) else "nik")
    for match in _PHONE.finditer(text):
        if sum(map(str.isdigit, match[0])) >= 7 and not _is_date(match[0]):
            yield _span(match, "phone")
    yield from (_span(match, "phone", "n") for match in _CALLED.finditer(text))
    yield from (_span(match, "phone") for match in _SPOKEN.finditer(text))
    yield from (_span(match, "account", "n") for match in _ACCOUNT.finditer(text))
    for match in _LONG_NUMBER.finditer(text):
        if not re.search(
            r"(?:rp|idr)\.?\s*$", text[max(match.start() - 6, 0) : match.start()], re.IGNORECASE
        ):
            yield _span(match, "number")


def _is_date(number: str) -> bool:
    return (
        re.fullmatch(r"0?\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}(?:[\s,]+\d{1,2}[.:]\d{2})?", number.strip())
        is not None
    )


# --- fixed shapes ---------------------------------------------------------------------------------------------------

_DOT, _AT = (
    r"(?:\.|\s*[\[(]\s*(?:dot|titik)\s*[\])]\s*|\s+(?:dot|titik)\s+)",
    r"(?:\s*@\s*|\s*[\[(]\s*(?:at|et)\s*[\])]\s*)",
)
_EMAIL = re.compile(rf"[\w.+%-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_.]{3,30}\b")
_PLATE_AREAS = (
    "A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNPRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABGSTY]?|R|S|T|W|Z"
)
_PLATE = re.compile(
    rf"\b(?:{_PLATE_AREAS})[\s.\-]{{0,2}}\d{{1,4}}[\s.\-]{{0,2}}(?!R[TW]\b|KG\b|CM\b|M\b|KM\b)[A-Z]{{1,3}}\b"
)
_PLATE_LOWER = re.compile(r"\b(?:[bd][a-z]|[bd])[\s.\-]?\d{4}[\s.\-]?[a-z]{2,3}\b")
_BORN = re.compile(
    r"\b(?:lahir|ttl|tgl\.?\s*lahir)\b[^\d\n]{0,40}"
    r"(?P<d>\d{1,2}[\s\-/.]+(?:\d{1,2}|[A-Za-z]{3,9})[\s\-/.]+\d{2,4})",
    re.IGNORECASE,
)
_COORDINATES = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,}\s*[,;/ ]\s*-?\d{2,3}\.\d{4,}(?!\d)")


def _patterns(text: str) -> Iterator[Span]:
    for pattern, kind in ((_EMAIL, "email"), (_HANDLE, "email"), (_PLATE, "plate"), (_COORDINATES, "place")):
        yield from (_span(match, kind) for match in pattern.finditer(text))
    for match in _PLATE_LOWER.finditer(text):
        if match[0].split()[0] not in ("di", "da", "de", "ba", "be", "b", "d"):
            yield _span(match, "plate")
    yield from (_span(match, "birth_date", "d") for match in _BORN.finditer(text))


# --- addresses ------------------------------------------------------------------------------------------------------

_PROPER = r"(?:[A-Z\u00c0-\u00de][\w'’.\-]*|\d{1,3}[A-Za-z]?|[IVXL]+)"
_NAME_RUN = rf"{_PROPER}(?:[ ]{_PROPER}){{0,4}}"
_PLACE_RUN = rf"{_PROPER}(?:(?<![a-z]{{4}}\.)[ ]{_PROPER}){{0,4}}"
_NO = r"(?:[ ,]{0,3}(?i:no|nomor|nmr|kav|blok)\.?[ ]?[\dA-Za-z]{1,5}(?:[/\-][\dA-Za-z]{1,4})?)?"
_STREETS = (
    re.compile(rf"\b(?:(?i:jln|jl)\.?[ ]{{0,2}}|(?:Jalan|JALAN|jalan)[ ]){_NAME_RUN}{_NO}"),
    re.compile(
        rf"\b(?i:jln|jl)\.?[ ]{{0,2}}[a-z]\w{{2,}}(?:[ ](?!di\b|yang\b|dan\b|itu\b|ini\b|no\b)[a-z]\w{{2,}})?{_NO}"
    ),
    re.compile(  # a full stop after a whole word ends the sentence; after a short form it does not
        r"\b(?:(?i:dusun|lorong|gang|lingkungan|kampung|kampong|perumahan|kompleks|komplek|blok)\b"
        r"|(?i:dsn|lrg|lr|gg|lingk|kp|perum|komp|btn)\b\.?)"
        rf"[ ]{{0,2}}{_PLACE_RUN}{_NO}"
    ),
    re.compile(
        r"\b(?:dusun|dsn|lorong|lrg|gang|gg|kampung|perumahan|btn)\.?[ ](?P<w>[a-z]{4,}|[ivx]{1,4}|\d{1,3})\b"
    ),
    re.compile(r"\bRT\.?[ ]?/[ ]?RW\.?[ :]{0,2}0{0,2}\d{1,3}[ ]?/[ ]?0{0,2}\d{1,3}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:RT|RW|RK)\.?[ :]{0,2}(?:0{0,2}\d{1,3}|[IVX]+)\b(?:[ ]{0,2}[/,]?[ ]{0,2}(?:RW|RK)\.?[ :]{0,2}(?:0{0,2}\d{1,3}|[IVX]+)\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:no|nomor)\.?[ ]?rumah[ :]{0,2}\d{1,4}[A-Za-z]?\b|\brumah[ ](?:no|nomor)\.?[ :]{0,2}\d{1,4}[A-Za-z]?\b",
        re.IGNORECASE,
    ),
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "yang dan atau dari untuk dengan kami saya kita mereka sudah belum tidak akan ini itu sini situ sana tersebut lain juga "
        "paling sangat masih semua setiap sebelah dekat depan belakang adalah karena supaya agar rusak baru lama besar kecil "
        "halaman tetangga setempat sebagai pada oleh hingga sampai sekitar masing",
    )
)


def _addresses(text: str) -> Iterator[Span]:
    for pattern in _STREETS:
        for match in pattern.finditer(text):
            word = match.groupdict().get("w")
            if word is None or word not in _COMMON:
                yield _trimmed(text, match)


def _trimmed(text: str, match: re.Match[str]) -> Span:
    end = match.start() + len(match[0].rstrip(" .,'’-"))
    return Span(match.start(), end, "address", text[match.start() : end])


# --- names ----------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLE = (
    r"(?:[Bb]apak|[Ii]bu|[Pp]ak|[Bb]u|[Bb]pk|[Ss]dri|[Ss]dr|[Ss]audara|[Ss]audari|[Tt]uan|[Nn]yonya|[Nn]ona|[Tt]n|[Nn]y|[Nn]n|"
    r"[Hh]j|[Hh]aji|[Hh]ajjah|[Hh]|[Dd]g|[Dd]aeng|[Pp]uang|[Kk]araeng|[Pp]eta|[Uu]stadz?|[Dd]rs|[Dd]ra|[Dd]r|[Ii]r|[Kk]H|"
    r"[Kk]akek|[Nn]enek|[Bb]apaknya|[Ii]bunya|[Aa]lmarhumah?|[Aa]lm|atas\s+nama|bernama|an\.|a\.n)"
)
_TITLED = re.compile(
    rf"\b{_TITLE}\.?[ ]{{1,2}}(?:{_TITLE}\.?[ ]{{0,2}})*(?P<n>[A-Z][\w'’]*\.?(?:[ ][A-Z][\w'’]*\.?){{0,3}})"
)
_OFFICES = frozenset(
    re.findall(
        r"\w+",
        "Bupati Camat Lurah Desa Kepala Kades Gubernur Presiden Menteri Wakil Sekretaris Sekdes Dusun Kadus RT RW Kota Kandung "
        "Rumah Hamil Polisi Dokter Bidan Guru Dinas Ketua Kota PKK Babinsa Bhabinkamtibmas Wali Walikota Pendamping Kabid Kadis "
        "Posyandu Kader Imam Negara Pertiwi Bapak Ibu Dan",
    )
)


def _titled_names(text: str) -> Iterator[Span]:
    """Capitalised words after a form of address, unless they are an office ("Bapak Bupati")."""
    for match in _TITLED.finditer(text):
        if match["n"].split()[0].rstrip(".") not in _OFFICES:
            end = match.start("n") + len(match["n"].rstrip("."))
            yield Span(match.start(), end, "name", text[match.start() : end])


def _party_names(text: str, names: Iterable[str]) -> Iterator[Span]:
    """Words of the given names, in any case and old or new spelling, with neighbouring name words joined.

    A word of one or two letters ("M." for Muhammad) counts beside another name word only, unless the registered name
    has just that word and it is written with a capital.
    """
    keys = {key for name in names for key in texts.name_key(name).split()}
    hits = [match for match in _WORD.finditer(text) if _is_name_word(match[0], keys)] if keys else []
    run: list[re.Match[str]] = hits[:1]
    for before, after in pairwise(hits):
        if not _NAME_GAP.fullmatch(text[before.end() : after.start()]):
            yield from _run_span(text, run, keys)
            run = []
        run.append(after)
    yield from _run_span(text, run, keys)


_NAME_GAP = re.compile(r"[ .,]{1,3}(?:[Bb]in(?:ti)?[ ]|[Dd]g\.?[ ])?")


def _is_name_word(word: str, keys: set[str]) -> bool:
    bare = re.sub(r"['’]s$", "", word)
    return any(
        spelled and texts.name_key(spelled) in keys for spelled in (bare, re.sub(r"(?i)nya$", "", bare))
    )


def _run_span(text: str, run: list[re.Match[str]], keys: set[str]) -> Iterator[Span]:
    """One span over neighbouring name words, with a form of address in front of them."""
    if not any(len(word[0]) > 2 or (word[0][0].isupper() and word[0].casefold() in keys) for word in run):
        return
    start, end = run[0].start(), run[-1].end()
    before = re.search(rf"(?:\b{_TITLE}\.?[ ]{{1,2}})+$", text[max(start - 40, 0) : start])
    start -= len(before[0]) if before else 0
    yield Span(start, end, "name", text[start:end])
