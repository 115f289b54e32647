"""The area that a list or its figures are narrowed to: a name as people say it, or a code."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.web.desk import intake_form
from simpul.web.manage import fields


@dataclass(frozen=True, slots=True)
class Area:
    """``code`` is "" for everywhere; ``shown`` stands in the field; ``fault`` says why what was typed narrows nothing."""

    code: str = ""
    shown: str = ""
    fault: str = ""


def read(by: Actor, typed: str) -> Area:
    """What was typed: an area of any level, or nothing with the reason, so that nobody takes all for a part."""
    text = typed.replace("\x00", "").strip()[:120]
    digits = text.replace(".", "")
    if not text:
        return Area()
    if digits.isascii() and digits.isdigit():
        code = digits[:10]
        label = region_queries.path_names(code)
        return Area(code, label) if label else Area("", text, _unknown(text))
    found = intake_form.find_places(by, text)
    if len(found) != 1:
        found = fields.find_area(text) or found
    if len(found) == 1:
        return Area(found[0][0], found[0][1])
    if not found:
        return Area("", text, _unknown(text))
    offers = "; ".join(str(label) for _code, label in found[:5])
    sentence = _("“%(text)s” may be several places, so everything is shown. Write one of these: %(offers)s")
    return Area("", text, sentence % {"text": text, "offers": offers})


def _unknown(text: str) -> str:
    return _(
        "We do not know “%(text)s”, so nothing is narrowed by it. Write a village, district or regency."
    ) % {"text": text}
