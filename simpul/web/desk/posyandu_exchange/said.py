"""What our figures are called in the form of a connection, and what came of a parcel, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.posyandu.actions import shipments as actions
from simpul.posyandu.queries import exchange as queries

FIGURES: Mapping[str, str] = {
    "s": gettext_noop("S: all children under five"),
    "k": gettext_noop("K: with a growth card"),
    "d": gettext_noop("D: weighed"),
    "n": gettext_noop("N: gained weight"),
    "t": gettext_noop("T: did not gain weight"),
    "o": gettext_noop("O: not weighed the month before"),
    "b": gettext_noop("B: weighed for the first time"),
    "bgm": gettext_noop("BGM: below the red line"),
    "two_t": gettext_noop("2T: twice without gaining weight"),
}
ATTRIBUTES: Mapping[str, str] = {
    "name": gettext_noop("Name of the child"),
    "nik": gettext_noop("NIK"),
    "sex": gettext_noop("Sex (L/P)"),
    "birth_date": gettext_noop("Birth date of the child"),
}
VALUES: Mapping[str, str] = {
    "weight": gettext_noop("Weight (kg)"),
    "height": gettext_noop("Height (cm)"),
    "muac": gettext_noop("Arm (cm)"),
    "waz": gettext_noop("Score BB/U"),
    "haz": gettext_noop("Score TB/U"),
    "whz": gettext_noop("Score BB/TB"),
    "bb_u": gettext_noop("Class BB/U"),
    "tb_u": gettext_noop("Class TB/U"),
    "bb_tb": gettext_noop("Class BB/TB"),
    "status": gettext_noop("KMS status (N, T, O, B)"),
}
_COUNTS = re.compile(r"(?:imported|created) (\d+), updated (\d+), ignored (\d+)")
_STATUS = re.compile(r"\d{3}\b")


def called(names: Mapping[str, str]) -> dict[str, str]:
    """Words -> key, in the reader's language."""
    return {_(words): key for key, words in names.items()}


def figures() -> dict[str, str]:
    """The same of every figure, of both sexes together and of each."""
    found: dict[str, str] = {}
    for name in queries.FIGURES:
        words = _(FIGURES[name])
        found |= {
            words: name,
            _("%(figure)s, boys") % {"figure": words}: f"{name}.L",
            _("%(figure)s, girls") % {"figure": words}: f"{name}.P",
        }
    return found


def of_server(answer: str) -> str:
    """What a server answered, or that none did."""
    if not answer:
        return ""
    if answer == "404":
        return _("The other side does not know this address (404).")
    if re.fullmatch(r"5\d\d|429|408", answer):
        return _("The other side is busy (%(status)s).") % {"status": answer}
    if _STATUS.match(answer) or " " in answer:
        return _("The other side says: “%(said)s”.") % {"said": answer}
    return _("Nobody answers at this address (%(why)s).") % {"why": answer}


def of_parcel(one: Any, *, named: bool) -> str:
    """What came of a parcel so far; the server's own words about people, in which a NIK may stand, for seats that see names."""
    if one.answer == queries.NOTHING:
        return _(
            "Nothing of this month has an identifier there. Look at the units and figures of the connection."
        )
    if one.answer == queries.TAKEN_BACK:
        return _("The entry was taken back, or its person asked that the data stand still. Nothing was sent.")
    if found := _COUNTS.fullmatch(one.answer):
        new, changed, left = found.groups()
        return _("%(new)s new, %(changed)s changed, %(left)s left out") % {
            "new": new,
            "changed": changed,
            "left": left,
        }
    if one.remote_id and one.state == "waiting":
        return _("The other side has it and is working on it.")
    if one.answer in ("too slow", "broke off"):
        return _("The other side stopped answering.")
    if one.state == "sent":
        return ""
    if " " in one.answer and one.kind in actions.NAMED and not named:
        return _("The other side did not take it. A midwife or an officer of the health centre reads why.")
    return of_server(one.answer)
