"""Short messages that stay short: signs that the alphabet of SMS has, and long values that leave room for the rest.

A part costs money and a part may get lost, so a notice has two parts at most. What an officer wrote at length is not cut off in
silence: the message says where the whole of it can be read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from simpul.messages import rules

MOST_PARTS = 2
"""Parts of a notice by SMS. An officer's own words may have more: they see the parts and the price before they send."""

MAY_SHRINK = frozenset({"answer", "question", "reason", "cause", "title", "desk", "extract"})
"""Variables that may be shortened: what was written at length elsewhere. Never a number, a PIN, a date or how to reach us."""

_SISTERS = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "•": "-", "·": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
        "\t": " ", "×": "x", "→": "->", "½": "1/2", "¼": "1/4", "¾": "3/4",
    }
)  # fmt: skip


def plain_signs(text: str) -> str:
    """The same words with signs that SMS has, where a sign has such a sister; letters stay as they are."""
    return text.translate(_SISTERS)


def fitted(
    words: rules.Words, values: Mapping[str, str], *, rest: str, most: int = MOST_PARTS
) -> rules.Words:
    """The words as SMS, filled, in ``most`` parts when their frame allows it.

    Long values are shortened at a word, the longest first, and ``rest`` (with variables of its own) says where the whole is.
    """
    plain = {name: plain_signs(value) for name, value in values.items()}
    frame = rules.Words(plain_signs(words.subject), plain_signs(words.body))
    whole = rules.filled(frame, plain)
    shrinking = rules.places(frame.body) & MAY_SHRINK
    if rules.short_length(whole.body).parts <= most or not shrinking:
        return whole
    longer = rules.Words(frame.subject, frame.body + plain_signs(rest))
    low, high = 0, max(len(plain[name]) for name in shrinking)
    while low < high:  # the greatest length at which it fits
        middle = (low + high + 1) // 2
        if rules.short_length(_shrunk(longer, plain, shrinking, middle).body).parts <= most:
            low = middle
        else:
            high = middle - 1
    return _shrunk(longer, plain, shrinking, low)


def _shrunk(
    words: rules.Words, values: Mapping[str, str], names: Collection[str], length: int
) -> rules.Words:
    short = {name: _cut(value, length) if name in names else value for name, value in values.items()}
    return rules.filled(words, short)


def _cut(value: str, length: int) -> str:
    if len(value) <= length:
        return value
    kept = value[: max(0, length - 3)]
    space = kept.rfind(" ")
    return (kept[:space] if space > len(kept) // 2 else kept).rstrip(" ,.;:") + "..."
