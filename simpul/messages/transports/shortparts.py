"""Short messages as the network cuts them: alphabets, parts and the header that joins them.

Sources: 3GPP TS 23.038 (alphabets), 3GPP TS 23.040 9.2.3.24 (user data header).
"""

from __future__ import annotations

from dataclasses import dataclass

from simpul.messages.transports.incoming import Part

_PLAIN = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_EXTRA = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_CODES = {sign: bytes([code]) for code, sign in enumerate(_PLAIN) if code != _ESCAPE} | {
    sign: bytes([_ESCAPE, code]) for sign, code in _EXTRA.items()
}
_EXTRA_SIGNS = {code: sign for sign, code in _EXTRA.items()}
_SIZES = {"gsm": (160, 153), "ucs2": (70, 67)}
MOST_PARTS = 255


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut into parts; ``alphabet`` is gsm (7 bits) or ucs2 (16 bits), the same for all parts."""

    alphabet: str
    parts: tuple[str, ...]


def cut(text: str) -> Cut:
    """Cut a text so that no sign is torn apart, and so that it takes as few parts as the network allows.

    Raises:
        ValueError: it would take more than 255 parts.
    """
    alphabet = "gsm" if all(sign in _CODES for sign in text) else "ucs2"
    alone, joined = _SIZES[alphabet]
    sizes = [_units(sign, alphabet) for sign in text]
    if sum(sizes) <= alone:
        return Cut(alphabet, (text,))
    parts, begin, used = [], 0, 0
    for place, size in enumerate(sizes):
        if used + size > joined:
            parts.append(text[begin:place])
            begin, used = place, 0
        used += size
    parts.append(text[begin:])
    if len(parts) > MOST_PARTS:
        raise ValueError("too long for short messages")
    return Cut(alphabet, tuple(parts))


def _units(sign: str, alphabet: str) -> int:
    return len(_CODES[sign]) if alphabet == "gsm" else len(sign.encode("utf-16-be", "surrogatepass")) // 2


def encode(text: str, alphabet: str) -> bytes:
    """The bytes of a text: one septet in each byte for gsm, UTF-16 for ucs2."""
    if alphabet == "gsm":
        return b"".join(_CODES[sign] for sign in text)
    return text.encode("utf-16-be", "replace")


def decode_gsm(septets: bytes) -> str:
    """The text of unpacked septets; what is no sign becomes U+FFFD."""
    signs, escaped = [], False
    for code in septets:
        if escaped:
            signs.append(_EXTRA_SIGNS.get(code) or (_PLAIN[code] if code < len(_PLAIN) else "�"))
            escaped = False
        elif code == _ESCAPE:
            escaped = True
        else:
            signs.append(_PLAIN[code] if code < len(_PLAIN) else "�")
    return "".join(signs)


def header(reference: int, total: int, number: int) -> bytes:
    """The user data header of one part, with a reference of 8 bits, which every network takes."""
    return bytes([5, 0, 3, reference & 0xFF, total, number])


def part_of(udh: bytes) -> Part | None:
    """Which part of which message a header speaks of; None when it joins nothing, or is damaged."""
    if not udh:
        return None
    place, end = 1, min(1 + udh[0], len(udh))
    while place + 2 <= end:
        kind, size = udh[place], udh[place + 1]
        said = udh[place + 2 : place + 2 + size]
        place += 2 + size
        if len(said) < size:
            return None
        if (kind, size) in ((0x00, 3), (0x08, 4)):
            total, number = said[-2], said[-1]
            if 1 <= number <= total:
                return Part(f"{kind}-{int.from_bytes(said[:-2], 'big')}", total, number)
    return None
