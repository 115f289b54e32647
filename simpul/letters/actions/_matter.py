"""The matter of a letter: taken on when it is drafted, answered when the last of its letters is done. Steps, not acts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from simpul.cases.actions import afterwards, handling, settling
from simpul.desks import queries as desk_queries
from simpul.letters.models import Letter
from simpul.letters.rules import flow
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused

KIND = "letter_request"
"""Only such a matter is answered by its letters; a dispute that a summons belongs to has its own end."""


def take_on(letter: Letter, by: Actor, at: datetime) -> None:
    """Show colleagues at the matter's desk who is at it. Where the matter lies elsewhere, the letter is drafted all the same."""
    case = letter.case
    if case is None or case.kind_id != KIND or case.state != "new":
        return
    try:
        with transaction.atomic():
            handling.claim_case(by=by, at=at, case_id=case.id)
    except Refused:
        return


def settle(letter: Letter, by: Actor, at: datetime) -> dict[str, str]:
    """Answer the matter when no letter of it is open any more. What happened to a letter is a fact: a matter that was merged or
    withdrawn meanwhile stays as it is, and the line says why nobody was told."""
    case = letter.case
    if case is None or case.kind_id != KIND:
        return {"told": "no_case" if case is None else "other_kind"}
    mine = list(
        Letter.objects.filter(case_id=case.id).select_related("version").order_by("requested_at", "id")
    )
    if any(one.state in flow.OPEN for one in mine):
        return {"told": "others_open"}
    released = [one for one in mine if one.state == flow.RELEASED]
    with translation.override(case.language or "id"):
        words = _said(released, letter, _desk_name(letter))
    try:
        with transaction.atomic():
            if not released and letter.state == flow.WITHDRAWN:
                afterwards.withdraw_case(by=by, at=at, case_id=case.id, reason=letter.refused_why)
            else:
                decision = "issued" if released else "rejected"
                settling.settle_case(by=by, at=at, case_id=case.id, text=words, decision=decision)
    except Refused as refusal:
        return {"told": refusal.code}
    return {"told": "answered"}


def _said(released: list[Letter], letter: Letter, desk: str) -> str:
    """What the person is told, in the language that is set."""
    said = [
        _(
            "%(name)s number %(number)s of %(day)s is ready. Please take it at %(desk)s; bring an identity card."
        )
        % {
            "name": one.version.name if one.version else "",
            "number": one.number,
            "day": when.format_date(one.letter_date) if one.letter_date else "",
            "desk": desk,
        }
        for one in released
    ]
    name = letter.version.name if letter.version else ""
    if letter.state == flow.REFUSED:
        said.append(
            _("%(name)s cannot be given: %(why)s You may ask again when that has changed.")
            % {"name": name, "why": _sentence(letter.refused_why)}
        )
    elif letter.state == flow.CANCELLED:
        said.append(
            _("%(name)s number %(number)s was cancelled and is no longer valid: %(why)s")
            % {"name": name, "number": letter.number, "why": _sentence(letter.cancelled_why)}
        )
    return " ".join(said)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _desk_name(letter: Letter) -> str:
    """Where it is fetched: the desk that took it in, else the village's own."""
    if letter.desk is not None:
        return letter.desk.name
    near = desk_queries.nearest("village_office", letter.region_code)
    return near.name if near is not None else _("the village office")
