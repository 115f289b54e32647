"""Every sentence of the field app, by the key that its modules ask for. English here, Indonesian in the catalogue beside it.

A key that ends in ".1" is for exactly one. Places are written {name}.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation

from simpul.web.field.texts import answering, asking, opening, sending, working

TEXTS: Mapping[str, str] = {
    **opening.TEXTS,
    **working.TEXTS,
    **sending.TEXTS,
    **asking.TEXTS,
    **answering.TEXTS,
}


def in_language(language: str) -> dict[str, str]:
    """Every text in one language."""
    with translation.override(language):
        return {key: translation.gettext(text) for key, text in TEXTS.items()}


def in_both() -> dict[str, list[str]]:
    """Every text in Indonesian and in English: both are on the phone, and the keys travel once."""
    indonesian = in_language("id")
    return {key: [indonesian[key], english] for key, english in in_language("en").items()}
