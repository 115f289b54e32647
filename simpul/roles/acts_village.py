"""Acts of the village post: letters, disputes, ideas, works, the waste bank, duty, night watch; the third part of ``acts``."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


VILLAGE_ACTS: Mapping[str, str] = {
    # letters: types and texts
    # letters: from request to release
    # letters: keys, proof, registers
    # village post: duty, counter, guests
    # village post: night watch
    # village post: reading corner
    # village post: election box
    # mediation
    # community: ideas
    # community: works, land, directory
    # community: waste bank
    # community: notice board
}
